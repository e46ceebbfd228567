/** The loop that follows the change feed for timers and automations, keeps schedules, and looks at alerts. */
import type { Alert } from "../model/alert.ts";
import { changesSoFar, releaseAlertLeases } from "../storage/alerts.ts";
import type { Ctx } from "../storage/context.ts";
import type { Database } from "../storage/db.ts";
import { nextTimer } from "../storage/timers.ts";
import { AutomationCache } from "./automations.ts";
import type { AlertMeans } from "./alerts/alert-means.ts";
import { alertRound } from "./alerts/alert-round.ts";
import { automationRound } from "./follow-events.ts";
import { nextDue, scheduleRound } from "./schedule.ts";
import { timerRound } from "./timers.ts";

/** A hint wakes the loop at once; this is how long it may sleep when hints get lost. */
const POLL_MS = 1000;
/** What is due and cannot be done yet is not asked for without a pause. */
const MIN_MS = 20;
/** Alerts are looked at this often without any change: time itself makes some of them fire. */
const QUIET_ALERTS_MS = 30_000;
/** DORA numbers change without a row in the feed, and cost more to read. */
const METRICS_MS = 500;
/** Other alerts read a blueprint each. */
const OTHERS_MS = 250;
/** Of the time that a look takes, so many times is rested. */
const REST = 5;

/** One look at everything. @returns true when there may be more to do now */
export async function automationsRound(ctx: Ctx, cache: AutomationCache): Promise<boolean> {
  const timers = await timerRound(ctx);
  await scheduleRound(ctx, cache);
  const events = await automationRound(ctx, cache);
  return timers || events;
}

/** Decides when alerts are looked at. */
class AlertClock {
  #seen = -1;
  #hints = 0;
  #seenHints = -1;
  #nextMetrics = 0;
  #nextOthers = 0;

  /** DORA numbers changed. */
  hint(): void {
    this.#hints += 1;
  }

  /** When something waits that was put off; infinite: nothing. */
  get next(): number {
    return Math.min(this.#nextMetrics, this.#nextOthers);
  }

  async round(ctx: Ctx, means: AlertMeans): Promise<boolean> {
    const now = performance.now();
    const seen = await changesSoFar(ctx.db);
    const isChanged = seen !== this.#seen || this.#hints !== this.#seenHints;
    const metrics = now >= this.#nextMetrics && (isChanged || now >= this.#nextMetrics + QUIET_ALERTS_MS);
    const others = now >= this.#nextOthers && (isChanged || now >= this.#nextOthers + QUIET_ALERTS_MS);
    if (!metrics && !others) return false;
    const hints = this.#hints;
    const told = await alertRound(ctx, means, ({ source }: Alert) =>
      source.type === "metric" ? metrics : others,
    );
    const took = performance.now() - now;
    if (metrics) this.#nextMetrics = performance.now() + Math.max(METRICS_MS, took * REST);
    if (others) this.#nextOthers = performance.now() + Math.max(OTHERS_MS, took * REST);
    if (metrics && others) {
      this.#seen = seen;
      this.#seenHints = hints;
    }
    return told;
  }
}

export interface AutomationLoop {
  /** Waits for the round at hand. */
  stop(): Promise<void>;
}

export async function startAutomations(
  database: Database,
  ctx: Ctx,
  means: AlertMeans,
): Promise<AutomationLoop> {
  if (database.kind === "embedded") await releaseAlertLeases(ctx.db);
  const cache = new AutomationCache();
  const alerts = new AlertClock();
  let stopped = false;
  let hinted = false;
  let wake: (() => void) | null = null;
  database.onHint((topic) => {
    if (topic === "import") return;
    if (topic === "dora") alerts.hint();
    hinted = true;
    wake?.();
  });
  const attempt = async (what: string, work: () => Promise<boolean>): Promise<boolean> => {
    try {
      return await work();
    } catch (error) {
      if (!stopped) ctx.log.error({ err: error }, `${what} failed`);
      return false;
    }
  };
  const sleep = async (): Promise<void> => {
    const due = await Promise.all([nextTimer(ctx.db, ctx.org), nextDue(ctx)]).catch(() => []);
    const now = ctx.now().getTime();
    const waits = due.flatMap((at) => (at === null ? [] : [at.getTime() - now]));
    const rest = alerts.next - performance.now();
    const ms = Math.max(MIN_MS, Math.min(POLL_MS, ...waits, ...(rest > 0 ? [rest] : [])));
    await new Promise<void>((resolve) => {
      if (hinted || stopped) return resolve();
      const timer = setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    wake = null;
  };
  const run = async (): Promise<void> => {
    while (!stopped) {
      hinted = false;
      const told = await attempt("looking at alerts", () => alerts.round(ctx, means));
      const more = await attempt("following automations", () => automationsRound(ctx, cache));
      // Runs that were started, and what they follow from, are work for others.
      if (told || more) database.hint("change");
      if (!more && !stopped) await sleep();
    }
  };
  const running = run();
  return {
    stop: async () => {
      stopped = true;
      wake?.();
      await running;
    },
  };
}
