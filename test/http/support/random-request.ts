/** Requests made from the OpenAPI document: bodies that fit their schema, and the same bodies spoilt. */
import type { RandomSource } from "./random-source.ts";
import { KNOWN_PARAMETERS, SAMPLE_BODIES } from "./sample-bodies.ts";

export interface Schema {
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly patternProperties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean | Schema;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly format?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
}
interface Parameter {
  readonly name: string;
  readonly in: "path" | "query" | "header" | "cookie";
  readonly schema?: Schema;
}
export interface Operation {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content?: Readonly<Record<string, { readonly schema?: Schema }>> };
}
export type Paths = Readonly<Record<string, Readonly<Record<string, Operation>>>>;

export interface RandomRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly contentType: string | null;
  readonly body: string | null;
}

const ODD_TEXTS = [
  ...[
    "",
    " ",
    ".",
    "..",
    "null",
    "true",
    "0",
    "-1",
    "1e999",
    "__proto__",
    "constructor",
    "toString",
    "%",
    "%00",
  ],
  ...[
    "a/b",
    "a\\b",
    "a b",
    "ä/ö",
    "名前",
    "😀",
    "\u0000",
    "\ud800",
    "'; drop table entity; --",
    "{{.secrets.x}}",
    "$title",
  ],
  ...[
    "../../etc/passwd",
    "<script>",
    "\u202e",
    "x".repeat(1001),
    "2026-02-30T25:00:00Z",
    "2026-01-01T00:00:00Z",
    "$identifier",
  ],
];
const ODD_VALUES: readonly unknown[] = [
  ...[null, true, false, 0, -1, 1.5, 1e308, -0, 2 ** 53, "", [], {}, [null], [[]], { a: { b: [] } }, "0"],
  ...[
    { __proto__: null },
    { combinator: "and", rules: [] },
    { property: "$identifier", operator: "=", value: "a" },
  ],
];
const DEPTH = 6;

/** @param known identifiers that exist, by the name of the parameter they fit */
export function randomRequest(random: RandomSource, paths: Paths, known: readonly string[]): RandomRequest {
  const template = random.pick(Object.keys(paths));
  const operations = paths[template] ?? {};
  const method = random.pick(Object.keys(operations));
  const operation = operations[method] ?? {};
  const parameters = operation.parameters ?? [];
  const path = template.replaceAll(/\{(\w+)\}/g, (_all, name: string) =>
    encodeSegment(random, pathValue(random, KNOWN_PARAMETERS[name] ?? known, known)),
  );
  const query = parameters
    .filter((parameter) => parameter.in === "query" && random.chance(0.5))
    .flatMap(({ name, schema }) =>
      Array.from({ length: random.chance(0.1) ? 3 : 1 }, () => {
        const value = random.chance(0.7) ? fitting(random, schema ?? {}, 0, known) : random.pick(ODD_TEXTS);
        return `${encodeURIComponent(name)}=${encodeText(typeof value === "string" ? value : (JSON.stringify(value) ?? ""))}`;
      }),
    );
  if (random.chance(0.05)) query.push(`unknown=${encodeText(random.pick(ODD_TEXTS))}`);
  return {
    method: method.toUpperCase(),
    path: query.length === 0 ? path : `${path}?${query.join("&")}`,
    ...body(random, operation, SAMPLE_BODIES[`${method.toUpperCase()} ${template}`] ?? [], known),
  };
}

function body(
  random: RandomSource,
  operation: Operation,
  samples: readonly unknown[],
  known: readonly string[],
): Pick<RandomRequest, "body" | "contentType"> {
  const [contentType, content] = Object.entries(operation.requestBody?.content ?? {})[0] ?? [];
  if (contentType === undefined) return { contentType: null, body: null };
  const fromSample = samples.length > 0 && random.chance(0.7);
  const valid = fromSample ? random.pick(samples) : fitting(random, content?.schema ?? {}, 0, known);
  const value = random.chance(0.5) ? valid : spoilt(random, valid);
  let text = JSON.stringify(value) ?? "null";
  if (random.chance(0.03)) text = text.slice(0, random.int(text.length + 1));
  if (random.chance(0.01)) text = `${"[".repeat(20_000)}${"]".repeat(20_000)}`;
  if (random.chance(0.01)) text = text.replaceAll('"', "“");
  return { contentType: random.chance(0.02) ? "text/plain" : contentType, body: text };
}

