import type {
  ArithmeticOperator,
  AssignmentOperator,
  ComparisonOperator,
  FunctionDefinition,
  Node,
  Pattern,
} from "../ast.ts";
import { TermParser } from "./term-parser.ts";

const ALTERNATIVE = 1;
const ASSIGNMENT = 2;
const COMPARISON = 5;

/** How close an operator binds; `//` binds loosest and is the only one that groups to the right. */
const PRECEDENCE = new Map([
  ["//", ALTERNATIVE],
  ...["=", "|=", "+=", "-=", "*=", "/=", "%=", "//="].map((operator) => [operator, ASSIGNMENT] as const),
  ["or", 3],
  ["and", 4],
  ...["==", "!=", "<", "<=", ">", ">="].map((operator) => [operator, COMPARISON] as const),
  ["+", 6],
  ["-", 6],
  ["*", 7],
  ["/", 7],
  ["%", 7],
]);

/** What stands before the rest of a query and holds for all of that rest. */
type Prefix =
  | { readonly kind: "pipe" | "comma"; readonly at: number; readonly left: Node }
  | {
      readonly kind: "bind";
      readonly at: number;
      readonly source: Node;
      readonly patterns: readonly Pattern[];
    }
  | { readonly kind: "define"; readonly at: number; readonly definition: FunctionDefinition }
  | { readonly kind: "label"; readonly at: number; readonly name: string };

/** Reads programs that import nothing. */
export class Parser extends TermParser {
  program(): Node {
    this.advance();
    if (this.is("import") || this.is("include") || this.is("module"))
      this.fail(this.start, `Found \`${this.kind}\`: modules are not supported here`);
    return this.whole();
  }

  /** An expression, and nothing behind it. */
  protected whole(): Node {
    const node = this.query();
    if (!this.is("eof")) this.unexpected("an operator or the end of the text");
    return node;
  }

  /** Kept small, as `expression` and `term` are: nested programs have these frames on the stack many times. */
  protected query(): Node {
    const prefixes: Prefix[] = [];
    let left: Node | null = null;
    for (;;) {
      if (this.is("def") || this.is("label")) {
        this.#opening(prefixes, left);
        left = null;
        continue;
      }
      const at = this.start;
      const right: Node = this.expression();
      if (this.is("as")) {
        this.#bind(prefixes, left, at, right);
        left = null;
        continue;
      }
      left = left === null ? right : { kind: "comma", at: left.at, left, right };
      if (this.is("|")) {
        prefixes.push({ kind: "pipe", at: left.at, left });
        left = null;
      } else if (!this.is(",")) return enclose(prefixes, left);
      this.advance();
    }
  }

  /** `def … ;` or `label $x |`, behind `left,`. */
  #opening(prefixes: Prefix[], left: Node | null): void {
    if (left !== null) prefixes.push({ kind: "comma", at: left.at, left });
    const at = this.start;
    prefixes.push(this.is("def") ? { kind: "define", at, definition: this.definition() } : this.#label());
  }

