import { MultiSelect, Select } from "@mantine/core";
import type { RelationDoc } from "../catalog/blueprint.ts";
import { useSuggested } from "../catalog/use-suggested.ts";
import { LOCKED } from "./property-field.tsx";
import { identifiersOf } from "./related-links.tsx";

interface Props {
  id: string;
  relation: RelationDoc;
  /** The reader may see it, and not change it. */
  readOnly?: boolean;
  value: unknown;
  onChange: (value: unknown) => void;
}

/** Entities of the relation's target, found on the server while typing. */
export function EntityPick({ id, relation, readOnly = false, value, onChange }: Props) {
  const chosen = identifiersOf(value);
  const { field } = useSuggested(relation.target, { chosen });
  const common = {
    label: relation.title || id,
    description: relation.description || null,
    required: relation.required === true,
    readOnly,
    ...(readOnly ? LOCKED : {}),
    size: "sm" as const,
    placeholder: `Find in ${relation.target}`,
    ...field,
  };
  if (relation.many === true)
    return <MultiSelect {...common} value={chosen} onChange={(values) => onChange(values)} />;
  return (
    <Select
      {...common}
      clearable={relation.required !== true && !readOnly}
      allowDeselect={false}
      value={chosen[0] ?? null}
      onChange={(next) => onChange(next ?? undefined)}
    />
  );
}
