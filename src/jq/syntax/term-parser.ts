import type { Node, Pattern } from "../ast.ts";
import { AccessParser } from "./access-parser.ts";

const CONSTANTS = new Map([
  ["null", null],
  ["true", true],
  ["false", false],
]);

type Branch = Pick<Extract<Node, { kind: "if" }>, "at" | "condition" | "then">;

/** Reads operands: everything that binds closer than any operator. */
export abstract class TermParser extends AccessParser {
  protected term(): Node {
    this.enter();
    const node = this.postfixed(this.#primary());
    this.leave();
    return node;
  }

  /** Minus signs bind looser than what stands behind the operand. */
  #negated(): Node {
    const signs: number[] = [];
    while (this.is("-")) {
      signs.push(this.start);
      this.advance();
    }
    let node = this.term();
    for (const at of signs.toReversed())
      node =
        node.kind === "literal" && typeof node.value === "number"
          ? { kind: "literal", at, value: -node.value }
          : { kind: "negate", at, body: node };
    return node;
  }

  /** Body and handler are operands, not expressions: `try a // b` is `(try a) // b`. */
  #try(): Node {
    const at = this.start;
    this.advance();
    const body = this.term();
    if (!this.is("catch")) return { kind: "try", at, body, handler: null };
    this.advance();
    return { kind: "try", at, body, handler: this.term() };
  }

  #primary(): Node {
    const at = this.start;
    switch (this.kind) {
      case ".":
        return this.#dot();
      case "field":
        return this.field({ kind: "identity", at });
      case "name":
        return this.#call();
      case "number":
        return this.#number();
      case "string":
        return this.string(null);
      case "variable":
        return this.variable();
      case "{":
        return this.object();
      case "(":
        return this.#parenthesized();
      case "[":
        return this.#array();
      case "-":
        return this.#negated();
      case "try":
        return this.#try();
      case "..":
        this.advance();
        return { kind: "recurse", at };
      case "format":
        return this.format();
      case "if":
        return this.#if();
      case "reduce":
      case "foreach":
        return this.#fold(this.kind);
      case "break":
        this.advance();
        return { kind: "break", at, name: this.binding("the `$name` of a label") };
      default:
        return this.#noTerm();
    }
  }

  #noTerm(): never {
    if (this.is("|") && this.text.charAt(this.start - 1) === "|")
      this.fail(
        this.start - 1,
        "Found `||`; jq writes `or` for either condition, `//` for a value instead of null",
      );
    return this.unexpected(this.is("eof") ? "an expression (`.` is the input itself)" : "an expression");
  }

  /** `.`, or `."key"`; the next token decides. */
  #dot(): Node {
    const at = this.start;
    this.advance();
    if (this.is("string") || this.is("format"))
      return this.indexed({ kind: "identity", at }, this.keyString());
    if (this.is("name"))
      this.fail(
        this.start,
        `Found a space before \`${this.found()}\`; a field is written \`.${this.found()}\``,
      );
    if (this.is("bad") && this.start === at + 1)
      this.fail(at, `Found ${this.describe()} in the name of a field; such a field is written \`."name"\``);
    return { kind: "identity", at };
  }

  #number(): Node {
    const at = this.start;
    const value = Number(this.text.slice(at, this.end));
    this.advance();
    return { kind: "literal", at, value };
  }

  #call(): Node {
    const { start: at, name } = this;
    this.advance();
    if (!this.is("(")) {
      const value = CONSTANTS.get(name);
      return value === undefined ? { kind: "call", at, name, args: [] } : { kind: "literal", at, value };
    }
    const opened = this.start;
    const args: Node[] = [];
    do {
      this.advance();
      args.push(this.query());
    } while (this.is(";"));
    this.#closeList(opened);
    return { kind: "call", at, name, args };
  }

  #closeList(opened: number): void {
    if (!this.is(")") && !this.is("eof")) this.unexpected("`;` or `)`");
    this.close(")", opened);
  }

  #parenthesized(): Node {
    const opened = this.start;
    this.advance();
    const node = this.query();
    this.close(")", opened);
    return node;
  }

  #array(): Node {
    const at = this.start;
    this.advance();
    const body = this.is("]") ? null : this.query();
    this.close("]", at);
    return { kind: "array", at, body };
  }

  /** Each `elif` is an `if` in the `else` of the one before. */
  #if(): Node {
    const opened = this.start;
    const branches: Branch[] = [];
    do {
      const at = this.start;
      this.advance();
      const condition = this.query();
      this.expect("then");
      const then = this.query();
      // oxlint-disable-next-line unicorn/no-thenable -- a node of the tree, which nobody awaits
      branches.push({ at, condition, then });
    } while (this.is("elif"));
    let otherwise: Node | null = null;
    if (this.is("else")) {
      this.advance();
      otherwise = this.query();
    }
    if (this.is("eof")) this.fail(opened, "Found the end of the text: the `if` here has no `end`");
    this.expect("end", otherwise === null ? "`elif`, `else` or `end`" : "`end`");
    return branches.reduceRight<Node | null>(
      (rest, branch) => ({ kind: "if", ...branch, otherwise: rest }),
      otherwise,
    ) as Node;
  }

  #fold(kind: "reduce" | "foreach"): Node {
    const at = this.start;
    this.advance();
    const source = this.expression();
    this.expect("as");
    const [pattern, ...alternatives] = this.patterns();
    const opened = this.start;
    this.expect("(");
    const init = this.query();
    this.expect(";");
    const update = this.query();
    const binding: { source: Node; pattern: Pattern; alternatives: readonly Pattern[] } = {
      source,
      pattern,
      alternatives,
    };
    if (kind === "reduce") {
      this.close(")", opened);
      return { kind, at, ...binding, init, update };
    }
    let extract: Node | null = null;
    if (this.is(";")) {
      this.advance();
      extract = this.query();
      this.close(")", opened);
    } else this.#closeList(opened);
    return { kind, at, ...binding, init, update, extract };
  }
}
