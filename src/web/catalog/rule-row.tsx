import { ActionIcon, Select, TextInput } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import type { Rule } from "../lib/catalog-search.ts";
import { Pick } from "../parts/pick.tsx";
import { type Column, showValue } from "./blueprint.ts";
import css from "./catalog.module.css";
import { type Operator, operatorsOf, RANGES } from "./operators.ts";
import { unitOf } from "./unit.ts";

/** A rule about the column that is not finished. */
export function ruleFor(column: Column): Rule {
  const [operator] = operatorsOf(column);
  return withOperator({ property: column.id, operator: "" }, operator as Operator);
}

function withOperator(rule: Rule, { id, value }: Operator): Rule {
  const { property } = rule;
  const initial: Partial<Record<Operator["value"], unknown>> = {
    range: { preset: "lastMonth" },
    boolean: true,
  };
  const first = initial[value];
  return { property, operator: id, ...(first === undefined ? {} : { value: first }) };
}

/** One rule: a property, a comparison, and its value. */
export function RuleRow({
  number,
  columns,
  rule,
  onChange,
}: {
  number: number;
  columns: readonly Column[];
  rule: Rule;
  onChange: (rule: Rule | null) => void;
}) {
  const column = columns.find(({ id }) => id === rule.property) ?? columns[0];
  if (column === undefined) return null;
  const operators = operatorsOf(column);
  const operator = operators.find(({ id }) => id === rule.operator) ?? operators[0];
  return (
    <div className={css["rule"]} role="group" aria-label={`Rule ${number}`}>
      <Pick
        size="xs"
        aria-label="Property"
        searchable
        openOnFocus={false}
        value={column.id}
        data={columns.map(({ id, title }) => ({ value: id, label: title }))}
        onChange={(id) => {
          const next = columns.find((other) => other.id === id);
          if (next) onChange(ruleFor(next));
        }}
      />
      <Pick
        size="xs"
        aria-label="Comparison"
        value={operator?.id ?? null}
        data={operators.map(({ id, words }) => ({ value: id, label: words }))}
        onChange={(id) => {
          const next = operators.find((other) => other.id === id);
          if (next === undefined) return;
          onChange(
            next.value === operator?.value ? { ...rule, operator: next.id } : withOperator(rule, next),
          );
        }}
      />
      {operator ? <RuleValue column={column} operator={operator} rule={rule} onChange={onChange} /> : null}
      <ActionIcon size={28} aria-label={`Remove rule ${number}`} onClick={() => onChange(null)}>
        <IconTrash size={15} aria-hidden />
      </ActionIcon>
    </div>
  );
}

function RuleValue({
  column,
  operator,
  rule,
  onChange,
}: {
  column: Column;
  operator: Operator;
  rule: Rule;
  onChange: (rule: Rule) => void;
}) {
  const set = (value: unknown) => onChange({ ...rule, value });
  switch (operator.value) {
    case "none":
      return <span />;
    case "boolean":
      return (
        <Pick
          size="xs"
          aria-label="Value"
          value={showValue(rule.value)}
          data={[
            { value: "true", label: "Yes" },
            { value: "false", label: "No" },
          ]}
          onChange={(value) => set(value === "true")}
        />
      );
    case "option":
      return (
        <Select
          size="xs"
          aria-label="Value"
          placeholder="Choose"
          value={rule.value === undefined ? null : showValue(rule.value)}
          data={column.options.map(String)}
          onChange={(value) => set(column.options.find((option) => String(option) === value))}
        />
      );
    case "range":
      return (
        <Pick
          size="xs"
          aria-label="Value"
          value={(rule.value as { preset?: string } | undefined)?.preset ?? null}
          data={RANGES.map(([value, label]) => ({ value, label }))}
          onChange={(preset) => set({ preset })}
        />
      );
    default:
      return (
        <TypedValue
          key={operator.value}
          operator={operator}
          unit={operator.value === "number" ? unitOf(column.id) : null}
          value={rule.value}
          onChange={set}
        />
      );
  }
}

/** What is typed takes effect on Enter or when the field is left. */
function TypedValue({
  operator,
  unit,
  value,
  onChange,
}: {
  operator: Operator;
  /** Of the number, where the name of the property tells it. */
  unit: string | null;
  value: unknown;
  onChange: (value: unknown) => void;
}) {
  const [text, setText] = useState(() =>
    value === undefined
      ? ""
      : Array.isArray(value)
        ? value.map(showValue).join(", ")
        : shownTime(operator, showValue(value)),
  );
  const parsed = parse(operator.value, text);
  const take = () => onChange(parsed.value);
  return (
    <TextInput
      size="xs"
      aria-label={unit === null ? "Value" : `Value in ${unit}`}
      type={operator.value === "time" ? "date" : "text"}
      inputMode={operator.value === "number" ? "decimal" : "text"}
      placeholder={operator.value === "texts" ? "one, two" : operator.value === "number" ? (unit ?? "0") : ""}
      value={text}
      error={parsed.problem}
      onChange={(event) => setText(event.currentTarget.value)}
      onBlur={take}
      onKeyDown={(event) => {
        if (event.key !== "Enter") return;
        // A form around it would be sent with the value from before.
        event.preventDefault();
        take();
      }}
    />
  );
}

/** A date field takes days only. */
const shownTime = ({ value }: Operator, text: string): string =>
  value === "time" ? text.slice(0, 10) : text;

function parse(kind: Operator["value"], text: string): { value: unknown; problem: string | null } {
  const trimmed = text.trim();
  if (trimmed === "") return { value: undefined, problem: null };
  if (kind === "number") {
    const number = Number(trimmed.replace(",", "."));
    return Number.isFinite(number)
      ? { value: number, problem: null }
      : { value: undefined, problem: "Not a number" };
  }
  if (kind === "texts") return { value: trimmed.split(/\s*,\s*/).filter(Boolean), problem: null };
  return { value: kind === "time" ? `${trimmed}T00:00:00Z` : text, problem: null };
}
