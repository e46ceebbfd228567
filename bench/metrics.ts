/**
 * How long the questions of the pages take for one service of 20,000 commits (and another beside it), against the fold alone and against an
 * empty question over HTTP, with the plans of their statements. `node bench/metrics.ts`: on the embedded database, or
 * on PostgreSQL when DATABASE_URL is set. Compare the ratios: times of another run or machine say nothing.
 */
import {
  CompiledQuery,
  createQueryId,
  type Kysely,
  type KyselyPlugin,
  type QueryResult,
  type RootOperationNode,
  type UnknownRow,
} from "kysely";
import { computeMetrics, computeSeries } from "../src/dora/metrics.ts";
import { deploymentDetail } from "../src/metrics/dora/deployment.ts";
import { doraEvidence } from "../src/metrics/dora/evidence.ts";
import { doraMetrics } from "../src/metrics/dora/query.ts";
import { parseQuestion, type QuestionInput } from "../src/metrics/dora/question.ts";
import { inputFor, readNumbers } from "../src/metrics/dora/read-input.ts";
import { SYSTEM_ACTOR } from "../src/model/actor.ts";
import type { Ctx } from "../src/storage/context.ts";
import type { Tables } from "../src/storage/tables.ts";
import { startServer, type TestServer } from "../test/e2e/support/server.ts";
import { openAt, type TestPlace } from "../test/support/database.ts";
import { benchRepository, importInto } from "./import.ts";

const ROUNDS = 9;
const WARM_UP = 2;

export interface Timing {
  readonly name: string;
  readonly minMs: number;
  readonly medianMs: number;
  readonly maxMs: number;
}

export interface Plan {
  readonly question: string;
  readonly statement: string;
  readonly plan: readonly string[];
}

export interface MetricsBench {
  readonly store: "postgres" | "embedded";
  readonly commits: number;
  readonly timings: readonly Timing[];
  readonly plans: readonly Plan[];
}

interface Questions {
  readonly history: QuestionInput;
  readonly recent: QuestionInput;
  readonly deployment: string;
}

async function questionsFor(server: TestServer): Promise<Questions> {
  const shop = { blueprint: "service", entity: "shop", interval: "week", timezone: "UTC" };
  const history = { ...shop, from: "2018-01-01T00:00:00Z" };
  const { rows } = await server.get<{
    rows: readonly { links: { deployment: string }; timestamps: { finished: string } }[];
  }>("/v1/dora/evidence", { ...history, metric: "deploymentFrequency", limit: "1" });
  const newest = rows[0];
  if (newest === undefined) throw new Error("no deployment in the history");
  // The generated history ends at a fixed day: its last 90 days, wherever that is.
  const to = Date.parse(newest.timestamps.finished) + 1000;
  const recent = {
    ...shop,
    from: new Date(to - 90 * 86_400_000).toISOString(),
    to: new Date(to).toISOString(),
  };
  return { history, recent, deployment: newest.links.deployment };
}

/** Median of nine rounds; the questions take turns, so that all of them meet the same machine. */
async function time(asked: Readonly<Record<string, () => unknown>>): Promise<Timing[]> {
  const taken = new Map<string, number[]>(Object.keys(asked).map((name) => [name, []]));
  for (let round = -WARM_UP; round < ROUNDS; round++)
    for (const [name, ask] of Object.entries(asked)) {
      const started = performance.now();
      await ask();
      if (round >= 0) taken.get(name)?.push(performance.now() - started);
    }
  return [...taken].map(([name, times]) => {
    times.sort((a, b) => a - b);
    return { name, minMs: times[0] ?? 0, medianMs: times[ROUNDS >> 1] ?? 0, maxMs: times.at(-1) ?? 0 };
  });
}

function overHttp(server: TestServer, { history, recent, deployment }: Questions): Promise<Timing[]> {
  const ask = (path: string, input: object) => () => server.get(path, input as Record<string, string>);
  const lead = { metric: "changeLeadTime", limit: "200" };
  const failures = { metric: "changeFailureRate", limit: "200" };
  return time({
    "select 1 (/readyz)": () => server.get("/readyz"),
    "metrics, whole history": ask("/v1/dora/metrics", history),
    "metrics, 90 days": ask("/v1/dora/metrics", recent),
    "metrics, 90 days, compared": ask("/v1/dora/metrics", { ...recent, compare: "previous" }),
    "evidence of lead time, whole history, first page": ask("/v1/dora/evidence", { ...history, ...lead }),
    "evidence of lead time, 90 days, first page": ask("/v1/dora/evidence", { ...recent, ...lead }),
    "evidence of failures, whole history, first page": ask("/v1/dora/evidence", { ...history, ...failures }),
    deployment: ask(`/v1/dora/deployments/${encodeURIComponent(deployment)}`, {}),
  });
}

