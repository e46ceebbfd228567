/** Everything that automations need in one process, with a clock of the test's own and a real receiver on loopback. */
import { sql } from "kysely";
import { AutomationCache } from "../../src/automation/automations.ts";
import type { AlertMeans } from "../../src/automation/alerts/alert-means.ts";
import { alertRound } from "../../src/automation/alerts/alert-round.ts";
import { initiativeRound } from "../../src/automation/initiatives/initiative-round.ts";
import { automationsRound } from "../../src/automation/automation-loop.ts";
import { createExecutor } from "../../src/automation/execute-run.ts";
import { CallFailed } from "../../src/automation/invoke/invocation.ts";
import type { RunMeans } from "../../src/automation/run-means.ts";
import type { Mail } from "../../src/automation/mailer.ts";
import { settleDerivations } from "../../src/engine/derivation.ts";
import { createOutbound } from "../../src/integrations/outbound.ts";
import { isObject, type JsonObject } from "../../src/model/json.ts";
import type { Ctx } from "../../src/storage/context.ts";
import { createChangelogSender } from "../../src/automation/send-changelog.ts";
import { claim, fail, postpone, settle } from "../../src/storage/queue.ts";
import { CHANGELOGS_QUEUE, RUNS_QUEUE } from "../../src/storage/queues.ts";
import { listRuns } from "../../src/storage/runs.ts";
import { transact } from "../../src/storage/transact.ts";
import { openTestDatabase } from "../support/database.ts";
import { feedIsRead } from "../support/feed-is-read.ts";
import { type Receiver, startReceiver } from "./receiver.ts";

interface Received {
  readonly path: string;
  readonly body: JsonObject;
}

export interface Stage {
  readonly ctx: Ctx;
  /** The address of the receiver. */
  readonly url: string;
  readonly received: Received[];
  /** What it answers, by path. */
  readonly answers: Receiver["answers"];
  readonly mails: Mail[];
  /** Of the organisation. */
  readonly secrets: Record<string, string>;
  readonly means: RunMeans;
  /** The clock goes on. */
  advance(ms: number): void;
  now(): number;
  /** What alerts see of DORA. */
  metrics: AlertMeans["metrics"];
  /** Follows everything until nothing is left to do. */
  settle(): Promise<void>;
  /** Texts of the messages that came since the last call. */
  messages(path?: string): string[];
  /** What failed is tried again at once. @returns whether anything waited */
  retryNow(): Promise<boolean>;
  runs(action: string): ReturnType<typeof listRuns>;
  close(): Promise<void>;
}

const bodyOf = (text: string): JsonObject => {
  const body: unknown = JSON.parse(text === "" ? "{}" : text);
  return isObject(body) ? body : { body };
};

const PUBLIC_URL = "https://portal.example.com";

export async function openStage(start = "2026-03-02T08:00:00Z"): Promise<Stage> {
  const t = await openTestDatabase();
  let clock = Date.parse(start);
  const ctx: Ctx = { ...t.ctx, now: () => new Date(clock) };
  const receiver = await startReceiver();
  const mails: Mail[] = [];
  const door = createOutbound(["127.0.0.1"]);
  const runMeans: RunMeans = {
    door,
    own: { origins: () => [], address: () => "", token: () => Promise.resolve(""), door },
    secrets: () => Promise.resolve(stage.secrets),
    clientSecret: "secret",
    selfApproval: "allow",
    kafka: null,
    mail: (mail) => Promise.resolve(void mails.push(mail)),
  };
  const execute = createExecutor(runMeans);
  const sendNext = createChangelogSender(runMeans);
  const cache = new AutomationCache();
  let read = 0;
  const carryOut = async (): Promise<boolean> => {
    const jobs = await claim(ctx.db, RUNS_QUEUE, 50, 60);
    for (const job of jobs) {
      const write = await execute(ctx, job);
      await transact(ctx, async (tx) => {
        await write(tx);
        await settle(tx.db, job);
      });
    }
    const changelogs = await claim(ctx.db, CHANGELOGS_QUEUE, 50, 60);
    for (const job of changelogs)
      try {
        const write = await sendNext(ctx, job);
        await transact(ctx, async (tx) => {
          const later = await write(tx);
          await (later === undefined ? settle(tx.db, job) : postpone(tx.db, job, later.againInMs));
        });
      } catch (error) {
        if (!(error instanceof CallFailed)) throw error;
        await fail(ctx.db, job, error.message);
      }
    return jobs.length + changelogs.length > 0;
  };
  const stage: Stage = {
    ...{ ctx, mails, url: receiver.url, answers: receiver.answers, secrets: {}, means: runMeans },
    get received() {
      return receiver.received.map(({ path, text }) => ({ path, body: bodyOf(text) }));
    },
    advance: (ms) => void (clock += ms),
    now: () => clock,
    metrics: () => Promise.resolve([]),
    async settle() {
      const means = {
        metrics: (...args) => stage.metrics(...args),
        publicUrl: () => PUBLIC_URL,
      } satisfies AlertMeans;
      for (let i = 0; i < 2000; i++) {
        await settleDerivations(ctx);
        const reminded = await initiativeRound(ctx, means);
        const told = (await alertRound(ctx, means)) || reminded;
        const more = await automationsRound(ctx, cache);
        const did = await carryOut();
        if (!told && !more && !did && (await feedIsRead(ctx, ["automations", "timers"]))) return;
      }
      throw new Error("automations do not settle");
    },
    messages(path) {
      const fresh = stage.received.slice(read);
      read = receiver.received.length;
      return fresh
        .filter((one) => path === undefined || one.path === path)
        .map(({ body }) => (typeof body["text"] === "string" ? body["text"] : JSON.stringify(body)));
    },
    async retryNow() {
      const { rows } = await sql`
        update job set run_at = now() where queue = ${CHANGELOGS_QUEUE} and last_error is not null
        returning key`.execute(ctx.db);
      return rows.length > 0;
    },
    runs: (action) => listRuns(ctx.db, ctx.org, { action, limit: 1000 }),
    close: async () => {
      await receiver.close();
      await t.close();
    },
  };
  return stage;
}
