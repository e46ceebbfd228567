/** A text as a JSON document, or what is wrong with it. */
export type ParsedDocument =
  | { readonly document: Record<string, unknown>; readonly problem: null }
  | { readonly document: null; readonly problem: string };

export function parseDocument(text: string): ParsedDocument {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value))
      return { document: value as Record<string, unknown>, problem: null };
    return { document: null, problem: "This is no JSON object." };
  } catch (error) {
    const said = error instanceof Error ? error.message : "This is not JSON.";
    const quote = /[“”„‘’]/.test(text) ? ' Typographic quotes (“ ”) must be plain ones (").' : "";
    return { document: null, problem: said + quote };
  }
}

/** An identifier made of a title: `My service` → `my_service`. */
export function identifierOf(title: string): string {
  return title
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^\p{L}0-9]+/gu, "_")
    .replace(/^_+|_+$/g, "");
}

/** Keys that the server writes; they are no part of what a person edits. */
const SERVER_KEYS: ReadonlySet<string> = new Set(["createdAt", "createdBy", "updatedAt", "updatedBy"]);

/** The blueprint as it is edited: in its own order, without what the server adds. */
export function editable(blueprint: object): string {
  return JSON.stringify(
    Object.fromEntries(Object.entries(blueprint).filter(([key]) => !SERVER_KEYS.has(key))),
    null,
    2,
  );
}
