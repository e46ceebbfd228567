/** The loops that follow the change feed for timers and automations, keep schedules, and look at alerts. */
import type { Alert } from "../model/alert.ts";
import { releaseAlertLeases } from "../storage/alerts.ts";
import type { Ctx } from "../storage/context.ts";
import type { Database, Topic } from "../storage/db.ts";
import type { Look, Looks } from "../storage/look.ts";
import { AutomationCache } from "./automations.ts";
import type { AlertMeans } from "./alerts/alert-means.ts";
import { AlertWatch } from "./alerts/alert-watch.ts";
import { alertRound } from "./alerts/alert-round.ts";
import { AUTOMATIONS_READER, automationRound } from "./follow-events.ts";
import { initiativeRound } from "./initiatives/initiative-round.ts";
import { scheduleRound } from "./schedule.ts";
import { timerRound, TIMERS_READER } from "./timers.ts";

/** A hint wakes the loops at once; this is how long they may sleep when hints get lost. */
const POLL_MS = 1000;
/** What is due and cannot be done yet is not asked for without a pause. */
const MIN_MS = 20;
/** Alerts are looked at this often without any change: time itself makes some of them fire. */
const QUIET_ALERTS_MS = 30_000;
/** So long changes are waited for that the feed does not give yet. */
const BEHIND_MS = 10_000;
/** Between two looks at alerts while changes follow each other; more where a look takes longer. */
const REST_MS = 250;

/** Whether there is anything to read in the change feed for this process. */
interface Reads {
  readonly timers: boolean;
  readonly automations: boolean;
}

/** One look at everything but alerts. @returns true when there may be more to do now */
export async function automationsRound(
  ctx: Ctx,
  cache: AutomationCache,
  reads: Reads = { timers: true, automations: true },
): Promise<boolean> {
  const timers = await timerRound(ctx, reads.timers);
  await scheduleRound(ctx, cache);
  const events = reads.automations && (await automationRound(ctx, cache));
  return timers || events;
}

export interface AutomationLoop {
  /** Waits for the rounds at hand. */
  stop(): Promise<void>;
}

/** Alerts on DORA numbers have a loop of their own: these cost more to read, and nothing else is to wait for them. */
export async function startAutomations(
  database: Database,
  ctx: Ctx,
  looks: Looks,
  means: AlertMeans & {
    /** Whether messages can be written to Kafka. */
    readonly hasBroker: boolean;
  },
): Promise<AutomationLoop> {
  if (database.kind === "embedded") await releaseAlertLeases(ctx.db);
  const loops = [
    startLoop(database, ctx, "following automations", ["change"], followAll(ctx, looks, means.hasBroker)),
    startLoop(database, ctx, "looking at alerts", ["change"], lookAtAlerts(ctx, looks, means, isOther)),
    startLoop(database, ctx, "looking at initiatives", ["change"], lookAtInitiatives(ctx, looks, means)),
    startLoop(
      database,
      ctx,
      "looking at DORA",
      ["change", "derived", "dora"],
      lookAtAlerts(ctx, looks, means, isMetric),
    ),
  ];
  return { stop: async () => void (await Promise.all(loops.map((stop) => stop()))) };
}

const isMetric = ({ source }: Alert): boolean => source.type === "metric";
const isOther = (alert: Alert): boolean => !isMetric(alert);

interface Round {
  /** Others have work to do now. */
  readonly hasDone: boolean;
  /** Milliseconds until the next one, unless a hint comes; 0: at once. */
  readonly wait: number;
  /** Milliseconds that hints do not shorten. */
  readonly rest: number;
}

const idleFor = (...ms: readonly number[]): Round => ({
  ...{ hasDone: false, wait: Math.max(MIN_MS, Math.min(POLL_MS, ...ms)), rest: 0 },
});