  /** `source as … |`, behind `left,`; the current token is `as`. */
  #bind(prefixes: Prefix[], left: Node | null, at: number, source: Node): void {
    if (left !== null) prefixes.push({ kind: "comma", at: left.at, left });
    this.advance();
    const patterns = this.patterns();
    this.expect("|", "`|` and what the variables are for");
    prefixes.push({ kind: "bind", at, source, patterns });
  }

  #label(): Prefix {
    const at = this.start;
    this.advance();
    const name = this.binding("the `$name` of the label");
    this.expect("|", "`|` and what the label is for");
    return { kind: "label", at, name };
  }

  protected definition(): FunctionDefinition {
    const at = this.start;
    this.enter();
    this.advance();
    const { name } = this;
    this.expect("name", "the name of the function");
    const params: { name: string; value: boolean }[] = [];
    if (this.is("(")) {
      const opened = this.start;
      do {
        this.advance();
        params.push({ name: this.name, value: this.is("variable") });
        if (this.is("variable")) this.binding("a parameter");
        else this.expect("name", "a parameter (`name` or `$name`)");
      } while (this.is(";"));
      this.close(")", opened);
    }
    this.expect(":", "`:` and the body of the function");
    const body = this.query();
    if (this.is("eof")) this.fail(at, "Found the end of the text: the `def` here has no `;` at its end");
    this.expect(";", "the `;` that ends the function");
    this.leave();
    return { at, name, params, body };
  }

  /** Operators that bind at least as close as `lowest`. */
  protected expression(lowest: number = ALTERNATIVE): Node {
    let left = this.term();
    for (;;) {
      const precedence = this.#precedence();
      if (precedence < lowest) return left;
      left = precedence === ALTERNATIVE ? this.#alternatives(left) : this.#operation(left, precedence);
    }
  }

  /** How close the current token binds; 0: it is no operator. */
  #precedence(): number {
    const precedence = PRECEDENCE.get(this.kind);
    if (precedence === undefined && this.is("?//"))
      this.fail(this.start, "Found `?//`, which separates patterns; put a space between `?` and `//`");
    return precedence ?? 0;
  }

  /** Groups to the right, without going deeper for each. */
  #alternatives(first: Node): Node {
    const operands = [first];
    while (this.is("//")) {
      this.advance();
      operands.push(this.expression(ASSIGNMENT));
    }
    return operands.reduceRight((right, left) => ({ kind: "alternative", at: left.at, left, right }));
  }

  #operation(left: Node, precedence: number): Node {
    const { kind: operator, start: at } = this;
    this.advance();
    const node = operation(at, operator, left, this.expression(precedence + 1));
    const single = precedence === ASSIGNMENT || precedence === COMPARISON;
    if (single && this.#precedence() === precedence)
      this.fail(
        this.start,
        `Found \`${this.kind}\` behind \`${operator}\`; such operators need parentheses to be combined`,
      );
    return node;
  }
}

function operation(at: number, operator: string, left: Node, right: Node): Node {
  switch (PRECEDENCE.get(operator)) {
    case ASSIGNMENT:
      return { kind: "assign", at, operator: operator as AssignmentOperator, target: left, value: right };
    case COMPARISON:
      return { kind: "comparison", at, operator: operator as ComparisonOperator, left, right };
    default:
      if (operator === "and" || operator === "or") return { kind: operator, at, left, right };
      return { kind: "arithmetic", at, operator: operator as ArithmeticOperator, left, right };
  }
}

function enclose(prefixes: readonly Prefix[], rest: Node): Node {
  return prefixes.reduceRight<Node>((body, prefix) => {
    switch (prefix.kind) {
      case "pipe":
      case "comma":
        return { ...prefix, right: body };
      default:
        return { ...prefix, body };
    }
  }, rest);
}

/** The syntax tree of the program `text`; throws a JqCompileError where it is not one. */
export function parseProgram(text: string): Node {
  const parser = new Parser(text, false);
  return guarded(parser, () => parser.program());
}

/**
 * Single quotes that Port's own rewriting takes for double ones: next to white space, at the outside of a string. White
 * space that one of them has used up is not there for the next.
 */
const REWRITTEN_QUOTES = /(^|\s)'(?![\s"])|(?<![\s"])'(\s|$)/g;

/**
 * The same for a mapping, where strings may be in single quotes. A text that is jq means what it means in jq. Else what
 * becomes jq when quotes are rewritten as Port does (spec workflows 1.1.6) means that. Else a single quote begins a
 * string wherever a string may stand, so that `.a.'my-prop'` and `f('x')` work too.
 */
export function parseMapping(text: string): Node {
  const parser = new Parser(text, true);
  let failure: unknown = null;
  let tree: Node | null = null;
  try {
    tree = guarded(parser, () => parser.program());
  } catch (error) {
    failure = error;
  }
  if (tree !== null && !parser.sawSingleQuotes) return tree;
  const rewritten = text.replaceAll(REWRITTEN_QUOTES, '$1"$2');
  if (rewritten !== text)
    try {
      return parseProgram(rewritten);
    } catch (error) {
      failure ??= error;
    }
  if (tree === null) throw failure;
  return tree;
}

/** The nesting is bounded, the caller's use of the stack is not. */
export function guarded<T>(parser: Parser, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof RangeError) parser.fail(parser.start, "The program is nested too deep");
    throw error;
  }
}
