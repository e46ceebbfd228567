/**
 * DORA at sizes M and L (dora.md section 6) over HTTP: `tools/with-postgres node bench/dora/sizes.ts`, embedded without
 * `with-postgres`; SIZES=M leaves L out, DEVLAKE=no what DevLake asks. Times are those of a machine; the ratios, the plans and the processor time say more.
 */
import { sql } from "kysely";
import { doraExplain } from "../../src/metrics/dora/explain.ts";
import { doraMetrics } from "../../src/metrics/dora/query.ts";
import type { Ctx } from "../../src/storage/context.ts";
import { startServer, type TestServer } from "../../test/e2e/support/server.ts";
import { megabytes, processorMs } from "../support/process-usage.ts";
import { quantile } from "../support/statistics.ts";
import { deriveEverything, withDatabase } from "./derive-everything.ts";
import { devlakeTwin } from "./devlake-twin.ts";
import { copyToL, defineModel, fillM, SIZE_M } from "./fill.ts";

const ROUNDS = 40;
const YEAR = { last: "365d", interval: "week" };
const DAY_MS = 86_400_000;
interface Asked {
  readonly path: "/v1/dora/metrics" | "/v1/dora/explain";
  readonly question: Readonly<Record<string, string>>;
}
const metrics = (question: Asked["question"]): Asked => ({ path: "/v1/dora/metrics", question });
const ago = (days: number): string => new Date(Date.now() - days * DAY_MS).toISOString();
const QUESTIONS: Readonly<Record<string, Asked>> = {
  "organisation, a year by weeks": metrics(YEAR),
  "the same, compared with the year before": metrics({ ...YEAR, compare: "previous" }),
  "half a year, compared with the half before": metrics({
    ...{ last: "180d", interval: "week", compare: "previous" },
  }),
  "organisation, 90 days by days": metrics({ last: "90d", interval: "day" }),
  "one service, a year by weeks": metrics({ ...YEAR, entity: "service-7" }),
  "organisation as of 60 days ago, a year by weeks": metrics({ ...YEAR, asOf: ago(60) }),
  "a team, a year by weeks": metrics({ ...YEAR, blueprint: "_team", entity: "team-4" }),
  "each team, a year by weeks": metrics({ ...YEAR, blueprint: "_team" }),
  "each service, 90 days by weeks": metrics({ last: "90d", interval: "week", blueprint: "service" }),
  "explain the lead time of the organisation": {
    path: "/v1/dora/explain",
    question: { ...YEAR, metric: "changeLeadTime" },
  },
};

async function ask(server: TestServer, size: string): Promise<Map<string, number>> {
  const medians = new Map<string, number>();
  const cold = performance.now();
  await server.get("/v1/dora/metrics", YEAR);
  console.log(`${size}: the first question after a start ${(performance.now() - cold).toFixed(0)} ms`);
  for (const [name, { path, question }] of Object.entries(QUESTIONS)) {
    await server.get(path, question);
    const times: number[] = [];
    const before = processorMs(server.pid);
    for (let round = 0; round < ROUNDS; round++) {
      const started = performance.now();
      await server.get(path, question);
      times.push(performance.now() - started);
    }
    const own = (processorMs(server.pid) - before) / ROUNDS;
    medians.set(name, quantile(times, 0.5));
    console.log(
      `${size}: ${name.padEnd(48)} p50 ${quantile(times, 0.5).toFixed(1)}, p95 ${quantile(times, 0.95).toFixed(1)}, ` +
        `least ${Math.min(...times).toFixed(1)} ms; processor of the server ${own.toFixed(1)} ms`,
    );
  }
  console.log(
    `${size}: memory of the server ${megabytes(server.pid).toFixed(0)} MB, highest ${megabytes(server.pid, "VmHWM").toFixed(0)} MB`,
  );
  return medians;
}

/**
 * The longest turn of the event loop while each question is answered, in this process: of ten, the least, as that of a quiet
 * machine, and the median.
 */
async function longestTurns(ctx: Ctx, size: string): Promise<void> {
  for (const [name, { path, question }] of Object.entries(QUESTIONS)) {
    const turns: number[] = [];
    for (let round = 0; round < 11; round++) {
      let [longest, isOver, last] = [0, false, performance.now()];
      const tick = (): void => {
        const now = performance.now();
        longest = Math.max(longest, now - last);
        last = now;
        if (!isOver) setImmediate(tick);
      };
      setImmediate(tick);
      const answer =
        path === "/v1/dora/explain"
          ? await doraExplain(ctx, { metric: "changeLeadTime", ...question }, null)
          : await doraMetrics(ctx, question, null);
      // The answer of a server is written at once.
      JSON.stringify(answer);
      isOver = true;
      tick();
      if (round > 0) turns.push(longest);
    }
    console.log(
      `${size}: ${name.padEnd(48)} longest turn of the loop: least ${Math.min(...turns).toFixed(1)}, p50 ${quantile(turns, 0.5).toFixed(1)} ms`,
    );
  }
}

/** From the answer to a deployment until the number of the organisation has it. */
async function oneEvent(server: TestServer, size: string): Promise<void> {
  const times: number[] = [];
  const count = async (): Promise<number> => {
    const { metrics } = await server.get<{ metrics: { deploymentFrequency: { count: number } } }>(
      "/v1/dora/metrics",
      YEAR,
    );
    return metrics.deploymentFrequency.count;
  };
  for (let round = 0; round < 20; round++) {
    const before = await count();
    await server.post("/v1/blueprints/deployment/entities", {
      identifier: `new-${size}-${round}`,
      properties: {
        environment: "Production",
        deploymentStatus: "Success",
        createdAt: new Date().toISOString(),
      },
      relations: { service: `service-${20 + round}` },
    });
    const started = performance.now();
    while ((await count()) === before)
      if (performance.now() - started > 60_000) throw new Error("it does not arrive");
    times.push(performance.now() - started);
  }
  console.log(
    `${size}: one event to the number p50 ${quantile(times, 0.5).toFixed(0)}, p95 ${quantile(times, 0.95).toFixed(0)} ms`,
  );
}

let server = await startServer();
try {
  const { place } = server;
  await defineModel((path, body) => server.post(path, body));
  await server.halt();
  const kind = await withDatabase(place, async (ctx, store) => {
    await fillM(ctx.db, ctx.org);
    console.log(`${store}; M: ${JSON.stringify(SIZE_M)}`);
    console.log(`M: everything from scratch ${await deriveEverything(ctx)}`);
    await sql`vacuum analyze`.execute(ctx.db);
    if (store === "postgres" && process.env["DEVLAKE"] !== "no")
      for (const line of await devlakeTwin(ctx.db, ctx.org)) console.log(line);
    return store;
  });
  server = await startServer(place);
  const atM = await ask(server, "M");
  await oneEvent(server, "M");
  await server.halt();
  await withDatabase(place, (ctx) => longestTurns(ctx, "M"));
  if (kind === "postgres" && process.env["SIZES"] !== "M") {
    await withDatabase(place, (ctx) => copyToL(ctx.db, ctx.org));
    server = await startServer(place);
    const atL = await ask(server, "L");
    await oneEvent(server, "L");
    for (const [name, ms] of atL)
      console.log(`M to L: ${name.padEnd(48)} ${(ms / (atM.get(name) ?? Number.NaN)).toFixed(2)} times`);
  }
} finally {
  await server.stop();
}
