import type { MetricsAnswer } from "../api/types.ts";
import type { DoraQuery } from "../lib/dora-search.ts";

/** What an answer says of what was measured. */
export type Measured = Pick<MetricsAnswer, "scope" | "environments">;

/** The environment asked for, or those that the settings count as production. */
export function environmentText({ environment }: DoraQuery, answer: Measured | undefined): string {
  return environment ?? answer?.environments?.join(", ") ?? "Production";
}

/** Whose numbers these are. */
export function scopeText({ scope }: DoraQuery, answer: Measured | undefined): string {
  return scope === null ? "Whole organisation" : (answer?.scope?.title ?? scope.entity);
}
