import type { Node, Pattern, PatternEntry } from "../ast.ts";
import { typeOf } from "../value.ts";
import { KEYWORDS } from "./lexer.ts";
import { StringParser } from "./string-parser.ts";

/** The parser calls itself at most this often within itself: brackets, patterns, `def` in `def`, `try`, `reduce` … */
const MAX_NESTING = 1_024;

/** Reads what has braces and brackets of its own: object constructions and patterns. */
export abstract class ObjectParser extends StringParser {
  #nesting = 0;

  /** One operand of a pipe or comma: operators, no `|`, `,`, `as`, `def` or `label`. */
  protected abstract expression(): Node;

  protected enter(): void {
    if (++this.#nesting > MAX_NESTING)
      this.fail(this.start, `The program is nested more than ${MAX_NESTING} levels deep`);
  }

  protected leave(): void {
    this.#nesting--;
  }

  /** Goes past `kind`, which must be the current token. */
  protected expect(kind: string, expected = `\`${kind}\``): void {
    if (this.kind !== kind) this.unexpected(expected);
    this.advance();
  }

  /** The same for a bracket that closes the one at `opened`. */
  protected close(kind: string, opened: number): void {
    if (this.is("eof"))
      this.fail(opened, `Found the end of the text: the \`${this.text.charAt(opened)}\` here is not closed`);
    this.expect(kind);
  }

  /** `(query)` as a key, the current token being its `(`. */
  #keyQuery(): Node {
    const opened = this.start;
    this.advance();
    const key = this.query();
    this.close(")", opened);
    if (isConstant(key, this.text))
      this.fail(key.at, `Found ${describeConstant(key)} as the key of an object; keys are strings`);
    return key;
  }

  /** `{…}`, the current token being its `{`. */
  protected object(): Node {
    const at = this.start;
    const entries: { key: Node; value: Node }[] = [];
    this.advance();
    while (!this.is("}")) {
      entries.push(this.#entry());
      if (!this.is(",")) break;
      this.advance();
    }
    this.#closeObject(at);
    return { kind: "object", at, entries };
  }

  #closeObject(opened: number): void {
    if (!this.is("}") && !this.is("eof")) this.unexpected("`,` or `}`");
    this.close("}", opened);
  }

  #entry(): { key: Node; value: Node } {
    const at = this.start;
    if (this.is("(")) {
      const key = this.#keyQuery();
      this.expect(":", "`:` behind the key in parentheses");
      return { key, value: this.#entryValue() };
    }
    if (this.is("variable")) {
      const { name } = this;
      const variable = this.variable();
      if (variable.kind === "literal" || !this.is(":"))
        return { key: { kind: "literal", at, value: name }, value: variable };
      this.advance();
      return { key: variable, value: this.#entryValue() };
    }
    const key = this.#key();
    if (this.is(":")) {
      this.advance();
      return { key, value: this.#entryValue() };
    }
    return { key, value: { kind: "index", at, target: { kind: "identity", at }, index: key } };
  }

  /** A name, keyword or string; the same node is key and index where the value is left out. */
  #key(): Node {
    const at = this.start;
    if (this.is("string")) return this.string(null);
    if (this.is("format")) {
      const { name } = this;
      this.advance();
      if (!this.is("string")) this.unexpected("the string that the format applies to");
      return this.string(name);
    }
    if (!this.is("name") && !KEYWORDS.has(this.kind))
      this.unexpected("a key (a name, a string, a variable, or an expression in parentheses)");
    const { name } = this;
    this.advance();
    return { kind: "literal", at, value: name };
  }

  /** Expressions joined by `|`. */
  #entryValue(): Node {
    const first = this.expression();
    if (!this.is("|")) return first;
    const stages = [first];
    while (this.is("|")) {
      this.advance();
      stages.push(this.expression());
    }
    return stages.reduceRight((right, left) => ({ kind: "pipe", at: left.at, left, right }));
  }

  /** `$name`, or the literal `$__loc__`. */
  protected variable(): Node {
    const { start: at, name } = this;
    this.advance();
    if (name !== "__loc__") return { kind: "variable", at, name };
    const line = this.text.slice(0, at).split("\n").length;
    return { kind: "literal", at, value: { file: "<top-level>", line } };
  }

  /** Name of the variable that is bound here. */
  protected binding(expected: string): string {
    const { name } = this;
    if (!this.is("variable") || name === "__loc__") this.unexpected(expected);
    this.advance();
    return name;
  }

  /** What follows `as`: patterns separated by `?//`. */
  protected patterns(): [Pattern, ...Pattern[]] {
    const all: [Pattern, ...Pattern[]] = [this.#pattern()];
    while (this.is("?//")) {
      this.advance();
      all.push(this.#pattern());
    }
    return all;
  }

  #pattern(): Pattern {
    const at = this.start;
    this.enter();
    const pattern = this.#patternAt(at);
    this.leave();
    return pattern;
  }

  #patternAt(at: number): Pattern {
    if (this.is("[")) {
      const items: Pattern[] = [];
      do {
        this.advance();
        items.push(this.#pattern());
      } while (this.is(","));
      this.close("]", at);
      return { kind: "array", at, items };
    }
    if (this.is("{")) {
      const entries: PatternEntry[] = [];
      do {
        this.advance();
        entries.push(this.#patternEntry());
      } while (this.is(","));
      this.#closeObject(at);
      return { kind: "object", at, entries };
    }
    return { kind: "variable", at, name: this.binding("a pattern (`$name`, `[…]` or `{…}`)") };
  }

  #patternEntry(): PatternEntry {
    const at = this.start;
    if (this.is("variable")) {
      const variable = this.binding("the key of a pattern");
      const key: Node = { kind: "literal", at, value: variable };
      if (!this.is(":")) return { key, variable, pattern: null };
      this.advance();
      return { key, variable, pattern: this.#pattern() };
    }
    const key = this.is("(") ? this.#keyQuery() : this.#key();
    this.expect(":", "`:` and a pattern");
    return { key, variable: null, pattern: this.#pattern() };
  }
}

/** A value that is known and no string. A negative number is computed, for jq. */
function isConstant(key: Node, text: string): boolean {
  if (key.kind === "literal") return typeof key.value !== "string" && text.charAt(key.at) !== "-";
  return (key.kind === "array" && key.body === null) || (key.kind === "object" && key.entries.length === 0);
}

function describeConstant(key: Node): string {
  if (key.kind !== "literal") return key.kind === "array" ? "the array []" : "the object {}";
  const type = typeOf(key.value);
  return type === "null" ? "null" : `the ${type} ${JSON.stringify(key.value)}`;
}
