import type { Ctx } from "../../storage/context.ts";
import type { Db } from "../../storage/db.ts";
import type { RoleStatistics } from "../../storage/dora-facts.ts";
import { countSource, followSource, type SourceCount } from "../../storage/dora-source-counts.ts";

/** Of the feed, until counting anew costs about the same. */
const MAX_CHANGES = 5000;
/** A feed is cut after its retention, which is days at least. */
const MAX_AGE_MS = 3_600_000 * 12;
const MAX_KNOWN = 200;

interface Known {
  readonly count: SourceCount;
  readonly countedAt: number;
}

const knownBy = new WeakMap<Db, Map<string, Known>>();

/** What the entities of a blueprint give to a role that all of them play. A million take 2 s to count, so that is done once. */
export async function sourceCounts(
  { db, org, now }: Ctx,
  blueprint: string,
  timeProperty: string | null,
  needsTime: boolean,
): Promise<RoleStatistics> {
  let known = knownBy.get(db);
  if (known === undefined) knownBy.set(db, (known = new Map()));
  const key = JSON.stringify([org, blueprint, timeProperty]);
  const at = now().getTime();
  const before = known.get(key);
  const followed =
    before === undefined || Math.abs(at - before.countedAt) > MAX_AGE_MS
      ? null
      : await followSource(db, org, blueprint, timeProperty, before.count, MAX_CHANGES);
  const count = followed ?? (await countSource(db, org, blueprint, timeProperty));
  if (known.size >= MAX_KNOWN) known.clear();
  known.set(key, { count, countedAt: followed === null ? at : (before?.countedAt ?? at) });
  return {
    rows: count.rows,
    lastEventAt: count.last,
    excluded: needsTime && timeProperty !== null ? count.rows - count.timed : 0,
  };
}
