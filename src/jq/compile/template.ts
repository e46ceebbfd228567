import type { FunctionDefinition, Node, NodeOf } from "../ast.ts";
import { bodyOf } from "./inline.ts";
import { bindIn, type Environment, type FrameLayout, newSlot, type Template } from "./environment.ts";
import { type Code, RETURN } from "./machine.ts";
import { usageOf } from "./recursion.ts";
import { type Maker, type Site, withNames } from "./site.ts";

/** Makes code when it is first asked for: recursive functions could not be made otherwise. */
class Deferred implements Template {
  readonly layout: FrameLayout;
  private readonly node: Node;
  private readonly site: Site;
  private readonly codes: (Code | undefined)[] = [];

  constructor(node: Node, site: Site) {
    this.node = node;
    this.layout = site.layout;
    this.site = site;
  }

  code(paths: boolean): Code {
    return (this.codes[paths ? 1 : 0] ??= this.site.make.code(this.node, this.site, paths, RETURN));
  }
}

/** How a parameter gets to the function: as a value in a slot of its frame, or as a closure. */
export type Parameter = { readonly slot: number } | { readonly closure: number };

export interface FunctionTemplate extends Template {
  readonly parameters: readonly Parameter[];
}

/** A function that is called. `$name` parameters are passed by value, unless the body calls `name` too. */
export function functionTemplate(
  definition: FunctionDefinition,
  environment: Environment,
  level: number,
  make: Maker,
): FunctionTemplate {
  const layout: FrameLayout = { level, size: 0, recursive: true };
  const { called } = usageOf(definition);
  const parameters: Parameter[] = [];
  let inside = environment;
  let closures = 0;
  const byClosure: { name: string; value: boolean }[] = [];
  for (const { name, value } of definition.params) {
    if (value && !called.has(name)) {
      const slot = newSlot(layout);
      inside = bindIn(inside, { kind: "variable", name, layout, slot });
      parameters.push({ slot });
    } else {
      const at = closures++;
      inside = bindIn(inside, { kind: "closure", name, layout, at });
      parameters.push({ closure: at });
      byClosure.push({ name, value });
    }
  }
  // What is left of the parameters is bound by the body itself.
  const body = byClosure.some((param) => param.value)
    ? bodyOf({ ...definition, params: byClosure })
    : definition.body;
  const deferred = new Deferred(body, { environment: inside, layout, make });
  return Object.assign(deferred, { parameters });
}

/** An argument that is evaluated where the function uses it. */
export function closureTemplate(node: Node, site: Site): Template {
  const layout: FrameLayout = {
    level: site.layout.level + 1,
    size: 0,
    recursive: site.layout.recursive,
  };
  return new Deferred(node, { environment: site.environment, layout, make: site.make });
}

/** The site of what follows a definition. */
export const withDefinition = (node: NodeOf<"define">, site: Site): Site =>
  withNames(
    site,
    bindIn(site.environment, {
      kind: "function",
      definition: node.definition,
      environment: site.environment,
      layout: site.layout,
      template: null,
    }),
  );
