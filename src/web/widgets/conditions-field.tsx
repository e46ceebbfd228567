import { ActionIcon, Button, NumberInput, Select, TextInput } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import css from "./form.module.css";

interface Condition {
  readonly operator?: string;
  readonly value?: unknown;
  readonly message?: string;
  readonly color?: string;
}

const OPERATORS = ["<", "<=", "=", ">=", ">", "!="];
const COLORS = ["green", "yellow", "orange", "red", "blue", "turquoise", "purple"];

/** Words for a number, by its size: the first that holds is said. */
export function ConditionsField({
  label,
  value,
  onChange,
}: {
  label: string;
  value: unknown;
  onChange: (conditions: Condition[]) => void;
}) {
  const conditions = Array.isArray(value) ? (value as Condition[]) : [];
  const change = (at: number, part: Condition) =>
    onChange(conditions.map((one, i) => (i === at ? { ...one, ...part } : one)));
  // A condition has no name of its own.
  const rows = conditions.map((condition, index) => ({
    condition,
    index,
    key: `${conditions.length}.${index}`,
  }));
  return (
    <div className={css["filter"]} role="group" aria-label={label}>
      <span className={css["label"]}>{label}</span>
      {rows.map(({ condition, index, key }) => (
        <div key={key} className={css["condition"]} role="group" aria-label={`Condition ${index + 1}`}>
          <Select
            size="xs"
            aria-label="Comparison"
            allowDeselect={false}
            data={OPERATORS}
            value={condition.operator ?? null}
            onChange={(operator) => change(index, { operator: operator ?? "<" })}
          />
          <NumberInput
            size="xs"
            aria-label="Value"
            hideControls
            value={typeof condition.value === "number" ? condition.value : ""}
            onChange={(next) => change(index, { value: next === "" ? undefined : Number(next) })}
          />
          <Select
            size="xs"
            aria-label="Colour"
            data={COLORS}
            value={condition.color ?? null}
            onChange={(color) => change(index, color === null ? {} : { color })}
          />
          <TextInput
            size="xs"
            aria-label="Words"
            placeholder="On target"
            value={condition.message ?? ""}
            onChange={(event) => change(index, { message: event.currentTarget.value })}
          />
          <ActionIcon
            size={28}
            aria-label={`Remove condition ${index + 1}`}
            onClick={() => onChange(conditions.filter((_, i) => i !== index))}
          >
            <IconTrash size={15} aria-hidden />
          </ActionIcon>
        </div>
      ))}
      <Button
        size="xs"
        variant="default"
        leftSection={<IconPlus size={14} aria-hidden />}
        onClick={() => onChange([...conditions, { operator: "<", value: 0, color: "green", message: "" }])}
      >
        Add condition
      </Button>
    </div>
  );
}
