/**
 * Programs and inputs by chance, against other jq's: jq-web always; the `jq` of the path (or `JQ_BINARY`) where there is one.
 * `JQ_PAIRS=20000` asks for as many pairs, `JQ_SEED=n` for another seed than the kept ones. What differs is either explained by
 * a rule of differential-rules.ts, or a failure. `JQ_BINARY=/a/jq-1.8.2` leaves the fewest rules.
 */
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { compile, type Json, JqError } from "../../src/jq/index.ts";
import { patient } from "../support/patience.ts";
import { isEndless, rulesFor, sameOutcome } from "./differential-rules.ts";
import { jsonInput, program } from "./support/grammar.ts";
import { jqBinary, jqWeb, type Item, type Oracle, type Outcome } from "./support/oracle.ts";
import { show } from "./support/same.ts";

const INPUTS_PER_PROGRAM = 3;
const pairs = Number(process.env.JQ_PAIRS ?? 2_000);
/** Seeds that are kept; more of them when more pairs are asked for. */
const SEEDS = [1, 20_261, 424_242, 8_675_309, 31_337];
const seeds =
  process.env.JQ_SEED === undefined
    ? SEEDS.slice(0, Math.ceil(pairs / 5_000))
    : [Number(process.env.JQ_SEED)];

function itemsOf(seed: number, count: number): Item[] {
  const inputs = fc
    .array(jsonInput, { minLength: INPUTS_PER_PROGRAM, maxLength: INPUTS_PER_PROGRAM })
    .map((values) => values.map((value) => JSON.stringify(value)));
  return fc.sample(fc.record({ program, inputs }), { seed, numRuns: Math.ceil(count / INPUTS_PER_PROGRAM) });
}

function outcomeOf(program: string, input: string): Outcome {
  try {
    return { outputs: compile(program).run(JSON.parse(input)) };
  } catch (error) {
    if (!(error instanceof JqError) || error.code === "jq_limit") throw error;
    return { outputs: error.outputs, error: error.value };
  }
}

interface Tally {
  readonly unexplained: string[];
  /** How many pairs each rule explains. */
  readonly explained: Map<string, number>;
  compared: number;
}

async function compareWith(oracle: Oracle, items: readonly Item[]): Promise<Tally> {
  const rules = rulesFor(oracle.name);
  const asked = items.filter(({ program }) => !isEndless(oracle.name, program));
  const given = await oracle.ask(asked);
  const answers = new Map(asked.map((item, i) => [item, given[i]!]));
  const tally: Tally = { unexplained: [], explained: new Map(), compared: 0 };
  for (const item of items)
    for (const [k, text] of item.inputs.entries()) {
      const { program } = item;
      tally.compared++;
      const theirs = answers.get(item)?.[k] ?? null;
      const ours = outcomeOf(program, text);
      if (theirs !== null && sameOutcome(ours, theirs)) continue;
      const input = JSON.parse(text) as Json;
      const rule = rules.find(({ explains }) => explains({ program, input, ours, theirs }));
      if (rule !== undefined) tally.explained.set(rule.name, (tally.explained.get(rule.name) ?? 0) + 1);
      else
        tally.unexplained.push(
          `${program}   with ${text}\n    gave ${show(ours)}\n    ${oracle.name} ${theirs === null ? "does not answer" : `gives ${show(theirs)}`}`,
        );
    }
  return tally;
}

const binary = jqBinary();
if (binary === null)
  process.stderr.write("\nNOT RUN: programs by chance against a jq binary: there is no jq\n\n");
const oracles = [jqWeb(), ...(binary === null ? [] : [binary])];
afterAll(() => Promise.all(oracles.map((oracle) => oracle.close())));

describe.each(oracles.map((oracle) => [oracle.name, oracle] as const))("%s", (_name, oracle) => {
  test.each(seeds)(
    "gives the same, but for known differences (seed %i)",
    { timeout: patient(600_000) },
    async (seed) => {
      const tally = await compareWith(oracle, itemsOf(seed, pairs / seeds.length));
      const rules = [...tally.explained].map(([name, count]) => `${name}: ${count}`).join("; ");
      process.stderr.write(`${oracle.name}, seed ${seed}: ${tally.compared} pairs. ${rules}\n`);
      // The shortest first: the easiest to understand.
      const shortest = tally.unexplained.sort((a, b) => a.length - b.length).slice(0, 10);
      expect(shortest.join("\n")).toBe("");
      expect(tally.compared).toBeGreaterThanOrEqual(pairs / seeds.length);
    },
  );
});

test("a jq 1.8 has the fewest rules", () => {
  expect(rulesFor("jq-1.8.2").length).toBeLessThanOrEqual(3);
  expect(rulesFor("jq-web").length).toBeGreaterThan(5);
  expect(rulesFor("jq-1.6").length).toBeGreaterThan(rulesFor("jq-web").length);
});
