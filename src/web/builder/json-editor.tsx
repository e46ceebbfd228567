import { closeBrackets, closeBracketsKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { json, jsonParseLinter } from "@codemirror/lang-json";
import {
  bracketMatching,
  foldGutter,
  HighlightStyle,
  indentOnInput,
  syntaxHighlighting,
} from "@codemirror/language";
import { linter, lintGutter } from "@codemirror/lint";
import { EditorState } from "@codemirror/state";
import { EditorView, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { useEffect, useId, useRef } from "react";
import css from "./builder.module.css";
import { type Assist, jsonAssist, lookAgain } from "./json-assist.ts";
import type { Slip } from "./slip.ts";

interface Props {
  label: string;
  /** What is in the editor at first; later changes from outside need another `key`. */
  initial: string;
  onChange: (text: string) => void;
  /** For another language than JSON: what is wrong with the text, and where. */
  check?: (text: string) => readonly Slip[];
  /** What is offered and told while JSON is typed. */
  assist?: Assist;
}

const NOTHING: Assist = {};

/** Colours come from the page's tokens, so that both themes fit. */
const colours = HighlightStyle.define([
  { tag: tags.propertyName, color: "var(--link)" },
  { tag: tags.string, color: "var(--good)" },
  { tag: tags.number, color: "var(--stage-review)" },
  { tag: [tags.bool, tags.null], color: "var(--warn)" },
]);

const theme = EditorView.theme({
  "&": { fontSize: "12.5px", backgroundColor: "var(--surface)", color: "var(--text)" },
  // The frame around it has the ring: inside, its clipped corners would cut it off.
  "&.cm-focused": { outline: "none" },
  ".cm-content": { fontFamily: "var(--mono)", caretColor: "var(--text)" },
  ".cm-cursor": { borderLeftColor: "var(--text)" },
  ".cm-gutters": { backgroundColor: "var(--surface-2)", color: "var(--text-2)", border: "0" },
  ".cm-activeLine, .cm-activeLineGutter": {
    backgroundColor: "color-mix(in srgb, var(--surface-2) 55%, transparent)",
  },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "var(--chart-soft)",
  },
  ".cm-tooltip": {
    backgroundColor: "var(--surface)",
    color: "var(--text)",
    border: "1px solid var(--line)",
    borderRadius: "6px",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: "3px 8px" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]": {
    backgroundColor: "var(--accent-soft)",
    color: "var(--text)",
  },
  ".cm-completionDetail": { color: "var(--text-2)" },
  ".cm-matchingBracket": { backgroundColor: "var(--accent-soft)", color: "inherit" },
});

/** JSON with what is wrong at its line. Tab indents while the editor has the focus; Escape and then Tab leaves it. */
export function JsonEditor({ label, initial, onChange, check, assist = NOTHING }: Props) {
  const host = useRef<HTMLDivElement>(null);
  const hint = useId();
  const editor = useRef<EditorView>(null);
  // The text belongs to the editor once it is there, so later ones do not make another.
  const first = useRef({ label, initial, check, hint });
  const latest = useRef({ onChange, assist });
  useEffect(() => {
    const before = latest.current.assist;
    latest.current = { onChange, assist };
    if (before.refusal !== assist.refusal && editor.current !== null) lookAgain(editor.current);
  }, [onChange, assist]);
  useEffect(() => {
    if (host.current === null) return undefined;
    const nonce = document.querySelector<HTMLMetaElement>("meta[name=csp-nonce]")?.content ?? "";
    const { label: name, initial: text, check: slips, hint: described } = first.current;
    const view = new EditorView({
      parent: host.current,
      state: EditorState.create({
        doc: text,
        extensions: [
          EditorView.cspNonce.of(nonce),
          lineNumbers(),
          foldGutter(),
          history(),
          indentOnInput(),
          bracketMatching(),
          closeBrackets(),
          highlightActiveLine(),
          slips === undefined
            ? [json(), linter(jsonParseLinter()), jsonAssist(() => latest.current.assist)]
            : linter(({ state }) =>
                slips(state.doc.toString()).map((slip) => ({ ...slip, severity: "error" as const })),
              ),
          lintGutter(),
          syntaxHighlighting(colours),
          theme,
          EditorState.tabSize.of(2),
          keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...historyKeymap, indentWithTab]),
          EditorView.contentAttributes.of({
            ...{ "aria-label": name, "aria-describedby": described, tabindex: "0" },
            // Escape is the way out of the editor: it does not close the dialog around it.
            "data-mantine-stop-propagation": "true",
          }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) latest.current.onChange(update.state.doc.toString());
          }),
        ],
      }),
    });
    editor.current = view;
    return () => {
      editor.current = null;
      view.destroy();
    };
  }, []);
  return (
    <div className={css["editor"]}>
      <div ref={host} />
      <p id={hint} className={css["hint"]}>
        Escape, then Tab: out of the editor
      </p>
    </div>
  );
}
