/** A document that a property holds: an object, or a text in JSON or YAML. */
export type Found =
  | { readonly document: unknown }
  /** It is somewhere else; this portal fetches nothing from other hosts. */
  | { readonly url: string }
  | { readonly problem: string };

export async function readDocument(value: unknown): Promise<Found> {
  if (typeof value !== "string") return { document: value };
  if (/^https?:\/\/\S+$/i.test(value.trim())) return { url: value.trim() };
  try {
    return { document: JSON.parse(value) as unknown };
  } catch {
    // YAML, then; its parser comes for the few who need it.
    const { parseDocument } = await import("yaml");
    const parsed = parseDocument(value);
    const [error] = parsed.errors;
    if (error !== undefined) return { problem: error.message };
    try {
      return { document: parsed.toJS({ maxAliasCount: 100 }) as unknown };
    } catch (cause) {
      return { problem: cause instanceof Error ? cause.message : "it is no YAML" };
    }
  }
}
