import { MultiSelect, Select, type SelectProps } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { LOCKED } from "./property-field.tsx";
import type { RelationDoc } from "../catalog/blueprint.ts";
import { suggestQuery } from "../catalog/queries.ts";

type FilterInput = Parameters<NonNullable<SelectProps["filter"]>>[0];

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
  const [text, setText] = useState("");
  const [wanted] = useDebouncedValue(text, 200);
  const found = useQuery(suggestQuery(relation.target, wanted));
  const chosen = Array.isArray(value)
    ? value.map(String)
    : typeof value === "string" && value !== ""
      ? [value]
      : [];
  const data = [
    ...(found.data ?? []).map(({ identifier, title }) => ({
      value: identifier,
      label: title && title !== identifier ? `${title} (${identifier})` : identifier,
    })),
    // What is chosen stays in the list, whatever is looked for.
    ...chosen
      .filter((identifier) => !found.data?.some((entity) => entity.identifier === identifier))
      .map((identifier) => ({ value: identifier, label: identifier })),
  ];
  const common = {
    label: relation.title || id,
    description: relation.description || null,
    required: relation.required === true,
    readOnly,
    ...(readOnly ? LOCKED : {}),
    size: "sm" as const,
    searchable: true,
    placeholder: `Find in ${relation.target}`,
    data,
    // The server has filtered already.
    filter: ({ options }: FilterInput) => options,
    onSearchChange: setText,
    nothingFoundMessage: found.isFetching ? "Looking …" : "Nothing found",
  };
  if (relation.many === true)
    return <MultiSelect {...common} value={chosen} onChange={(values) => onChange(values)} />;
  return (
    <Select
      {...common}
      clearable={relation.required !== true && !readOnly}
      value={chosen[0] ?? null}
      onChange={(next) => onChange(next ?? undefined)}
    />
  );
}
