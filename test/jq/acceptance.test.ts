/**
 * jq's own test files. `jq.test` runs where the folder with the fixtures is beside the checkout; any other file of that format by
 * path: `JQ_TEST_FILES=/a/man.test,/b/onig.test npx vitest run test/jq/acceptance.test.ts`.
 */
import { existsSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { patient } from "../support/patience.ts";
import { type FileCase, parseTestFile, runFileCase } from "./support/test-file.ts";

const fixture = fileURLToPath(new URL("../../../shared/fixtures/jq/jq.test", import.meta.url));
const given = (process.env.JQ_TEST_FILES ?? "").split(",").filter((path) => path !== "");
const files = [...(existsSync(fixture) ? [fixture] : []), ...given];
if (files.length === 0)
  process.stderr.write("\nNOT RUN: jq's own test cases: there is no ../shared/fixtures/jq/jq.test\n\n");

const problem = (one: FileCase): string => {
  const found = runFileCase(one);
  return found === null ? "" : `line ${one.line}: ${one.program}\n    ${found}`;
};

describe.each(files.map((path) => [basename(path), path] as const))("%s", (_name, path) => {
  const cases = parseTestFile(readFileSync(path, "utf8"));
  test("every case holds, without an exception", { timeout: patient(120_000) }, () => {
    const problems = cases.map(problem);
    expect(problems.filter((text) => text !== "").join("\n")).toBe("");
    expect(cases.length).toBeGreaterThan(0);
  });
});

describe("the runner of such files", () => {
  test("reads groups, comments, failures", () => {
    const text =
      '# a comment\n\n.a\n{"a": 1}\n1\n\n  # more\n%%FAIL\n{(1): 2}\njq: error: Cannot\n\n%%FAIL IGNORE MSG\n}\nx\n';
    expect(parseTestFile(text)).toEqual([
      { line: 3, program: ".a", input: '{"a": 1}', outputs: ["1"], fails: false },
      { line: 9, program: "{(1): 2}", input: "", outputs: [], fails: true },
      { line: 13, program: "}", input: "", outputs: [], fails: true },
    ]);
  });

  test.each([
    ["a wrong output", ".", "1", ["2"]],
    ["an output too few", ".[]", "[1]", ["1", "2"]],
    ["an output too many", ".[]", "[1, 2]", ["1"]],
    ["an error before the last output", "1, error, 2", "null", ["1", "2"]],
    ["a program that does not compile", "(", "null", []],
  ])("sees %s", (_name, program, input, outputs) => {
    expect(runFileCase({ line: 1, program, input, outputs, fails: false })).not.toBeNull();
  });

  test("sees a program that should not compile", () => {
    expect(runFileCase({ line: 1, program: ".", input: "", outputs: [], fails: true })).not.toBeNull();
  });

  test("an error after the last output is an end like any other", () => {
    expect(
      runFileCase({ line: 1, program: "1, error", input: "null", outputs: ["1"], fails: false }),
    ).toBeNull();
  });
});
