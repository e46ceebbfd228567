/**
 * Nine mapping expressions (of the DORA article and of usual data sources) on a pull request of 17 kB: our jq, the same logic
 * written by hand in JavaScript, and the jq's of npm. `node bench/jq.ts`. Results are compared before anything is timed.
 */
import { deepStrictEqual } from "node:assert";
import { loadavg } from "node:os";
import jqjs from "@michaelhomer/jqjs";
import jqWeb from "jq-web";
import { compile } from "../src/jq/index.ts";
import { pullRequestEvent } from "./pull-request.ts";

const payload = { body: pullRequestEvent };
type Payload = typeof payload;

interface Expression {
  readonly name: string;
  readonly text: string;
  readonly byHand: (input: Payload) => unknown;
}

const EXPRESSIONS: readonly Expression[] = [
  {
    name: "filter",
    text: '.body.action == "closed" and .body.pull_request.merged and .body.pull_request.base.ref == "main"',
    byHand: ({ body }) =>
      body.action === "closed" && body.pull_request.merged && body.pull_request.base["ref"] === "main",
  },
  {
    name: "identifier",
    text: '.body.repository.full_name + "/" + (.body.pull_request.number | tostring)',
    byHand: ({ body }) => `${String(body.repository["full_name"])}/${body.pull_request.number}`,
  },
  {
    name: "title",
    text: '.body.pull_request.title + " Deployment on merge"',
    byHand: ({ body }) => `${body.pull_request.title} Deployment on merge`,
  },
  { name: "constant", text: '"Production"', byHand: () => "Production" },
  {
    name: "date",
    text: ".body.pull_request.merged_at",
    byHand: ({ body }) => body.pull_request.merged_at,
  },
  {
    name: "labels",
    text: "[.body.pull_request.labels[].name]",
    byHand: ({ body }) => body.pull_request.labels.map((label) => label["name"]),
  },
  {
    name: "lead time",
    text: `.body.pull_request | .created_at as $createdAt | .merged_at as $mergedAt |
      if $mergedAt == null then null else
      ( ($mergedAt | strptime("%Y-%m-%dT%H:%M:%SZ") | mktime) -
        ($createdAt | strptime("%Y-%m-%dT%H:%M:%SZ") | mktime) ) / 3600 end`,
    byHand: ({ body }) => {
      const { created_at: createdAt, merged_at: mergedAt } = body.pull_request;
      return mergedAt === null ? null : (Date.parse(mergedAt) - Date.parse(createdAt)) / 3_600_000;
    },
  },
  {
    name: "branch without blanks",
    text: '.body.pull_request.head.ref | gsub("[^A-Za-z0-9@_.:/=-]"; "-")',
    byHand: ({ body }) => String(body.pull_request.head["ref"]).replaceAll(/[^A-Za-z0-9@_.:/=-]/gu, "-"),
  },
  {
    name: "kind of change",
    text: '.body.pull_request.title | test("^(feat|fix)(\\\\(.+\\\\))?: ")',
    byHand: ({ body }) => /^(feat|fix)(\(.+\))?: /u.test(body.pull_request.title),
  },
];

/** Runs everything once per call. */
type Work = () => void;

const ROUND_MS = 400;
const ROUNDS = 7;
const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!;

/** Milliseconds of one call, in one round. */
function round(work: Work): number {
  const start = performance.now();
  let calls = 0;
  let spent: number;
  do {
    for (let i = 0; i < 16; i++) work();
    calls += 16;
    spent = performance.now() - start;
  } while (spent < ROUND_MS);
  return spent / calls;
}

/** Milliseconds of one call of each: rounds in turn, so that a busy machine is equally unfair; the median. */
function compared(works: readonly Work[]): number[] {
  const rounds = works.map((): number[] => []);
  for (let i = 0; i <= ROUNDS; i++)
    for (const [k, work] of works.entries()) {
      const spent = round(work);
      // The first is for the optimiser.
      if (i > 0) rounds[k]!.push(spent);
    }
  return rounds.map(median);
}

let sink: unknown;
const line = (name: string, ...cells: string[]): void =>
  console.log(name.padEnd(26) + cells.map((cell) => cell.padStart(14)).join(""));
const rate = (milliseconds: number, count: number): string =>
  `${Math.round((count / milliseconds) * 1000).toLocaleString("en")}/s`;

function compileMicroseconds(text: string): number {
  const times = Array.from({ length: 400 }, () => {
    const start = performance.now();
    sink = compile(text);
    return (performance.now() - start) * 1000;
  });
  return median(times.slice(100));
}

console.log(
  `payload ${(JSON.stringify(payload).length / 1000).toFixed(1)} kB; load of the machine ${loadavg()[0]!.toFixed(1)}`,
);
const programs = EXPRESSIONS.map(({ text }) => compile(text));
for (const [i, { byHand }] of EXPRESSIONS.entries())
  deepStrictEqual(programs[i]!.first(payload), byHand(payload), EXPRESSIONS[i]!.name);

line("", "ours", "by hand", "ours/by hand", "compile");
for (const [i, { name, text, byHand }] of EXPRESSIONS.entries()) {
  const program = programs[i]!;
  const [ours, hand] = compared([
    () => {
      sink = program.first(payload);
    },
    () => {
      sink = byHand(payload);
    },
  ]) as [number, number];
  line(
    name,
    rate(ours, 1),
    rate(hand, 1),
    `${((hand / ours) * 100).toFixed(0)} %`,
    `${compileMicroseconds(text).toFixed(0)} µs`,
  );
}

const [ours, hand] = compared([
  () => {
    for (const program of programs) sink = program.first(payload);
  },
  () => {
    for (const { byHand } of EXPRESSIONS) sink = byHand(payload);
  },
]) as [number, number];
const count = EXPRESSIONS.length;
const compileMedian = median(EXPRESSIONS.map(({ text }) => compileMicroseconds(text)));
line(
  "all nine",
  rate(ours, count),
  rate(hand, count),
  `${((hand / ours) * 100).toFixed(0)} %`,
  `${compileMedian.toFixed(0)} µs`,
);
console.log("compile: the median of 300 compilations; all nine: the median of those medians\n");

/** Another jq: how many of the nine it answers right, and how fast those that it does. */
function other(name: string, answer: (text: string) => (() => unknown) | null): void {
  const right = EXPRESSIONS.flatMap(({ text, byHand }, i) => {
    try {
      const run = answer(text);
      if (run === null) return [];
      deepStrictEqual(run(), byHand(payload));
      return [{ run, ours: programs[i]! }];
    } catch {
      return [];
    }
  });
  const [theirs, mine] = compared([
    () => {
      for (const { run } of right) sink = run();
    },
    () => {
      for (const { ours } of right) sink = ours.first(payload);
    },
  ]) as [number, number];
  line(
    name,
    rate(theirs, right.length),
    `${right.length} of 9 right`,
    `ours × ${(theirs / mine).toFixed(1)}`,
  );
}

const web = await jqWeb;
const json = JSON.stringify(payload);
other("jq-web", (text) => () => JSON.parse(web.raw(json, text, ["-c"])) as unknown);

other("jqjs", (text) => {
  const filter = jqjs.compile(text);
  return () => {
    for (const first of filter(payload)) return first;
    return undefined;
  };
});
// What was computed must look needed.
if (sink === jqWeb) console.log("");
