import type { Instant } from "./facts.ts";

/** The times that are known, by name. */
export function knownTimes(times: Readonly<Record<string, Instant | null>>): Record<string, Instant> {
  const result: Record<string, Instant> = {};
  for (const [name, time] of Object.entries(times)) if (time !== null) result[name] = time;
  return result;
}
