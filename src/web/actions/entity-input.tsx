import { MultiSelect, Select, type SelectProps } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Common } from "./input-field.tsx";
import { offeredQuery } from "./queries.ts";
import type { InputDoc } from "./types.ts";

type FilterInput = Parameters<NonNullable<SelectProps["filter"]>>[0];

const OF_FORMAT: Readonly<Record<string, string>> = { user: "_user", team: "_team" };

/** Entities, users or teams, found on the server while typing. */
export function EntityInput({
  common,
  rules,
  many = false,
  value,
  onChange,
}: {
  common: Common;
  rules: InputDoc;
  many?: boolean;
  value: unknown;
  onChange: (value: unknown) => void;
}) {
  const [text, setText] = useState("");
  const [wanted] = useDebouncedValue(text, 200);
  const blueprint = OF_FORMAT[rules.format ?? ""] ?? rules.blueprint ?? "";
  const isKnown = blueprint !== "" && !blueprint.includes("{{");
  const found = useQuery({ ...offeredQuery(blueprint, rules, wanted), enabled: isKnown && !common.disabled });
  const chosen = (Array.isArray(value) ? value : [value]).flatMap((one) =>
    typeof one === "string" && one !== "" ? [one] : [],
  );
  const data = [
    ...(found.data ?? []).map(({ identifier, title }) => ({
      value: identifier,
      label: title && title !== identifier ? `${title} (${identifier})` : identifier,
    })),
    ...chosen
      .filter((one) => !found.data?.some(({ identifier }) => identifier === one))
      .map((one) => ({ value: one, label: one })),
  ];
  const all = {
    ...common,
    disabled: common.disabled || !isKnown,
    error: common.error ?? (found.error === null ? null : found.error.message),
    searchable: true,
    placeholder: isKnown ? "Find" : "",
    data,
    // The server has filtered already.
    filter: ({ options }: FilterInput) => options,
    onSearchChange: setText,
    nothingFoundMessage: found.isFetching ? "Looking …" : "Nothing found",
  };
  if (many) return <MultiSelect {...all} value={chosen} onChange={onChange} />;
  return (
    <Select
      {...all}
      clearable={!common.required}
      value={chosen[0] ?? null}
      onChange={(next) => onChange(next ?? undefined)}
    />
  );
}
