import type { Node, Pattern } from "../../../src/jq/ast.ts";

/** The tree as text in which every operation has its own parentheses. */
export function showTree(node: Node): string {
  const show = showTree;
  switch (node.kind) {
    case "identity":
      return ".";
    case "recurse":
      return "..";
    case "literal":
      return Object.is(node.value, -0)
        ? "-0"
        : typeof node.value === "number"
          ? String(node.value)
          : JSON.stringify(node.value);
    case "string":
      return `${node.format === null ? "" : `@${node.format}`}<${node.parts
        .map((part) => (typeof part === "string" ? JSON.stringify(part) : show(part)))
        .join(" ")}>`;
    case "format":
      return `@${node.name}`;
    case "index":
      return `${show(node.target)}[${show(node.index)}]`;
    case "slice":
      return `${show(node.target)}[${node.from === null ? "" : show(node.from)}:${node.to === null ? "" : show(node.to)}]`;
    case "iterate":
      return `${show(node.target)}[]`;
    case "array":
      return node.body === null ? "[]" : `[ ${show(node.body)} ]`;
    case "object":
      return `{${node.entries.map(({ key, value }) => `${show(key)}: ${show(value)}`).join(", ")}}`;
    case "negate":
      return `(- ${show(node.body)})`;
    case "pipe":
    case "comma":
    case "and":
    case "or":
    case "alternative":
      return `(${show(node.left)} ${SIGNS[node.kind]} ${show(node.right)})`;
    case "arithmetic":
    case "comparison":
      return `(${show(node.left)} ${node.operator} ${show(node.right)})`;
    case "assign":
      return `(${show(node.target)} ${node.operator} ${show(node.value)})`;
    case "if":
      return `(if ${show(node.condition)} ${show(node.then)} ${node.otherwise === null ? "-" : show(node.otherwise)})`;
    case "try":
      return `(try ${show(node.body)}${node.handler === null ? "" : ` catch ${show(node.handler)}`})`;
    case "reduce":
    case "foreach": {
      const patterns = [node.pattern, ...node.alternatives].map(showPattern).join(" ?// ");
      const extract = node.kind === "foreach" && node.extract !== null ? `; ${show(node.extract)}` : "";
      return `(${node.kind} ${show(node.source)} as ${patterns}: ${show(node.init)}; ${show(node.update)}${extract})`;
    }
    case "bind":
      return `(${show(node.source)} as ${node.patterns.map(showPattern).join(" ?// ")} | ${show(node.body)})`;
    case "define": {
      const { name, params, body } = node.definition;
      const list = params.map((param) => (param.value ? `$${param.name}` : param.name)).join("; ");
      return `(def ${name}(${list}): ${show(body)}; ${show(node.body)})`;
    }
    case "call":
      return node.args.length === 0 ? node.name : `${node.name}(${node.args.map(show).join("; ")})`;
    case "variable":
      return `$${node.name}`;
    case "label":
      return `(label $${node.name} | ${show(node.body)})`;
    default:
      return `break $${node.name}`;
  }
}

const SIGNS = { pipe: "|", comma: ",", and: "and", or: "or", alternative: "//" };

function showPattern(pattern: Pattern): string {
  switch (pattern.kind) {
    case "variable":
      return `$${pattern.name}`;
    case "array":
      return `[${pattern.items.map(showPattern).join(", ")}]`;
    default:
      return `{${pattern.entries
        .map(({ key, variable, pattern: inner }) =>
          [
            variable === null ? showTree(key) : `$${variable}`,
            ...(inner === null ? [] : [showPattern(inner)]),
          ].join(": "),
        )
        .join(", ")}}`;
  }
}
