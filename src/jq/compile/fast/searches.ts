import type { Node } from "../../ast.ts";
import { type Json, truthy } from "../../value.ts";
import { toStream } from "../../values/stream.ts";
import { type Kind, MACHINE, MANY, SINGLE } from "../environment.ts";
import { arithmetic } from "../operations.ts";
import { type Many, type Single, type Site, slotIn } from "../site.ts";
import { eachOf } from "../within.ts";
import type { Call, FastForm, FormEntry } from "./form.ts";

const ITEMS: Node = { kind: "iterate", at: 0, target: { kind: "identity", at: 0 } };

/** Anything can be searched; but not on a machine inside of a recursive function. */
const searched: FastForm["kind"] = (kinds, recursive): Kind | null =>
  recursive && kinds.includes(MACHINE) ? null : SINGLE;

/** `any` and `all` of a generator and a condition: stops at the first output that decides. */
function decided(generator: Node, condition: Node, site: Site, decisive: boolean): Single {
  const found = (decision: Json): boolean => truthy(decision) === decisive;
  const test = eachOf(condition, site, found);
  const search = eachOf(generator, site, test);
  return (value, frame) => (search(value, frame) ? decisive : !decisive);
}

const anyOrAll =
  (decisive: boolean) =>
  (node: Call, site: Site): Single => {
    const [first, second] = node.args as [Node, Node | undefined];
    return second === undefined
      ? decided(ITEMS, first, site, decisive)
      : decided(first, second, site, decisive);
  };

function isEmpty(node: Call, site: Site): Single {
  const search: Many = eachOf(node.args[0] as Node, site, () => true);
  return (value, frame) => !search(value, frame);
}

/** `add(f)` */
function addUp(node: Call, site: Site): Single {
  const slot = slotIn(site);
  const plus = arithmetic["+"];
  const run = eachOf(node.args[0] as Node, site, (value, frame) => {
    frame.slots[slot] = plus(frame.slots[slot] ?? null, value, frame.run);
    return false;
  });
  return (value, frame) => {
    frame.slots[slot] = null;
    run(value, frame);
    return frame.slots[slot];
  };
}

/** `tostream` */
const streamed = (_node: Call, _site: Site, next: Many): Many => {
  return (value, frame) => {
    for (const event of toStream(value, frame.run)) if (next(event, frame)) return true;
    return false;
  };
};

const search = (key: string, single: (node: Call, site: Site) => Single): FormEntry => [
  key,
  { kind: searched, single },
];

export const searches: readonly FormEntry[] = [
  search("any/1", anyOrAll(true)),
  search("all/1", anyOrAll(false)),
  search("any/2", anyOrAll(true)),
  search("all/2", anyOrAll(false)),
  search("isempty/1", isEmpty),
  search("add/1", addUp),
  ["tostream/0", { kind: () => MANY, many: streamed }],
];
