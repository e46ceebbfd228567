import { SETTINGS } from "./settings.ts";

const KNOWN = new Set(SETTINGS.map(({ name }) => name));

/** Names that look like settings and are none: misspelt ones would be without effect. */
export const unknownSettings = (env: Readonly<Record<string, string | undefined>>): string[] =>
  Object.keys(env)
    .filter((name) => name.startsWith("FAIRWAY_") && !KNOWN.has(name))
    .sort();
