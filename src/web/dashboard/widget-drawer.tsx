import { Button, Drawer } from "@mantine/core";
import { lazy, Suspense, useState } from "react";
import { parseDocument } from "../builder/parse-document.ts";
import { Bone } from "../parts/bone.tsx";
import { ErrorPanel } from "../parts/error-panel.tsx";
import { kindOf, WIDGET_KINDS } from "../widgets/registry.ts";
import { WidgetForm } from "../widgets/widget-form.tsx";
import type { WidgetContext, WidgetDoc, WidgetKind } from "../widgets/widget-kind.ts";
import css from "./dashboard.module.css";
import { WidgetFrame } from "./widget-frame.tsx";

/** The editor is the largest part of it; it comes when the first widget is edited. */
const JsonEditor = lazy(() =>
  import("../builder/json-editor.tsx").then((module) => ({ default: module.JsonEditor })),
);

interface Props {
  /** null: a new one, to be chosen first. */
  widget: WidgetDoc | null;
  /** For a new one. */
  freshId: (type: string) => string;
  context: WidgetContext;
  onClose: () => void;
  /** Closes by itself when it went well. */
  save: {
    readonly mutate: (widget: WidgetDoc) => void;
    readonly error: Error | null;
    readonly isPending: boolean;
  };
}

/** Chooses what is to be shown, then form and JSON side by side with how it will look. */
export function WidgetDrawer({ widget, freshId, context, onClose, save }: Props) {
  const [draft, setDraft] = useState<WidgetDoc | null>(widget);
  const label = draft === null ? null : (kindOf(draft.type)?.label ?? draft.type);
  const choose = ({ type, blank }: WidgetKind) => setDraft({ id: freshId(type), type, ...blank });
  return (
    <Drawer.Root opened onClose={onClose} position="right" size={1080} transitionProps={{ duration: 120 }}>
      <Drawer.Overlay backgroundOpacity={0.35} />
      <Drawer.Content>
        <Drawer.Header component="div">
          <Drawer.Title>
            {label === null ? "Add widget" : `${widget === null ? "New" : "Edit"} ${label}`}
          </Drawer.Title>
          <Drawer.CloseButton aria-label="Close" size={32} />
        </Drawer.Header>
        <Drawer.Body>
          {draft === null ? (
            <ul className={css["gallery"]}>
              {WIDGET_KINDS.filter(({ inGallery }) => inGallery !== false).map((kind) => (
                <li key={kind.type}>
                  <button type="button" className={css["choice"]} onClick={() => choose(kind)}>
                    <kind.icon size={20} />
                    <strong>{kind.label}</strong>
                    <span>{kind.about}</span>
                  </button>
                </li>
              ))}
            </ul>
          ) : (
            <Editor
              draft={draft}
              isNew={widget === null}
              onDraft={setDraft}
              context={context}
              save={save}
              onClose={onClose}
            />
          )}
        </Drawer.Body>
      </Drawer.Content>
    </Drawer.Root>
  );
}

const written = (widget: WidgetDoc): string => JSON.stringify(widget, null, 2);

function Editor({
  draft,
  isNew,
  onDraft,
  context,
  save,
  onClose,
}: {
  draft: WidgetDoc;
  isNew: boolean;
  onDraft: (widget: WidgetDoc) => void;
  context: WidgetContext;
  save: Props["save"];
  onClose: () => void;
}) {
  // What the editor begins with; the form writes another one, typing in the editor does not.
  const [text, setText] = useState({ version: 0, initial: written(draft) });
  const [problem, setProblem] = useState<string | null>(null);
  const kind = kindOf(draft.type);
  const fromForm = (next: WidgetDoc) => {
    onDraft(next);
    setProblem(null);
    setText(({ version }) => ({ version: version + 1, initial: written(next) }));
  };
  const fromText = (typed: string) => {
    const { document, problem: said } = parseDocument(typed);
    const { type, id } = document ?? {};
    if (document === null) setProblem(said);
    else if (type !== draft.type)
      setProblem(`type stays ${draft.type}; add another widget for another type.`);
    else if (id !== draft.id) setProblem(`id stays ${draft.id}.`);
    else {
      setProblem(null);
      onDraft(document as unknown as WidgetDoc);
    }
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (problem === null) save.mutate(draft);
      }}
    >
      {save.error ? <ErrorPanel what="save the widget" error={save.error} /> : null}
      <div className={css["editor"]}>
        {kind ? (
          <WidgetForm kind={kind} widget={draft} onChange={fromForm} />
        ) : (
          <p className="muted">There is no form for widgets of this type; it is changed as JSON.</p>
        )}
        <div className={css["side"]}>
          <h3>Preview</h3>
          <div className={css["preview"]}>
            <WidgetFrame widget={draft} context={context} actions={null} />
          </div>
          <h3>JSON</h3>
          <Suspense fallback={<Bone height={260} />}>
            <JsonEditor
              key={text.version}
              label="Widget as JSON"
              initial={text.initial}
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
        <Button type="submit" loading={save.isPending} disabled={problem !== null}>
          {isNew ? "Add" : "Save"}
        </Button>
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
      </div>
    </form>
  );
}
