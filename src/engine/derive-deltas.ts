/** What a changed entity adds to aggregations and what it added before, as its row in the change feed tells. */
import { own } from "../model/entity.ts";
import { isObject, isStringArray, type JsonObject, sameJson } from "../model/json.ts";
import type { Hop } from "../model/derive-nodes.ts";
import { leavesOf } from "../model/derive-plan.ts";
import type { Ctx } from "../storage/context.ts";
import { markChanged } from "../storage/derived-queue.ts";
import { type EntityState, type OwnStates, readOwnStates } from "../storage/derived-fold-states.ts";
import { appendDeltas, type Delta, type DeltaPart, type DeltaRow } from "../storage/derived-state.ts";
import { markRoots, startsOf } from "../storage/derived-walk.ts";
import type { FeedRow } from "../storage/feed.ts";
import type { Derivations } from "./derivations.ts";
import type { AggregationUnit } from "./derive-units.ts";
import { pauses } from "./pauses.ts";

/** Of changes that are looked at without giving others their turn. */
const SIDES = 1000;

/** Of one root in one row: what waits is read a few rows at a time. */
const PARTS_OF_ROW = 500;
/** Of changes that are written by one statement. */
const PARTS_AT_ONCE = 2000;

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
  times: DeltaTimes,
): Promise<void> {
  const { target, ways, aggregations, blueprint, name, level, hash } = unit;
  const plan = blueprints.get(target);
  if (plan === undefined) return;
  const pause = pauses();
  const sides = rows.flatMap((row): Side[] => [
    ...(isObject(row.before) ? [{ row, isBefore: true, document: row.before }] : []),
    ...(isObject(row.after) ? [{ row, isBefore: false, document: row.after }] : []),
  ]);
  const now = tx.now();
  const reads = new Set(aggregations.flatMap(leavesOf).map(({ id }) => id));
  const counting = { org: tx.org, now, blueprints, target, ways, aggregations };
  const states: OwnStates[] = [];
  for (let from = 0; from < sides.length; from += SIDES) {
    const some = sides.slice(from, from + SIDES);
    const entities = some.map(({ document }) => stateOf(document, reads, (id) => plan.derived.has(id)));
    states.push(...(await readOwnStates(tx.db, counting, entities)));
    await pause();
  }
  const roots = await rootsOf(tx, unit, sides);
  const byRow = new Map<FeedRow, Map<string, Sides>>();
  for (const [i, { row, isBefore }] of sides.entries()) {
    const byRoot = byRow.get(row) ?? new Map<string, Sides>();
    for (const root of roots[i] ?? [])
      byRoot.set(root, { ...byRoot.get(root), [isBefore ? "before" : "after"]: states[i] });
    byRow.set(row, byRoot);
    await pause();
  }
  const parts = new Map<string, DeltaPart[]>();
  for (const [{ xid }, byRoot] of byRow)
    for (const [root, both] of byRoot) {
      const part = partOf(xid, both);
      await pause();
      if (part === null) continue;
      const known = parts.get(root);
      if (known === undefined) parts.set(root, [part]);
      else known.push(part);
    }
  const marked = { blueprint, unit: name, level };
  const stated = new Set<string>();
  for (const deltas of portionsOf(parts, { hash, clock: now.getTime() })) {
    for (const root of await appendDeltas(tx.db, tx.org, marked, deltas)) stated.add(root);
    await pause();
  }
  const soon = times.rested([...parts.keys()]);
  for (const [at, isNow] of [[times.soon, true] as const, [times.late, false] as const]) {
    const roots = [...parts.keys()].filter((root) => soon.has(root) === isNow);
    await markChanged(
      tx.db,
      tx.org,
      marked,
      roots.filter((root) => stated.has(root)),
      at,
    );
    const others = roots.filter((root) => !stated.has(root));
    if (others.length > 0) await markRoots(tx.db, tx.org, marked, others, [], at);
  }
}

