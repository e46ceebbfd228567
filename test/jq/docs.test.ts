/** The examples in the tables of docs/jq.md. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { compile, compileMapping, compileTemplate } from "../../src/jq/index.ts";

const text = readFileSync(new URL("../../docs/jq.md", import.meta.url), "utf8");

/** The rows below the header `| first | input | …`: the code in each cell. */
function rows(first: string): string[][] {
  const [, table = ""] = text.split(new RegExp(`^\\| ${first} \\| input \\| .*\\n\\|[-|]+\\n`, "m"));
  const lines = table.split("\n");
  return lines
    .slice(
      0,
      lines.findIndex((line) => !line.startsWith("|")),
    )
    .map((line) =>
      line
        .split(/(?<!\\)\|/)
        .slice(1, -1)
        .map((cell) => cell.trim().slice(1, -1).replaceAll("\\|", "|")),
    );
}

describe("docs/jq.md", () => {
  test("has examples", () => {
    expect([rows("program"), rows("expression"), rows("template")].map((list) => list.length > 3)).toEqual([
      true,
      true,
      true,
    ]);
  });

  test.each(rows("program"))("%s", (program, input, outputs) => {
    const expected = (outputs ?? "").split("` `").map((value) => JSON.parse(value) as unknown);
    expect(compile(program ?? "").run(JSON.parse(input ?? ""))).toEqual(expected);
  });

  test.each(rows("expression"))("%s", (expression, input, value) => {
    expect(compileMapping(expression ?? "").evaluate(JSON.parse(input ?? ""))).toEqual(
      JSON.parse(value ?? ""),
    );
  });

  test.each(rows("template"))("%s", (template, input, value) => {
    expect(compileTemplate(JSON.parse(template ?? "")).render(JSON.parse(input ?? ""))).toEqual(
      JSON.parse(value ?? ""),
    );
  });
});
