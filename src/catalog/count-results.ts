/**
 * Numbers of entities of `_rule` and `_scorecard` (workflows.md §5.4): how many were tested, and how many passed. Counted behind the
 * writes, page by page: on the embedded database everybody else waits for a page only.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { SYSTEM_ACTOR } from "../model/actor.ts";
import type { BlueprintPlan } from "../model/blueprint.ts";
import type { Entity } from "../model/entity.ts";
import { resultTargets } from "../model/rule-results.ts";
import { ROW_KEY } from "../model/scorecard.ts";
import { changedBlueprints, endOfFeed, type FeedPlace } from "../storage/changed-subjects.ts";
import type { Ctx } from "../storage/context.ts";
import { countRebuilding } from "../storage/derived-units.ts";
import { readEntities } from "../storage/entities.ts";
import { resultTexts } from "../storage/result-texts.ts";
import { allBlueprints } from "./search-catalog.ts";
import { type UpsertOptions, upsertEntities } from "./upsert-entity.ts";

const WRITE: UpsertOptions = {
  ...{ present: "merge", absent: "fail", createMissing: false, validationOnly: false, closed: false },
};
const PAGE = 2000;
/** Entities in one statement. */
const PORTION = 50;
const POLL_MS = 5000;
/** Of the time goes into counting at most. */
const COST = 30;
/** Each row that was written is one in the change feed and the audit log: ten in a second. */
const MS_PER_ROW = 100;

/** Numbers by the identifier of the row. */
type Numbers = Map<string, Record<string, number | null>>;

/**
 * Writes what differs of the rules and scorecards of a blueprint.
 * @param rest is waited for after so many rows. @returns false when that says to stop
 */
export async function countResultsOf(
  ctx: Ctx,
  plan: BlueprintPlan,
  rest: (written: number) => Promise<boolean> = () => Promise.resolve(true),
): Promise<boolean> {
  const own = { ...ctx, actor: SYSTEM_ACTOR };
  const { rules, scorecards } = await numbersOf(ctx, plan);
  for (const [blueprint, numbers] of [["_rule", rules] as const, ["_scorecard", scorecards] as const]) {
    const all = [...numbers.keys()];
    for (let i = 0; i < all.length; i += PORTION) {
      const keys = all.slice(i, i + PORTION).map((identifier) => ({ blueprint, identifier }));
      const stale = (await readEntities(ctx.db, ctx.org, keys)).filter((row) => differs(row, numbers));
      const bodies = stale.map(({ identifier }) => ({ identifier, properties: numbers.get(identifier) }));
      if (bodies.length === 0) continue;
      await upsertEntities(own, blueprint, bodies, WRITE);
      if (!(await rest(bodies.length))) return false;
    }
  }
  return true;
}

function differs({ identifier, properties }: Entity, numbers: Numbers): boolean {
  return Object.entries(numbers.get(identifier) ?? {}).some(
    ([property, value]) => (properties[property] ?? null) !== value,
  );
}

async function numbersOf(ctx: Ctx, plan: BlueprintPlan): Promise<{ rules: Numbers; scorecards: Numbers }> {
  const shapes = new Map(plan.scorecards.map(({ identifier, shape }) => [identifier, shape]));
  const tested = new Map<string, number>();
  const passed = new Map<string, number[]>();
  for (let after: string | null = ""; after !== null;) {
    const page: Awaited<ReturnType<typeof resultTexts>> = await resultTexts(
      ctx.db,
      ctx.org,
      plan.identifier,
      after,
      PAGE,
    );
    for (const { scorecard, shape, results, entities } of page.texts) {
      // What a new definition has not reached yet says nothing of it.
      if (shapes.get(scorecard) !== shape) continue;
      tested.set(scorecard, (tested.get(scorecard) ?? 0) + entities);
      const counts = passed.get(scorecard) ?? [];
      passed.set(scorecard, counts);
      for (let i = 0; i < results.length; i++)
        if (results[i] === "1") counts[i] = (counts[i] ?? 0) + entities;
    }
    after = page.last;
  }
  const rules: Numbers = new Map();
  const sums = new Map<string, { tested: number; passed: number }>();
  for (const target of resultTargets([plan]))
    for (const { row, scorecard, place } of target.rules) {
      const of = tested.get(scorecard) ?? 0;
      const ok = passed.get(scorecard)?.[place - 1] ?? 0;
      rules.set(row, { entities_tested: of, entities_passed: ok });
      const sum = sums.get(scorecard) ?? { tested: 0, passed: 0 };
      sums.set(scorecard, { tested: sum.tested + of, passed: sum.passed + ok });
    }
  const scorecards: Numbers = new Map();
  for (const { identifier, document } of plan.scorecards) {
    const { tested: of, passed: ok } = sums.get(identifier) ?? { tested: 0, passed: 0 };
    const row = document[ROW_KEY];
    scorecards.set(typeof row === "string" ? row : identifier, {
      ...{ rules_tested: of, rules_passed: ok },
      rules_passed_percentage: of === 0 ? null : Math.round((ok / of) * 10_000) / 100,
    });
  }
  return { rules, scorecards };
}

/** @returns what stops it; waits for the count at hand */
export function startResultCounts(ctx: Ctx): () => Promise<void> {
  const stop = new AbortController();
  let place: FeedPlace | null = null;
  let wasRebuilding = false;
  const pause = async (ms: number): Promise<boolean> => {
    await sleep(ms, undefined, { signal: stop.signal, ref: false }).catch(() => undefined);
    return !stop.signal.aborted;
  };
  let rested = 0;
  const rest = async (written: number): Promise<boolean> => {
    rested += written * MS_PER_ROW;
    return pause(written * MS_PER_ROW);
  };
  const round = async (): Promise<void> => {
    const end = await endOfFeed(ctx.db, ctx.org);
    // Results of a new definition come without a row in the feed.
    const isRebuilding = (await countRebuilding(ctx.db, ctx.org)) > 0;
    const isWhole = place === null || isRebuilding || wasRebuilding;
    wasRebuilding = isRebuilding;
    const changed = isWhole || place === null ? null : await changedBlueprints(ctx.db, ctx.org, place, end);
    for (const plan of (await allBlueprints(ctx)).values()) {
      if (stop.signal.aborted) return;
      if (plan.scorecards.length > 0 && (changed === null || changed.has(plan.identifier)))
        if (!(await countResultsOf(ctx, plan, rest))) return;
    }
    place = end;
  };
  const run = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      const started = performance.now();
      rested = 0;
      await round().catch((error: unknown) => {
        if (!stop.signal.aborted) ctx.log.error({ err: error }, "counting results of rules failed");
      });
      await pause(Math.max(POLL_MS, (performance.now() - started - rested) * COST));
    }
  };
  const running = run();
  return async () => {
    stop.abort();
    await running;
  };
}
