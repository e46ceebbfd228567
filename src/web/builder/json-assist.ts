/** Offers and problems of a JSON editor, by the shape of its document and a sample for its expressions. */
import {
  autocompletion,
  type Completion,
  type CompletionContext,
  type CompletionResult,
} from "@codemirror/autocomplete";
import { forceLinting, linter, type Diagnostic } from "@codemirror/lint";
import type { Extension } from "@codemirror/state";
import type { EditorView } from "@codemirror/view";
import { completeJq } from "./complete-jq.ts";
import { documentIn, type Place, placeAt, rangeOf } from "./json-places.ts";
import { partAt, placeNamed, problemsIn, type Shape, shapeAt, type Shaped } from "./json-shape.ts";

export interface Assist {
  /** What may stand in the document; absent: anything. */
  readonly shape?: Shaped;
  /** What expressions read. */
  readonly sample?: unknown;
  /** What the server refused, which names its place at its beginning. */
  readonly refusal?: string | null;
}

/** @param latest what holds now; it changes while the editor stays */
export function jsonAssist(latest: () => Assist): Extension {
  return [
    // Its icons are letters of a font that is not there.
    autocompletion({ override: [(context) => offersAt(context, latest())], icons: false }),
    linter((view) => diagnosticsOf(view, latest()), { delay: 400 }),
  ];
}

/** Looks again, after something changed that is not the text. */
export const lookAgain = (view: EditorView): void => forceLinting(view);

function offersAt(context: CompletionContext, { shape, sample }: Assist): CompletionResult | null {
  const { state, pos, explicit } = context;
  const place = placeAt(state, pos);
  if (place === null || shape === undefined) return null;
  const document = documentIn(state);
  const here = shapeAt(shape, document, place.path);
  if (here === null) return null;
  if (place.kind === "key") return keysAt(place, here, partAt(document, place.path));
  if (here.isJq === true && place.isQuoted) {
    const found = completeJq(state.sliceDoc(place.from, pos), sample);
    if (found === null) return null;
    return {
      from: place.from + found.from,
      options: found.offers.map(({ label, detail }) => ({ label, detail })),
    };
  }
  const options = valuesAt(place, here, explicit);
  return options.length === 0 ? null : { from: place.from, to: place.to, options };
}

function keysAt(place: Place, { keys = {} }: Shape, object: unknown): CompletionResult | null {
  const taken = new Set(typeof object === "object" && object !== null ? Object.keys(object) : []);
  const options = Object.entries(keys)
    .filter(([key]) => !taken.has(key))
    .map(([key, of]): Completion => {
      const { about, type } = typeof of === "function" ? of(undefined) : of;
      const blank = type === undefined ? "" : BLANKS[type];
      return {
        label: key,
        type: "property",
        ...(about === undefined ? {} : { detail: about }),
        // With its quotes and what stands behind it; between quotes only the name is missing.
        ...(place.isQuoted ? {} : { apply: `"${key}": ${blank}` }),
      };
    });
  return options.length === 0 ? null : { from: place.from, to: place.to, options };
}

const BLANKS: Readonly<Record<NonNullable<Shape["type"]>, string>> = {
  object: "{}",
  array: "[]",
  string: '""',
  number: "0",
  boolean: "false",
};

function valuesAt(place: Place, { values, usual, type, about }: Shape, explicit: boolean): Completion[] {
  const listed: readonly (string | number | boolean)[] =
    values ?? usual ?? (type === "boolean" && !place.isQuoted ? [true, false] : []);
  const detail = about === undefined || !explicit ? {} : { detail: about };
  return listed
    .filter((value) => !place.isQuoted || typeof value === "string")
    .map((value) => {
      const label = String(value);
      return { label, type: "enum", ...detail, apply: place.isQuoted ? label : JSON.stringify(value) };
    });
}

function diagnosticsOf(view: EditorView, { shape, refusal }: Assist): Diagnostic[] {
  const { state } = view;
  const document = documentIn(state);
  const found: Diagnostic[] = [];
  if (refusal) {
    const path = placeNamed(refusal, document);
    const range = path === null ? null : rangeOf(state, path, false);
    if (range !== null) found.push({ ...range, severity: "error", message: refusal });
  }
  if (shape === undefined) return found;
  for (const { path, isKey, message } of problemsIn(shape, document)) {
    const range = rangeOf(state, path, isKey);
    // The server keeps keys that it does not know, so they are no error.
    if (range !== null) found.push({ ...range, severity: isKey ? "warning" : "error", message });
  }
  return found;
}
