import type { Node } from "../../ast.ts";
import { type Json, type JsonObject, writeKey } from "../../value.ts";
import { SINGLE } from "../environment.ts";
import type { Frame } from "../run.ts";
import { facts, type Single, type Site, turnCost } from "../site.ts";
import type { Call, FormEntry } from "./form.ts";

/** A container on the way down: what is in it, how far it has been walked, and what has come out so far. */
interface Level {
  readonly keys: readonly string[] | null;
  readonly items: readonly Json[];
  at: number;
  readonly result: Json[] | JsonObject;
}

function enter(value: Json[] | JsonObject): Level {
  if (Array.isArray(value)) return { keys: null, items: value, at: 0, result: [] };
  const keys = Object.keys(value).filter((key) => value[key] !== undefined);
  return { keys, items: keys.map((key) => value[key] as Json), at: 0, result: {} };
}

const isContainer = (value: Json): value is Json[] | JsonObject =>
  typeof value === "object" && value !== null;

/** Puts what has come out of an item into its place; without an output, the item is gone. */
function put(level: Level, item: Json | undefined): void {
  const { keys, result } = level;
  if (item !== undefined)
    if (Array.isArray(result)) result.push(item);
    else writeKey(result, keys?.[level.at] ?? "", item);
  level.at++;
}

/** `walk(f)`, from the inside out; however deep, without recursion. */
function walk(node: Call, site: Site): Single {
  const [body] = node.args as [Node];
  const single = site.make.single(body, site);
  const cost = turnCost(facts(body, site).size);
  const change = (value: Json, frame: Frame): Json | undefined => {
    const { meter } = frame.run;
    if ((meter.left -= cost) < 0) meter.spend(0);
    return single(value, frame);
  };
  return (value, frame) => {
    if (!isContainer(value)) return change(value, frame);
    const levels: Level[] = [enter(value)];
    for (;;) {
      const level = levels.at(-1) as Level;
      const item = level.items[level.at];
      if (level.at < level.items.length && isContainer(item ?? null)) {
        frame.run.meter.spend(2);
        levels.push(enter(item as Json[] | JsonObject));
      } else if (level.at < level.items.length) put(level, change(item ?? null, frame));
      else {
        levels.pop();
        const result = change(level.result, frame);
        const outer = levels.at(-1);
        if (outer === undefined) return result;
        put(outer, result);
      }
    }
  };
}

export const walks: readonly FormEntry[] = [
  ["walk/1", { kind: ([kind]) => (kind === SINGLE ? SINGLE : null), single: walk }],
];
