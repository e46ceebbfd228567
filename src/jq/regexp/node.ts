/** The syntax tree of a regular expression. */
import type { CharSet } from "./char-set.ts";

export type Assertion =
  | "lineStart"
  | "lineEnd"
  | "start"
  | "end"
  | "semiEnd"
  | "searchStart"
  | "word"
  | "notWord";

export type RegexNode =
  | { readonly kind: "empty" }
  | { readonly kind: "char"; readonly code: number; readonly fold: boolean }
  | { readonly kind: "set"; readonly set: CharSet }
  | { readonly kind: "assert"; readonly what: Assertion }
  | { readonly kind: "sequence"; readonly items: readonly RegexNode[] }
  | { readonly kind: "either"; readonly items: readonly RegexNode[] }
  | {
      readonly kind: "repeat";
      readonly body: RegexNode;
      readonly min: number;
      readonly max: number;
      readonly lazy: boolean;
    }
  | { readonly kind: "group"; readonly index: number; readonly body: RegexNode }
  | { readonly kind: "atomic"; readonly body: RegexNode }
  | { readonly kind: "look"; readonly behind: boolean; readonly negative: boolean; readonly body: RegexNode }
  /** Any of the groups, the last that took part. */
  | { readonly kind: "backreference"; readonly groups: readonly number[]; readonly fold: boolean }
  | { readonly kind: "call"; readonly group: number }
  | {
      readonly kind: "condition";
      readonly groups: readonly number[];
      readonly yes: RegexNode;
      readonly no: RegexNode;
    }
  | { readonly kind: "keep" };

export interface ParsedRegex {
  readonly root: RegexNode;
  /** Number of capture groups, without the whole match. */
  readonly groups: number;
  /** Name of group i + 1, null when it has none. */
  readonly names: readonly (string | null)[];
  /** Bodies of groups by index, for subexpression calls; 0 is the whole. */
  readonly bodies: ReadonlyMap<number, RegexNode>;
}

/** What is wrong with an expression, in Oniguruma's words. */
export class RegexSyntaxError extends Error {}
