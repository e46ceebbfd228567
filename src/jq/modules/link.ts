import type { FunctionDefinition, Import, Linkable } from "../ast.ts";
import { JqCompileError } from "../errors.ts";
import { compileError } from "../syntax/compile-error.ts";
import { parseModule } from "../syntax/parse-module.ts";
import type { Json } from "../value.ts";
import { InputError, readValues } from "../values/read-values.ts";
import { findModule, folderOf, type Found, ModuleError, type ReadModule, searchOf } from "./find.ts";

/** A text that errors are shown in. */
export interface Source {
  error(at: number, message: string): JqCompileError;
}

/** Names that a program or module gets from outside and its own functions, innermost first. */
export interface Scope {
  readonly outer: Scope | null;
  readonly entry:
    | { readonly kind: "data"; readonly name: string; readonly value: Json }
    | {
        readonly kind: "function";
        readonly definition: FunctionDefinition;
        /** What its body sees besides itself. */
        readonly inside: Scope | null;
        readonly source: Source;
      };
}

/** Files that one program may read. */
const MAX_FILES = 1_000;

/** A module that has been read. */
interface Module {
  readonly source: Source;
  readonly scope: Scope | null;
  /** Its own functions, as entries of its scope. */
  readonly own: readonly Scope[];
}

/** The scope of a program: what its imports bring. `read` is asked once for each file. */
export function link(main: Linkable, source: Source, read: ReadModule | undefined): Scope | null {
  const [first] = main.imports;
  if (first === undefined) return null;
  if (read === undefined) {
    const word = first.name === null ? "include" : "import";
    throw source.error(first.at, `Found \`${word}\`: modules are not supported here`);
  }
  return new Linker(read).importsOf(main, source, "");
}

class Linker {
  private readonly read: ReadModule;
  /** By path; `null`: is being read. */
  private readonly modules = new Map<string, Module | null>();
  private files = 0;

  constructor(read: ReadModule) {
    this.read = read;
  }

  importsOf(text: Linkable, source: Source, folder: string): Scope | null {
    let scope: Scope | null = null;
    for (const one of text.imports) {
      const found = this.find(one, source, folder);
      if (found === null) continue;
      if (one.data) {
        const value = this.data(found, one, source);
        for (const name of [one.name ?? "", `${one.name ?? ""}::${one.name ?? ""}`])
          scope = { outer: scope, entry: { kind: "data", name, value } };
        continue;
      }
      for (const own of this.module(found, one, source).own) scope = exported(scope, own, one.name);
    }
    return scope;
  }

  private find({ at, path, data, meta }: Import, source: Source, folder: string): Found | null {
    if (++this.files > MAX_FILES)
      throw source.error(at, `The program imports more than ${MAX_FILES} modules`);
    try {
      const found = findModule(this.read, path, searchOf(meta, folder), data ? ".json" : ".jq");
      if (found === null && meta["optional"] !== true)
        throw source.error(at, `The library has no module \`${path}\``);
      return found;
    } catch (error) {
      if (error instanceof ModuleError) throw source.error(at, error.message);
      throw error;
    }
  }

  /** All JSON values of a file, as an array. */
  private data({ path, text }: Found, { at }: Import, importer: Source): Json[] {
    try {
      return [...readValues(text)];
    } catch (error) {
      if (error instanceof InputError) throw importer.error(at, `${path}: ${error.message}`);
      throw error;
    }
  }

  private module(found: Found, { at }: Import, importer: Source): Module {
    const { path, text } = found;
    const known = this.modules.get(path);
    if (known === null) throw importer.error(at, `The module in ${path} imports itself`);
    if (known !== undefined) return known;
    this.modules.set(path, null);
    const source: Source = { error: (at, message) => inFile(path, compileError(text, at, message)) };
    const parsed = parsedFile(found);
    let scope = this.importsOf(parsed, source, folderOf(path));
    const own: Scope[] = [];
    for (const definition of parsed.definitions) {
      scope = { outer: scope, entry: { kind: "function", definition, inside: scope, source } };
      own.push(scope);
    }
    const module = { source, scope, own };
    this.modules.set(path, module);
    return module;
  }
}

/** A function of a module as its importer sees it: as it is, or as `name::function`. */
function exported(outer: Scope | null, own: Scope, name: string | null): Scope {
  const { entry } = own;
  if (entry.kind !== "function" || name === null) return { outer, entry };
  const { at, name: inner, params } = entry.definition;
  // Parameters that no program can call.
  const names = params.map((_, i) => `*${i}`);
  const definition: FunctionDefinition = {
    at,
    name: `${name}::${inner}`,
    params: names.map((param) => ({ name: param, value: false })),
    body: {
      kind: "call",
      at,
      name: inner,
      args: names.map((param) => ({ kind: "call", at, name: param, args: [] })),
    },
  };
  return { outer, entry: { kind: "function", definition, inside: own, source: entry.source } };
}

/** The text of a module; its errors name the file. */
export function parsedFile({ path, text }: Found): Linkable {
  try {
    return parseModule(text);
  } catch (error) {
    if (error instanceof JqCompileError) throw inFile(path, error);
    throw error;
  }
}

const inFile = (path: string, { message, line, column, excerpt }: JqCompileError): JqCompileError =>
  new JqCompileError(`${path}: ${message}`, line, column, excerpt);
