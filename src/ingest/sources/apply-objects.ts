/**
 * Objects of a source brought into the catalog, with a note of what each became: that note tells later, exactly, which
 * entities go when the object goes, or when it becomes something else.
 */
import { setImmediate as breathe } from "node:timers/promises";
import type { Kind, RawObject } from "../../integrations/connector.ts";
import type { EntityKey } from "../../model/entity.ts";
import type { Ctx } from "../../storage/context.ts";
import {
  type Claim,
  claimsOf,
  dropClaims,
  markGone,
  type ObjectKey,
  objectsUnder,
  putClaims,
  putObjects,
  readObjects,
  type SeenObject,
} from "../../storage/source-objects.ts";
import { transact } from "../../storage/transact.ts";
import { applyMapped, type Outcome } from "../apply-mapped.ts";
import { type Mapped, mapPayload } from "../mapping.ts";
import type { OpenSource } from "./open-source.ts";
import { addCounts, NO_COUNTS, type RunCounts, type RunError } from "./run-state.ts";

export interface Applied {
  readonly counts: RunCounts;
  readonly errors: readonly RunError[];
}

export const NOTHING_APPLIED: Applied = { counts: NO_COUNTS, errors: [] };

/** What of a data source it takes to write. */
export type SourceWriter = Pick<OpenSource, "id" | "plan" | "writer" | "run">;

/** So many objects that are gone are taken out in one transaction. */
const GONE_BATCH = 200;
/** Mapping takes milliseconds; after so many objects others get their turn. */
const BREATHE_EVERY = 20;

/**
 * What is older than the state that is known is left out. A listed or fetched object of the same version is applied again
 * (the mapping may have changed), and one that was gone is there again.
 */
export async function applyObjects(
  ctx: Ctx,
  source: SourceWriter,
  kind: Kind,
  given: readonly RawObject[],
  isEvent: boolean,
): Promise<Applied> {
  const { org } = ctx;
  // Once each; the last one is the newest.
  const latest = [...new Map(given.map((object) => [object.key, object])).values()];
  const seen = await readObjects(
    ctx.db,
    org,
    source.id,
    kind.kind,
    latest.map(({ key }) => key),
  );
  const objects = latest.filter((object) => !isStale(object, seen.get(object.key), isEvent));
  // Copies that systems list from lag behind their events; what they list is there all the same.
  const lagging = isEvent ? [] : latest.filter((object) => !objects.includes(object));
  if (lagging.length > 0) await note(ctx, source, kind, lagging);
  if (objects.length === 0) return NOTHING_APPLIED;
  const mapped = await mapAll(ctx, source, kind, objects);
  const outcomes = await applyMapped(ctx, source.writer, mapped);
  const deleted = await transact(ctx, async (tx) => {
    await note(tx, source, kind, objects);
    const before = await claimsOf(
      tx.db,
      org,
      source.id,
      objects.map(({ key }) => ({ kind: kind.kind, key })),
    );
    const now = objects.flatMap(({ key }, index) =>
      claims(kind.kind, key, mapped[index], outcomes[index], before),
    );
    const known = new Set(before.map(nameOf));
    const kept = new Set(now.map(nameOf));
    await putClaims(
      tx.db,
      org,
      source.id,
      now.filter((claim) => !known.has(nameOf(claim))),
    );
    const orphans = await dropClaims(
      tx.db,
      org,
      source.id,
      before.filter((claim) => !kept.has(nameOf(claim))),
    );
    return deleteEntitiesOf(tx, source, orphans);
  });
  return tallied(kind.kind, objects, outcomes, deleted);
}

const note = (ctx: Ctx, source: SourceWriter, kind: Kind, objects: readonly RawObject[]): Promise<void> =>
  putObjects(
    ctx.db,
    ctx.org,
    source.id,
    { kind: kind.kind, parentKind: kind.under ?? null, seen: source.run?.number ?? 0 },
    objects.map(({ key, version, parent = null, ref = null }) => ({ key, version, parent, ref })),
  );

function isStale({ version }: RawObject, seen: SeenObject | undefined, isEvent: boolean): boolean {
  if (seen === undefined || version === null || seen.version === null) return false;
  return seen.gone ? isEvent && version <= seen.version : version < seen.version;
}

async function mapAll(
  ctx: Ctx,
  { plan }: SourceWriter,
  { kind }: Kind,
  objects: readonly RawObject[],
): Promise<Mapped[]> {
  const mapped: Mapped[] = [];
  for (const [index, { payload }] of objects.entries()) {
    mapped.push(mapPayload(plan, kind, payload, { now: ctx.now() }));
    if (index % BREATHE_EVERY === BREATHE_EVERY - 1) await breathe();
  }
  return mapped;
}

