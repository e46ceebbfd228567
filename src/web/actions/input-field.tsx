import {
  MultiSelect,
  NumberInput,
  PasswordInput,
  Select,
  Switch,
  TagsInput,
  Textarea,
  TextInput,
} from "@mantine/core";
import { useState } from "react";
import { showValue } from "../catalog/blueprint.ts";
import css from "./actions.module.css";
import { EntityInput } from "./entity-input.tsx";
import type { FieldState } from "./settle-form.ts";

interface Props {
  id: string;
  field: FieldState;
  /** What the server or the form says is wrong with it. */
  error: string | null;
  /** Titles of the inputs it waits for. */
  waitsFor: readonly string[];
  onChange: (value: unknown) => void;
}

const LONG = new Set(["yaml", "markdown", "multi-line", "proto"]);
const TYPES: Readonly<Record<string, string>> = { url: "url", email: "email" };
const HINTS: Readonly<Record<string, string>> = {
  url: "https://",
  email: "name@example.com",
  ipv4: "192.0.2.1",
  ipv6: "2001:db8::1",
};

/** One input of a form, by its type and format. */
export function InputField({ id, field, error, waitsFor, onChange }: Props) {
  const { input, required, computed, value } = field;
  const { type, format } = input;
  const disabled = field.disabled || computed || waitsFor.length > 0;
  const common = {
    label: input.title || id,
    description: waitsFor.length > 0 ? `Choose ${waitsFor.join(", ")} first.` : (input.description ?? null),
    required,
    disabled,
    error: error ?? field.problem,
    size: "sm" as const,
  };
  const text = typeof value === "string" ? value : value === undefined ? "" : showValue(value);
  if (input.encryption !== undefined && input.encryption !== null)
    return (
      <PasswordInput
        {...common}
        autoComplete="off"
        description={common.description ?? "Sent and kept encrypted"}
        value={text}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    );
  const offered = Array.isArray(input.enum) ? (input.enum as unknown[]) : null;
  const items = input.items ?? {};
  const itemsOffered = offered ?? (Array.isArray(items.enum) ? (items.enum as unknown[]) : null);
  if (type === "array") {
    const list: unknown[] = Array.isArray(value) ? value : [];
    if (items.format === "entity" || items.format === "user" || items.format === "team")
      return (
        <EntityInput common={common} rules={{ ...input, ...items }} many value={list} onChange={onChange} />
      );
    if (itemsOffered !== null)
      return (
        <MultiSelect
          {...common}
          searchable
          data={itemsOffered.map(String)}
          value={list.map(String)}
          onChange={(chosen) =>
            onChange(chosen.map((one) => itemsOffered.find((option) => String(option) === one)))
          }
        />
      );
    if (items.type === "string" || items.type === "number")
      return (
        <TagsInput
          {...common}
          placeholder="Type, then Enter"
          value={list.map(String)}
          onChange={(words) => onChange(items.type === "number" ? words.map(Number) : words)}
        />
      );
    return <JsonField common={common} value={value} onChange={onChange} />;
  }
  if (offered !== null)
    return (
      <Select
        {...common}
        clearable={!required}
        searchable={offered.length > 8}
        placeholder="Choose"
        nothingFoundMessage="Nothing to choose"
        data={offered.map(String)}
        value={text === "" ? null : text}
        onChange={(chosen) => onChange(offered.find((option) => String(option) === chosen))}
      />
    );
  if (type === "boolean")
    return (
      <Switch
        label={common.label}
        description={common.description}
        disabled={disabled}
        error={common.error}
        checked={value === true}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
    );
  if (type === "number")
    return (
      <NumberInput
        {...common}
        hideControls
        value={typeof value === "number" ? value : ""}
        onChange={(next) => onChange(next === "" ? undefined : Number(next))}
      />
    );
  if (type === "object") {
    if (format === "labeled-url") return <LabeledUrl common={common} value={value} onChange={onChange} />;
    return <JsonField common={common} value={value} onChange={onChange} />;
  }
  if (format === "entity" || format === "user" || format === "team")
    return <EntityInput common={common} rules={input} value={value} onChange={onChange} />;
  if (format === "date-time") return <TimeField common={common} value={text} onChange={onChange} />;
  if (format !== undefined && LONG.has(format))
    return (
      <Textarea
        {...common}
        autosize
        minRows={3}
        maxRows={14}
        styles={format === "multi-line" ? {} : { input: { fontFamily: "var(--mono)", fontSize: 12.5 } }}
        value={text}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    );
  return (
    <TextInput
      {...common}
      type={TYPES[format ?? ""] ?? "text"}
      {...(HINTS[format ?? ""] === undefined ? {} : { placeholder: HINTS[format ?? ""] ?? "" })}
      value={text}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

export interface Common {
  readonly label: string;
  readonly description: string | null;
  readonly required: boolean;
  readonly disabled: boolean;
  readonly error: string | null;
  readonly size: "sm";
}

interface Own {
  common: Common;
  value: unknown;
  onChange: (value: unknown) => void;
}

/** In the reader's own time zone; what is sent says the instant. */
function TimeField({ common, value, onChange }: Own) {
  const at = new Date(typeof value === "string" ? value : "");
  const local = Number.isNaN(at.getTime())
    ? ""
    : new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
  return (
    <TextInput
      {...common}
      type="datetime-local"
      value={local}
      onChange={(event) => {
        const next = new Date(event.currentTarget.value);
        onChange(Number.isNaN(next.getTime()) ? undefined : next.toISOString());
      }}
    />
  );
}

function LabeledUrl({ common, value, onChange }: Own) {
  const { url = "", displayText = "" } = (typeof value === "object" && value !== null ? value : {}) as {
    url?: string;
    displayText?: string;
  };
  const change = (next: { url: string; displayText: string }) =>
    onChange(
      next.url === "" && next.displayText === ""
        ? undefined
        : { url: next.url, ...(next.displayText === "" ? {} : { displayText: next.displayText }) },
    );
  return (
    <div className={css["pair"]}>
      <TextInput
        {...common}
        type="url"
        placeholder="https://"
        value={url}
        onChange={(event) => change({ url: event.currentTarget.value, displayText })}
      />
      <TextInput
        label={`Text of ${common.label}`}
        disabled={common.disabled}
        size="sm"
        value={displayText}
        onChange={(event) => change({ url, displayText: event.currentTarget.value })}
      />
    </div>
  );
}

/** JSON that is sent as soon as it is some; until then what was typed is kept. */
function JsonField({ common, value, onChange }: Own) {
  const [text, setText] = useState(() => (value === undefined ? "" : JSON.stringify(value, null, 2)));
  const [problem, setProblem] = useState<string | null>(null);
  return (
    <Textarea
      {...common}
      autosize
      minRows={3}
      maxRows={16}
      placeholder="{ }"
      styles={{ input: { fontFamily: "var(--mono)", fontSize: 12.5 } }}
      error={problem ?? common.error}
      value={text}
      onChange={(event) => {
        const next = event.currentTarget.value;
        setText(next);
        if (next.trim() === "") {
          setProblem(null);
          return onChange(undefined);
        }
        try {
          onChange(JSON.parse(next));
          setProblem(null);
        } catch (error) {
          setProblem(error instanceof Error ? error.message : "This is not JSON.");
          // A text is of no type that the input takes: the server cannot be told what is half typed.
          onChange(next);
        }
      }}
    />
  );
}
