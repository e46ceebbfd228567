import { Button } from "@mantine/core";
import { useState } from "react";
import { JsonSide, useJsonText } from "../builder/json-side.tsx";
import { DrawerButtons } from "../parts/drawer-buttons.tsx";
import { ErrorPanel } from "../parts/error-panel.tsx";
import { SideDrawer } from "../parts/side-drawer.tsx";
import { Unsaved } from "../parts/unsaved.tsx";
import { kindOf, WIDGET_KINDS } from "../widgets/registry.ts";
import { missingIn, WidgetForm } from "../widgets/widget-form.tsx";
import type { WidgetContext, WidgetDoc, WidgetKind } from "../widgets/widget-kind.ts";
import css from "./dashboard.module.css";
import { WidgetFrame } from "./widget-frame.tsx";

interface Props {
  /** null: a new one, to be chosen first. */
  widget: WidgetDoc | null;
  /** For a new one. */
  freshId: (type: string) => string;
  /** What a new one says besides, where it is made. */
  blankFor?: (widget: WidgetDoc) => WidgetDoc;
  /** As the preview draws it: with what stands for something else filled in. */
  drawn?: (widget: WidgetDoc) => WidgetDoc;
  context: WidgetContext;
  onClose: () => void;
  /** Closes by itself when it went well. */
  save: {
    readonly mutate: (widget: WidgetDoc) => void;
    readonly error: Error | null;
    readonly isPending: boolean;
  };
}

const asItIs = (widget: WidgetDoc): WidgetDoc => widget;

/** Chooses what is to be shown, then form and JSON side by side with how it will look. */
export function WidgetDrawer(props: Props) {
  const { widget, freshId, blankFor = asItIs, drawn = asItIs, context, onClose, save } = props;
  const [draft, setDraft] = useState<WidgetDoc | null>(widget);
  const label = draft === null ? null : (kindOf(draft.type)?.label ?? draft.type);
  const choose = ({ type, blank }: WidgetKind) => setDraft(blankFor({ id: freshId(type), type, ...blank }));
  return (
    <SideDrawer
      title={label === null ? "Add widget" : `${widget === null ? "New" : "Edit"} ${label}`}
      size={1080}
      onClose={onClose}
    >
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
          drawn={drawn}
          context={context}
          save={save}
          onClose={onClose}
        />
      )}
    </SideDrawer>
  );
}

function Editor({
  draft,
  isNew,
  onDraft,
  drawn,
  context,
  save,
  onClose,
}: {
  draft: WidgetDoc;
  isNew: boolean;
  onDraft: (widget: WidgetDoc) => void;
  drawn: (widget: WidgetDoc) => WidgetDoc;
  context: WidgetContext;
  save: Props["save"];
  onClose: () => void;
}) {
  const kind = kindOf(draft.type);
  // What is there already may say it in other words.
  const missing = isNew && kind ? missingIn(kind, draft) : [];
  const json = useJsonText(draft, onDraft, ({ type, id }) =>
    type !== draft.type
      ? `type stays ${draft.type}; add another widget for another type.`
      : id !== draft.id
        ? `id stays ${draft.id}.`
        : null,
  );
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (json.problem === null && missing.length === 0) save.mutate(draft);
      }}
    >
      <Unsaved value={[draft, json.problem]} />
      {save.error ? <ErrorPanel what="save the widget" error={save.error} /> : null}
      <div className={css["editor"]}>
        {kind ? (
          <WidgetForm kind={kind} widget={draft} onChange={onDraft} />
        ) : (
          <p className="muted">There is no form for widgets of this type; it is changed as JSON.</p>
        )}
        <div className={css["side"]}>
          <h3>Preview</h3>
          <div className={css["preview"]}>
            <WidgetFrame widget={drawn(draft)} context={context} actions={null} />
          </div>
          <JsonSide label="Widget as JSON" json={json} />
        </div>
      </div>
      <DrawerButtons>
        <Button type="submit" loading={save.isPending} disabled={json.problem !== null || missing.length > 0}>
          {isNew ? "Add" : "Save"}
        </Button>
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        {missing.length === 0 ? null : (
          <span className="muted small">Still to be chosen: {missing.join(", ")}</span>
        )}
      </DrawerButtons>
    </form>
  );
}
