/** What differs between two versions of an entity, leaf by leaf. */
export interface Difference {
  /** `properties.tier` */
  readonly path: string;
  /** As text; empty where there is no value. */
  readonly before: string;
  readonly after: string;
}

/** Written by the server with every change, or what the entity is found by. */
const ALWAYS: ReadonlySet<string> = new Set([
  "updatedAt",
  "updatedBy",
  "createdAt",
  "createdBy",
  "blueprint",
  "identifier",
]);
const PARTS: ReadonlySet<string> = new Set(["properties", "relations"]);

export function differences(before: unknown, after: unknown): Difference[] {
  const [left, right] = [leaves(before), leaves(after)];
  return [...new Set([...left.keys(), ...right.keys()])].flatMap((path) => {
    const [old, now] = [left.get(path) ?? "", right.get(path) ?? ""];
    return old === now ? [] : [{ path, before: old, after: now }];
  });
}

function leaves(value: unknown): Map<string, string> {
  const found = new Map<string, string>();
  if (typeof value !== "object" || value === null) return found;
  for (const [key, part] of Object.entries(value)) {
    if (ALWAYS.has(key)) continue;
    if (PARTS.has(key) && typeof part === "object" && part !== null)
      for (const [id, leaf] of Object.entries(part)) found.set(`${key}.${id}`, text(leaf));
    else found.set(key, text(part));
  }
  return found;
}

function text(value: unknown): string {
  if (value === null || value === undefined || (Array.isArray(value) && value.length === 0)) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}
