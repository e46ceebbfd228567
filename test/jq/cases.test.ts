/**
 * The table of cases: what each construct and each builtin of jq 1.8.2 gives. jq-web runs it too (an older jq: where it
 * differs is listed), and so does the binary that `JQ_BINARY` names (of a jq 1.8: it must agree everywhere).
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { compile, type Json, JqCompileError, JqError } from "../../src/jq/index.ts";
import { TABLES } from "./cases/index.ts";
import { additions } from "./cases/additions.ts";
import { NEVER_ENDS, OLDER } from "./cases/older.ts";
import { calledIn } from "./support/called.ts";
import { sameButForQuotes, sameOutcome } from "./differential-rules.ts";
import { type Item, jqBinary, jqWeb, type Oracle, type Outcome, type Outcomes } from "./support/oracle.ts";
import { printed, show } from "./support/same.ts";

const rows = TABLES.flatMap((table) => table.rows);

function outcomeOf(program: string, input: Json): Outcome {
  try {
    return { outputs: compile(program).run(input) };
  } catch (error) {
    if (error instanceof JqError && error.code !== "jq_limit")
      return { outputs: error.outputs, error: error.value };
    throw error;
  }
}
/** What the table says, as an oracle would print it. */
const asPrinted = ({ outputs, error }: Outcome): Outcome => ({
  outputs: outputs.map(printed),
  ...(error === undefined ? {} : { error }),
});

describe.each(TABLES)("$title", ({ rows }) => {
  test.each(rows.map((row) => [row.program, row] as const))("%s", (program, row) => {
    if (row.refused !== undefined) expect(() => compile(program)).toThrow(JqCompileError);
    for (const { input, ...expected } of row.runs) {
      const got = outcomeOf(program, input);
      expect(
        sameOutcome(got, asPrinted(expected))
          ? ""
          : `${show(input)} gave ${show(got)}, not ${show(expected)}`,
      ).toBe("");
    }
  });
});

test("the table is large, and no program is in it twice", () => {
  const programs = rows.map(({ program }) => program);
  expect(rows.flatMap(({ runs }) => runs).length).toBeGreaterThanOrEqual(1_600);
  expect(programs.filter((program, i) => programs.indexOf(program) !== i)).toEqual([]);
});

test("the environment, the clock and variables are what is given", () => {
  expect(compile("env.A, $ENV.A, ($ENV | length)", { env: { A: "1" } }).run(null)).toEqual(["1", "1", 1]);
  expect(compile("now", { now: () => 12.5 }).run(null)).toEqual([12.5]);
  expect(compile("now | todate").run(null, { now: 60 })).toEqual(["1970-01-01T00:01:00Z"]);
  expect(compile("$x + $y", { args: { x: 1, y: 2 } }).run(null, { args: { y: 5 } })).toEqual([6]);
  const berlin = compile('strflocaltime("%H:%M %Z %z"), (localtime | mktime)', { timeZone: "Europe/Berlin" });
  expect(berlin.run(1_720_000_000)).toEqual(["11:46 CEST +0200", 1_720_007_200]);
});

test("every builtin is in the table", () => {
  const called = new Set(
    rows.filter(({ refused }) => refused === undefined).flatMap(({ program }) => calledIn(program)),
  );
  const [names] = compile("builtins").run(null) as string[][];
  expect(names!.filter((name) => !called.has(name)).sort()).toEqual([]);
  expect(names!.length).toBeGreaterThan(200);
});

/** The table as items for an oracle, and the rows that it has another mind about. */
const asked = TABLES.filter((table) => table !== additions)
  .flatMap((table) => table.rows)
  .filter(({ program, refused }) => refused === undefined && program !== NEVER_ENDS);
const items: Item[] = asked.map(({ program, runs }) => ({
  program,
  inputs: runs.map(({ input }) => JSON.stringify(input)),
}));
const disagreeing = (
  answers: readonly Outcomes[],
  agree: (expected: Outcome, given: Outcome) => boolean,
): string[] =>
  asked
    .filter((row, i) => {
      const answer = answers[i]!;
      return answer === null || row.runs.some((run, k) => !agree(run, answer[k]!));
    })
    .map(({ program }) => program);

describe("jq-web", () => {
  let oracle: Oracle;
  beforeAll(() => {
    oracle = jqWeb();
  });
  afterAll(() => oracle.close());

  test("gives the same, but for what changed since", async () => {
    const listed = new Set(OLDER.flatMap(({ programs }) => programs));
    const found = disagreeing(await oracle.ask(items), (a, b) => sameOutcome(a, b) || sameButForQuotes(a, b));
    expect(found.filter((program) => !listed.has(program))).toEqual([]);
    expect([...listed].filter((program) => !found.includes(program))).toEqual([]);
  });
});

if (process.env.JQ_BINARY !== undefined)
  test("a jq 1.8 gives the same", async () => {
    const oracle = jqBinary();
    expect(oracle?.name).toMatch(/^jq-1\.8/u);
    const lasting = new Set(OLDER.flatMap((change) => (change.lasting === true ? change.programs : [])));
    const found = disagreeing(await oracle!.ask(items), sameOutcome);
    expect(found.filter((program) => !lasting.has(program))).toEqual([]);
  });