/** Collects the statements that pass through. */
class Recorder implements KyselyPlugin {
  readonly nodes: RootOperationNode[] = [];
  transformQuery({ node }: { node: RootOperationNode }): RootOperationNode {
    this.nodes.push(node);
    return node;
  }
  async transformResult({ result }: { result: QueryResult<UnknownRow> }): Promise<QueryResult<UnknownRow>> {
    return result;
  }
}

async function explain(
  db: Kysely<Tables>,
  question: string,
  ask: (db: Kysely<Tables>) => Promise<unknown>,
): Promise<Plan[]> {
  const recorder = new Recorder();
  await ask(db.withPlugin(recorder));
  const plans: Plan[] = [];
  for (const node of recorder.nodes) {
    const { sql: statement, parameters } = db.getExecutor().compileQuery(node, createQueryId());
    const { rows } = await db.executeQuery<Record<string, string>>(
      CompiledQuery.raw(`explain (analyze, buffers) ${statement}`, [...parameters]),
    );
    plans.push({
      question,
      statement: statement.replace(/\s+/g, " ").trim(),
      plan: rows.map((row) => row["QUERY PLAN"] ?? ""),
    });
  }
  return plans;
}

/** What needs the store itself: the fold in memory, and the plans. */
async function inProcess(
  place: TestPlace,
  { history, recent, deployment }: Questions,
): Promise<{ timings: Timing[]; plans: Plan[]; store: MetricsBench["store"] }> {
  const database = await openAt(place);
  try {
    const { kysely } = database;
    const { id: org } = await kysely.selectFrom("organization").select("id").executeTakeFirstOrThrow();
    const quiet = (): undefined => undefined;
    const ctxOf = (db: Kysely<Tables>): Ctx => ({
      db,
      org,
      actor: SYSTEM_ACTOR,
      now: () => new Date(),
      log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
    });
    const fold = async (input: QuestionInput): Promise<() => void> => {
      const question = await parseQuestion(ctxOf(kysely), input, null);
      const rows = inputFor(question, question.window, await readNumbers(ctxOf(kysely), question), true);
      return () => {
        computeMetrics(rows);
        computeSeries(rows);
      };
    };
    const timings = await time({
      "fold alone, whole history": await fold(history),
      "fold alone, 90 days": await fold(recent),
    });
    const plans = [
      ...(await explain(kysely, "metrics, whole history", (db) => doraMetrics(ctxOf(db), history, null))),
      ...(await explain(kysely, "metrics, 90 days", (db) => doraMetrics(ctxOf(db), recent, null))),
      ...(await explain(kysely, "evidence of lead time, whole history", (db) =>
        doraEvidence(ctxOf(db), { ...history, metric: "changeLeadTime", limit: 200 }, null),
      )),
      ...(await explain(kysely, "deployment", (db) => deploymentDetail(ctxOf(db), deployment, null))),
    ];
    return { timings, plans, store: database.kind };
  } finally {
    await database.close();
  }
}

export async function benchMetrics(): Promise<MetricsBench> {
  const repository = await benchRepository();
  const server = await startServer();
  try {
    const { sent } = await importInto(server, repository);
    // As much again of another service, which the questions have to pass by.
    await importInto(server, { ...repository, name: "example.org/acme/neighbour" }, "neighbour");
    const questions = await questionsFor(server);
    const http = await overHttp(server, questions);
    await server.halt();
    const { timings, plans, store } = await inProcess(server.place, questions);
    return { store, commits: sent.commits, timings: [...http, ...timings], plans };
  } finally {
    await server.stop();
    repository.remove();
  }
}

/** One line a question: milliseconds, and how often the empty question and the fold of the same window fit in. */
export function timingLines({ timings }: MetricsBench): string[] {
  const medianOf = (name: string): number =>
    timings.find((timing) => timing.name === name)?.medianMs ?? Number.NaN;
  return timings.map(({ name, minMs, medianMs, maxMs }) => {
    const fold = medianOf(`fold alone, ${name.includes("90 days") ? "90 days" : "whole history"}`);
    const perFold = name.startsWith("metrics") ? `${(medianMs / fold).toFixed(1)} × the fold` : "";
    const perEmpty = `${(medianMs / medianOf("select 1 (/readyz)")).toFixed(1)} × select 1`;
    const range = [minMs, medianMs, maxMs].map((ms) => ms.toFixed(1)).join(" / ");
    return `${name.padEnd(50)} ${range.padStart(24)} ms  ${perEmpty.padStart(18)}  ${perFold}`;
  });
}

if (import.meta.main) {
  const bench = await benchMetrics();
  console.log(`${bench.store}, ${bench.commits} commits, min / median / max of ${ROUNDS}`);
  for (const line of timingLines(bench)) console.log(line);
  for (const { question, statement, plan } of bench.plans)
    console.log(`\n${question}: ${statement}\n${plan.map((line) => `  ${line}`).join("\n")}`);
}
