import { parseMain } from "../../../src/jq/syntax/parse-module.ts";

/** The functions that a program calls, as "name/arity", wherever they stand in its syntax tree. */
export function calledIn(program: string): string[] {
  const found: string[] = [];
  const visit = (node: unknown): void => {
    if (typeof node !== "object" || node === null) return;
    const { kind, name, args } = node as { kind?: unknown; name?: unknown; args?: unknown };
    if (kind === "call" && Array.isArray(args)) found.push(`${String(name)}/${args.length}`);
    Object.values(node).forEach(visit);
  };
  visit(parseMain(program).body);
  return found;
}
