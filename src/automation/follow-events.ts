/** Reads the change feed after its own place, and starts the runs of automations that wait for what it tells. */
import { setImmediate as letOthers } from "node:timers/promises";
import { type AutomationEvent, eventOf } from "../model/automation-event.ts";
import { resultEvents, watchedRules, type WatchedRules } from "../model/rule-result-event.ts";
import { RESULTS } from "../model/rule-results.ts";
import { allBlueprints } from "../catalog/search-catalog.ts";
import { automationsVersion, depthsOfRuns, recentRuns } from "../storage/automations.ts";
import type { Ctx } from "../storage/context.ts";
import { advanceFeedFrom, type FeedRow, peekFeed } from "../storage/feed.ts";
import { transact } from "../storage/transact.ts";
import { withSpan } from "../tracing/span.ts";
import { type Automation, type AutomationCache, type Automations, triggeredBy } from "./automations.ts";
import { guardOf, type LoopLimits, USUAL_LIMITS } from "./loop-guard.ts";
import { startAutomation } from "./start-automation.ts";

export const AUTOMATIONS_READER = "automations";
const BATCH = { rows: 1000, bytes: 8_000_000 };
/** Runs that are started in one transaction, rather few: the embedded database has one connection. */
const MAX_MATCHES = 100;
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
  const { db, org } = ctx;
  const targets = await targetsWatched(ctx, automations);
  const read = [...automations.blueprints, ...targets.keys()];
  const { rows, place, mayBeMore } = await peekFeed(db, org, AUTOMATIONS_READER, BATCH, read);
  if (rows.length === 0) return false;
  // Others may wait for these rows by now: they are read again with them. What is switched on later is not told of them.
  if ((await automationsVersion(db, org)) !== automations.version) return true;
  const { matches, last } = await matchesOf(ctx, rows, targets, (event, seq) =>
    triggeredBy(automations, event, seq),
  );
  if (last === null) return false;
  const isMore = mayBeMore || last !== rows.at(-1);
  if (matches.length === 0) {
    await advanceFeedFrom(db, org, AUTOMATIONS_READER, place, last);
    return isMore;
  }
  const origins = matches.map(({ row }) => row.trace);
  const start = async (tx: Ctx): Promise<boolean> => {
    if (!(await advanceFeedFrom(tx.db, tx.org, AUTOMATIONS_READER, place, last))) return true;
    await startMatches(tx, matches, limits);
    return isMore;
  };
  return withSpan("start automations", { origins }, () => transact(ctx, start));
}

/** Rules by the blueprint that they ask, where an automation waits for their results. */
async function targetsWatched(
  ctx: Ctx,
  { blueprints }: Automations,
): Promise<ReadonlyMap<string, WatchedRules>> {
  if (!blueprints.includes(RESULTS)) return new Map();
  const all = [...(await allBlueprints(ctx)).values()];
  return new Map(
    all.flatMap((plan) => {
      const rules = watchedRules(plan);
      return rules === null ? [] : [[plan.identifier, rules]];
    }),
  );
}

/** Whose condition holds, in the order of the feed; and the last row that was looked at. */
async function matchesOf(
  ctx: Ctx,
  rows: readonly FeedRow[],
  targets: ReadonlyMap<string, WatchedRules>,
  waiting: (event: AutomationEvent, seq: number) => readonly Automation[],
): Promise<{ readonly matches: readonly Match[]; readonly last: FeedRow | null }> {
  const matches: Match[] = [];
  let last: FeedRow | null = null;
  const now = ctx.now();
  let started = performance.now();
  const rest = async (): Promise<void> => {
    if (performance.now() - started < SLICE_MS) return;
    await letOthers();
    started = performance.now();
  };
  for (const row of rows) {
    if (matches.length >= MAX_MATCHES) break;
    last = row;
    for (const event of eventsOf(ctx.org, row, targets))
      for (const automation of waiting(event, row.seq)) {
        if (automation.condition.test(event, now).isMet) matches.push({ automation, event, row });
        await rest();
      }
    // Thousands of results are compared where nothing turned, too.
    await rest();
  }
  return { matches, last };
}

function* eventsOf(
  org: string,
  row: FeedRow,
  targets: ReadonlyMap<string, WatchedRules>,
): Generator<AutomationEvent> {
  const own = eventOf(org, row);
  if (own === null) return;
  yield own;
  const rules = targets.get(row.blueprint ?? "");
  if (rules !== undefined) yield* resultEvents(row, own, rules);
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
    // The run that the guard stopped says so already. Its own rows may be what this automation waits for.
    if (depth > limits.maxDepth + 1) continue;
    const stopped = guard(automation.action.identifier, event, depth);
    await startAutomation(tx, automation, { event, key: keyOf(row, event), depth, stopped });
  }
}

/** One row tells of the results of several rules. */
function keyOf({ seq }: FeedRow, { context }: AutomationEvent): string {
  const isResult = context["blueprintIdentifier"] === RESULTS;
  return isResult ? `event ${seq} ${String(context["entityIdentifier"])}` : `event ${seq}`;
}

/** The run that wrote the change, or that changed itself. */
function runBehind(row: FeedRow): string | null {
  return row.kind === "run" ? row.identifier : row.runId;
}
