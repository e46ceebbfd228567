/** The address line's query as plain text pairs: readable, and `scope=12` stays the text `12`. */

/** First value of each key. */
export function parseSearch(text: string): Record<string, string> {
  const result: Record<string, string> = {};
  for (const [key, value] of new URLSearchParams(text)) result[key] ??= value;
  return result;
}

/** `:`, `/` and `@` are legal in a query and stay readable. */
export function stringifySearch(search: Record<string, unknown>): string {
  const pairs: string[] = [];
  for (const [key, value] of Object.entries(search)) {
    if (typeof value !== "string" || value === "") continue;
    const safe = encodeURIComponent(value).replace(/%3A/g, ":").replace(/%2F/g, "/").replace(/%40/g, "@");
    pairs.push(`${encodeURIComponent(key)}=${safe}`);
  }
  return pairs.length === 0 ? "" : `?${pairs.join("&")}`;
}
