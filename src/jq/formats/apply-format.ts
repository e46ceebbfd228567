import { JqError } from "../errors.ts";
import type { Runtime } from "../runtime.ts";
import type { Json } from "../value.ts";
import { showForError, toJson, toText } from "../values/print.ts";
import { BASE32, BASE64, decode, encode } from "./base.ts";
import { decodeUri, encodeUri } from "./uri.ts";

/** Characters that are looked at one by one take longer than those that are copied. */
const CHARS_PER_STEP = 8;

type Format = (value: Json, rt: Runtime) => string;

/** `text` with each character that `names` has a name for replaced; a NUL becomes `\0`, as jq has it. */
const escaped = (text: string, special: RegExp, names: { readonly [character: string]: string }): string =>
  text.replace(special, (found) => names[found] ?? "\\0");

/* oxlint-disable no-control-regex -- NUL is one of the characters that are escaped */
const HTML = /[&<>'"\0]/g;
const CSV = /["\0]/g;
const TSV = /[\t\r\n\\\0]/g;
const SH = /['\0]/g;
/* oxlint-enable no-control-regex */
const HTML_NAMES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", "'": "&apos;", '"': "&quot;" };
const TSV_NAMES = { "\t": "\\t", "\r": "\\r", "\n": "\\n", "\\": "\\\\" };

const quotedForCsv = (text: string): string => `"${escaped(text, CSV, { '"': '""' })}"`;
const escapedForTsv = (text: string): string => escaped(text, TSV, TSV_NAMES);
const quotedForShell = (text: string): string => `'${escaped(text, SH, { "'": "'\\''" })}'`;

/** `@csv` and `@tsv`: null and nan are empty fields. */
function toRow(
  value: Json,
  name: string,
  separator: string,
  write: (text: string) => string,
  rt: Runtime,
): string {
  if (!Array.isArray(value))
    throw new JqError(`${showForError(value)} cannot be ${name}-formatted, only array`);
  return joined(value, separator, rt, (item) => {
    if (typeof item === "string") return write(item);
    if (item === null || Number.isNaN(item)) return "";
    if (typeof item === "object") throw new JqError(`${showForError(item)} is not valid in a csv row`);
    return toJson(item, rt);
  });
}

/** `@sh`: an array is several words. */
function toShell(value: Json, rt: Runtime): string {
  return joined(Array.isArray(value) ? value : [value], " ", rt, (item) => {
    if (typeof item === "string") return quotedForShell(item);
    if (typeof item === "object" && item !== null)
      throw new JqError(`${showForError(item)} can not be escaped for shell`);
    return toJson(item, rt);
  });
}

/** The items written one after another, metered while they grow. */
function joined(
  items: readonly Json[],
  separator: string,
  rt: Runtime,
  write: (item: Json) => string,
): string {
  rt.meter.items(items.length);
  rt.meter.spend(items.length / 3);
  let out = "";
  for (let i = 0; i < items.length; i++) {
    const item = items[i] as Json;
    if (typeof item === "string") rt.meter.spend(item.length / CHARS_PER_STEP);
    if (i > 0) out += separator;
    out += write(item);
    if (out.length > rt.meter.maxOutput) rt.meter.chars(out.length);
  }
  return out;
}

/** A format of the text of any value. */
const ofText =
  (write: (text: string) => string): Format =>
  (value, rt) => {
    const text = toText(value, rt);
    rt.meter.spend(4 + text.length / CHARS_PER_STEP);
    const out = write(text);
    if (out.length > text.length) rt.meter.chars(out.length);
    return out;
  };

/** Formats by name. Those of base32 are not jq 1.8's, but older manuals name them. */
const formats = new Map<string, Format>([
  ["text", toText],
  ["json", toJson],
  ["csv", (value, rt) => toRow(value, "csv", ",", quotedForCsv, rt)],
  ["tsv", (value, rt) => toRow(value, "tsv", "\t", escapedForTsv, rt)],
  ["html", ofText((text) => escaped(text, HTML, HTML_NAMES))],
  ["uri", ofText(encodeUri)],
  ["urid", ofText(decodeUri)],
  ["sh", toShell],
  ["base64", ofText((text) => encode(text, BASE64))],
  ["base64d", ofText((text) => decode(text, BASE64))],
  ["base32", ofText((text) => encode(text, BASE32))],
  ["base32d", ofText((text) => decode(text, BASE32))],
]);

/** `value` in the format `@name`. */
export function applyFormat(name: string, value: Json, rt: Runtime): string {
  const format = formats.get(name);
  if (format === undefined) throw new JqError(`${name} is not a valid format`);
  return format(value, rt);
}
