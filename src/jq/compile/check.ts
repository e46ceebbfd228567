import type { FunctionDefinition, Node, NodeOf } from "../ast.ts";
import { type Json, typeOf } from "../value.ts";
import { dumpForError } from "../values/print.ts";
import { findBuiltin } from "./builtins/lookup.ts";
import { type Binder, childrenOf, keysIn, patternsOf, variablesOf } from "./children.ts";
import type { Unit } from "./unit.ts";

/** A name in force: of a variable (`$x`), a label (`*x`), or a function ("f/1"), whose body is checked when it is called. */
interface Name {
  readonly name: string;
  readonly outer: Name | null;
  readonly definition: FunctionDefinition | null;
}

const named = (outer: Name | null, name: string): Name => ({ name, outer, definition: null });

function find(names: Name | null, name: string): Name | null {
  for (let at = names; at !== null; at = at.outer) if (at.name === name) return at;
  return null;
}

/** Negative numbers are computed in jq, so their error is one of the run. */
const isNegative = (value: Json): boolean => typeof value === "number" && (value < 0 || Object.is(value, -0));

/** Every name that a program can reach has to be defined. Functions that nobody calls are not looked at, as in jq. */
export function check(program: Node, unit: Unit): void {
  const checked = new Set<FunctionDefinition>();

  function body(definition: FunctionDefinition, outer: Name): void {
    if (checked.has(definition)) return;
    checked.add(definition);
    let names: Name = outer;
    for (const param of definition.params) {
      names = named(names, `${param.name}/0`);
      if (param.value) names = named(names, `$${param.name}`);
    }
    visit(definition.body, names);
  }

  /** The names behind the patterns of `node`. */
  function bound(node: Binder, outer: Name | null): Name | null {
    const patterns = patternsOf(node);
    let names = outer;
    for (const variable of patterns.flatMap(variablesOf)) names = named(names, `$${variable}`);
    // With alternatives all variables are there for the keys too, `null` at first.
    const around = patterns.length > 1 ? names : outer;
    for (const key of patterns.flatMap(keysIn)) visit(key, around);
    return names;
  }

  function call(node: NodeOf<"call">, names: Name | null): void {
    const key = `${node.name}/${node.args.length}`;
    const found = find(names, key);
    if (found === null) {
      if (findBuiltin(key) === null) throw unit.error(node.at, `${key} is not defined`);
    } else if (found.definition !== null) body(found.definition, found);
    for (const arg of node.args) visit(arg, names);
  }

  function visit(start: Node, around: Name | null): void {
    let node = start;
    let names = around;
    // What stands to the right is often nested thousands deep: a loop, where it can be one.
    for (;;)
      switch (node.kind) {
        case "variable":
          if (node.name !== "ENV" && !unit.globals.has(node.name) && find(names, `$${node.name}`) === null)
            throw unit.error(node.at, `$${node.name} is not defined`);
          return;
        case "break":
          if (find(names, `*${node.name}`) === null)
            throw unit.error(node.at, `$*label-${node.name} is not defined`);
          return;
        case "call":
          call(node, names);
          return;
        case "label":
          names = named(names, `*${node.name}`);
          node = node.body;
          break;
        case "define": {
          const { name, params } = node.definition;
          names = { name: `${name}/${params.length}`, outer: names, definition: node.definition };
          node = node.body;
          break;
        }
        case "pipe":
          visit(node.left, names);
          node = node.right;
          break;
        case "bind":
          visit(node.source, names);
          names = bound(node, names);
          node = node.body;
          break;
        case "reduce":
        case "foreach": {
          visit(node.source, names);
          visit(node.init, names);
          const inside = bound(node, names);
          if (node.kind === "foreach" && node.extract !== null) visit(node.extract, inside);
          names = inside;
          node = node.update;
          break;
        }
        case "object":
          for (const { key, value } of node.entries) {
            if (key.kind === "literal" && typeof key.value !== "string" && !isNegative(key.value))
              throw unit.error(
                key.at,
                `Cannot use ${typeOf(key.value)} (${dumpForError(key.value)}) as object key`,
              );
            visit(key, names);
            visit(value, names);
          }
          return;
        case "comma":
        case "arithmetic": {
          // These group to the left.
          visit(node.right, names);
          node = node.left;
          break;
        }
        default:
          for (const child of childrenOf(node)) visit(child, names);
          return;
      }
  }

  visit(program, null);
}
