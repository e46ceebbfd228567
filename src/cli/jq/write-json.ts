import type { Json } from "../../jq/value.ts";
import { numberText } from "../../jq/values/number-text.ts";
import { keysOf, sortedKeysOf } from "../../jq/values/objects.ts";
import { quote } from "../../jq/values/print.ts";

export interface JsonStyle {
  /** What one level is indented by; empty: everything on one line. */
  readonly indent: string;
  readonly sortKeys: boolean;
}

/** A container that is being written. */
interface Frame {
  readonly items: readonly (readonly [key: string | null, value: Json])[];
  readonly close: string;
  at: number;
}

/** `value` as jq prints it: its numbers, its white space. Depth is no matter. */
export function writeJson(value: Json, { indent, sortKeys }: JsonStyle): string {
  const parts: string[] = [];
  const frames: Frame[] = [];
  const newline = (): void => {
    if (indent !== "") parts.push("\n", indent.repeat(frames.length));
  };

  function open(value: Json): void {
    if (typeof value !== "object" || value === null) {
      parts.push(scalar(value));
      return;
    }
    const list = Array.isArray(value);
    const items = list
      ? value.map((item) => [null, item] as const)
      : (sortKeys ? sortedKeysOf(value) : keysOf(value)).map((key) => [key, value[key] ?? null] as const);
    if (items.length === 0) parts.push(list ? "[]" : "{}");
    else {
      parts.push(list ? "[" : "{");
      frames.push({ items, close: list ? "]" : "}", at: 0 });
    }
  }

  open(value);
  for (let frame = frames.at(-1); frame !== undefined; frame = frames.at(-1)) {
    const item = frame.items[frame.at];
    if (item === undefined) {
      frames.pop();
      newline();
      parts.push(frame.close);
      continue;
    }
    if (frame.at++ > 0) parts.push(",");
    newline();
    const [key, inner] = item;
    if (key !== null) parts.push(quote(key), indent === "" ? ":" : ": ");
    open(inner);
  }
  return parts.join("");
}

function scalar(value: Exclude<Json, object> | null): string {
  if (typeof value === "string") return quote(value);
  return typeof value === "number" ? numberText(value) : String(value);
}
