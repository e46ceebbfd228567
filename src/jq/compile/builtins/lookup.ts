import type { FunctionDefinition } from "../../ast.ts";
import type { Native } from "../../runtime.ts";
import { dateNatives } from "../../dates/natives.ts";
import { formatNatives } from "../../formats/natives.ts";
import { mathNatives } from "../../math/natives.ts";
import { regexNatives } from "../../regex/natives.ts";
import { valueNatives } from "../../values/natives.ts";
import { ownNatives } from "./natives.ts";
import { definedInJq, definitionOf } from "./prelude.ts";

/** Builtins that the compiler knows itself: they steer what runs next, or follow paths. */
const CORES = ["empty/0", "path/1", "range/2", "_first/1", "_last/1", "_limit/2"] as const;
export type Core = (typeof CORES)[number];

export type Builtin =
  | { readonly kind: "core"; readonly core: Core }
  | { readonly kind: "native"; readonly native: Native; readonly key: string }
  | { readonly kind: "definition"; readonly definition: FunctionDefinition; readonly key: string };

const TABLES = [ownNatives, valueNatives, regexNatives, dateNatives, formatNatives, mathNatives];

const cores: ReadonlySet<string> = new Set(CORES);
const known = new Map<string, Builtin>();

/** Names that a program may list: not those that begin with `_`. */
let names: readonly string[] | undefined;

const builtins: Native = {
  arity: 0,
  run: () => [
    ...(names ??= [
      ...new Set([...CORES, ...TABLES.flatMap((table) => [...table.keys()]), ...definedInJq(), "builtins/0"]),
    ]
      .filter((key) => !key.startsWith("_"))
      .sort()),
  ],
};

/** The builtin `key` ("name/arity"); null: there is none. */
export function findBuiltin(key: string): Builtin | null {
  const found = known.get(key);
  if (found !== undefined) return found;
  const builtin = lookUp(key);
  if (builtin !== null) known.set(key, builtin);
  return builtin;
}

function lookUp(key: string): Builtin | null {
  if (cores.has(key)) return { kind: "core", core: key as Core };
  if (key === "builtins/0") return { kind: "native", native: builtins, key };
  for (const table of TABLES) {
    const native = table.get(key);
    if (native !== undefined) return { kind: "native", native, key };
  }
  const definition = definitionOf(key);
  return definition === null ? null : { kind: "definition", definition, key };
}
