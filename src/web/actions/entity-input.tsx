import { MultiSelect, Select } from "@mantine/core";
import { useSuggested } from "../catalog/use-suggested.ts";
import type { Common } from "./input-field.tsx";
import type { InputDoc } from "./types.ts";

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
  const blueprint = OF_FORMAT[rules.format ?? ""] ?? rules.blueprint ?? "";
  const isKnown = blueprint !== "" && !blueprint.includes("{{");
  const chosen = (Array.isArray(value) ? value : [value]).flatMap((one) =>
    typeof one === "string" && one !== "" ? [one] : [],
  );
  const { field, error } = useSuggested(blueprint, {
    ...{ chosen, offered: rules, enabled: isKnown && !common.disabled },
  });
  const all = {
    ...common,
    disabled: common.disabled || !isKnown,
    error: common.error ?? (error === null ? null : error.message),
    placeholder: isKnown ? "Find" : "",
    ...field,
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
