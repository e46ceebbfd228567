import { useState } from "react";
import type { Assist } from "./json-assist.ts";
import { LazyJsonEditor } from "./lazy-json-editor.tsx";
import { parseDocument } from "./parse-document.ts";

type Doc = Readonly<Record<string, unknown>>;

interface JsonText {
  readonly version: number;
  readonly text: string;
  readonly onText: (text: string) => void;
  /** Of what is typed; null: the document is what stands there. */
  readonly problem: string | null;
}

/**
 * The text of a document that a form changes too. The editor keeps what is typed; it begins anew when the form wrote
 * another document than it did.
 * @param refuse what is not allowed of a document that is well-formed
 */
export function useJsonText<D extends object>(
  document: D,
  onDocument: (document: D) => void,
  refuse: (document: Doc) => string | null = () => null,
): JsonText {
  const [typed, setTyped] = useState(() => ({ version: 0, text: written(document), of: document }));
  const [problem, setProblem] = useState<string | null>(null);
  if (typed.of !== document) {
    setTyped({ version: typed.version + 1, text: written(document), of: document });
    setProblem(null);
  }
  const onText = (text: string): void => {
    const { document: next, problem: said } = parseDocument(text);
    const refused = next === null ? said : refuse(next);
    setProblem(refused);
    if (next === null || refused !== null) return;
    const taken = next as unknown as D;
    setTyped((before) => ({ ...before, of: taken }));
    onDocument(taken);
  };
  return { version: typed.version, text: typed.text, onText, problem };
}

const written = (document: object): string => JSON.stringify(document, null, 2);

/** The document as JSON, beside its form. */
export function JsonSide({
  label,
  json,
  height = 260,
  assist,
}: {
  label: string;
  json: JsonText;
  height?: number;
  assist?: Assist;
}) {
  return (
    <>
      <h3>JSON</h3>
      <LazyJsonEditor
        key={json.version}
        label={label}
        initial={json.text}
        onChange={json.onText}
        height={height}
        {...(assist === undefined ? {} : { assist })}
      />
      {json.problem === null ? null : (
        <p className="small" role="status" style={{ color: "var(--bad)" }}>
          {json.problem}
        </p>
      )}
    </>
  );
}
