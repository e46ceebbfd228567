import { ActionIcon, Button, Select, TextInput } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { COLORS } from "../../model/property.ts";
import css from "./builder.module.css";
import type { Definition } from "./definition-kind.ts";

interface Option {
  readonly value: string;
  readonly color: string | null;
}

function optionsOf({ enum: options, enumColors }: Definition): Option[] {
  const colors = (enumColors ?? {}) as Readonly<Record<string, string>>;
  return (Array.isArray(options) ? options : []).map((option) => {
    const value = String(option);
    return { value, color: colors[value] ?? null };
  });
}

/** The definition with these options; without any it takes every value. */
function withOptions(definition: Definition, options: readonly Option[]): Definition {
  const { enum: _enum, enumColors: _colors, ...rest } = definition;
  if (options.length === 0) return rest;
  const isNumber = definition["type"] === "number";
  const colors = options.flatMap(({ value, color }) => (color === null ? [] : [[value, color] as const]));
  return {
    ...rest,
    enum: options.map(({ value }) => (isNumber && value.trim() !== "" ? Number(value) : value)),
    ...(colors.length > 0 ? { enumColors: Object.fromEntries(colors) } : {}),
  };
}

/** The values that a property may have, each with a colour. */
export function OptionsField({
  definition,
  onChange,
}: {
  definition: Definition;
  onChange: (definition: Definition) => void;
}) {
  const options = optionsOf(definition);
  // While one is typed its text is nobody's name: a row keeps its place, until one comes or goes.
  const rows = options.map((option, index) => ({ ...option, index, key: `${options.length}.${index}` }));
  const set = (next: readonly Option[]) => onChange(withOptions(definition, next));
  const change = (at: number, option: Option) => set(options.map((one, i) => (i === at ? option : one)));
  return (
    <div className={css["options"]} role="group" aria-label="Options">
      <span className={css["label"]}>Options</span>
      {options.length === 0 ? <p className="muted small">Without options every value is allowed.</p> : null}
      {rows.map(({ value, color, index: i, key }) => (
        <div key={key} className={css["option"]}>
          <TextInput
            size="xs"
            aria-label={`Option ${i + 1}`}
            value={value}
            onChange={(event) => change(i, { value: event.currentTarget.value, color })}
          />
          <Select
            size="xs"
            aria-label={`Colour of option ${i + 1}`}
            placeholder="No colour"
            clearable
            value={color}
            data={[...COLORS]}
            onChange={(next) => change(i, { value, color: next })}
          />
          <ActionIcon
            size={28}
            aria-label={`Remove option ${i + 1}`}
            onClick={() => set(options.filter((_, other) => other !== i))}
          >
            <IconTrash size={15} aria-hidden />
          </ActionIcon>
        </div>
      ))}
      <div>
        <Button
          size="xs"
          variant="subtle"
          leftSection={<IconPlus size={14} aria-hidden />}
          onClick={() => set([...options, { value: "", color: null }])}
        >
          Option
        </Button>
      </div>
    </div>
  );
}
