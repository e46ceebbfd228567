import { TextInput } from "@mantine/core";
import type { ReactNode } from "react";
import { Choice } from "../parts/choice.tsx";
import css from "./actions.module.css";
import { jqOf } from "./rules-draft.ts";

/** One line of jq. */
export function JqText({
  label,
  aria,
  placeholder = "",
  value,
  onChange,
}: {
  label: string | null;
  aria?: string;
  placeholder?: string;
  value: string;
  onChange: (text: string) => void;
}) {
  return (
    <TextInput
      size="xs"
      label={label}
      aria-label={aria ?? label ?? ""}
      placeholder={placeholder}
      spellCheck={false}
      styles={{ input: { fontFamily: "var(--mono)" } }}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

/** A value that is written down, or worked out by an expression: `children` edit the former. */
export function OrJq({
  label,
  placeholder,
  value,
  plain,
  onChange,
  children,
}: {
  label: string;
  placeholder: string;
  value: unknown;
  /** What it becomes when it is no expression any more. */
  plain: unknown;
  onChange: (value: unknown) => void;
  children: ReactNode;
}) {
  const jq = jqOf(value);
  return (
    <div className={css["orJq"]}>
      <Choice<"plain" | "jq">
        label={`${label}: how it is given`}
        value={jq === null ? "plain" : "jq"}
        options={[
          { value: "plain", label: "Value" },
          { value: "jq", label: "jq" },
        ]}
        onChange={(mode) => onChange(mode === "jq" ? { jqQuery: placeholder } : plain)}
      />
      {jq === null ? (
        children
      ) : (
        <JqText label={label} value={jq} onChange={(jqQuery) => onChange({ jqQuery })} />
      )}
    </div>
  );
}
