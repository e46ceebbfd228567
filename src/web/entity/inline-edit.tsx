import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { sendJson } from "../api/client.ts";
import type { BlueprintDoc, EntityDoc, PropertyDoc } from "../catalog/blueprint.ts";
import { entityPath, entityQuery } from "../catalog/queries.ts";
import { requiredOf } from "./draft.ts";
import css from "./entity.module.css";
import { PropertyField } from "./property-field.tsx";

interface Props {
  id: string;
  property: PropertyDoc;
  blueprint: BlueprintDoc;
  entity: EntityDoc;
  onClose: () => void;
}

/** One property as a field in its place. Enter saves, Escape leaves it as it was. */
export function InlineEdit({ id, property, blueprint, entity, onClose }: Props) {
  const before = entity.properties?.[id] ?? undefined;
  const [value, setValue] = useState<unknown>(before);
  const [problem, setProblem] = useState<string | null>(null);
  const form = useRef<HTMLFormElement>(null);
  const client = useQueryClient();
  useEffect(() => form.current?.querySelector<HTMLElement>("input, textarea, select")?.focus(), []);
  const save = useMutation({
    mutationFn: () =>
      sendJson<{ entity: EntityDoc }>("PATCH", entityPath(blueprint.identifier, entity.identifier), {
        properties: { [id]: value ?? null },
      }),
    onSuccess: async (answer) => {
      // Shown at once; what is derived from it follows.
      client.setQueryData(entityQuery(blueprint.identifier, entity.identifier).queryKey, answer);
      onClose();
      await client.invalidateQueries({ queryKey: ["entities", blueprint.identifier] });
    },
  });
  const isSame = JSON.stringify(value ?? null) === JSON.stringify(before ?? null);
  return (
    <form
      ref={form}
      className={css["inline"]}
      onSubmit={(event) => {
        event.preventDefault();
        if (isSame) onClose();
        else if (problem === null && !save.isPending) save.mutate();
      }}
      onKeyDown={(event) => {
        if (event.key === "Escape" && !event.defaultPrevented) onClose();
      }}
    >
      <PropertyField
        id={id}
        property={property}
        required={requiredOf(blueprint).has(id)}
        value={value}
        onChange={setValue}
        onProblem={setProblem}
      />
      {save.error ? (
        <p role="alert" className={css["refusal"]}>
          {save.error.message}
        </p>
      ) : null}
      <div className="row">
        <Button type="submit" size="compact-sm" loading={save.isPending} disabled={problem !== null}>
          Save
        </Button>
        <Button size="compact-sm" variant="default" onClick={onClose}>
          Cancel
        </Button>
      </div>
    </form>
  );
}
