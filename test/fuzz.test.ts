/** A short run of `tools/fuzz.ts` with a kept seed, and what longer runs have found. */
import { describe, expect, test } from "vitest";
import { parseDocuments } from "../src/cli/apply/read-documents.ts";
import { parseCsvText } from "../src/cli/devlake/read-csv.ts";
import { parseCommit } from "../src/cli/git/commit.ts";
import { CliError } from "../src/cli/cli-error.ts";
import { readMappingDocument } from "../src/ingest/read-document.ts";
import { AppError } from "../src/model/error.ts";
import { parseScimPatch, ScimError } from "../src/model/scim.ts";
import { runInput } from "../tools/fuzz/run-inputs.ts";
import { TARGETS } from "../tools/fuzz/targets/index.ts";

const SEED = 1;
const INPUTS = 300;
/** Whole mappings take longer. */
const FEWER: Readonly<Record<string, number>> = { yaml: 40, jq: 150 };

describe(`spoilt inputs of seed ${SEED}`, () => {
  test.each(TARGETS)("$name: $about", async (target) => {
    const failures: string[] = [];
    for (let index = 0; index < (FEWER[target.name] ?? INPUTS); index += 1) {
      const failure = await runInput(target, SEED, index);
      if (failure !== null) failures.push(`${index}: ${failure.what}`);
    }
    expect(failures).toEqual([]);
  });
});

describe("what longer runs have found", () => {
  const mapping = "resources:\n";
  const refused = (text: string): string => {
    try {
      readMappingDocument(text);
      return "taken";
    } catch (error) {
      if (error instanceof AppError) return error.message;
      throw error;
    }
  };

  test("lone carriage returns in a mapping took the square of their number: 18,000 of them 4 seconds", () => {
    expect(refused(`${mapping}${"\r".repeat(190_000)}`)).toBe("taken");
    expect(refused(`${mapping}${"\r".repeat(150_000)} - kind: [`)).toMatch(/line 150002/);
  });

  test.each(["- ", "? ", "[", "{a: "])(
    "%j nested thousands of times overflowed the stack of the parser",
    (open) => {
      expect(refused(mapping + open.repeat(20_000))).toMatch(/^the mapping: /);
      expect(() => parseDocuments(open.repeat(20_000), "a.yaml")).toThrow(CliError);
    },
  );

  test.each(["? ", "? - "])("keys within keys, %j 380 times, took minutes", (open) => {
    expect(refused(open.repeat(190))).toMatch(/line 1, column 3: has a list or a map for a key/);
    expect(refused(open.repeat(380))).toMatch(/^the mapping: /);
    expect(refused(`a:\n  b: {[x]: y}\n`)).toMatch(/line 2, column 7: has a list or a map for a key/);
    expect(refused("a: &x [1]\n? *x\n: 1\n")).toMatch(/line 2, column 3: has a list or a map for a key/);
    expect(() => parseDocuments(open.repeat(380), "a.yaml")).toThrow(CliError);
    expect(() => parseDocuments("\n{[x]: y}\n", "a.yaml")).toThrow(/a\.yaml:2: a list or a map/);
  });

  test("an operation of SCIM that is an object without a text of its own ended in a TypeError", () => {
    const Operations = [{ op: { toString: "" }, value: { active: false } }];
    expect(() => parseScimPatch({ Operations })).toThrow(ScimError);
  });

  test("a stream that begins with nothing kept the mark of its byte order in the first column", async () => {
    const chunks = async function* (): AsyncGenerator<string> {
      yield* await Promise.resolve(["", "\ufeffid\n", "1\n"]);
    };
    const rows = [];
    for await (const batch of parseCsvText(chunks(), "a.csv", ["id"])) rows.push(...batch);
    expect(rows).toEqual([{ at: "a.csv:2", cells: { id: "1" } }]);
  });

  test("a parent that is no sha, with a NUL in it, came through", () => {
    const sha = "a".repeat(40);
    const raw = `tree ${sha}\nparent ${sha}\nparent b\u0000\nauthor A <a> 1 +0000\n\nx`;
    expect(parseCommit(sha, Buffer.from(raw)).parents).toEqual([sha]);
  });

  test("keys that are there twice are still told with their place, in maps of any size", () => {
    expect(refused("a: 1\nb: {c: 1, d: 2, c: 3}\n")).toMatch(/line 2, column 17: .*must be unique/);
    const keys = Array.from({ length: 12_000 }, (_, i) => `k${i}`);
    expect(refused(`{${keys.join(",")},k0}`)).toMatch(/must be unique/);
    expect(refused("x: &x {a: 1}\ny:\n  <<: *x\n  <<: *x\n")).toBe("taken");
  });
});
