import { JqError } from "../errors.ts";
import type { Native, NativeTable, Runtime } from "../runtime.ts";
import { type Json, truthy, typeOf } from "../value.ts";
import { has } from "./access.ts";
import {
  addAll,
  allTrue,
  anyTrue,
  flatten,
  flattenTo,
  fromEntries,
  join,
  reverse,
  toEntries,
  transpose,
} from "./arrays.ts";
import { contains } from "./contains.ts";
import { lengthOfValue } from "./length.ts";
import { absolute, isInfinite, isNormal, toBoolean, toNumber } from "./numbers.ts";
import { chargeKeys, isObject, keysOf, sortedKeysOf } from "./objects.ts";
import { parseJson } from "./parse-json.ts";
import { deletePaths, getPath, setPath } from "./paths.ts";
import { showForError, toJson, toText } from "./print.ts";
import * as sorting from "./sort.ts";
import { toStream } from "./stream.ts";
import * as strings from "./strings.ts";
import { utf8Length } from "./text.ts";

type Entry = readonly [string, Native];

/** A builtin without arguments. */
const on = (name: string, run: (input: Json, rt: Runtime) => Json): Entry => [`${name}/0`, { arity: 0, run }];

/** A builtin with one argument. */
const on1 = (name: string, run: (input: Json, a: Json, rt: Runtime) => Json): Entry => [
  `${name}/1`,
  { arity: 1, run },
];

function keys(value: Json, sorted: boolean, rt: Runtime): Json[] {
  if (Array.isArray(value)) {
    rt.meter.items(value.length);
    const positions: Json[] = [];
    for (let at = 0; at < value.length; at++) positions.push(at);
    return positions;
  }
  if (!isObject(value)) throw new JqError(`${showForError(value)} has no keys`);
  const names = sorted ? sortedKeysOf(value) : keysOf(value);
  rt.meter.items(names.length);
  chargeKeys(names.length * (sorted ? 2 : 1), rt);
  return names;
}

function utf8ByteLength(value: Json, rt: Runtime): number {
  if (typeof value !== "string")
    throw new JqError(`${showForError(value)} only strings have UTF-8 byte length`);
  rt.meter.spend(value.length / 256);
  const bytes = utf8Length(value);
  // Only characters that take several have to be looked at one by one.
  if (bytes !== value.length) rt.meter.spend(value.length / 32);
  return bytes;
}

function fromJson(value: Json, rt: Runtime): Json {
  if (typeof value !== "string") throw new JqError(`${showForError(value)} only strings can be parsed`);
  return parseJson(value, rt);
}

/** Every builtin that is computed from values alone. */
export const valueNatives: NativeTable = new Map<string, Native>([
  on("length", lengthOfValue),
  on("utf8bytelength", utf8ByteLength),
  on("not", (input) => !truthy(input)),
  on("type", typeOf),
  on("keys", (input, rt) => keys(input, true, rt)),
  on("keys_unsorted", (input, rt) => keys(input, false, rt)),
  on1("has", has),
  on1("in", (input, container) => has(container, input)),
  on1("contains", contains),
  on1("inside", (input, container, rt) => contains(container, input, rt)),
  on("to_entries", toEntries),
  on("from_entries", fromEntries),

  on("add", addAll),
  on("any", anyTrue),
  on("all", allTrue),
  on("flatten", (input, rt) => flatten(input, -1, rt)),
  on1("flatten", flattenTo),
  on("reverse", reverse),
  on("transpose", transpose),
  on("toarray", (input) => (Array.isArray(input) ? input : [input])),
  on1("join", join),
  on("_tostream", toStream),

  on("sort", sorting.sort),
  on("unique", sorting.unique),
  on("min", (input, rt) => sorting.extremeByKeys(input, input, true, rt)),
  on("max", (input, rt) => sorting.extremeByKeys(input, input, false, rt)),
  on1("_sort_by_impl", sorting.sortByKeys),
  on1("_group_by_impl", sorting.groupByKeys),
  on1("_unique_by_impl", sorting.uniqueByKeys),
  on1("_min_by_impl", (input, keys, rt) => sorting.extremeByKeys(input, keys, true, rt)),
  on1("_max_by_impl", (input, keys, rt) => sorting.extremeByKeys(input, keys, false, rt)),
  on1("bsearch", sorting.binarySearch),

  on1("getpath", getPath),
  ["setpath/2", { arity: 2, run: setPath }],
  on1("delpaths", deletePaths),

  on("tostring", toText),
  on("tonumber", toNumber),
  on("toboolean", toBoolean),
  on("tojson", toJson),
  on("fromjson", fromJson),

  on("explode", strings.explode),
  on("implode", strings.implode),
  on("ascii", (input, rt) => strings.implode([input], rt)),
  on1("split", strings.split),
  on1("startswith", strings.startsWith),
  on1("endswith", strings.endsWith),
  on1("ltrimstr", strings.withoutStart),
  on1("rtrimstr", strings.withoutEnd),
  on1("trimstr", (input, part, rt) => strings.withoutEnd(strings.withoutStart(input, part, rt), part, rt)),
  on("trim", (input, rt) => strings.trim(input, true, true, rt)),
  on("ltrim", (input, rt) => strings.trim(input, true, false, rt)),
  on("rtrim", (input, rt) => strings.trim(input, false, true, rt)),
  on("ascii_downcase", (input, rt) => strings.changeCase(input, false, rt)),
  on("ascii_upcase", (input, rt) => strings.changeCase(input, true, rt)),
  on1("_strindices", strings.stringIndices),
  on1("indices", strings.indices),
  on1("index", strings.firstIndex),
  on1("rindex", strings.lastIndex),

  on("abs", absolute),
  on("infinite", () => Number.POSITIVE_INFINITY),
  on("nan", () => Number.NaN),
  on("isinfinite", isInfinite),
  on("isnan", (input) => Number.isNaN(input)),
  on("isnormal", isNormal),
  on("isfinite", (input) => typeof input === "number" && !isInfinite(input)),
  on("have_decnum", () => false),
  on("have_literal_numbers", () => false),
  on("input_line_number", () => 0),
]);