/** Rows in the order of the changes, so many at once that writing them is no long turn. */
function* portionsOf(
  parts: ReadonlyMap<string, readonly DeltaPart[]>,
  of: Pick<Delta, "hash" | "clock">,
): Generator<DeltaRow[]> {
  let [rows, held]: [DeltaRow[], number] = [[], 0];
  for (const [identifier, all] of parts)
    for (let from = 0; from < all.length; from += PARTS_OF_ROW) {
      const list = all.slice(from, from + PARTS_OF_ROW);
      // The feed is read in the order of transactions.
      const { xid } = list.at(-1) as DeltaPart;
      rows.push({ identifier, xid, delta: { ...of, parts: list } });
      held += list.length;
      if (held < PARTS_AT_ONCE) continue;
      yield rows;
      [rows, held] = [[], 0];
    }
  if (rows.length > 0) yield rows;
}

/** When roots are to be computed. */
export interface DeltaTimes {
  readonly soon: Date;
  /** After changes were collected. */
  readonly late: Date;
  /** Of the roots those that are computed soon. */
  readonly rested: (roots: readonly string[]) => ReadonlySet<string>;
}

/** What a root counts of an entity; undefined where it does not count it. */
interface Sides {
  readonly before?: OwnStates | undefined;
  readonly after?: OwnStates | undefined;
}

/** null: nothing changes. */
function partOf(xid: string, { before, after }: Sides): DeltaPart | null {
  const next = after?.next ?? null;
  const [was, is] = [before?.states ?? null, after?.states ?? null];
  // Where nothing changes, both are nothing.
  const isSame = (i: number): boolean => sameJson(was?.[i] ?? null, is?.[i] ?? null);
  if (next === null && (was ?? is ?? []).every((_, i) => isSame(i))) return null;
  if (was === null || is === null) return { xid, next, before: was, after: is };
  return {
    ...{ xid, next },
    before: was.map((state, i) => (isSame(i) ? null : state)),
    after: is.map((state, i) => (isSame(i) ? null : state)),
  };
}

/** The entity as a row, with what is read: each column is a conversion for the database, of thousands of changes at once. */
function stateOf(
  document: JsonObject,
  reads: ReadonlySet<string>,
  isDerived: (id: string) => boolean,
): EntityState {
  const properties: Record<string, unknown> = {};
  const derived: Record<string, unknown> = {};
  const all = isObject(document["properties"]) ? document["properties"] : {};
  const metas: Partial<EntityState> = {};
  for (const id of reads) {
    const meta = METAS.get(id);
    if (meta !== undefined) Object.assign(metas, meta(document));
    const value = own(all, id) ?? null;
    if (value !== null) (isDerived(id) ? derived : properties)[id] = value;
  }
  const [identifier, blueprint] = [textOf(document, "identifier"), textOf(document, "blueprint")];
  return { ...metas, identifier: identifier ?? "", blueprint: blueprint ?? "", properties, derived };
}

const METAS: ReadonlyMap<string, (document: JsonObject) => Partial<EntityState>> = new Map<
  string,
  (document: JsonObject) => Partial<EntityState>
>([
  ["$title", (one: JsonObject) => ({ title: textOf(one, "title") })],
  ["$icon", (one: JsonObject) => ({ icon: textOf(one, "icon") })],
  ["$team", ({ team }: JsonObject) => ({ team: isStringArray(team) ? team : [] })],
  ["$createdAt", (one: JsonObject) => ({ created_at: textOf(one, "createdAt") })],
  ["$createdBy", (one: JsonObject) => ({ created_by: textOf(one, "createdBy") ?? "" })],
  ["$updatedAt", (one: JsonObject) => ({ updated_at: textOf(one, "updatedAt") })],
  ["$updatedBy", (one: JsonObject) => ({ updated_by: textOf(one, "updatedBy") ?? "" })],
]);

function textOf(document: JsonObject, key: string): string | null {
  const value = document[key];
  return typeof value === "string" ? value : null;
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
