/** How new a state is: the object's own time, or a number that grows with every change. */
import { parseInstant } from "../model/instant.ts";

/** As it is stored: `t:` and a time, or `n:` and a number. */
export type Version = string;

/** @returns null for nothing, undefined for what is neither a time nor a number */
export function versionOf(value: unknown): Version | null | undefined {
  if (value === null || value === undefined) return null;
  if (typeof value === "number") return Number.isFinite(value) ? `n:${value}` : undefined;
  if (typeof value !== "string") return undefined;
  const text = value.trim();
  const at = parseInstant(text);
  if (at !== null) return `t:${new Date(at).toISOString()}`;
  return /^-?\d{1,40}(\.\d{1,20})?$/.test(text) ? `n:${Number(text)}` : undefined;
}

/** Below 0: `a` is older. 0 also for what cannot be compared: a time and a number. */
export function compareVersions(a: Version, b: Version): number {
  if (a[0] !== b[0]) return 0;
  return a.startsWith("n") ? Number(a.slice(2)) - Number(b.slice(2)) : a < b ? -1 : a > b ? 1 : 0;
}

/** For people. */
export const showVersion = (version: Version): string => version.slice(2);
