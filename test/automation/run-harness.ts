/** Runs carried out step by step in the test's own process, with its own clock, and a server that answers as the test says. */
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { sql } from "kysely";
import { createAction } from "../../src/automation/define-action.ts";
import { createExecutor } from "../../src/automation/execute-run.ts";
import { createWatcher } from "../../src/automation/report/watch-run.ts";
import { runAction } from "../../src/automation/run-action.ts";
import type { Broker, RunMeans } from "../../src/automation/run-means.ts";
import { createOutbound } from "../../src/integrations/outbound.ts";
import type { Run } from "../../src/model/run.ts";
import type { Ctx } from "../../src/storage/context.ts";
import { claim, type Job, settle } from "../../src/storage/queue.ts";
import { RUN_REPORTS_QUEUE, RUNS_QUEUE } from "../../src/storage/queues.ts";
import { readRun, readRunLogs } from "../../src/storage/runs.ts";
import { transact } from "../../src/storage/transact.ts";
import { openTestDatabase } from "../support/database.ts";

export interface Asked {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: unknown;
}

type Answer = (asked: Asked) => {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
};

export interface RunHarness {
  readonly ctx: Ctx;
  readonly url: string;
  readonly asked: Asked[];
  readonly means: RunMeans;
  /** What the server answers from now on. */
  answer: Answer;
  advance(ms: number): void;
  /** Makes the action, runs it, and carries it out. */
  start(identifier: string, invocationMethod: object): Promise<Run>;
  carryOut(): Promise<void>;
  /** Looks for the end of the run once. @returns whether, and after how many milliseconds, it is to be looked for again */
  look(run: string, attempts?: number): Promise<number | null>;
  /** All have looked before the first writes what it found. */
  lookAtOnce(runs: readonly string[]): Promise<(number | null)[]>;
  /** Whether its end is to be asked for. */
  isWatched(run: string): Promise<boolean>;
  get(run: string): Promise<Run>;
  logs(run: string): Promise<string[]>;
  close(): Promise<void>;
}

export async function openRunHarness(
  secrets: (url: string) => Readonly<Record<string, string>>,
  kafka: Broker | null = null,
): Promise<RunHarness> {
  const t = await openTestDatabase();
  let clock = Date.parse("2026-03-02T08:00:00Z");
  const ctx: Ctx = { ...t.ctx, now: () => new Date(clock) };
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const text = Buffer.concat(chunks).toString("utf8");
      const { method = "", url = "", headers } = request;
      const one: Asked = { method, path: url, headers, body: text === "" ? null : JSON.parse(text) };
      asked.push(one);
      const { status, body, headers: more } = it.answer(one);
      response.writeHead(status, { "content-type": "application/json", ...more });
      response.end(body === undefined ? "" : JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const door = createOutbound(["127.0.0.1"]);
  const means: RunMeans = {
    ...{ door, kafka, clientSecret: "secret", selfApproval: "allow", mail: null },
    own: { origins: () => [], address: () => "", token: () => Promise.resolve(""), door },
    secrets: () => Promise.resolve(secrets(url)),
  };
  const execute = createExecutor(means);
  const watch = createWatcher(means);
  const jobOf = (run: string, attempts: number): Job => ({
    ...{ org: ctx.org, queue: RUN_REPORTS_QUEUE, key: run, ticket: 1 },
    ...{ attempts, leaseToken: "none" },
  });
  const it: RunHarness = {
    ...{ ctx, url, asked, means },
    answer: () => ({ status: 404 }),
    advance: (ms) => void (clock += ms),
    async start(identifier, invocationMethod) {
      await createAction(ctx, {
        ...{ identifier, invocationMethod },
        trigger: { type: "self-service", operation: "CREATE", userInputs: { properties: {} } },
      });
      const run = await runAction(ctx, "secret", identifier, { body: {}, runAs: null });
      await it.carryOut();
      return it.get(run.id);
    },
    async carryOut() {
      for (const job of await claim(ctx.db, RUNS_QUEUE, 50, 60)) {
        const write = await execute(ctx, job);
        await transact(ctx, async (tx) => {
          await write(tx);
          await settle(tx.db, job);
        });
      }
    },
    async look(run, attempts = 1) {
      const write = await watch(ctx, jobOf(run, attempts));
      return (await transact(ctx, write))?.againInMs ?? null;
    },
    async lookAtOnce(runs) {
      const writes = await Promise.all(runs.map((run) => watch(ctx, jobOf(run, 1))));
      const pauses: (number | null)[] = [];
      for (const write of writes) pauses.push((await transact(ctx, write))?.againInMs ?? null);
      return pauses;
    },
    async isWatched(run) {
      const { rows } = await sql`
        select key from job where queue = ${RUN_REPORTS_QUEUE} and key = ${run}`.execute(ctx.db);
      return rows.length > 0;
    },
    async get(run) {
      const found = await readRun(ctx.db, ctx.org, run);
      if (found === null) throw new Error(`no run ${run}`);
      return found;
    },
    logs: async (run) =>
      (await readRunLogs(ctx.db, ctx.org, run, { limit: 50, offset: 0 })).map(({ message }) => message),
    async close() {
      await new Promise<void>((resolve) => server.close(() => resolve()));
      await t.close();
    },
  };
  return it;
}