function followAll(ctx: Ctx, looks: Looks, hasBroker: boolean): Work {
  const cache = new AutomationCache(hasBroker);
  const dueIn = ({ nextAt }: Look): number | null => (nextAt === null ? null : nextAt - ctx.now().getTime());
  const waitsOf = (look: Look): number[] =>
    [look.readIn(TIMERS_READER), look.readIn(AUTOMATIONS_READER), dueIn(look)].flatMap((ms) => ms ?? []);
  let lookedAt = Number.NEGATIVE_INFINITY;
  return async () => {
    const look = await looks.now();
    const started = performance.now();
    const waits = waitsOf(look);
    // Now and then also for what no look tells: a schedule that is new.
    if (waits.every((ms) => ms > 0) && started < lookedAt + POLL_MS) return idleFor(...waits);
    lookedAt = started;
    const reads = {
      timers: look.readIn(TIMERS_READER) === 0,
      automations: look.readIn(AUTOMATIONS_READER) === 0,
    };
    const more = await automationsRound(ctx, cache, reads);
    if (more) return { hasDone: true, wait: 0, rest: 0 };
    // It has set timers, perhaps, and what another process reads is to be taken over as soon as that is gone.
    return idleFor(...waitsOf(await looks.now()));
  };
}

function lookAtAlerts(ctx: Ctx, looks: Looks, means: AlertMeans, isOurs: (alert: Alert) => boolean): Work {
  let seen = -1;
  let lookedAt = Number.NEGATIVE_INFINITY;
  let movedAt = Number.NEGATIVE_INFINITY;
  const watch = new AlertWatch();
  return async (isHinted) => {
    const started = performance.now();
    const { changes } = await looks.now();
    if (changes !== seen) movedAt = started;
    // What is committed may still be behind a transaction that runs; numbers of those that were undone are never read.
    const isBehind = watch.seq < changes && started < movedAt + BEHIND_MS;
    if (!isHinted && changes === seen && !isBehind && started < lookedAt + QUIET_ALERTS_MS)
      return { hasDone: false, wait: POLL_MS, rest: 0 };
    seen = changes;
    lookedAt = started;
    const told = await alertRound(ctx, means, isOurs, watch);
    const wait = watch.seq < changes && started < movedAt + BEHIND_MS ? MIN_MS : POLL_MS;
    return { hasDone: told, wait, rest: Math.max(REST_MS, performance.now() - started) };
  };
}

/** Their progress is followed by people, not by pagers. */
const INITIATIVES_REST_MS = 2000;
/** Of the time may go into counting. */
const INITIATIVES_COST = 20;

function lookAtInitiatives(ctx: Ctx, looks: Looks, means: AlertMeans): Work {
  let seen = -1;
  let lookedAt = Number.NEGATIVE_INFINITY;
  return async () => {
    const started = performance.now();
    const { changes } = await looks.now();
    if (changes === seen && started < lookedAt + QUIET_ALERTS_MS)
      return { hasDone: false, wait: POLL_MS, rest: 0 };
    seen = changes;
    lookedAt = started;
    const told = await initiativeRound(ctx, means);
    const rest = Math.max(INITIATIVES_REST_MS, (performance.now() - started) * INITIATIVES_COST);
    return { hasDone: told, wait: POLL_MS, rest };
  };
}

/** @param isHinted whether something happened since the last round. */
type Work = (isHinted: boolean) => Promise<Round>;

/** @returns what stops it, and waits for the round at hand */
function startLoop(
  database: Database,
  ctx: Ctx,
  what: string,
  topics: readonly Topic[],
  work: Work,
): () => Promise<void> {
  let stopped = false;
  let hinted = true;
  let wake: (() => void) | null = null;
  let isResting = false;
  database.onHint((topic) => {
    if (!topics.includes(topic)) return;
    hinted = true;
    if (!isResting) wake?.();
  });
  const wait = async (ms: number): Promise<void> => {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    wake = null;
  };
  /** Ends early when there is something to do. */
  const sleep = async (ms: number): Promise<void> => {
    if (!hinted && !stopped) await wait(ms);
  };
  /** Ends early only when the loop is to stop. */
  const rest = async (ms: number): Promise<void> => {
    if (stopped) return;
    isResting = true;
    await wait(ms);
    isResting = false;
  };
  const run = async (): Promise<void> => {
    while (!stopped) {
      const isHinted = hinted;
      hinted = false;
      try {
        const round = await work(isHinted);
        if (round.hasDone) database.hint("change");
        if (round.rest > 0) await rest(round.rest);
        if (round.wait > 0) await sleep(round.wait);
      } catch (error) {
        if (stopped) return;
        ctx.log.error({ err: error }, `${what} failed`);
        await rest(POLL_MS);
      }
    }
  };
  const running = run();
  return async () => {
    stopped = true;
    wake?.();
    await running;
  };
}
