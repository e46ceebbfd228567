import type { Node } from "../ast.ts";
import { ObjectParser } from "./object-parser.ts";

/** Reads what stands behind an operand: `.a`, `."a"`, `[…]`, `?`. */
export abstract class AccessParser extends ObjectParser {
  protected postfixed(term: Node): Node {
    let node = term;
    for (;;) {
      const at = this.start;
      switch (this.kind) {
        case "field":
          node = this.field(node);
          break;
        case "[":
          node = this.#bracket(node, false);
          break;
        case ".":
          this.advance();
          if (this.is("[")) node = this.#bracket(node, true);
          else if (this.is("string") || this.is("format")) node = this.indexed(node, this.keyString());
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

  protected field(target: Node): Node {
    const { start: at, name } = this;
    this.advance();
    return this.indexed(target, { kind: "literal", at, value: name });
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
      return this.indexed(target, from as Node);
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

  protected indexed(target: Node, index: Node): Node {
    if (!this.is("?")) return { kind: "index", at: index.at, target, index };
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

  protected keyString(): Node {
    if (this.is("string")) return this.string(null);
    const node = this.format();
    if (node.kind === "format") this.unexpected("the string that the format applies to");
    return node;
  }

  /** `@base64`, or a string that it applies to. */
  protected format(): Node {
    const { start: at, name } = this;
    this.advance();
    return this.is("string") ? this.string(name) : { kind: "format", at, name };
  }
}

/** Literals and variables, which mean the same wherever they stand. */
const cannotFail = (key: Node): boolean => key.kind === "literal" || key.kind === "variable";
