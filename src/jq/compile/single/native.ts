import type { Node, NodeOf } from "../../ast.ts";
import type { Native } from "../../runtime.ts";
import type { Json } from "../../value.ts";
import type { Core } from "../builtins/lookup.ts";
import { hold, held } from "../run.ts";
import { type Single, type Site, slotIn } from "../site.ts";
import { eachOf } from "../within.ts";
import { firstOf } from "./assign.ts";

/** A builtin on values, whose arguments have at most one output each: the last one is computed first. */
export function singleNative(native: Native, args: readonly Node[], site: Site): Single {
  const [first, second, third] = args.map((arg) => site.make.single(arg, site));
  switch (native.arity) {
    case 0: {
      const { run } = native;
      return (value, frame) => run(value, frame.run);
    }
    case 1: {
      const { run } = native;
      const a = first as Single;
      const [only] = args;
      if (only?.kind === "literal") {
        const constant = only.value;
        return (value, frame) => run(value, constant, frame.run);
      }
      return (value, frame) => {
        const x = a(value, frame);
        return x === undefined ? undefined : run(value, x, frame.run);
      };
    }
    case 2: {
      const { run } = native;
      const a = first as Single;
      const b = second as Single;
      return (value, frame) => {
        const y = b(value, frame);
        const x = y === undefined ? undefined : a(value, frame);
        return x === undefined || y === undefined ? undefined : run(value, x, y, frame.run);
      };
    }
    default: {
      const { run } = native;
      const a = first as Single;
      const b = second as Single;
      const c = third as Single;
      return (value, frame) => {
        const z = c(value, frame);
        const y = z === undefined ? undefined : b(value, frame);
        const x = y === undefined ? undefined : a(value, frame);
        return x === undefined || y === undefined || z === undefined
          ? undefined
          : run(value, x, y, z, frame.run);
      };
    }
  }
}

/** Stands for "no output yet". */
const NONE = Symbol("none");

/** What of the compiler's own builtins has at most one output. */
export function singleCore(core: Core, node: NodeOf<"call">, site: Site): Single {
  const [body] = node.args as [Node];
  switch (core) {
    case "empty/0":
      return () => undefined;
    case "_first/1":
      return firstOf(body, site);
    case "_last/1": {
      const slot = slotIn(site);
      const run = eachOf(body, site, (value, frame) => {
        frame.slots[slot] = value;
        return false;
      });
      return (value, frame) => {
        hold(frame, slot, NONE);
        run(value, frame);
        const last = held<Json | typeof NONE>(frame, slot);
        return last === NONE ? undefined : last;
      };
    }
    default:
      throw new Error(`${core} has many outputs`);
  }
}
