import { Button, Drawer, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { Problem } from "../builder/new-blueprint.tsx";
import { editable, identifierOf, parseDocument } from "../builder/parse-document.ts";
import { isSystem, titleOf } from "../catalog/blueprint.ts";
import { allBlueprintsQuery } from "../catalog/queries.ts";
import { Bone } from "../parts/bone.tsx";
import { Choice } from "../parts/choice.tsx";
import { ErrorPanel } from "../parts/error-panel.tsx";
import { Pick } from "../parts/pick.tsx";
import { type Draft, draftOf, EMPTY_DRAFT } from "./draft.ts";
import { saveScorecard } from "./queries.ts";
import { ScorecardForm } from "./scorecard-form.tsx";
import type { ScorecardDoc } from "./types.ts";

const JsonEditor = lazy(() =>
  import("../builder/json-editor.tsx").then((module) => ({ default: module.JsonEditor })),
);

type Mode = "form" | "json";

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
  const [mode, setMode] = useState<Mode>("form");
  const [draft, setDraft] = useState<Draft>(() =>
    scorecard === null
      ? EMPTY_DRAFT
      : draftOf(JSON.parse(withoutBlueprint(scorecard)) as Record<string, unknown>),
  );
  const [text, setText] = useState("");
  const client = useQueryClient();
  const navigate = useNavigate();
  const identifier = draft.identifier === "" ? identifierOf(draft.title) : draft.identifier;
  const parsed =
    mode === "json" ? parseDocument(text) : { document: { ...draft, identifier }, problem: null };
  const save = useMutation({
    mutationFn: () => saveScorecard(of ?? "", scorecard?.identifier ?? null, parsed.document),
    onSuccess: async (saved) => {
      await client.invalidateQueries({ queryKey: ["blueprints"] });
      await client.invalidateQueries({ queryKey: ["entities"] });
      onClose();
      void navigate({
        to: "/scorecards/$blueprint/$id",
        params: { blueprint: of ?? "", id: saved.scorecard.identifier },
      });
    },
  });
  return (
    <Drawer.Root opened onClose={onClose} position="right" size={760} transitionProps={{ duration: 120 }}>
      <Drawer.Overlay backgroundOpacity={0.35} />
      <Drawer.Content>
        <Drawer.Header component="div">
          <Drawer.Title>{scorecard === null ? "New scorecard" : `Edit ${scorecard.title}`}</Drawer.Title>
          <Drawer.CloseButton aria-label="Close" size={32} />
        </Drawer.Header>
        <Drawer.Body>
          <form
            className="stack"
            onSubmit={(event) => {
              event.preventDefault();
              if (parsed.document !== null) save.mutate();
            }}
          >
            <Choice<Mode>
              label="How to describe it"
              value={mode}
              onChange={(next) => {
                if (next === "json") setText(JSON.stringify({ ...draft, identifier }, null, 2));
                else if (parsed.document !== null) setDraft(draftOf(parsed.document));
                setMode(next);
              }}
              options={[
                { value: "form", label: "Form" },
                { value: "json", label: "Edit JSON" },
              ]}
            />
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
            {mode === "form" ? (
              <>
                <TextInput
                  label="Title"
                  required
                  data-autofocus
                  value={draft.title}
                  onChange={(event) => setDraft({ ...draft, title: event.currentTarget.value })}
                />
                <TextInput
                  label="Identifier"
                  description="What the API knows it by"
                  required
                  value={identifier}
                  onChange={(event) => setDraft({ ...draft, identifier: event.currentTarget.value })}
                />
                {blueprint === undefined ? (
                  <Bone height={200} />
                ) : (
                  <ScorecardForm draft={draft} blueprint={blueprint} onChange={setDraft} />
                )}
              </>
            ) : (
              <>
                <Suspense fallback={<Bone height={320} />}>
                  <JsonEditor label="Scorecard as JSON" initial={text} onChange={setText} />
                </Suspense>
                <Problem text={parsed.problem} />
              </>
            )}
            <div className="row">
              <Button
                type="submit"
                loading={save.isPending}
                disabled={parsed.document === null || of === undefined}
              >
                {scorecard === null ? "Create" : "Save"}
              </Button>
              <Button variant="default" onClick={onClose}>
                Cancel
              </Button>
            </div>
          </form>
        </Drawer.Body>
      </Drawer.Content>
    </Drawer.Root>
  );
}

/** The blueprint is in the address. */
function withoutBlueprint(scorecard: ScorecardDoc): string {
  return editable(Object.fromEntries(Object.entries(scorecard).filter(([key]) => key !== "blueprint")));
}
