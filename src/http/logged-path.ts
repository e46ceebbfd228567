/**
 * The path of a request as the log may have it: without the query, and without the key of a webhook, which is all that
 * protects one that has no signature.
 */
export const loggedPath = (url: string): string =>
  (url.split("?")[0] ?? "").replace(/^\/ingest\/(connectors\/)?[^/]+/, "/ingest/$1…");
