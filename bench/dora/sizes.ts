/**
 * DORA at sizes M and L (dora.md section 6) over HTTP: `tools/with-postgres node bench/dora/sizes.ts`, embedded without
 * `with-postgres`; SIZES=M leaves L out. Times are those of a machine; the ratios, the plans and the processor time say more.
 */
import { readFileSync } from "node:fs";
import { sql } from "kysely";
import { createDeriver } from "../../src/metrics/dora/derive-service.ts";
import { allServices } from "../../src/storage/dora-facts.ts";
import { SYSTEM_ACTOR } from "../../src/model/actor.ts";
import type { Ctx } from "../../src/storage/context.ts";
import { transact } from "../../src/storage/transact.ts";
import { startServer, type TestServer } from "../../test/e2e/support/server.ts";
import { openAt, type TestPlace } from "../../test/support/database.ts";
import { devlakeTwin } from "./devlake-twin.ts";
import { copyToL, defineModel, fillM, SIZE_M } from "./fill.ts";

const ROUNDS = 40;
const YEAR = { last: "365d", interval: "week" };
const QUESTIONS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "organisation, a year by weeks": YEAR,
  "the same, compared with the year before": { ...YEAR, compare: "previous" },
  "organisation, 90 days by days": { last: "90d", interval: "day" },
  "one service, a year by weeks": { ...YEAR, entity: "service-7" },
};

const percentile = (times: readonly number[], share: number): number =>
  times.toSorted((a, b) => a - b)[Math.ceil(share * times.length) - 1] ?? Number.NaN;

/** Milliseconds of the processor that a process has used (`/proc`, in hundredths of a second). */
function processorMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

const memory = (pid: number, line: "VmRSS" | "VmHWM"): string =>
  `${Math.round(Number(new RegExp(`${line}:\\s+(\\d+)`).exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1024)} MB`;

async function ask(server: TestServer, size: string): Promise<Map<string, number>> {
  const medians = new Map<string, number>();
  const cold = performance.now();
  await server.get("/v1/dora/metrics", YEAR);
  console.log(`${size}: the first question after a start ${(performance.now() - cold).toFixed(0)} ms`);
  for (const [name, question] of Object.entries(QUESTIONS)) {
    await server.get("/v1/dora/metrics", question);
    const times: number[] = [];
    const before = processorMs(server.pid);
    for (let round = 0; round < ROUNDS; round++) {
      const started = performance.now();
      await server.get("/v1/dora/metrics", question);
      times.push(performance.now() - started);
    }
    const own = (processorMs(server.pid) - before) / ROUNDS;
    medians.set(name, percentile(times, 0.5));
    console.log(
      `${size}: ${name.padEnd(42)} p50 ${percentile(times, 0.5).toFixed(1)}, p95 ${percentile(times, 0.95).toFixed(1)}, ` +
        `least ${Math.min(...times).toFixed(1)} ms; processor of the server ${own.toFixed(1)} ms`,
    );
  }
  console.log(
    `${size}: memory of the server ${memory(server.pid, "VmRSS")}, highest ${memory(server.pid, "VmHWM")}`,
  );
  return medians;
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
    `${size}: one event to the number p50 ${percentile(times, 0.5).toFixed(0)}, p95 ${percentile(times, 0.95).toFixed(0)} ms`,
  );
}

async function withDatabase<T>(place: TestPlace, work: (ctx: Ctx, kind: string) => Promise<T>): Promise<T> {
  const database = await openAt(place);
  try {
    const { id: org } = await database.kysely
      .selectFrom("organization")
      .select("id")
      .executeTakeFirstOrThrow();
    const quiet = (): undefined => undefined;
    const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };
    return await work(
      { db: database.kysely, org, actor: SYSTEM_ACTOR, now: () => new Date(), log },
      database.kind,
    );
  } finally {
    await database.close();
  }
}

async function deriveEverything(ctx: Ctx): Promise<void> {
  const deriver = createDeriver();
  const services = await allServices(ctx.db, ctx.org, "service");
  const before = process.cpuUsage();
  const started = performance.now();
  for (const service of services) {
    const write = await deriver.derive(ctx, service);
    await transact(ctx, write);
  }
  const own = process.cpuUsage(before);
  console.log(
    `M: everything from scratch ${((performance.now() - started) / 1000).toFixed(1)} s, ` +
      `processor of this process ${((own.user + own.system) / 1e6).toFixed(1)} s`,
  );
  await deriver.stop();
}

let server = await startServer();
try {
  const { place } = server;
  await defineModel(server);
  await server.halt();
  const kind = await withDatabase(place, async (ctx, store) => {
    await fillM(ctx.db, ctx.org);
    console.log(`${store}; M: ${JSON.stringify(SIZE_M)}`);
    await deriveEverything(ctx);
    await sql`vacuum analyze`.execute(ctx.db);
    if (store === "postgres") for (const line of await devlakeTwin(ctx.db, ctx.org)) console.log(line);
    return store;
  });
  server = await startServer(place);
  const atM = await ask(server, "M");
  await oneEvent(server, "M");
  if (kind === "postgres" && process.env["SIZES"] !== "M") {
    await server.halt();
    await withDatabase(place, (ctx) => copyToL(ctx.db, ctx.org));
    server = await startServer(place);
    const atL = await ask(server, "L");
    await oneEvent(server, "L");
    for (const [name, ms] of atL)
      console.log(`M to L: ${name.padEnd(42)} ${(ms / (atM.get(name) ?? Number.NaN)).toFixed(2)} times`);
  }
} finally {
  await server.stop();
}
