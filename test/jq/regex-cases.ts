/** Patterns and texts, and what jq 1.8.2 finds. */
import { characters } from "./regex-cases-characters.ts";
import { modes } from "./regex-cases-modes.ts";
import { references } from "./regex-cases-references.ts";
import { structure } from "./regex-cases-structure.ts";

/** By topic: pattern, flags ("" for null), text, and the matches as `showMatches` shows them. */
export type RegexTopics = Readonly<
  Record<string, readonly (readonly [pattern: string, flags: string, text: string, expected: string])[]>
>;

export const REGEX_TOPICS: RegexTopics = { ...characters, ...structure, ...references, ...modes };
