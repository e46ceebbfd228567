import { JqError } from "../../errors.ts";
import type { Node, NodeOf } from "../../ast.ts";
import { type Json, type JsonObject, writeKey } from "../../value.ts";
import { iterate } from "../../values/access.ts";
import { joinTexts } from "../../values/arithmetic.ts";
import { showForError, toText } from "../../values/print.ts";
import { SINGLE } from "../environment.ts";
import { formatter } from "../format.ts";
import { hold, held } from "../run.ts";
import { facts, type Single, type Site, slotIn, turnCost } from "../site.ts";
import { operandsOf } from "../spine.ts";
import { eachOf } from "../within.ts";

/** Bytes of an item, as the meter counts them. */
export const ITEM_BYTES = 8;

/** `[body]` */
export function singleArray(node: NodeOf<"array">, site: Site): Single {
  const { body } = node;
  if (body === null) return () => [];
  if (facts(body, site).kind === SINGLE) {
    const only = site.make.single(body, site);
    return (value, frame) => {
      const item = only(value, frame);
      frame.run.meter.left--;
      return item === undefined ? [] : [item];
    };
  }
  if (body.kind === "comma") {
    const branches = operandsOf(body);
    if (branches.every((branch) => facts(branch, site).kind === SINGLE)) return listed(branches, site);
  }
  return mapped(body, site) ?? gathered(body, site);
}

/** `[a, b, c]` */
function listed(nodes: readonly Node[], site: Site): Single {
  const items = nodes.map((item) => site.make.single(item, site));
  const [first, second] = items;
  // An array that is written out is as small as it can be; one that is pushed to has room for 17 items.
  if (items.length === 2 && first !== undefined && second !== undefined)
    return (value, frame) => {
      const a = first(value, frame);
      const b = second(value, frame);
      frame.run.meter.left--;
      return a === undefined || b === undefined ? present(a, b) : [a, b];
    };
  const cost = 1 + items.length / 8;
  return (value, frame) => {
    frame.run.meter.left -= cost;
    const array: Json[] = [];
    for (const make of items) {
      const item = make(value, frame);
      if (item !== undefined) array.push(item);
    }
    return array;
  };
}

const present = (...items: (Json | undefined)[]): Json[] => items.filter((item) => item !== undefined);

/** `[x[] | f]`, the most usual loop, without a slot for the array. */
function mapped(body: Node, site: Site): Single | null {
  if (body.kind !== "pipe" || body.left.kind !== "iterate") return null;
  const { target } = body.left;
  if (facts(target, site).kind !== SINGLE || facts(body.right, site).kind !== SINGLE) return null;
  const from = site.make.single(target, site);
  const each = site.make.single(body.right, site);
  const cost = turnCost(facts(body.right, site).size);
  return (value, frame) => {
    const container = from(value, frame);
    if (container === undefined) return [];
    const { run } = frame;
    const { meter } = run;
    const items = iterate(container, run);
    const array: Json[] = [];
    for (const item of items) {
      if ((meter.left -= cost) < 0) meter.spend(0);
      const made = each(item === undefined ? null : item, frame);
      if (made !== undefined) array.push(made);
    }
    return array;
  };
}

/** All outputs of `body`, which may have any number. */
function gathered(body: Node, site: Site): Single {
  const slot = slotIn(site);
  const run = eachOf(body, site, (value, frame) => {
    const array = held<Json[]>(frame, slot);
    array.push(value);
    const { meter } = frame.run;
    if (--meter.left < 0 || array.length * ITEM_BYTES > meter.maxOutput) meter.items(array.length);
    return false;
  });
  return (value, frame) => {
    const array: Json[] = [];
    hold(frame, slot, array);
    run(value, frame);
    return array;
  };
}

/** The error for a key that is not a string. */
export const badKey = (key: Json): JqError => new JqError(`Cannot use ${showForError(key)} as object key`);

/** `{a: 1, (key): value}` */
export function singleObject(node: NodeOf<"object">, site: Site): Single {
  const { entries } = node;
  const values = entries.map((entry) => site.make.single(entry.value, site));
  const names = entries.map(({ key }) =>
    key.kind === "literal" && typeof key.value === "string" && key.value !== "__proto__" ? key.value : null,
  );
  if (names.every((name) => name !== null)) return named(names, values);
  const keys = entries.map((entry) => site.make.single(entry.key, site));
  return (value, frame) => {
    const object: JsonObject = {};
    for (let i = 0; i < keys.length; i++) {
      const key = (keys[i] as Single)(value, frame);
      const item = key === undefined ? undefined : (values[i] as Single)(value, frame);
      if (key === undefined || item === undefined) return undefined;
      if (typeof key !== "string") throw badKey(key);
      writeKey(object, key, item);
    }
    return object;
  };
}

function named(names: readonly string[], values: readonly Single[]): Single {
  const cost = 1 + names.length / 8;
  return (value, frame) => {
    frame.run.meter.left -= cost;
    const object: JsonObject = {};
    for (let i = 0; i < names.length; i++) {
      const item = (values[i] as Single)(value, frame);
      if (item === undefined) return undefined;
      object[names[i] as string] = item;
    }
    return object;
  };
}

/** `"a\(b)c"`: what is inserted is computed from the last to the first, as in jq. */
export function singleString(node: NodeOf<"string">, site: Site): Single {
  const parts = node.parts.map((part) => (typeof part === "string" ? part : site.make.single(part, site)));
  const format = node.format === null ? toText : formatter(node.format);
  return (value, frame) => {
    const { run } = frame;
    const texts: string[] = [];
    for (let i = parts.length - 1; i >= 0; i--) {
      const part = parts[i] as string | Single;
      if (typeof part === "string") {
        texts.push(part);
        continue;
      }
      const inserted = part(value, frame);
      if (inserted === undefined) return undefined;
      texts.push(
        typeof inserted === "string" && node.format === null ? inserted : (format(inserted, run) as string),
      );
    }
    let text = texts.pop() ?? "";
    for (let next = texts.pop(); next !== undefined; next = texts.pop()) text = joinTexts(text, next, run);
    return text;
  };
}
