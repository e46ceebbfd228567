/** What a rule of a scorecard compares, and whether an entity has any of it: the server counts by it, the pages say it. */

export interface Compared {
  readonly of: "property" | "relation";
  /** A property, a meta property with `$`, or a relation. */
  readonly id: string;
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * Each once. Null where the rule asks whether there is a value, or says nothing that can be read: then none is an answer.
 * @param query as it is stored: `{combinator, conditions}`
 */
export function comparedIn(query: unknown): readonly Compared[] | null {
  const compared = new Map<string, Compared>();
  for (const condition of conditionsIn(query)) {
    const one = asksForValue(condition) ? null : subjectOf(condition);
    if (one === null) return null;
    compared.set(`${one.of} ${one.id}`, one);
  }
  return compared.size === 0 ? null : [...compared.values()];
}

function conditionsIn(query: unknown): Fields[] {
  const conditions = isFields(query) ? query["conditions"] : undefined;
  if (!Array.isArray(conditions)) return [];
  return conditions
    .filter(isFields)
    .flatMap((part) => (Object.hasOwn(part, "combinator") ? conditionsIn(part) : [part]));
}

function asksForValue({ operator, value }: Fields): boolean {
  switch (operator) {
    case "isEmpty":
    case "isNotEmpty":
      return true;
    case "=":
    case "!=":
      return value === null;
    case "in":
    case "notIn":
      return Array.isArray(value) && value.includes(null);
    default:
      return false;
  }
}

function subjectOf({ property, relation }: Fields): Compared | null {
  if (typeof property === "string") return { of: "property", id: property };
  return typeof relation === "string" ? { of: "relation", id: relation } : null;
}

const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** As rules see it: empty text, list and object are none. */
export function isNoValue(value: unknown): boolean {
  if (value === null || value === undefined || value === "") return true;
  if (typeof value !== "object") return false;
  return Array.isArray(value) ? value.length === 0 : Object.keys(value).length === 0;
}
