import type { NodeOf } from "../../ast.ts";
import { type Json, type JsonObject, writeKey } from "../../value.ts";
import { index } from "../../values/access.ts";
import { joinTexts } from "../../values/arithmetic.ts";
import { toText } from "../../values/print.ts";
import { formatter } from "../format.ts";
import type { Code } from "../machine.ts";
import { hold, held } from "../run.ts";
import { badKey, ITEM_BYTES } from "../single/build.ts";
import { type Site, slotIn } from "../site.ts";
import { keep, recall } from "./single.ts";

/** `[body]`. A path goes through the body, as in jq: what has left it cannot be gone into there either. */
export function codeArray(node: NodeOf<"array">, site: Site, paths: boolean, next: Code): Code {
  if (node.body === null)
    return (m) => {
      m.value = [];
      return next;
    };
  const slot = slotIn(site);
  const body = site.make.code(node.body, site, paths, (m) => {
    const array = held<Json[]>(m.frame, slot);
    array.push(m.value);
    const { meter } = m.run;
    if (--meter.left < 0 || array.length * ITEM_BYTES > meter.maxOutput) meter.items(array.length);
    return m.back();
  });
  const done: Code = (m) => {
    m.value = held<Json[]>(m.frame, slot);
    return next;
  };
  return (m) => {
    hold(m.frame, slot, []);
    m.fork(done);
    return body;
  };
}

/** `{key: value}`: the first key is the outermost loop. */
export function codeObject(node: NodeOf<"object">, site: Site, next: Code): Code {
  const { entries } = node;
  const input = slotIn(site);
  const keys = entries.map(() => slotIn(site));
  const values = entries.map(() => slotIn(site));
  let code: Code = (m) => {
    const { slots } = m.frame;
    const object: JsonObject = {};
    for (let i = 0; i < keys.length; i++)
      writeKey(object, slots[keys[i] as number] as string, slots[values[i] as number] ?? null);
    m.value = object;
    return next;
  };
  for (let i = entries.length - 1; i >= 0; i--) {
    const { key, value } = entries[i] as (typeof entries)[number];
    const keySlot = keys[i] as number;
    const after = code;
    const checked: Code = (m) => {
      const name = m.frame.slots[keySlot] ?? null;
      if (typeof name !== "string") throw badKey(name);
      return after;
    };
    // `{"a\(1, 2)"}`: each key takes its own value, it is not computed again.
    const own = value.kind === "index" && value.target.kind === "identity" && value.index === key;
    const taken: Code = (m) => {
      m.value = index(m.value, m.frame.slots[keySlot] ?? null, m.run);
      return keep(values[i] as number, checked);
    };
    const item = own ? taken : site.make.code(value, site, false, keep(values[i] as number, checked));
    code = recall(input, site.make.code(key, site, false, keep(keySlot, recall(input, item))));
  }
  return keep(input, code);
}

/** `"a\(b)c"`: what is inserted last is the outermost loop. */
export function codeString(node: NodeOf<"string">, site: Site, next: Code): Code {
  const input = slotIn(site);
  const format = node.format === null ? toText : formatter(node.format);
  const parts = node.parts.map((part) => (typeof part === "string" ? part : slotIn(site)));
  let code: Code = (m) => {
    let text = "";
    for (const part of parts)
      text = joinTexts(text, typeof part === "string" ? part : (m.frame.slots[part] as string), m.run);
    m.value = text;
    return next;
  };
  for (const [i, part] of node.parts.entries()) {
    if (typeof part === "string") continue;
    const after = code;
    const slot = parts[i] as number;
    const formatted: Code = (m) => {
      m.frame.slots[slot] = format(m.value, m.run);
      return after;
    };
    code = recall(input, site.make.code(part, site, false, formatted));
  }
  return keep(input, code);
}
