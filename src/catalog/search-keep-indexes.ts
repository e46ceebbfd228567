/** Decides which properties get an index: what slow searches asked for, where there are rows enough to be worth it. */
import type { BlueprintPlan } from "../model/blueprint.ts";
import { derivedType } from "../model/derive-types.ts";
import { isMetaProperty } from "../model/query-nodes.ts";
import type { PropertyType } from "../model/property.ts";
import type { Ctx } from "../storage/context.ts";
import type { Database } from "../storage/db.ts";
import type { IndexKey, IndexKind } from "../storage/search-drive.ts";
import {
  buildIndex,
  countIndexes,
  dropIndex,
  forgetWishes,
  hasFewValues,
  hasRows,
  type IndexRow,
  reviewIndexes,
} from "../storage/search-indexes.ts";
import { whileAlone } from "../storage/while-alone.ts";
import { allBlueprints } from "./search-catalog.ts";

export interface IndexRules {
  /** With fewer rows, reading all of them takes a few milliseconds. */
  readonly minRows: number;
  /** One slow search is an accident. */
  readonly minUses: number;
  /** In the whole database: each costs every write of its blueprint, and every search a little planning. */
  readonly maxIndexes: number;
  /** A thousand updates take 4 to 20 ms longer with each of them (bench/queries.md). */
  readonly maxPerBlueprint: number;
  readonly maxIdleDays: number;
}

export const INDEX_RULES: IndexRules = {
  minRows: 5000,
  minUses: 3,
  maxIndexes: 32,
  maxPerBlueprint: 5,
  maxIdleDays: 30,
};

const INTERVAL_MS = 30_000;
/** One after the other, so that the machine does other things between them. */
const AT_ONCE = 2;
const LOCK = 4_020_773;

/** @returns what stops it; an index that is being made is given up, and wished for again */
export function startIndexKeeper(
  database: Database,
  ctx: Ctx,
  onError: (error: unknown) => void,
): () => Promise<void> {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let interrupt: (() => Promise<void>) | null = null;
  let running: Promise<void> = Promise.resolve();
  const tend = async (): Promise<void> => {
    try {
      await whileAlone(database, LOCK, async (alone) => {
        interrupt = alone.interrupt;
        await tendIndexes({ ...ctx, db: alone.db }, database.kind === "postgres", INDEX_RULES);
      });
    } catch (error) {
      if (!stopped) onError(error);
    } finally {
      interrupt = null;
    }
    schedule();
  };
  const schedule = (): void => {
    if (stopped) return;
    timer = setTimeout(() => {
      running = tend();
    }, INTERVAL_MS);
    timer.unref();
  };
  schedule();
  return async () => {
    stopped = true;
    clearTimeout(timer);
    await interrupt?.();
    await running;
  };
}

/**
 * Drops what is unused or no longer defined, and makes what is wished for. Outside a transaction.
 * @param concurrently without keeping writers waiting, on PostgreSQL
 */
export async function tendIndexes(ctx: Ctx, concurrently: boolean, rules: IndexRules): Promise<void> {
  const rows = await reviewIndexes(ctx.db, ctx.org);
  if (rows.length === 0) return;
  const blueprints = await allBlueprints(ctx);
  const kept: IndexRow[] = [];
  for (const row of rows)
    if (!isDefined(row, blueprints) || (row.idleDays ?? 0) > rules.maxIdleDays) {
      await dropIndex(ctx.db, ctx.org, row, concurrently);
      ctx.log.info({ index: row }, "search index dropped: unused, or its property is gone");
    } else kept.push(row);
  const made = new Map<string, number>();
  for (const { name, blueprint } of kept)
    if (name !== null) made.set(blueprint, (made.get(blueprint) ?? 0) + 1);
  const wanted = kept.filter(
    (row) =>
      row.name === null &&
      row.uses >= rules.minUses &&
      (made.get(row.blueprint) ?? 0) < rules.maxPerBlueprint,
  );
  let now = 0;
  for (const row of await mostUseful(ctx, wanted, rules)) {
    if (now >= AT_ONCE || (await countIndexes(ctx.db)) >= rules.maxIndexes) return;
    const started = performance.now();
    if (await buildIndex(ctx.db, ctx.org, row, concurrently))
      ctx.log.info({ index: row, ms: Math.round(performance.now() - started) }, "search index made");
    else ctx.log.info({ index: row }, "no search index: the extension pg_trgm cannot be had");
    await forgetWishes(ctx.db, ctx.org, row.blueprint);
    now++;
  }
}

/** One of each blueprint: a search wishes for all that could help, and one of them is often enough. */
async function mostUseful(ctx: Ctx, wanted: readonly IndexRow[], rules: IndexRules): Promise<IndexRow[]> {
  const chosen: IndexRow[] = [];
  for (const [blueprint, rows] of Map.groupBy(wanted, (row) => row.blueprint)) {
    if (!(await hasRows(ctx.db, ctx.org, blueprint, rules.minRows))) continue;
    let best: IndexRow | undefined;
    for (const row of rows) {
      if (!(await hasFewValues(ctx.db, ctx.org, row))) {
        best = row;
        break;
      }
      // Parts of a few texts are in too many rows.
      if (row.kind !== "part") best ??= row;
    }
    if (best === undefined) continue;
    chosen.push(best);
    // Names are looked for in title or identifier: an index of one of them alone helps nobody.
    if (isName(best)) chosen.push(...rows.filter((row) => row !== best && isName(row)));
  }
  return chosen;
}

const isName = ({ property, kind }: IndexKey): boolean =>
  kind === "part" && (property === "$title" || property === "$identifier");

const KINDS: Readonly<Record<PropertyType, readonly IndexKind[]>> = {
  string: ["text", "part", "instant"],
  number: ["number"],
  boolean: ["text"],
  array: ["list"],
  object: [],
};

function isDefined(key: IndexKey, blueprints: ReadonlyMap<string, BlueprintPlan>): boolean {
  if (key.blueprint !== "" && !blueprints.has(key.blueprint)) return false;
  if (isMetaProperty(key.property)) return true;
  const plan = blueprints.get(key.blueprint);
  if (plan === undefined) return false;
  const type =
    key.column === "derived"
      ? derivedType(blueprints, plan, key.property)
      : plan.properties.get(key.property)?.type;
  return type !== undefined && type !== null && KINDS[type].includes(key.kind);
}
