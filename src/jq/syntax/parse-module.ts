import type { FunctionDefinition, Import, Linkable, Main, Node } from "../ast.ts";
import { type Json, type JsonObject, writeKey } from "../value.ts";
import { guarded, Parser } from "./parse.ts";

/** Reads what may import modules: programs, and modules themselves. */
class ModuleParser extends Parser {
  main(): Main {
    this.advance();
    return { meta: this.#module(), imports: this.#imports(), definitions: [], body: this.whole() };
  }

  library(): Linkable {
    this.advance();
    const meta = this.#module();
    const imports = this.#imports();
    const definitions: FunctionDefinition[] = [];
    while (this.is("def")) definitions.push(this.definition());
    if (!this.is("eof")) this.unexpected("`def` (a module holds definitions only)");
    return { meta, imports, definitions };
  }

  /** `module {…};` */
  #module(): JsonObject | null {
    if (!this.is("module")) return null;
    this.advance();
    const meta = this.#metadata();
    this.expect(";", "the `;` that ends the description of the module");
    return meta;
  }

  #imports(): Import[] {
    const imports: Import[] = [];
    while (this.is("import") || this.is("include")) imports.push(this.#import());
    return imports;
  }

  #import(): Import {
    const at = this.start;
    const named = this.is("import");
    this.advance();
    const place = this.start;
    if (!this.is("string")) this.unexpected("the path of the module, in quotes");
    const path = this.string(null);
    if (path.kind !== "literal" || typeof path.value !== "string")
      return this.fail(place, "The path of a module is a text without interpolation");
    let data = false;
    let name: string | null = null;
    if (named) {
      this.expect("as", "`as` and the name that the module gets");
      data = this.is("variable");
      if (data) name = this.binding("the `$name` of the data");
      else {
        ({ name } = this);
        this.expect("name", "the name that the module gets");
      }
    }
    const meta = this.is(";") ? {} : this.#metadata();
    this.expect(";", named ? "the `;` that ends the import" : "the `;` that ends the include");
    return { at, path: path.value, name, data, meta };
  }

  #metadata(): JsonObject {
    const at = this.start;
    const value = constant(this.query());
    if (value === undefined) this.fail(at, "What describes a module consists of constants");
    if (typeof value !== "object" || value === null || Array.isArray(value))
      this.fail(at, "What describes a module is an object");
    return value;
  }
}

/** The value of a node without anything to compute; `undefined`: there is something. */
function constant(node: Node): Json | undefined {
  switch (node.kind) {
    case "literal":
      return node.value;
    case "comma":
      return undefined;
    case "array":
      return node.body === null ? [] : listed(node.body);
    case "object": {
      const result: JsonObject = {};
      for (const entry of node.entries) {
        const key = constant(entry.key);
        const value = constant(entry.value);
        if (typeof key !== "string" || value === undefined) return undefined;
        writeKey(result, key, value);
      }
      return result;
    }
    default:
      return undefined;
  }
}

/** The items of `[a, b, c]`; commas group to the left. */
function listed(body: Node): Json[] | undefined {
  const items: Json[] = [];
  let at = body;
  for (; at.kind === "comma"; at = at.left) {
    const item = constant(at.right);
    if (item === undefined) return undefined;
    items.push(item);
  }
  const first = constant(at);
  return first === undefined ? undefined : [first, ...items.toReversed()];
}

/** A program and its imports; throws a JqCompileError where it is none. */
export function parseMain(text: string): Main {
  const parser = new ModuleParser(text, false);
  return guarded(parser, () => parser.main());
}

/** The text of a module; throws a JqCompileError where it is none. */
export function parseModule(text: string): Linkable {
  const parser = new ModuleParser(text, false);
  return guarded(parser, () => parser.library());
}