const nameOf = ({ kind, key, blueprint, identifier }: Claim): string =>
  JSON.stringify([kind, key, blueprint, identifier]);

/** The entities that the object makes. Where its mapping failed nothing it made before is given up. */
function claims(
  kind: string,
  key: string,
  mapped: Mapped | undefined,
  outcome: Outcome | undefined,
  before: readonly Claim[],
): Claim[] {
  const made: EntityKey[] = [
    ...(mapped?.entities ?? []).flatMap(({ blueprint, body: { identifier } }) =>
      typeof identifier === "string" ? [{ blueprint, identifier }] : [],
    ),
    ...(outcome?.entities ?? []).filter(({ action }) => action !== "deleted"),
    ...((outcome?.errors ?? []).some(({ lost }) => lost)
      ? before.filter((claim) => claim.kind === kind && claim.key === key)
      : []),
  ];
  return [
    ...new Map(
      made.map(({ blueprint, identifier }) => {
        const claim = { kind, key, blueprint, identifier };
        return [nameOf(claim), claim];
      }),
    ).values(),
  ];
}

/** Deletes what this source wrote last. @returns how many, and what was refused */
async function deleteEntitiesOf(
  ctx: Ctx,
  source: SourceWriter,
  entities: readonly EntityKey[],
): Promise<Outcome | null> {
  if (entities.length === 0) return null;
  const { deleteDependentEntities: deleteDependents } = source.plan;
  const deletes = entities.map(({ blueprint, identifier }) => ({
    ...{ resource: 0, blueprint, identifier, deleteDependents },
  }));
  const [outcome] = await applyMapped(ctx, source.writer, [
    { entities: [], deletes, errors: [], filtered: 0 },
  ]);
  return outcome ?? null;
}

function tallied(
  kind: string,
  objects: readonly RawObject[],
  outcomes: readonly Outcome[],
  deleted: Outcome | null,
): Applied {
  let counts = addCounts(NO_COUNTS, { fetched: objects.length, deleted: deleted?.deleted ?? 0 });
  const errors: RunError[] = deletionErrors(kind, deleted);
  for (const [index, outcome] of outcomes.entries()) {
    const lost = outcome.errors.filter((error) => error.lost).length;
    counts = addCounts(counts, { ...countsOf(outcome), failed: lost });
    errors.push(
      ...outcome.errors.map(({ key: field, blueprint, identifier, reason }) => ({
        ...{ kind, key: objects[index]?.key ?? "", field, blueprint, identifier, reason },
      })),
    );
  }
  return { counts, errors };
}

const countsOf = ({ created, updated, unchanged, filtered, deleted }: Outcome): Partial<RunCounts> => ({
  ...{ created, updated, unchanged, filtered, deleted },
});

const deletionErrors = (kind: string, outcome: Outcome | null): RunError[] =>
  (outcome?.errors ?? []).map(({ blueprint, identifier, reason }) => ({
    ...{ kind, key: "", field: "", blueprint, identifier, reason },
  }));

/** The object is gone at the source, and everything that was listed under it. */
export async function removeObject(
  ctx: Ctx,
  source: SourceWriter,
  object: ObjectKey,
  version: string | null,
): Promise<Applied> {
  const below = await objectsUnder(ctx.db, ctx.org, source.id, object);
  let applied = NOTHING_APPLIED;
  for (let from = 0; from < below.length; from += GONE_BATCH)
    applied = joined(applied, await forgetObjects(ctx, source, below.slice(from, from + GONE_BATCH)));
  const own = await transact(ctx, (tx) => forgetInside(tx, source, [object], version));
  return joined(applied, own);
}

/** Marks objects as gone and deletes the entities that only they made. */
export function forgetObjects(
  ctx: Ctx,
  source: SourceWriter,
  objects: readonly ObjectKey[],
): Promise<Applied> {
  return transact(ctx, (tx) => forgetInside(tx, source, objects, null));
}

async function forgetInside(
  tx: Ctx,
  source: SourceWriter,
  objects: readonly ObjectKey[],
  version: string | null,
): Promise<Applied> {
  const before = await claimsOf(tx.db, tx.org, source.id, objects);
  const orphans = await dropClaims(tx.db, tx.org, source.id, before);
  await markGone(
    tx.db,
    tx.org,
    source.id,
    objects.map((object) => ({ ...object, version })),
  );
  const outcome = await deleteEntitiesOf(tx, source, orphans);
  return {
    counts: addCounts(NO_COUNTS, { deleted: outcome?.deleted ?? 0 }),
    errors: deletionErrors(objects[0]?.kind ?? "", outcome),
  };
}

export const joined = (a: Applied, b: Applied): Applied => ({
  counts: addCounts(a.counts, b.counts),
  errors: [...a.errors, ...b.errors],
});
