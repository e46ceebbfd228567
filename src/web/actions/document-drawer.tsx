import { Button, Drawer } from "@mantine/core";
import { lazy, type ReactNode, Suspense, useState } from "react";
import { parseDocument } from "../builder/parse-document.ts";
import { Bone } from "../parts/bone.tsx";
import { ErrorPanel } from "../parts/error-panel.tsx";
import css from "./actions.module.css";

const JsonEditor = lazy(() =>
  import("../builder/json-editor.tsx").then((module) => ({ default: module.JsonEditor })),
);

export type Doc = Readonly<Record<string, unknown>>;

interface Props {
  title: string;
  /** For the error: “save the action”. */
  what: string;
  document: Doc;
  onDocument: (document: Doc) => void;
  isNew: boolean;
  save: { readonly mutate: () => void; readonly error: Error | null; readonly isPending: boolean };
  /** The form. */
  children: ReactNode;
  /** Above the JSON. */
  aside?: ReactNode;
  /** Beside the buttons. */
  more?: ReactNode;
  onClose: () => void;
}

const written = (document: Doc): string => JSON.stringify(document, null, 2);

/** A document by its form and as JSON, side by side: what is changed in one is changed in the other. */
export function DocumentDrawer(props: Props) {
  const { title, what, document, onDocument, isNew, save, children, aside, more, onClose } = props;
  // The editor keeps its own text; it begins anew when the form wrote another document than it did.
  const [typed, setTyped] = useState({ version: 0, text: written(document), of: document });
  const [problem, setProblem] = useState<string | null>(null);
  if (typed.of !== document) {
    setTyped({ version: typed.version + 1, text: written(document), of: document });
    setProblem(null);
  }
  const fromText = (text: string) => {
    const { document: next, problem: said } = parseDocument(text);
    if (next === null)
      return setProblem(said === "A blueprint is a JSON object." ? "This is no JSON object." : said);
    setProblem(null);
    setTyped((before) => ({ ...before, of: next }));
    onDocument(next);
  };
  return (
    <Drawer.Root opened onClose={onClose} position="right" size={1160} transitionProps={{ duration: 120 }}>
      <Drawer.Overlay backgroundOpacity={0.35} />
      <Drawer.Content>
        <Drawer.Header component="div">
          <Drawer.Title>{title}</Drawer.Title>
          <Drawer.CloseButton aria-label="Close" size={32} />
        </Drawer.Header>
        <Drawer.Body>
          <div className="stack">
            {save.error ? <ErrorPanel what={what} error={save.error} /> : null}
            <div className={css["designer"]}>
              <div className="stack">{children}</div>
              <div className={css["side"]}>
                {aside}
                <h3>JSON</h3>
                <Suspense fallback={<Bone height={260} />}>
                  <JsonEditor
                    key={typed.version}
                    label={`${title} as JSON`}
                    initial={typed.text}
                    onChange={fromText}
                  />
                </Suspense>
                {problem === null ? null : (
                  <p className="small" role="status" style={{ color: "var(--bad)" }}>
                    {problem}
                  </p>
                )}
              </div>
            </div>
            <div className={css["buttons"]}>
              <Button loading={save.isPending} disabled={problem !== null} onClick={() => save.mutate()}>
                {isNew ? "Create" : "Save"}
              </Button>
              <Button variant="default" onClick={onClose}>
                Cancel
              </Button>
              {more}
            </div>
          </div>
        </Drawer.Body>
      </Drawer.Content>
    </Drawer.Root>
  );
}

export const textAt = (document: Doc, key: string): string => {
  const value = document[key];
  return typeof value === "string" ? value : "";
};

export const objectAt = (document: Doc, key: string): Doc => {
  const value = document[key];
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Doc) : {};
};

/** The document with the key set; `undefined` and "" take it away. */
export const withKey = (document: Doc, key: string, value: unknown): Doc =>
  value === undefined || value === ""
    ? Object.fromEntries(Object.entries(document).filter(([other]) => other !== key))
    : { ...document, [key]: value };
