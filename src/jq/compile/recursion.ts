import type { FunctionDefinition, Node } from "../ast.ts";
import { childrenOf } from "./children.ts";

/** What is found out about a definition by looking at its text. */
export interface Usage {
  /** Does its body call it? */
  readonly recursive: boolean;
  /** `$name` parameters whose name is also called as a function. */
  readonly called: ReadonlySet<string>;
}

const known = new WeakMap<FunctionDefinition, Usage>();

/** Looks once at the body of a definition. */
export function usageOf(definition: FunctionDefinition): Usage {
  const found = known.get(definition);
  if (found !== undefined) return found;
  let recursive = false;
  const called = new Set<string>();
  const values = new Set(definition.params.filter((param) => param.value).map((param) => param.name));
  const self = `${definition.name}/${definition.params.length}`;
  const hidden = new Set(definition.params.filter(() => definition.params.length === 0).map((p) => p.name));
  const pending: Node[] = [definition.body];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (node.kind === "call") {
      // A name that something inside hides counts too: that costs speed, not sense.
      if (`${node.name}/${node.args.length}` === self && !hidden.has(node.name)) recursive = true;
      if (node.args.length === 0 && values.has(node.name)) called.add(node.name);
    }
    for (const child of childrenOf(node)) pending.push(child);
  }
  const usage = { recursive, called };
  known.set(definition, usage);
  return usage;
}
