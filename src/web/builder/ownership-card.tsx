import { Button, Select, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useId, useState } from "react";
import type { BlueprintDoc } from "../catalog/blueprint.ts";
import { allBlueprintsQuery } from "../catalog/queries.ts";
import { ErrorPanel } from "../parts/error-panel.tsx";
import css from "./builder.module.css";
import { PathField } from "./path-field.tsx";
import { changeBlueprint } from "./queries.ts";

interface Ownership {
  readonly type: "none" | "Direct" | "Inherited";
  readonly title: string;
  readonly path: string;
}

function ownershipOf({ ownership }: BlueprintDoc): Ownership {
  const { type, title, path } = (ownership ?? {}) as { type?: string; title?: string; path?: string };
  return {
    type: type === "Direct" || type === "Inherited" ? type : "none",
    title: title ?? "",
    path: path ?? "",
  };
}

/** Who owns the entities: nobody, teams that are given, or the owners of something that they relate to. */
export function OwnershipCard({ blueprint, mayChange }: { blueprint: BlueprintDoc; mayChange: boolean }) {
  const id = useId();
  const client = useQueryClient();
  const { data: all = [] } = useQuery(allBlueprintsQuery);
  const before = ownershipOf(blueprint);
  const [draft, setDraft] = useState(before);
  const isChanged = JSON.stringify(before) !== JSON.stringify(draft);
  const save = useMutation({
    mutationFn: () =>
      changeBlueprint(blueprint.identifier, {
        ownership:
          draft.type === "none"
            ? null
            : {
                type: draft.type,
                ...(draft.title === "" ? {} : { title: draft.title }),
                ...(draft.type === "Inherited" ? { path: draft.path } : {}),
              },
      }),
    onSuccess: () =>
      Promise.all([["blueprints"], ["entities"]].map((queryKey) => client.invalidateQueries({ queryKey }))),
  });
  return (
    <section className="card" aria-labelledby={id}>
      <form
        className="stack"
        style={{ maxWidth: 520 }}
        onSubmit={(event) => {
          event.preventDefault();
          if (isChanged) save.mutate();
        }}
      >
        <h2 id={id}>Ownership</h2>
        {save.error ? <ErrorPanel what="save the ownership" error={save.error} /> : null}
        <Select
          label="Owners"
          allowDeselect={false}
          disabled={!mayChange}
          value={draft.type}
          data={[
            { value: "none", label: "Entities have no owners" },
            { value: "Direct", label: "Teams are given for each entity" },
            { value: "Inherited", label: "Inherited over a relation" },
          ]}
          onChange={(type) =>
            setDraft({ ...draft, type: type === "Direct" || type === "Inherited" ? type : "none" })
          }
        />
        {draft.type === "Inherited" ? (
          <PathField
            label="Inherited from"
            start={blueprint}
            all={all}
            value={draft.path}
            endsAtProperty={false}
            onChange={(path) => setDraft({ ...draft, path })}
          />
        ) : null}
        {draft.type === "none" ? null : (
          <TextInput
            label="Title of the column"
            placeholder="Owning teams"
            disabled={!mayChange}
            value={draft.title}
            onChange={(event) => setDraft({ ...draft, title: event.currentTarget.value })}
          />
        )}
        {mayChange ? (
          <div className={css["partHead"]} style={{ justifyContent: "flex-start" }}>
            <Button
              type="submit"
              size="xs"
              loading={save.isPending}
              disabled={!isChanged || (draft.type === "Inherited" && draft.path === "")}
            >
              Save the ownership
            </Button>
          </div>
        ) : null}
      </form>
    </section>
  );
}
