/** What a search needs to know before it is compiled: definitions, the person who asks, indexes. */
import type { BlueprintPlan } from "../model/blueprint.ts";
import { hasMirrors } from "../model/derive-types.ts";
import { AppError } from "../model/error.ts";
import type { QueryGroup, QueryRule } from "../model/query-nodes.ts";
import type { Ctx } from "../storage/context.ts";
import type { Db } from "../storage/db.ts";
import { readOnly, TIMED_OUT } from "../storage/read-only.ts";
import type { IndexKey, Indexes } from "../storage/search-drive.ts";
import { noteWishes, readIndexes } from "../storage/search-indexes.ts";
import { sqlState } from "../storage/transact.ts";
import { allBlueprints } from "./search-catalog.ts";
import { Turns } from "./turns.ts";

/** No answer of a search may take longer; whoever waits for one has given up by then. */
export const SEARCH_LIMIT_MS = 15_000;
/** Indexes come and go rarely, and a search is right without knowing them. */
const INDEXES_FRESH_MS = 10_000;

const known = new Map<string, { readonly at: number; readonly indexes: Promise<Indexes> }>();

export async function indexesOf(ctx: Ctx): Promise<Indexes> {
  const at = ctx.now().getTime();
  const cached = known.get(ctx.org);
  if (cached !== undefined && Math.abs(at - cached.at) < INDEXES_FRESH_MS) return cached.indexes;
  const indexes = readIndexes(ctx.db, ctx.org);
  known.set(ctx.org, { at, indexes });
  indexes.catch(() => known.delete(ctx.org));
  return indexes;
}

/** Rules that walk need the definitions of all blueprints, and so do mirrors; others those that are searched. */
export function walks(rule: QueryRule | QueryGroup): boolean {
  if (rule.kind === "group") return rule.rules.some(walks);
  return rule.kind === "relatedTo" || rule.kind === "path";
}

export async function definitionsFor(
  ctx: Ctx,
  plan: BlueprintPlan,
  queries: readonly QueryGroup[],
): Promise<ReadonlyMap<string, BlueprintPlan>> {
  return queries.some(walks) || hasMirrors(plan) ? allBlueprints(ctx) : new Map([[plan.identifier, plan]]);
}

/** A search that takes longer asks for an index. */
const SLOW_MS = 20;
/** One that takes so long asks for it as three do: nobody should have to wait for it again. */
const TOO_SLOW_MS = 1000;

export async function noteSlow<T>(ctx: Ctx, wishes: readonly IndexKey[], work: () => Promise<T>): Promise<T> {
  const started = performance.now();
  try {
    return await work();
  } finally {
    const ms = performance.now() - started;
    if (wishes.length > 0 && ms > SLOW_MS && !ctx.db.isTransaction)
      // Nobody waits for it, and nothing is lost when it fails.
      noteWishes(ctx.writer ?? ctx.db, ctx.org, wishes, ms > TOO_SLOW_MS ? 3 : 1).catch((error: unknown) =>
        ctx.log.debug({ err: error }, "wish for an index not noted"),
      );
  }
}

/** Slow searches may keep so many of the ten connections of a process; writes and small reads need others. */
const AT_ONCE = 6;
const turns = new Turns(AT_ONCE);

/** Reads that are stopped when they take too long, and wait when there are many. */
export async function limited<T>(
  ctx: Ctx,
  work: (db: Db) => Promise<T>,
  limitMs = SEARCH_LIMIT_MS,
): Promise<T> {
  // A part of a transaction has its connection already.
  const release = ctx.db.isTransaction ? null : await turns.take(limitMs);
  if (release === undefined)
    throw new AppError("unavailable", "too many searches at once have taken long; try again");
  try {
    return await readOnly(ctx.db, limitMs, work);
  } catch (error) {
    if (sqlState(error) !== TIMED_OUT) throw error;
    throw new AppError(
      "search_timeout",
      `the search took longer than ${limitMs / 1000} seconds and was stopped: narrow it, by $blueprint above all`,
    );
  } finally {
    release?.();
  }
}
