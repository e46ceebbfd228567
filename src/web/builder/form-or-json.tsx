import { type ReactNode, useState } from "react";
import { Choice } from "../parts/choice.tsx";
import type { Assist } from "./json-assist.ts";
import { LazyJsonEditor } from "./lazy-json-editor.tsx";
import { parseDocument } from "./parse-document.ts";
import { Problem } from "./problem.tsx";

type Doc = Readonly<Record<string, unknown>>;

interface FormOrJson {
  readonly mode: "form" | "json";
  readonly text: string;
  /** What is saved; null: the text is no document. */
  readonly document: Doc | null;
  readonly problem: string | null;
  readonly onMode: (mode: "form" | "json") => void;
  readonly onText: (text: string) => void;
}

/**
 * A document by a form or as JSON, one at a time: the text begins with what the form says.
 * @param fromForm the document as the form says it
 * @param onForm goes back to the form with what was typed; without it the form stays as it was, and so does the text
 */
export function useFormOrJson(fromForm: Doc, onForm?: (document: Doc) => void): FormOrJson {
  const [mode, setMode] = useState<"form" | "json">("form");
  const [text, setText] = useState("");
  const parsed = mode === "json" ? parseDocument(text) : { document: fromForm, problem: null };
  const onMode = (next: "form" | "json"): void => {
    if (next === "json" && (onForm !== undefined || text === "")) setText(JSON.stringify(fromForm, null, 2));
    if (next === "form" && parsed.document !== null) onForm?.(parsed.document);
    setMode(next);
  };
  return { mode, text, ...parsed, onMode, onText: setText };
}

/** The choice between the two, what stands between it and them, and the one that is chosen. */
export function FormOrJson({
  label,
  state,
  between,
  assist,
  children,
}: {
  /** Of the editor. */
  label: string;
  state: FormOrJson;
  between?: ReactNode;
  assist?: Assist;
  /** The form. */
  children: ReactNode;
}) {
  return (
    <>
      <Choice<"form" | "json">
        label="How to describe it"
        value={state.mode}
        onChange={state.onMode}
        options={[
          { value: "form", label: "Form" },
          { value: "json", label: "Edit JSON" },
        ]}
      />
      {between}
      {state.mode === "form" ? (
        children
      ) : (
        <>
          <LazyJsonEditor
            label={label}
            initial={state.text}
            onChange={state.onText}
            height={320}
            {...(assist === undefined ? {} : { assist })}
          />
          <Problem text={state.problem} />
        </>
      )}
    </>
  );
}
