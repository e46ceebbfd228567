import { NumberInput, Select, TagsInput, Textarea, TextInput } from "@mantine/core";
import { useState } from "react";
import { type PropertyDoc, showValue } from "../catalog/blueprint.ts";
import css from "./entity.module.css";
import { PersonOrTeam } from "./people-fields.tsx";

interface Props {
  id: string;
  property: PropertyDoc;
  required: boolean;
  /** The reader may see it, and not change it. */
  readOnly?: boolean;
  value: unknown;
  /** undefined: no value. */
  onChange: (value: unknown) => void;
  /** Said while what is typed is no value; null when it is one. */
  onProblem: (problem: string | null) => void;
}

/** Fields that only show look like it. */
export const LOCKED = { classNames: { input: css["readonly"] ?? "" } };

/** An input for one property, by its type and format. */
export function PropertyField(props: Props) {
  const { id, property, required, readOnly = false, value, onChange, onProblem } = props;
  const { type, format } = property;
  const label = property.title || id;
  const common = {
    label,
    description: property.description || null,
    required,
    readOnly,
    size: "sm" as const,
  };
  if (property.enum && property.enum.length > 0) {
    const options = property.enum;
    return (
      <Select
        {...common}
        clearable={!required && !readOnly}
        allowDeselect={false}
        searchable={options.length > 8}
        placeholder="No value"
        value={value === undefined || value === null ? null : showValue(value)}
        data={options.map(String)}
        onChange={(text) => onChange(options.find((option) => String(option) === text))}
      />
    );
  }
  switch (type) {
    case "boolean":
      return (
        <Select
          {...common}
          clearable={!required && !readOnly}
          allowDeselect={false}
          placeholder="No value"
          value={typeof value === "boolean" ? String(value) : null}
          data={[
            { value: "true", label: "Yes" },
            { value: "false", label: "No" },
          ]}
          onChange={(text) => onChange(text === null ? undefined : text === "true")}
        />
      );
    case "number":
      return (
        <NumberInput
          {...common}
          hideControls
          value={typeof value === "number" ? value : ""}
          onChange={(next) =>
            onChange(typeof next === "number" ? next : next === "" ? undefined : Number(next))
          }
        />
      );
    case "array":
      if (property.items?.type === "string")
        return (
          <TagsInput
            {...common}
            placeholder="Type, then Enter"
            value={Array.isArray(value) ? value.map(String) : []}
            onChange={(values) => onChange(values.length === 0 ? undefined : values)}
          />
        );
      return <JsonField {...common} wanted="array" value={value} onChange={onChange} onProblem={onProblem} />;
    case "object":
      return (
        <JsonField {...common} wanted="object" value={value} onChange={onChange} onProblem={onProblem} />
      );
    default:
      break;
  }
  const text = typeof value === "string" ? value : "";
  const set = (next: string) => onChange(next === "" ? undefined : next);
  if (format === "date-time" || format === "timer")
    return <TimeField {...common} value={text} onChange={set} />;
  if (format === "user" || format === "team")
    return <PersonOrTeam {...common} of={format} value={text} onChange={set} />;
  if (format === "markdown" || format === "yaml" || format === "proto")
    return (
      <Textarea
        {...common}
        autosize
        minRows={3}
        maxRows={14}
        value={text}
        onChange={(event) => set(event.currentTarget.value)}
      />
    );
  return (
    <TextInput
      {...common}
      type={format === "url" ? "url" : format === "email" ? "email" : "text"}
      value={text}
      onChange={(event) => set(event.currentTarget.value)}
    />
  );
}

interface Common {
  label: string;
  description: string | null;
  required: boolean;
  readOnly: boolean;
  size: "sm";
}

/** Times are written and shown in UTC, to the second. */
function TimeField({
  value,
  onChange,
  ...common
}: Common & { value: string; onChange: (value: string) => void }) {
  const at = Date.parse(value);
  const shown = Number.isNaN(at) ? "" : new Date(at).toISOString().slice(0, 19);
  return (
    <TextInput
      {...common}
      label={`${common.label} (UTC)`}
      type="datetime-local"
      step={1}
      value={shown}
      onChange={(event) => {
        const next = Date.parse(`${event.currentTarget.value}Z`);
        onChange(Number.isNaN(next) ? "" : new Date(next).toISOString());
      }}
    />
  );
}

function JsonField({
  wanted,
  value,
  onChange,
  onProblem,
  ...common
}: Common & {
  wanted: "array" | "object";
  value: unknown;
  onChange: (value: unknown) => void;
  onProblem: (problem: string | null) => void;
}) {
  const [text, setText] = useState(() =>
    value === undefined || value === null ? "" : JSON.stringify(value, null, 2),
  );
  const [problem, setProblem] = useState<string | null>(null);
  const say = (next: string | null) => {
    setProblem(next);
    onProblem(next === null ? null : `${common.label}: ${next}`);
  };
  return (
    <Textarea
      {...common}
      autosize
      minRows={2}
      maxRows={14}
      styles={{ input: { fontFamily: "var(--mono)", fontSize: 12.5 } }}
      placeholder={wanted === "array" ? "[]" : "{}"}
      value={text}
      error={problem}
      onChange={(event) => {
        const next = event.currentTarget.value;
        setText(next);
        if (next.trim() === "") {
          say(null);
          onChange(undefined);
          return;
        }
        try {
          const parsed: unknown = JSON.parse(next);
          const kind = Array.isArray(parsed)
            ? "array"
            : typeof parsed === "object" && parsed !== null
              ? "object"
              : "";
          say(kind === wanted ? null : `must be a JSON ${wanted}`);
          if (kind === wanted) onChange(parsed);
        } catch (error) {
          say(error instanceof Error ? error.message : "is no JSON");
        }
      }}
    />
  );
}
