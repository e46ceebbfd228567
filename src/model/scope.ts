/** What a token may be limited to: areas of the API, each to be read, or written as well. */
import { invalid } from "./error.ts";
import { show } from "./json.ts";

export const AREAS = ["catalog", "dora", "actions", "sources", "settings", "scim"] as const;
export type Area = (typeof AREAS)[number];

const SCOPES: readonly string[] = AREAS.flatMap((area) => [`${area}:read`, `${area}:write`]);

/** Whether a limited token may do this; writing includes reading. */
export const covers = (scopes: readonly string[], area: Area, isWrite: boolean): boolean =>
  scopes.includes(`${area}:write`) || (!isWrite && scopes.includes(`${area}:read`));

/** Each once, in the order of the list. @throws AppError invalid_request */
export function checkScopes(scopes: readonly string[]): string[] {
  const unknown = scopes.find((scope) => !SCOPES.includes(scope));
  if (unknown !== undefined) throw invalid(`scopes: ${show(unknown)} is not one of ${SCOPES.join(", ")}`);
  if (scopes.length === 0) throw invalid("scopes must name at least one");
  return SCOPES.filter((scope) => scopes.includes(scope));
}
