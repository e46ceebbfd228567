import { Button } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { JsonSide, useJsonText } from "../builder/json-side.tsx";
import { DrawerButtons } from "../parts/drawer-buttons.tsx";
import { ConfirmDelete } from "../parts/confirm-delete.tsx";
import { ErrorPanel } from "../parts/error-panel.tsx";
import { SideDrawer } from "../parts/side-drawer.tsx";
import { Unsaved } from "../parts/unsaved.tsx";
import css from "./actions.module.css";

export type Doc = Readonly<Record<string, unknown>>;

interface Write {
  readonly mutate: () => void;
  readonly error: Error | null;
  readonly isPending: boolean;
}

interface Props {
  title: string;
  /** What it is: “action”. */
  noun: string;
  document: Doc;
  onDocument: (document: Doc) => void;
  /** null: a new one. */
  before: string | null;
  save: Write;
  /** What becomes of it, in a sentence. */
  removal: Write & { readonly consequence: string };
  /** The form. */
  children: ReactNode;
  /** Above the JSON. */
  aside?: ReactNode;
  /** It may be looked at, not changed. */
  isLocked?: boolean;
  /** What is saved with the document besides. */
  also?: unknown;
  /** How often it was saved and stayed open. */
  savedTimes?: number;
  onClose: () => void;
}

/** A document by its form and as JSON, side by side: what is changed in one is changed in the other. */
export function DocumentDrawer(props: Props) {
  const { title, noun, document, onDocument, before, save, removal, children, aside, onClose } = props;
  const { isLocked = false, also, savedTimes } = props;
  const json = useJsonText(document, onDocument);
  const [isDeleting, setIsDeleting] = useState(false);
  return (
    <>
      <SideDrawer title={title} size={1160} onClose={onClose}>
        <div className="stack">
          {isLocked ? null : <Unsaved value={[document, also, json.problem]} savedAt={savedTimes} />}
          {save.error ? <ErrorPanel what={`save the ${noun}`} error={save.error} /> : null}
          <div className={css["designer"]}>
            <div className="stack">{children}</div>
            <div className={css["side"]}>
              {aside}
              <JsonSide
                label={`${title} as JSON`}
                json={json}
                assist={{ refusal: save.error?.message ?? null }}
              />
            </div>
          </div>
          <DrawerButtons>
            {isLocked ? null : (
              <Button loading={save.isPending} disabled={json.problem !== null} onClick={() => save.mutate()}>
                {before === null ? "Create" : "Save"}
              </Button>
            )}
            <Button variant="default" onClick={onClose}>
              {isLocked ? "Close" : "Cancel"}
            </Button>
            {before === null || isLocked ? null : (
              <Button variant="subtle" color="var(--bad)" ml="auto" onClick={() => setIsDeleting(true)}>
                Delete
              </Button>
            )}
          </DrawerButtons>
        </div>
      </SideDrawer>
      {isDeleting ? (
        <ConfirmDelete
          title={`Delete the ${noun}`}
          identifier={before ?? ""}
          consequence={removal.consequence}
          what={`delete the ${noun}`}
          removal={removal}
          onClose={() => setIsDeleting(false)}
        />
      ) : null}
    </>
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
