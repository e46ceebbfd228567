/** What a deployment's page keeps in its address: its open commit, and the way and window that one came by. */
import {
  decodeDoraSearch,
  encodeDoraSearch,
  encodeTrail,
  pickTexts,
  readTrail,
  type DoraQuery,
  type ScopeRef,
} from "./dora-search.ts";

const BACK = ["last", "from", "to", "tz", "env"] as const;
const KEYS = ["via", ...BACK] as const;
/** The way and window, without the commit. */
export type DeploymentWay = Partial<Record<(typeof KEYS)[number], string>>;
export type DeploymentSearch = DeploymentWay & { commit?: string };

/** Keeps known keys with text values. */
export function pickDeploymentSearch(raw: Record<string, unknown>): DeploymentSearch {
  return pickTexts(raw, [...KEYS, "commit"]);
}

/** From the DORA page of a query to one of its deployments. */
export function wayOf(query: DoraQuery): DeploymentWay {
  const scopes = query.scope === null ? [] : [...query.trail, query.scope];
  return {
    ...pickTexts(encodeDoraSearch(query), BACK),
    ...(scopes.length > 0 ? { via: encodeTrail(scopes) } : {}),
  };
}

/** Of the way to a service what lies above it. */
export function scopesAbove(scopes: readonly ScopeRef[], serviceBlueprint: string): readonly ScopeRef[] {
  return scopes.at(-1)?.blueprint === serviceBlueprint ? scopes.slice(0, -1) : scopes;
}

/** And back: the scopes that were gone through, and the question without any. */
export function readWay({ via, ...rest }: DeploymentWay): {
  readonly scopes: readonly ScopeRef[];
  readonly query: DoraQuery;
} {
  return {
    scopes: (via === undefined ? undefined : readTrail(via)) ?? [],
    query: decodeDoraSearch(pickTexts(rest, BACK)).query,
  };
}
