import type { Node, Pattern } from "../ast.ts";
import { ObjectParser } from "./object-parser.ts";

const CONSTANTS = new Map([
  ["null", null],
  ["true", true],
  ["false", false],
]);

type Branch = Pick<Extract<Node, { kind: "if" }>, "at" | "condition" | "then">;

/** Reads operands: everything that binds closer than any operator, with the `.a`, `[…]` and `?` behind it. */
export abstract class TermParser extends ObjectParser {
  protected term(): Node {
    this.enter();
    const node = this.#term();
    this.leave();
    return node;
  }

  #term(): Node {
    if (this.is("-")) return this.#negated();
    if (this.is("try")) return this.#try();
    return this.#postfixed(this.#primary());
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
        return this.#field({ kind: "identity", at });
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
      case "..":
        this.advance();
        return { kind: "recurse", at };
      case "format":
        return this.#format();
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
      return this.#indexed({ kind: "identity", at }, this.#keyString());
    if (this.is("name"))
      this.fail(
        this.start,
        `Found a space before \`${this.found()}\`; a field is written \`.${this.found()}\``,
      );
    if (this.is("bad") && this.start === at + 1)
      this.fail(at, `Found ${this.describe()} in the name of a field; such a field is written \`."name"\``);
    return { kind: "identity", at };
  }

  #keyString(): Node {
    if (this.is("string")) return this.string(null);
    const node = this.#format();
    if (node.kind === "format") this.unexpected("the string that the format applies to");
    return node;
  }

  /** `@base64`, or a string that it applies to. */
  #format(): Node {
    const { start: at, name } = this;
    this.advance();
    return this.is("string") ? this.string(name) : { kind: "format", at, name };
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

  #postfixed(term: Node): Node {
    let node = term;
    for (;;) {
      const at = this.start;
      switch (this.kind) {
        case "field":
          node = this.#field(node);
          break;
        case "[":
          node = this.#bracket(node, false);
          break;
        case ".":
          this.advance();
          if (this.is("[")) node = this.#bracket(node, true);
          else if (this.is("string") || this.is("format")) node = this.#indexed(node, this.#keyString());
          else this.unexpected('a field: `.name`, `."name"` or `.[…]`');
          break;
        case "?":
          this.advance();
          node = { kind: "try", at, body: node, handler: null };
          break;
        default:
          return node;
      }
    }
  }

  #field(target: Node): Node {
    const { start: at, name } = this;
    this.advance();
    return this.#indexed(target, { kind: "literal", at, value: name });
  }

  #bracket(target: Node, dotted: boolean): Node {
    const at = this.start;
    this.advance();
    if (this.is("]")) {
      this.advance();
      return this.#access(target, [], (target) => ({ kind: "iterate", at, target }));
    }
    const from = this.is(":") ? null : this.query();
    if (!this.is(":")) {
      this.close("]", at);
      return this.#indexed(target, from as Node);
    }
    if (dotted) this.unexpected("`]` (a slice has no dot before its bracket)");
    this.advance();
    const to = from !== null && this.is("]") ? null : this.query();
    this.close("]", at);
    return this.#access(
      target,
      [from, to].filter((bound) => bound !== null),
      (target, keys) => ({
        kind: "slice",
        at,
        target,
        from: from === null ? null : (keys[0] ?? null),
        to: to === null ? null : (keys.at(-1) ?? null),
      }),
    );
  }

  #indexed(target: Node, index: Node): Node {
    return this.#access(target, [index], (target, [key]) => ({
      kind: "index",
      at: index.at,
      target,
      index: key ?? index,
    }));
  }

  /**
   * An access to `target` by `keys`. With `?` behind it, jq forgives errors of this one access, not those of its target
   * or of its keys: these are computed outside the `try`.
   */
  #access(target: Node, keys: readonly Node[], access: (target: Node, keys: readonly Node[]) => Node): Node {
    if (!this.is("?")) return access(target, keys);
    const at = this.start;
    this.advance();
    const outside = target.kind !== "identity";
    const names = keys.map((key, i) => (cannotFail(key) ? null : `*key ${i}`));
    const inner = keys.map<Node>((key, i) => {
      const name = names[i] ?? null;
      return name === null ? key : { kind: "variable", at: key.at, name };
    });
    const attempt: Node = { kind: "try", at, body: access({ kind: "identity", at }, inner), handler: null };
    let node: Node = outside ? { kind: "pipe", at, left: target, right: attempt } : attempt;
    for (const [i, name] of [...names.entries()].toReversed()) {
      const source = keys[i];
      if (name === null || source === undefined) continue;
      node = { kind: "bind", at, source, patterns: [{ kind: "variable", at, name }], body: node };
    }
    return node;
  }
}

/** Literals and variables, which mean the same wherever they stand. */
const cannotFail = (key: Node): boolean => key.kind === "literal" || key.kind === "variable";
