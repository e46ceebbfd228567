/** Which area of the API a route belongs to: what tokens are limited to (model/scope.ts). */
import type { Area } from "../model/scope.ts";

/** `any`: good with every token. The first that fits counts; a `*` stands for one part. */
const AREAS: readonly (readonly [prefix: string, area: Area | "any"])[] = [
  ["/v1/blueprints/*/actions", "actions"],
  ["/v1/blueprints/*/entities/*/actions", "actions"],
  ["/v1/blueprints/*/permissions", "settings"],
  ["/v1/blueprints", "catalog"],
  ["/v1/entities", "catalog"],
  ["/v1/scorecards", "catalog"],
  ["/v1/pages", "catalog"],
  ["/v1/sidebars", "catalog"],
  ["/v1/derivation", "catalog"],
  ["/v1/initiatives", "catalog"],
  ["/v1/dora", "dora"],
  ["/v1/templates/dora", "dora"],
  ["/v1/actions", "actions"],
  ["/v1/approvals", "actions"],
  ["/v1/alerts", "actions"],
  ["/v1/notifications", "actions"],
  ["/v1/workflows", "actions"],
  ["/v1/templates/actions", "actions"],
  ["/v1/templates/automations", "actions"],
  ["/v1/templates", "catalog"],
  ["/v1/webhooks", "sources"],
  ["/v1/integration", "sources"],
  ["/v1/data-sources", "sources"],
  ["/v1/migrations", "sources"],
  ["/v1/mapping", "sources"],
  ["/v1/organization", "settings"],
  ["/v1/users", "settings"],
  ["/v1/actors", "settings"],
  ["/v1/erasures", "settings"],
  ["/v1/teams", "settings"],
  ["/v1/apps", "settings"],
  ["/v1/rotate-credentials", "settings"],
  ["/v1/sessions", "settings"],
  ["/v1/tokens", "settings"],
  ["/v1/audit-log", "settings"],
  ["/v1/backups", "settings"],
  ["/v1/demo", "settings"],
  ["/scim", "scim"],
  ["/auth", "settings"],
  ["/v1/auth/permissions", "any"],
  ["/v1/own-settings", "any"],
  ["/v1/jq", "any"],
  ["/v1/live", "any"],
  ["/v1/setup", "any"],
  ["/openapi.json", "any"],
  ["/docs", "any"],
  ["/metrics", "any"],
];

/** Asked by POST because the question is long. */
const READING: ReadonlySet<string> = new Set([
  "/v1/entities/search",
  "/v1/blueprints/:blueprint/entities/search",
  "/v1/entities/aggregate",
  "/v1/entities/aggregate-over-time",
  "/v1/entities/properties-history",
  "/v1/blueprints/:blueprint/preview-property",
  "/v1/dora/preview",
  "/v1/actions/:action/form",
  "/v1/mapping/test",
  "/v1/actors",
]);

/** What gives credentials out, or lets somebody in: not for a token that is limited, which they would outlive. */
const MINTING: readonly RegExp[] = [
  /^\/v1\/tokens/,
  /^\/v1\/rotate-credentials/,
  /^\/v1\/apps/,
  /^\/v1\/users\/invite$/,
  /^\/v1\/users\/:email\/(sign-in-link|password-link|second-factor|sessions)$/,
];

/** What lets somebody in, or says what they may: it takes a fresh proof of who asks on the web. */
const SENSITIVE: readonly RegExp[] = [
  /^\/v1\/(tokens|rotate-credentials|apps|backups)/,
  /^\/v1\/users(\/invite|\/:email|\/:email\/(sign-in-link|password-link|provider|second-factor|erase))?$/,
  /^\/v1\/organization\/(secrets|sign-in)/,
];
/** Of these the end is as sensitive; what else is deleted takes a way in away. */
const SENSITIVE_ENDS = /^\/v1\/users\/:email(\/(provider|second-factor))?$/;

const PATTERNS = AREAS.map(([prefix, area]) => ({
  pattern: new RegExp(`^${prefix.replaceAll("*", "[^/]+").replaceAll(".", "\\.")}(/|$)`),
  area,
}));

/** @param url as the route was declared. undefined: it has no area */
export const areaOf = (url: string): Area | "any" | undefined =>
  PATTERNS.find(({ pattern }) => pattern.test(url))?.area;

export const isReading = (method: string, url: string): boolean =>
  method === "GET" || method === "HEAD" || READING.has(url);

export const isMinting = (method: string, url: string): boolean =>
  method !== "GET" && method !== "HEAD" && MINTING.some((pattern) => pattern.test(url));

/** @param url as the route was declared */
export function isSensitive(method: string, url: string): boolean {
  if (method === "DELETE") return SENSITIVE_ENDS.test(url);
  return method !== "GET" && method !== "HEAD" && SENSITIVE.some((pattern) => pattern.test(url));
}
