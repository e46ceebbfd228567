import { Button, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { FormOrJson, useFormOrJson } from "../builder/form-or-json.tsx";
import { editable, identifierOf } from "../builder/parse-document.ts";
import { isSystem, titleOf } from "../catalog/blueprint.ts";
import { allBlueprintsQuery } from "../catalog/queries.ts";
import { Bone } from "../parts/bone.tsx";
import { DrawerButtons } from "../parts/drawer-buttons.tsx";
import { ErrorPanel } from "../parts/error-panel.tsx";
import { Pick } from "../parts/pick.tsx";
import { SideDrawer } from "../parts/side-drawer.tsx";
import { Unsaved } from "../parts/unsaved.tsx";
import { type Draft, draftOf, EMPTY_DRAFT } from "./draft.ts";
import { saveScorecard } from "./queries.ts";
import { ScorecardForm } from "./scorecard-form.tsx";
import type { ScorecardDoc } from "./types.ts";

/** A scorecard by form or as JSON; both are the same document. */
export function ScorecardDrawer({
  scorecard,
  onClose,
}: {
  /** null: a new one. */
  scorecard: ScorecardDoc | null;
  onClose: () => void;
}) {
  const blueprints = useQuery(allBlueprintsQuery).data ?? [];
  const own = blueprints.filter(({ identifier }) => !isSystem(identifier));
  const [chosen, setChosen] = useState<string | null>(scorecard?.blueprint ?? null);
  const of =
    chosen ?? own.find(({ identifier }) => identifier === "service")?.identifier ?? own[0]?.identifier;
  const blueprint = blueprints.find(({ identifier }) => identifier === of);
  const [draft, setDraft] = useState<Draft>(() =>
    scorecard === null
      ? EMPTY_DRAFT
      : draftOf(JSON.parse(withoutBlueprint(scorecard)) as Record<string, unknown>),
  );
  const client = useQueryClient();
  const navigate = useNavigate();
  const identifier = draft.identifier === "" ? identifierOf(draft.title) : draft.identifier;
  const state = useFormOrJson({ ...draft, identifier }, (document) => setDraft(draftOf(document)));
  const save = useMutation({
    mutationFn: () => saveScorecard(of ?? "", scorecard?.identifier ?? null, state.document),
    onSuccess: async (saved) => {
      await client.invalidateQueries({ queryKey: ["blueprints"] });
      await client.invalidateQueries({ queryKey: ["entities"] });
      onClose();
      void navigate({
        to: "/scorecards/$blueprint/$id",
        params: { blueprint: of ?? "", id: saved.scorecard.identifier },
        ignoreBlocker: true,
      });
    },
  });
  return (
    <SideDrawer
      title={scorecard === null ? "New scorecard" : `Edit ${scorecard.title}`}
      size={760}
      onClose={onClose}
    >
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (state.document !== null) save.mutate();
        }}
      >
        <Unsaved value={[chosen, state.document ?? state.text]} />
        <FormOrJson
          label="Scorecard as JSON"
          state={state}
          assist={{ refusal: save.error?.message ?? null }}
          between={
            <>
              {save.error ? <ErrorPanel what="save the scorecard" error={save.error} /> : null}
              {scorecard === null ? (
                <Pick
                  label="About the entities of"
                  searchable
                  value={of ?? null}
                  data={own.map((one) => ({ value: one.identifier, label: titleOf(one) }))}
                  onChange={setChosen}
                />
              ) : null}
            </>
          }
        >
          <TextInput
            label="Title"
            required
            data-autofocus
            value={draft.title}
            onChange={(event) => setDraft({ ...draft, title: event.currentTarget.value })}
          />
          <TextInput
            label="Identifier"
            description="Used in the API"
            required
            value={identifier}
            onChange={(event) => setDraft({ ...draft, identifier: event.currentTarget.value })}
          />
          {blueprint === undefined ? (
            <Bone height={200} />
          ) : (
            <ScorecardForm draft={draft} blueprint={blueprint} onChange={setDraft} />
          )}
        </FormOrJson>
        <DrawerButtons>
          <Button
            type="submit"
            loading={save.isPending}
            disabled={state.document === null || of === undefined}
          >
            {scorecard === null ? "Create" : "Save"}
          </Button>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
        </DrawerButtons>
      </form>
    </SideDrawer>
  );
}

/** The blueprint is in the address. */
function withoutBlueprint(scorecard: ScorecardDoc): string {
  return editable(Object.fromEntries(Object.entries(scorecard).filter(([key]) => key !== "blueprint")));
}
