import css from "./api-docs.module.css";
import { typeOf } from "./interface.ts";

interface Props {
  schema: unknown;
  /** Looks up `#/…`. */
  at: (reference: string) => unknown;
  /** References that are open above this one: a schema may hold itself. */
  above?: readonly string[];
}

const MAX_DEPTH = 6;
const NOTHING: readonly string[] = [];

interface SchemaDoc {
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, SchemaDoc>>;
  readonly items?: SchemaDoc;
  readonly required?: unknown;
  readonly description?: string;
  readonly allOf?: readonly SchemaDoc[];
  readonly oneOf?: readonly SchemaDoc[];
  readonly anyOf?: readonly SchemaDoc[];
}

/** The fields of a schema, those of objects inside it below them. */
export function SchemaView({ schema, at, above = NOTHING }: Props) {
  const { found, names } = resolve(schema, at, above);
  if (found === null) return null;
  const inside = found.items ?? null;
  const merged = mergedOf(found, at, names);
  const fields = Object.entries(merged.properties);
  if (fields.length === 0)
    return (
      <div>
        <code>{typeOf(schema)}</code>
        {inside && above.length < MAX_DEPTH ? (
          <SchemaView schema={inside} at={at} above={[...names, ""]} />
        ) : null}
      </div>
    );
  return (
    <ul className={css["fields"]}>
      {fields.map(([name, field]) => (
        <li key={name}>
          <code className={css["field"]}>{name}</code>{" "}
          <span className="muted small">
            {typeOf(field)}
            {merged.required.has(name) ? " · required" : ""}
          </span>
          {typeof field.description === "string" ? <p className="muted small">{field.description}</p> : null}
          {above.length < MAX_DEPTH && isNested(field, at, names) ? (
            <SchemaView schema={field.items ?? field} at={at} above={[...names, ""]} />
          ) : null}
        </li>
      ))}
    </ul>
  );
}

/** What it stands for; null: nothing, or what is open above it. */
function resolve(schema: unknown, at: Props["at"], above: readonly string[]) {
  let found = typeof schema === "object" && schema !== null ? (schema as SchemaDoc) : null;
  const names = [...above];
  while (found?.$ref !== undefined) {
    const { $ref } = found;
    if (names.includes($ref)) return { found: null, names };
    names.push($ref);
    const next = at($ref);
    found = typeof next === "object" && next !== null ? next : null;
  }
  return { found, names };
}

/** Its own fields and those of its parts; of alternatives those of each. */
function mergedOf(schema: SchemaDoc, at: Props["at"], names: readonly string[]) {
  const properties: Record<string, SchemaDoc> = {};
  const required = new Set<string>();
  const add = (one: SchemaDoc, open: readonly string[]): void => {
    for (const inner of [...(one.allOf ?? []), ...(one.oneOf ?? []), ...(one.anyOf ?? [])]) {
      const next = resolve(inner, at, open);
      if (next.found !== null && next.names.length < 30) add(next.found, [...next.names, ""]);
    }
    Object.assign(properties, one.properties);
    if (Array.isArray(one.required)) for (const name of one.required) required.add(String(name));
  };
  add(schema, names);
  return { properties, required };
}

function isNested(field: SchemaDoc, at: Props["at"], names: readonly string[]): boolean {
  const { found } = resolve(field.items ?? field, at, names);
  return found !== null && [found.properties, found.allOf, found.oneOf, found.anyOf].some(Boolean);
}
