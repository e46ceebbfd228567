/** Reads the change feed after its own place, and starts the runs of automations that wait for what it tells. */
import { setImmediate as letOthers } from "node:timers/promises";
import { type AutomationEvent, eventOf } from "../model/automation-event.ts";
import { automationsVersion, depthsOfRuns, recentRuns } from "../storage/automations.ts";
import type { Ctx } from "../storage/context.ts";
import { advanceFeedFrom, feedPlace, type FeedRow, readFeed } from "../storage/feed.ts";
import { transact } from "../storage/transact.ts";
import { type Automation, type AutomationCache, triggeredBy } from "./automations.ts";
import { guardOf, type LoopLimits, USUAL_LIMITS } from "./loop-guard.ts";
import { startAutomation } from "./start-automation.ts";

const AUTOMATIONS_READER = "automations";
/** Runs of one batch are started in one transaction: the embedded database has one connection. */
const BATCH = 100;
/** So long may conditions be evaluated before others get their turn. */
const SLICE_MS = 8;
const MINUTE_MS = 60_000;

/** An automation that an event starts. */
export interface Match {
  readonly automation: Automation;
  readonly event: AutomationEvent;
  readonly row: FeedRow;
}

/** @returns true when there may be more to do now */
export async function automationRound(
  ctx: Ctx,
  cache: AutomationCache,
  limits: LoopLimits = USUAL_LIMITS,
): Promise<boolean> {
  const automations = await cache.current(ctx);
  const read = await transact(ctx, async (tx) => {
    const rows = await readFeed(tx.db, tx.org, AUTOMATIONS_READER, BATCH, automations.blueprints);
    return rows === null ? null : { rows, place: await feedPlace(tx.db, tx.org, AUTOMATIONS_READER) };
  });
  const last = read?.rows.at(-1);
  if (read === null || last === undefined) return false;
  const matches = await matchesOf(ctx, read.rows, (event, seq) => triggeredBy(automations, event, seq));
  return transact(ctx, async (tx) => {
    if (!(await advanceFeedFrom(tx.db, tx.org, AUTOMATIONS_READER, read.place, last))) return true;
    await startMatches(tx, matches, limits);
    // Another set of automations may wait for these rows: they are read again with it.
    if ((await automationsVersion(tx.db, tx.org)) !== automations.version) throw new Changed();
    return read.rows.length === BATCH;
  }).catch((error: unknown) => {
    if (error instanceof Changed) return true;
    throw error;
  });
}

class Changed extends Error {}

/** Whose condition holds, in the order of the feed. */
async function matchesOf(
  ctx: Ctx,
  rows: readonly FeedRow[],
  waiting: (event: AutomationEvent, seq: number) => readonly Automation[],
): Promise<Match[]> {
  const matches: Match[] = [];
  const now = ctx.now();
  let started = performance.now();
  for (const row of rows) {
    const event = eventOf(ctx.org, row);
    if (event === null) continue;
    for (const automation of waiting(event, row.seq)) {
      if (automation.condition.test(event, now).isMet) matches.push({ automation, event, row });
      if (performance.now() - started < SLICE_MS) continue;
      await letOthers();
      started = performance.now();
    }
  }
  return matches;
}

async function startMatches(tx: Ctx, matches: readonly Match[], limits: LoopLimits): Promise<void> {
  if (matches.length === 0) return;
  const names = matches.map(({ automation }) => automation.action.identifier);
  const since = new Date(tx.now().getTime() - MINUTE_MS);
  const depths = await depthsOfRuns(
    tx.db,
    tx.org,
    matches.flatMap(({ row }) => runBehind(row) ?? []),
  );
  const guard = guardOf(limits, await recentRuns(tx.db, tx.org, names, since));
  for (const { automation, event, row } of matches) {
    const run = runBehind(row);
    const depth = run === null ? 1 : (depths.get(run) ?? 0) + 1;
    const stopped = guard(automation.action.identifier, event, depth);
    await startAutomation(tx, automation, { event, key: `event ${row.seq}`, depth, stopped });
  }
}

/** The run that wrote the change, or that changed itself. */
function runBehind(row: FeedRow): string | null {
  return row.kind === "run" ? row.identifier : row.runId;
}
