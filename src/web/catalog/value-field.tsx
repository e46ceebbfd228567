import { TextInput } from "@mantine/core";
import { EntityPick } from "../entity/entity-pick.tsx";
import { OwningTeams } from "../entity/people-fields.tsx";
import { PropertyField } from "../entity/property-field.tsx";
import type { BlueprintDoc, Column } from "./blueprint.ts";

/** An input for what stands in a column. */
export function ValueField({
  blueprint,
  column,
  value,
  onChange,
  onProblem,
}: {
  blueprint: BlueprintDoc;
  column: Column;
  value: unknown;
  onChange: (value: unknown) => void;
  onProblem: (problem: string | null) => void;
}) {
  const { id, source, title } = column;
  const relation = source === "relation" ? blueprint.relations?.[id] : undefined;
  if (relation)
    return <EntityPick id={id} relation={{ ...relation, title }} value={value} onChange={onChange} />;
  const property = source === "property" ? blueprint.schema?.properties?.[id] : undefined;
  if (property)
    return (
      <PropertyField
        id={id}
        property={{ ...property, title }}
        required={false}
        value={value}
        onChange={onChange}
        onProblem={onProblem}
      />
    );
  if (id === "$team")
    return (
      <OwningTeams label={title} value={Array.isArray(value) ? value.map(String) : []} onChange={onChange} />
    );
  return (
    <TextInput
      label={title}
      value={typeof value === "string" ? value : ""}
      onChange={(event) => onChange(event.currentTarget.value || undefined)}
    />
  );
}
