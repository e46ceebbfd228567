/** What a changed entity adds to aggregations and what it added before, as its row in the change feed tells. */
import { own } from "../model/entity.ts";
import type { FoldState } from "../model/fold-state.ts";
import { isObject, isStringArray, type JsonObject, sameJson } from "../model/json.ts";
import type { Hop } from "../model/derive-nodes.ts";
import { leavesOf } from "../model/derive-plan.ts";
import type { Ctx } from "../storage/context.ts";
import { markChanged } from "../storage/derived-queue.ts";
import { type EntityState, readOwnStates, type States } from "../storage/derived-fold-states.ts";
import { appendDeltas, type DeltaRow } from "../storage/derived-state.ts";
import { startsOf } from "../storage/derived-walk.ts";
import type { FeedRow } from "../storage/feed.ts";
import type { Derivations } from "./derivations.ts";
import type { AggregationUnit } from "./derive-units.ts";

/** One side of a change. */
interface Side {
  readonly row: FeedRow;
  readonly isBefore: boolean;
  readonly document: JsonObject;
}

/**
 * Appends what the changes mean to the roots that count the entities, and marks these roots. Where a step between moved
 * meanwhile, the roots that are found are not those of then; its own change has all of them read again.
 */
export async function markDeltas(
  tx: Ctx,
  { blueprints }: Derivations,
  unit: AggregationUnit,
  rows: readonly FeedRow[],
  at: Date,
): Promise<void> {
  const { target, ways, aggregations, blueprint, name, level, hash } = unit;
  const plan = blueprints.get(target);
  if (plan === undefined) return;
  const sides = rows.flatMap((row): Side[] => [
    ...(isObject(row.before) ? [{ row, isBefore: true, document: row.before }] : []),
    ...(isObject(row.after) ? [{ row, isBefore: false, document: row.after }] : []),
  ]);
  const now = tx.now();
  const reads = new Set(aggregations.flatMap(leavesOf).map(({ id }) => id));
  const counting = { org: tx.org, now, blueprints, target, ways, aggregations };
  const states = await readOwnStates(
    tx.db,
    counting,
    sides.map(({ document }) => stateOf(document, reads, (id) => plan.derived.has(id))),
  );
  const roots = await rootsOf(tx, unit, sides);
  const found = new Map<FeedRow, Map<string, { before?: States; after?: States }>>();
  sides.forEach(({ row, isBefore }, i) => {
    const byRoot = found.get(row) ?? new Map<string, { before?: States; after?: States }>();
    for (const root of roots[i] ?? [])
      byRoot.set(root, { ...byRoot.get(root), [isBefore ? "before" : "after"]: states[i] });
    found.set(row, byRoot);
  });
  const deltas = [...found].flatMap(([{ xid }, byRoot]) =>
    [...byRoot].flatMap(([identifier, { before, after }]): DeltaRow[] => {
      const next = after?.next ?? null;
      const [was, is] = changesOf(before?.states ?? [], after?.states ?? [], aggregations.length);
      if (next === null && [...was, ...is].every((state) => state === null)) return [];
      return [{ identifier, xid, delta: { hash, clock: now.getTime(), next, before: was, after: is } }];
    }),
  );
  await appendDeltas(tx.db, tx.org, { blueprint, unit: name }, deltas);
  await markChanged(
    tx.db,
    tx.org,
    { blueprint, unit: name, level },
    deltas.map(({ identifier }) => identifier),
    at,
  );
}

/** For each aggregation, null where nothing changes. */
function changesOf(
  before: readonly FoldState[],
  after: readonly FoldState[],
  length: number,
): readonly [(FoldState | null)[], (FoldState | null)[]] {
  const was: (FoldState | null)[] = [];
  const is: (FoldState | null)[] = [];
  for (let i = 0; i < length; i++) {
    const [a, b] = [before[i], after[i]].map((state) =>
      state === undefined || state.n === 0 ? null : state,
    );
    const isSame = sameJson(a ?? null, b ?? null);
    was.push(isSame ? null : (a ?? null));
    is.push(isSame ? null : (b ?? null));
  }
  return [was, is];
}

/** The entity as a row, with the properties that are read. */
function stateOf(
  document: JsonObject,
  reads: ReadonlySet<string>,
  isDerived: (id: string) => boolean,
): EntityState {
  const properties: Record<string, unknown> = {};
  const derived: Record<string, unknown> = {};
  const all = isObject(document["properties"]) ? document["properties"] : {};
  for (const id of reads) {
    const value = own(all, id) ?? null;
    if (value !== null) (isDerived(id) ? derived : properties)[id] = value;
  }
  const text = (key: string): string | null => (typeof document[key] === "string" ? document[key] : null);
  const team = document["team"];
  return {
    ...{ identifier: text("identifier") ?? "", blueprint: text("blueprint") ?? "" },
    ...{ title: text("title"), icon: text("icon"), team: isStringArray(team) ? team : [] },
    ...{ properties, derived },
    ...{ created_at: text("createdAt"), created_by: text("createdBy") ?? "" },
    ...{ updated_at: text("updatedAt"), updated_by: text("updatedBy") ?? "" },
  };
}

/** The roots that count each side: over its own last step as it says, over the others as they are now. */
async function rootsOf(
  tx: Ctx,
  { ways }: AggregationUnit,
  sides: readonly Side[],
): Promise<ReadonlySet<string>[]> {
  const roots = sides.map(() => new Set<string>());
  for (const way of ways) {
    const last = way.at(-1);
    if (last === undefined) continue;
    const isDown = last.direction === "down";
    const ends = sides.map(({ document }) =>
      isDown ? targetsOf(document, last.relation) : [String(document["identifier"])],
    );
    const back = await backOver(tx, isDown ? way.slice(0, -1) : way, [...new Set(ends.flat())]);
    ends.forEach((list, i) => {
      for (const end of list) for (const root of back(end)) roots[i]?.add(root);
    });
  }
  return roots;
}

async function backOver(
  tx: Ctx,
  hops: readonly Hop[],
  ends: readonly string[],
): Promise<(end: string) => readonly string[]> {
  if (hops.length === 0) return (end) => [end];
  const pairs = await startsOf(tx.db, tx.org, ends, hops);
  return (end) => pairs.get(end) ?? [];
}

/** What the relation, or `$team`, points at. */
export function targetsOf(state: JsonObject | null, relation: string): readonly string[] {
  const relations = isObject(state?.["relations"]) ? state["relations"] : {};
  const value = relation === "$team" ? state?.["team"] : own(relations, relation);
  if (typeof value === "string") return [value];
  return isStringArray(value) ? value : [];
}
