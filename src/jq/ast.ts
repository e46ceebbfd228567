/** The syntax tree of a program. `at` is the offset (UTF-16) of the construct in the text; every other field is the grammar. */
import type { Json, JsonObject } from "./value.ts";

export type ArithmeticOperator = "+" | "-" | "*" | "/" | "%";
export type ComparisonOperator = "==" | "!=" | "<" | "<=" | ">" | ">=";
export type AssignmentOperator = "=" | "|=" | "+=" | "-=" | "*=" | "/=" | "%=" | "//=";

export type Node = { readonly at: number } & (
  | { readonly kind: "identity" }
  /** `..` */
  | { readonly kind: "recurse" }
  | { readonly kind: "literal"; readonly value: Json }
  /** An interpolated string, with the format (`@base64`) that its values pass through; `null`: tostring. */
  | { readonly kind: "string"; readonly format: string | null; readonly parts: readonly (string | Node)[] }
  /** `@base64` on its own; the name without `@`. */
  | { readonly kind: "format"; readonly name: string }
  /** `target.name`, `target["name"]`, `target[index]`. */
  | { readonly kind: "index"; readonly target: Node; readonly index: Node }
  | { readonly kind: "slice"; readonly target: Node; readonly from: Node | null; readonly to: Node | null }
  /** `target[]` */
  | { readonly kind: "iterate"; readonly target: Node }
  | { readonly kind: "array"; readonly body: Node | null }
  /** In `{"a\(f)"}` the value is an index whose `index` is the same node as `key`: computed once. */
  | { readonly kind: "object"; readonly entries: readonly { readonly key: Node; readonly value: Node }[] }
  | { readonly kind: "negate"; readonly body: Node }
  | { readonly kind: "pipe"; readonly left: Node; readonly right: Node }
  | { readonly kind: "comma"; readonly left: Node; readonly right: Node }
  | {
      readonly kind: "arithmetic";
      readonly operator: ArithmeticOperator;
      readonly left: Node;
      readonly right: Node;
    }
  | {
      readonly kind: "comparison";
      readonly operator: ComparisonOperator;
      readonly left: Node;
      readonly right: Node;
    }
  | { readonly kind: "and" | "or"; readonly left: Node; readonly right: Node }
  /** `left // right` */
  | { readonly kind: "alternative"; readonly left: Node; readonly right: Node }
  | {
      readonly kind: "assign";
      readonly operator: AssignmentOperator;
      readonly target: Node;
      readonly value: Node;
    }
  /** `elif` is an `if` in `otherwise`; no `else`: null (identity). */
  | { readonly kind: "if"; readonly condition: Node; readonly then: Node; readonly otherwise: Node | null }
  /** `try body catch handler`; `body?` has no handler. `a.b?` is `a | try .b`: only that access is forgiven. */
  | { readonly kind: "try"; readonly body: Node; readonly handler: Node | null }
  | {
      readonly kind: "reduce";
      readonly source: Node;
      readonly pattern: Pattern;
      /** The patterns behind `?//`; hardly ever any. */
      readonly alternatives: readonly Pattern[];
      readonly init: Node;
      readonly update: Node;
    }
  | {
      readonly kind: "foreach";
      readonly source: Node;
      readonly pattern: Pattern;
      /** The patterns behind `?//`; hardly ever any. */
      readonly alternatives: readonly Pattern[];
      readonly init: Node;
      readonly update: Node;
      readonly extract: Node | null;
    }
  /** `source as p1 ?// p2 | body` */
  | {
      readonly kind: "bind";
      readonly source: Node;
      readonly patterns: readonly Pattern[];
      readonly body: Node;
    }
  | { readonly kind: "define"; readonly definition: FunctionDefinition; readonly body: Node }
  | { readonly kind: "call"; readonly name: string; readonly args: readonly Node[] }
  /** Name without `$`; `$ENV` and `$__prog_args` are variables too, `$__loc__` is a literal. */
  | { readonly kind: "variable"; readonly name: string }
  | { readonly kind: "label"; readonly name: string; readonly body: Node }
  | { readonly kind: "break"; readonly name: string }
);

/** The nodes of some kind. */
export type NodeOf<K extends Node["kind"]> = Node & { readonly kind: K };

export type Pattern = { readonly at: number } & (
  | { readonly kind: "variable"; readonly name: string }
  | { readonly kind: "array"; readonly items: readonly Pattern[] }
  | { readonly kind: "object"; readonly entries: readonly PatternEntry[] }
);

/** `{$name}` and `{$name: pattern}` bind `name` too; else the key is an expression. */
export interface PatternEntry {
  readonly key: Node;
  readonly variable: string | null;
  readonly pattern: Pattern | null;
}

export interface FunctionDefinition {
  readonly at: number;
  readonly name: string;
  /** `$name` parameters are `value: true`; they can be called as a function too. */
  readonly params: readonly { readonly name: string; readonly value: boolean }[];
  readonly body: Node;
}

/** `import "path" as name;`, `import "path" as $name;` (data), `include "path";` (neither name nor data). */
export interface Import {
  readonly at: number;
  readonly path: string;
  readonly name: string | null;
  readonly data: boolean;
  /** What stands in braces behind it; jq looks at `search` and `optional`. */
  readonly meta: JsonObject;
}

/** A program with what it imports, or the text of a module. */
export interface Linkable {
  /** What `module {…};` says; null: nothing. */
  readonly meta: JsonObject | null;
  readonly imports: readonly Import[];
  /** Of a module. */
  readonly definitions: readonly FunctionDefinition[];
}
export interface Main extends Linkable {
  readonly body: Node;
}
