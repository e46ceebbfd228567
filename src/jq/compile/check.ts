import type { FunctionDefinition, Node, NodeOf } from "../ast.ts";
import { findBuiltin } from "./builtins/lookup.ts";
import { type Binder, childrenOf, keysIn, patternsOf, variablesOf } from "./children.ts";
import type { Scope, Source } from "../modules/link.ts";
import { ALWAYS } from "./variable.ts";
import type { Unit } from "./unit.ts";

/** A name in force: of a variable (`$x`), a label (`*x`), or a function ("f/1"), whose body is checked when it is called. */
interface Name {
  readonly name: string;
  readonly outer: Name | null;
  readonly called: Called | null;
}

interface Called {
  readonly definition: FunctionDefinition;
  /** The names that its body sees besides itself. */
  readonly inside: Name | null;
  readonly source: Source;
}

/** What builtins are made of is no program's to call; a few such names are jq's own, and bear any input. */
const OURS = /^_(?!strindices$|.*_impl$)/;

const named = (outer: Name | null, name: string): Name => ({ name, outer, called: null });
const keyOf = ({ name, params }: FunctionDefinition): string => `${name}/${params.length}`;

/** The names of what is imported. */
function namesOf(scope: Scope | null): Name | null {
  const known = new Map<Scope, Name>();
  const reach = (scope: Scope | null): Name | null => {
    const chain: Scope[] = [];
    for (let at = scope; at !== null && !known.has(at); at = at.outer) chain.push(at);
    for (const one of chain.toReversed()) {
      const { entry } = one;
      const outer = one.outer === null ? null : (known.get(one.outer) ?? null);
      known.set(
        one,
        entry.kind === "data"
          ? named(outer, `$${entry.name}`)
          : {
              name: keyOf(entry.definition),
              outer,
              called: { definition: entry.definition, inside: reach(entry.inside), source: entry.source },
            },
      );
    }
    return scope === null ? null : (known.get(scope) ?? null);
  };
  return reach(scope);
}

function find(names: Name | null, name: string): Name | null {
  for (let at = names; at !== null; at = at.outer) if (at.name === name) return at;
  return null;
}

/** Every name that a program can reach has to be defined. Functions that nobody calls are not looked at, as in jq. */
export function check(program: Node, unit: Unit, scope: Scope | null = null): void {
  const checked = new Set<FunctionDefinition>();
  /** What is still to be looked at, the next one last: a list, since programs may be nested thousands deep. */
  const pending: { readonly node: Node; readonly names: Name | null; readonly source: Source }[] = [];
  /** The text that is being looked at. */
  let source: Source = unit;
  const later = (nodes: readonly Node[], names: Name | null): void => {
    for (const node of nodes.toReversed()) pending.push({ node, names, source });
  };

  function body({ definition, inside, source }: Called): void {
    if (checked.has(definition)) return;
    checked.add(definition);
    let names: Name = { name: keyOf(definition), outer: inside, called: { definition, inside, source } };
    for (const param of definition.params) {
      names = named(names, `${param.name}/0`);
      if (param.value) names = named(names, `$${param.name}`);
    }
    pending.push({ node: definition.body, names, source });
  }

  /** The source and the keys of a binder; then the parts that see its variables. */
  function binder(node: Binder, seeing: readonly Node[], others: readonly Node[], outer: Name | null): void {
    const patterns = patternsOf(node);
    let names = outer;
    for (const variable of patterns.flatMap(variablesOf)) names = named(names, `$${variable}`);
    later(seeing, names);
    // With alternatives all variables are there for the keys too, `null` at first.
    later(patterns.flatMap(keysIn), patterns.length > 1 ? names : outer);
    later(others, outer);
  }

  function call(node: NodeOf<"call">, names: Name | null): void {
    const key = `${node.name}/${node.args.length}`;
    const found = find(names, key);
    if (found === null && (OURS.test(node.name) || findBuiltin(key) === null))
      throw source.error(node.at, `${key} is not defined`);
    later(node.args, names);
    if (found !== null && found.called !== null) body(found.called);
  }

  function visit(node: Node, names: Name | null): void {
    switch (node.kind) {
      case "variable":
        if (!ALWAYS.has(node.name) && !unit.globals.has(node.name) && find(names, `$${node.name}`) === null)
          throw source.error(node.at, `$${node.name} is not defined`);
        return;
      case "break":
        if (find(names, `*${node.name}`) === null)
          throw source.error(node.at, `$*label-${node.name} is not defined`);
        return;
      case "call":
        call(node, names);
        return;
      case "label":
        later([node.body], named(names, `*${node.name}`));
        return;
      case "define": {
        const { definition } = node;
        const called = { definition, inside: names, source };
        later([node.body], { name: keyOf(definition), outer: names, called });
        return;
      }
      case "bind":
        binder(node, [node.body], [node.source], names);
        return;
      case "reduce":
        binder(node, [node.update], [node.source, node.init], names);
        return;
      case "foreach":
        binder(
          node,
          node.extract === null ? [node.update] : [node.update, node.extract],
          [node.source, node.init],
          names,
        );
        return;
      default:
        later(childrenOf(node), names);
    }
  }

  later([program], namesOf(scope));
  for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
    ({ source } = at);
    visit(at.node, at.names);
  }
}
