/** What may stand in a JSON document: offered while it is typed, and told at its line where it is something else. */

export type Path = readonly (string | number)[];

export interface Shape {
  /** In a few words, beside the offer. */
  readonly about?: string;
  readonly type?: "object" | "array" | "string" | "number" | "boolean";
  /** Only these may stand here. */
  readonly values?: readonly (string | number | boolean)[];
  /** These are offered; others may stand here as well. */
  readonly usual?: readonly string[];
  readonly keys?: Readonly<Record<string, Shaped>>;
  /** Of any other key; without it other keys are told as unknown. */
  readonly rest?: Shaped;
  readonly item?: Shaped;
  /** An expression, which reads the sample. */
  readonly isJq?: true;
}

/** By what stands there already: a format depends on its type. */
export type Shaped = Shape | ((value: unknown) => Shape);

/** Anything. */
export const ANY: Shape = {};

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const shapeOf = (shaped: Shaped, value: unknown): Shape =>
  typeof shaped === "function" ? shaped(value) : shaped;

/** The part of a document at a path. */
export function partAt(document: unknown, path: Path): unknown {
  let at = document;
  for (const step of path) {
    if (typeof step === "number") at = Array.isArray(at) ? (at[step] as unknown) : undefined;
    else at = isObject(at) && Object.hasOwn(at, step) ? at[step] : undefined;
  }
  return at;
}

/** What may stand at a path of the document; null: nothing is known of it. */
export function shapeAt(shaped: Shaped, document: unknown, path: Path): Shape | null {
  let shape = shapeOf(shaped, document);
  for (const [at, step] of path.entries()) {
    const next: Shaped | undefined =
      typeof step === "number"
        ? shape.item
        : shape.keys !== undefined && Object.hasOwn(shape.keys, step)
          ? shape.keys[step]
          : shape.rest;
    if (next === undefined) return null;
    shape = shapeOf(next, partAt(document, path.slice(0, at + 1)));
  }
  return shape;
}

export interface ShapeProblem {
  readonly path: Path;
  /** The key itself, not what stands behind it. */
  readonly isKey: boolean;
  readonly message: string;
}

/** So many are told at once. */
const MOST = 50;

/** Where the document is something else than its shape. Null says the same as nothing. */
export function problemsIn(shaped: Shaped, document: unknown): ShapeProblem[] {
  const problems: ShapeProblem[] = [];
  const look = (of: Shaped, value: unknown, path: Path): void => {
    if (problems.length >= MOST || value === null || value === undefined) return;
    const shape = shapeOf(of, value);
    const wrong = wrongWith(shape, value);
    if (wrong !== null) {
      problems.push({ path, isKey: false, message: wrong });
      return;
    }
    if (Array.isArray(value)) {
      if (shape.item !== undefined)
        for (const [at, item] of value.entries()) look(shape.item, item, [...path, at]);
      return;
    }
    if (!isObject(value) || shape.keys === undefined) {
      if (isObject(value) && shape.rest !== undefined)
        for (const [key, part] of Object.entries(value)) look(shape.rest, part, [...path, key]);
      return;
    }
    for (const [key, part] of Object.entries(value)) {
      const next = Object.hasOwn(shape.keys, key) ? shape.keys[key] : shape.rest;
      if (next !== undefined) look(next, part, [...path, key]);
      else problems.push({ path: [...path, key], isKey: true, message: unknownKey(key, shape.keys) });
    }
  };
  look(shaped, document, []);
  return problems;
}

function unknownKey(key: string, keys: Readonly<Record<string, Shaped>>): string {
  return `“${key}” is not known here; known are ${Object.keys(keys).join(", ")}.`;
}

function wrongWith({ type, values }: Shape, value: unknown): string | null {
  const is = Array.isArray(value) ? "array" : typeof value;
  if (type !== undefined && is !== type) return `This is ${article(is)}; here stands ${article(type)}.`;
  if (values !== undefined && !values.includes(value as string))
    return `${JSON.stringify(value)} is not one of ${values.join(", ")}.`;
  return null;
}

const article = (type: string): string => (/^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`);

/**
 * The place that an answer of the server names at its beginning (`schema.properties.tier.format "x" is not one of …`), as far
 * as the document goes; null: it names none.
 */
export function placeNamed(message: string, document: unknown): Path | null {
  const said = /^(?:body\.)?([A-Za-z$_@][^\s:]*)/.exec(message)?.[1];
  if (said === undefined) return null;
  const steps = [...said.matchAll(/\[(\d+)\]|"((?:[^"\\]|\\.)*)"|([^.[\]"]+)/g)].map(
    ([, at, quoted, name]) => (at === undefined ? (quoted ?? name ?? "") : Number(at)),
  );
  const path: (string | number)[] = [];
  let value = document;
  for (const step of steps) {
    const next = partAt(value, [step]);
    if (next === undefined) break;
    path.push(step);
    value = next;
  }
  return path.length === 0 ? null : path;
}