function pathValue(random: RandomSource, fitting: readonly string[], known: readonly string[]): string {
  if (random.chance(0.6)) return random.pick(fitting);
  return random.chance(0.5) ? random.pick(known) : random.pick(ODD_TEXTS);
}

const encodeText = (text: string): string => encodeURIComponent(text.toWellFormed());

function encodeSegment(random: RandomSource, text: string): string {
  const encoded = encodeText(text);
  if (random.chance(0.02)) return `${encoded}%`;
  return encoded === "" ? "%20" : encoded;
}

/** A value that fits the schema, as far as this generator reads it. */
function fitting(random: RandomSource, schema: Schema, depth: number, known: readonly string[]): unknown {
  if (schema.const !== undefined) return schema.const;
  if (schema.enum !== undefined && schema.enum.length > 0) return random.pick(schema.enum);
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined && choices.length > 0) return fitting(random, random.pick(choices), depth, known);
  if (schema.allOf !== undefined)
    return Object.assign({}, ...schema.allOf.map((part) => fitting(random, part, depth, known))) as unknown;
  const type = typeof schema.type === "object" ? random.pick(schema.type) : schema.type;
  switch (type) {
    case "object":
      return object(random, schema, depth, known);
    case "array": {
      if (depth > DEPTH) return [];
      const length = (schema.minItems ?? 0) + random.int(3);
      return Array.from({ length }, () => fitting(random, schema.items ?? {}, depth + 1, known));
    }
    case "number":
    case "integer": {
      const low = schema.minimum ?? -1000;
      return low + random.int(Math.min(2000, (schema.maximum ?? low + 2000) - low + 1));
    }
    case "boolean":
      return random.chance(0.5);
    case "null":
      return null;
    case "string":
      return schema.format === "date-time" ? "2026-03-04T05:06:07.000Z" : text(random, known);
    default:
      return random.chance(0.5) ? text(random, known) : random.pick(ODD_VALUES);
  }
}

const text = (random: RandomSource, known: readonly string[]): string =>
  random.chance(0.8) ? random.pick(known) : random.pick(ODD_TEXTS);

function object(random: RandomSource, schema: Schema, depth: number, known: readonly string[]): object {
  const result: Record<string, unknown> = {};
  const required = new Set(schema.required);
  for (const [key, property] of Object.entries(schema.properties ?? {}))
    if (required.has(key) || (depth < DEPTH && random.chance(0.5)))
      result[key] = fitting(random, property, depth + 1, known);
  const [free] = Object.values(schema.patternProperties ?? {});
  const extra =
    free ?? (typeof schema.additionalProperties === "object" ? schema.additionalProperties : null);
  if (extra !== null && depth < DEPTH)
    for (let count = random.int(3); count > 0; count -= 1)
      result[text(random, known)] = fitting(random, extra, depth + 1, known);
  return result;
}

/** The same value with one or a few places changed, dropped or added. */
function spoilt(random: RandomSource, value: unknown): unknown {
  if (random.chance(0.15)) return random.pick(ODD_VALUES);
  if (Array.isArray(value)) {
    if (value.length === 0) return [random.pick(ODD_VALUES)];
    const at = random.int(value.length);
    return value.map((item: unknown, index) => (index === at ? spoilt(random, item) : item));
  }
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value);
    if (entries.length === 0 || random.chance(0.15))
      return Object.fromEntries([...entries, [random.pick(ODD_TEXTS), random.pick(ODD_VALUES)]]);
    const at = random.int(entries.length);
    return Object.fromEntries(
      entries.flatMap(([key, item], index) =>
        index !== at ? [[key, item]] : random.chance(0.2) ? [] : [[key, spoilt(random, item)]],
      ),
    );
  }
  return random.chance(0.5) ? random.pick(ODD_TEXTS) : random.pick(ODD_VALUES);
}
