import type { Scope } from "../modules/link.ts";
import { bindIn, type Environment, type FrameLayout } from "./environment.ts";

/** The names of what is imported, on top of `root`. Functions of modules are in no function: they have the outermost frame. */
export function withScope(root: Environment, scope: Scope | null, layout: FrameLayout): Environment {
  const known = new Map<Scope, Environment>();
  const reach = (scope: Scope | null): Environment => {
    const chain: Scope[] = [];
    for (let at = scope; at !== null && !known.has(at); at = at.outer) chain.push(at);
    for (const one of chain.toReversed()) {
      const { entry } = one;
      const outer = one.outer === null ? root : (known.get(one.outer) ?? root);
      const binding =
        entry.kind === "data"
          ? entry
          : ({
              kind: "function",
              definition: entry.definition,
              environment: reach(entry.inside),
              layout,
              template: null,
            } as const);
      known.set(one, bindIn(outer, binding));
    }
    return scope === null ? root : (known.get(scope) ?? root);
  };
  return reach(scope);
}
