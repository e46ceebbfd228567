import { Button } from "@mantine/core";
import { lazy, type ReactNode, Suspense, useState } from "react";
import type { Assist } from "../builder/json-assist.ts";
import { Bone } from "../parts/bone.tsx";
import { ErrorPanel } from "../parts/error-panel.tsx";
import { UnsavedOnPage } from "../parts/unsaved-on-page.tsx";

const MappingEditor = lazy(() =>
  import("./mapping-editor.tsx").then((module) => ({ default: module.MappingEditor })),
);

interface Props {
  /** What a mapping does, in a sentence or two. */
  about: string;
  /** What is stored; the rest is typed in the editor. */
  stored: object;
  /** The text as it is typed; null: it says what is stored. */
  changed: string | null;
  onChange: (text: string | null) => void;
  save: {
    readonly mutate: () => void;
    readonly error: Error | null;
    readonly isPending: boolean;
    readonly isSuccess: boolean;
    readonly reset: () => void;
  };
  /** Said once it is saved. */
  saved: string;
  assist: Assist;
  /** Trying it. */
  children: ReactNode;
}

/** A mapping as YAML or JSON, with offers from a sample, and a trial before it is saved. */
export function MappingForm(props: Props) {
  const { about, stored, changed, onChange, save, saved, assist, children } = props;
  // What is typed while it is on its way is in no answer.
  const [sent, setSent] = useState<string | null>(null);
  const isSaved = save.isSuccess && sent === changed;
  return (
    <section className="card stack" aria-labelledby="mapping">
      <h2 id="mapping">Mapping</h2>
      <p className="muted small">{about}</p>
      <UnsavedOnPage isChanged={changed !== null && !isSaved} />
      {save.error ? <ErrorPanel what="save the mapping" error={save.error} /> : null}
      <Suspense fallback={<Bone height={420} />}>
        <MappingEditor
          document={stored}
          onChange={(text) => {
            // What was said of the text before is not true of this one.
            if (save.isSuccess) save.reset();
            onChange(text);
          }}
          assist={{ ...assist, refusal: save.error?.message ?? null }}
        />
      </Suspense>
      <div className="row">
        <Button
          loading={save.isPending}
          disabled={changed === null}
          onClick={() => {
            setSent(changed);
            save.mutate();
          }}
        >
          Save the mapping
        </Button>
        <span className="muted small" role="status">
          {isSaved ? saved : changed === null ? "Nothing is changed." : ""}
        </span>
      </div>
      {children}
    </section>
  );
}
