import { Button, TextInput } from "@mantine/core";
import { IconLock } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { postJson, sendJson } from "../api/client.ts";
import { type BlueprintDoc, type EntityDoc, titleOf } from "../catalog/blueprint.ts";
import { entityPath } from "../catalog/queries.ts";
import { DrawerButtons } from "../parts/drawer-buttons.tsx";
import { ErrorPanel } from "../parts/error-panel.tsx";
import { SideDrawer } from "../parts/side-drawer.tsx";
import { Unsaved } from "../parts/unsaved.tsx";
import { creationOf, type Draft, draftOf, patchOf, requiredOf } from "./draft.ts";
import { EntityPick } from "./entity-pick.tsx";
import css from "./entity.module.css";
import { OwningTeams } from "./people-fields.tsx";
import { rightsQuery } from "./rights.ts";
import { LOCKED, PropertyField } from "./property-field.tsx";

interface Props {
  blueprint: BlueprintDoc;
  /** null: a new one. */
  entity: EntityDoc | null;
  onClose: () => void;
}

/** The form of an entity, made from its blueprint; an existing one sends only what was changed. */
export function EntityDrawer({ blueprint, entity, onClose }: Props) {
  const [before] = useState(() => draftOf(entity, blueprint));
  const [draft, setDraft] = useState<Draft>(before);
  const [problems, setProblems] = useState<ReadonlyMap<string, string>>(new Map());
  const client = useQueryClient();
  const navigate = useNavigate();
  const required = requiredOf(blueprint);
  const rights = useQuery({
    ...rightsQuery(blueprint.identifier, entity?.identifier ?? ""),
    enabled: entity !== null,
  }).data;
  const may = (part: "properties" | "relations", id: string): boolean =>
    rights === undefined || rights[part].includes(id);
  const locked = lockedOf(blueprint, may);
  const title = entity ? `Edit ${entity.title || entity.identifier}` : `New ${titleOf(blueprint)}`;
  const patch = entity === null ? creationOf(draft) : patchOf(before, draft);

  const save = useMutation({
    mutationFn: async () =>
      entity === null
        ? postJson<{ entity: EntityDoc }>(entityPath(blueprint.identifier), patch)
        : sendJson<{ entity: EntityDoc }>(
            "PATCH",
            entityPath(blueprint.identifier, entity.identifier),
            patch,
          ),
    onSuccess: async (answer) => {
      await client.invalidateQueries({ queryKey: ["entities", blueprint.identifier] });
      onClose();
      if (entity === null)
        void navigate({
          to: "/c/$blueprint/$id",
          params: { blueprint: blueprint.identifier, id: answer.entity.identifier },
          ignoreBlocker: true,
        });
    },
  });
  const set = (part: "properties" | "relations", id: string, value: unknown) =>
    setDraft((old) => ({ ...old, [part]: { ...old[part], [id]: value } }));
  const say = (id: string, problem: string | null) => {
    const next = new Map(problems);
    if (problem === null) next.delete(id);
    else next.set(id, problem);
    setProblems(next);
  };

  return (
    <SideDrawer title={title} size={560} onClose={onClose}>
      <form
        className={css["form"]}
        onSubmit={(event) => {
          event.preventDefault();
          if (problems.size === 0 && patch !== null) save.mutate();
        }}
      >
        <Unsaved value={[draft, [...problems]]} />
        {save.error ? <ErrorPanel what="save the entity" error={save.error} /> : null}
        {locked.length > 0 ? (
          <p className={css["locked"]}>
            <IconLock size={14} aria-hidden />
            You may not change {locked.join(", ")}.
          </p>
        ) : null}
        {entity === null ? (
          <TextInput
            label="Identifier"
            description="Used in the API; made for you when left empty"
            value={draft.identifier}
            onChange={(event) => setDraft({ ...draft, identifier: event.currentTarget.value })}
          />
        ) : null}
        <TextInput
          label="Title"
          readOnly={!may("properties", "$title")}
          {...(may("properties", "$title") ? {} : LOCKED)}
          value={draft.title}
          onChange={(event) => setDraft({ ...draft, title: event.currentTarget.value })}
        />
        {blueprint.ownership?.type === "Direct" ? (
          <OwningTeams
            label="Owning teams"
            readOnly={!may("properties", "$team")}
            {...(may("properties", "$team") ? {} : LOCKED)}
            value={draft.team}
            onChange={(team) => setDraft({ ...draft, team })}
          />
        ) : null}
        {Object.entries(blueprint.schema?.properties ?? {}).map(([id, property]) => (
          <PropertyField
            key={id}
            id={id}
            property={property}
            required={required.has(id)}
            readOnly={!may("properties", id)}
            value={draft.properties[id]}
            onChange={(value) => set("properties", id, value)}
            onProblem={(problem) => say(id, problem)}
          />
        ))}
        {Object.entries(blueprint.relations ?? {}).map(([id, relation]) => (
          <EntityPick
            key={id}
            id={id}
            relation={relation}
            readOnly={!may("relations", id)}
            value={draft.relations[id]}
            onChange={(value) => set("relations", id, value)}
          />
        ))}
        <DrawerButtons>
          <Button type="submit" loading={save.isPending} disabled={patch === null || problems.size > 0}>
            {entity === null ? "Create" : "Save"}
          </Button>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          {patch === null ? <span className="muted small">Nothing is changed.</span> : null}
        </DrawerButtons>
      </form>
    </SideDrawer>
  );
}

/** What the form shows and the reader may not change, by its title. */
function lockedOf(
  blueprint: BlueprintDoc,
  may: (part: "properties" | "relations", id: string) => boolean,
): string[] {
  const titled = (part: "properties" | "relations", definitions: Record<string, { title?: string | null }>) =>
    Object.entries(definitions)
      .filter(([id]) => !may(part, id))
      .map(([id, { title }]) => title || id);
  return [
    ...(may("properties", "$title") ? [] : ["Title"]),
    ...titled("properties", blueprint.schema?.properties ?? {}),
    ...titled("relations", blueprint.relations ?? {}),
  ];
}
