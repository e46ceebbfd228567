import { autocompletion, closeBrackets, closeBracketsKeymap } from "@codemirror/autocomplete";
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
import type { Slip } from "./slip.ts";

interface Props {
  label: string;
  /** What is in the editor at first; later changes from outside need another `key`. */
  initial: string;
  onChange: (text: string) => void;
  /** For another language than JSON: what is wrong with the text, and where. */
  check?: (text: string) => readonly Slip[];
}

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
  ".cm-matchingBracket": { backgroundColor: "var(--accent-soft)", color: "inherit" },
});

/** JSON with what is wrong at its line. Tab indents while the editor has the focus; Escape and then Tab leaves it. */
export function JsonEditor({ label, initial, onChange, check }: Props) {
  const host = useRef<HTMLDivElement>(null);
  const hint = useId();
  const change = useRef(onChange);
  useEffect(() => {
    change.current = onChange;
  }, [onChange]);
  useEffect(() => {
    if (host.current === null) return undefined;
    const nonce = document.querySelector<HTMLMetaElement>("meta[name=csp-nonce]")?.content ?? "";
    const view = new EditorView({
      parent: host.current,
      state: EditorState.create({
        doc: initial,
        extensions: [
          EditorView.cspNonce.of(nonce),
          lineNumbers(),
          foldGutter(),
          history(),
          indentOnInput(),
          bracketMatching(),
          closeBrackets(),
          autocompletion(),
          highlightActiveLine(),
          check === undefined
            ? [json(), linter(jsonParseLinter())]
            : linter(({ state }) =>
                check(state.doc.toString()).map((slip) => ({ ...slip, severity: "error" as const })),
              ),
          lintGutter(),
          syntaxHighlighting(colours),
          theme,
          EditorState.tabSize.of(2),
          keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...historyKeymap, indentWithTab]),
          EditorView.contentAttributes.of({
            ...{ "aria-label": label, "aria-describedby": hint, tabindex: "0" },
            // Escape is the way out of the editor: it does not close the dialog around it.
            "data-mantine-stop-propagation": "true",
          }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) change.current(update.state.doc.toString());
          }),
        ],
      }),
    });
    return () => view.destroy();
    // The text belongs to the editor from now on.
    // oxlint-disable-next-line react/exhaustive-deps
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
