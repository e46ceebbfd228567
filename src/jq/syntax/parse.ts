import type {
  ArithmeticOperator,
  AssignmentOperator,
  ComparisonOperator,
  FunctionDefinition,
  Node,
  Pattern,
} from "../ast.ts";
import { TermParser } from "./term-parser.ts";

/** How close an operator binds; `//` binds loosest and is the only one that groups to the right. */
const PRECEDENCE = new Map([
  ...["=", "|=", "+=", "-=", "*=", "/=", "%=", "//="].map((operator) => [operator, 1] as const),
  ["or", 2],
  ["and", 3],
  ...["==", "!=", "<", "<=", ">", ">="].map((operator) => [operator, 4] as const),
  ["+", 5],
  ["-", 5],
  ["*", 6],
  ["/", 6],
  ["%", 6],
]);
const ASSIGNMENT = 1;
const COMPARISON = 4;

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

class Parser extends TermParser {
  program(): Node {
    this.advance();
    if (this.is("import") || this.is("include") || this.is("module"))
      this.fail(this.start, `Found \`${this.kind}\`: modules are not supported`);
    const node = this.query();
    if (!this.is("eof")) this.unexpected("an operator or the end of the text");
    return node;
  }

  protected query(): Node {
    const prefixes: Prefix[] = [];
    let left: Node | null = null;
    for (;;) {
      const at = this.start;
      if (this.is("def") || this.is("label")) {
        if (left !== null) prefixes.push({ kind: "comma", at: left.at, left });
        left = null;
        prefixes.push(
          this.is("def") ? { kind: "define", at, definition: this.#definition() } : this.#label(),
        );
        continue;
      }
      const right: Node = this.expression();
      if (this.is("as")) {
        if (left !== null) prefixes.push({ kind: "comma", at: left.at, left });
        left = null;
        this.advance();
        const patterns = this.patterns();
        this.expect("|", "`|` and what the variables are for");
        prefixes.push({ kind: "bind", at, source: right, patterns });
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

  #label(): Prefix {
    const at = this.start;
    this.advance();
    const name = this.binding("the `$name` of the label");
    this.expect("|", "`|` and what the label is for");
    return { kind: "label", at, name };
  }

  #definition(): FunctionDefinition {
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

  protected expression(): Node {
    const first = this.#operation(ASSIGNMENT);
    if (!this.is("//")) return first;
    const operands = [first];
    while (this.is("//")) {
      this.advance();
      operands.push(this.#operation(ASSIGNMENT));
    }
    return operands.reduceRight((right, left) => ({ kind: "alternative", at: left.at, left, right }));
  }

  /** Operators that bind at least as close as `lowest`. */
  #operation(lowest: number): Node {
    let left = this.term();
    for (;;) {
      const { kind: operator, start: at } = this;
      const precedence = PRECEDENCE.get(operator) ?? 0;
      if (precedence < lowest) {
        if (operator === "?//")
          this.fail(at, "Found `?//`, which separates patterns; put a space between `?` and `//`");
        return left;
      }
      this.advance();
      left = operation(at, operator, left, this.#operation(precedence + 1));
      if (
        (precedence === ASSIGNMENT || precedence === COMPARISON) &&
        PRECEDENCE.get(this.kind) === precedence
      )
        this.fail(
          this.start,
          `Found \`${this.kind}\` behind \`${operator}\`; such operators need parentheses to be combined`,
        );
    }
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
export const parseProgram = (text: string): Node => parse(new Parser(text, false));

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
    tree = parse(parser);
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
function parse(parser: Parser): Node {
  try {
    return parser.program();
  } catch (error) {
    if (error instanceof RangeError) parser.fail(parser.start, "The program is nested too deep");
    throw error;
  }
}
