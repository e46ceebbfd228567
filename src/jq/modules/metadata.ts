import type { Import } from "../ast.ts";
import { JqCompileError, JqError } from "../errors.ts";
import type { Runtime } from "../runtime.ts";
import type { Json, JsonObject } from "../value.ts";
import { findModule, ModuleError } from "./find.ts";
import { parsedFile } from "./link.ts";

/** `modulemeta`: what the module of this name says of itself, what it imports, and its functions. */
export function moduleMeta(name: Json, rt: Runtime): Json {
  if (typeof name !== "string") throw new JqError("modulemeta input module name must be a string");
  const { modules } = rt;
  if (modules === undefined)
    throw new JqError("modulemeta is not supported here: there is no library", "break");
  try {
    const found = findModule(modules, name, [""], ".jq");
    if (found === null) throw new JqError(`module not found: ${name}`);
    rt.meter.spend(found.text.length);
    const { meta, imports, definitions } = parsedFile(found);
    const functions = new Set(definitions.map(({ name, params }) => `${name}/${params.length}`));
    return { ...meta, deps: imports.map(dependency), defs: [...functions] };
  } catch (error) {
    if (error instanceof ModuleError || error instanceof JqCompileError) throw new JqError(error.message);
    throw error;
  }
}

const dependency = ({ path, name, data, meta }: Import): JsonObject => ({
  ...meta,
  ...(name === null ? {} : { as: name }),
  is_data: data,
  relpath: path,
});
