/** One batch of a mapping migration: reads source entities, maps and writes them. Doing it twice does the same. */
import { setImmediate as breathe } from "node:timers/promises";
import { getDefinition } from "../catalog/definitions.ts";
import { upsertEntities, type UpsertOptions } from "../catalog/upsert-entity.ts";
import { type Entity, renderEntity } from "../model/entity.ts";
import { AppError } from "../model/error.ts";
import type { Migration, MigrationProblem } from "../model/migration.ts";
import type { Ctx } from "../storage/context.ts";
import { countEntities, readEntities } from "../storage/entities.ts";
import { pageEntities, type Place } from "../storage/entity-pages.ts";
import { failuresToRetry, type MigrationFailure } from "../storage/migrations.ts";
import { createMapper, isMissing, type MappedItem } from "./entity-mapper.ts";

const BATCH = 200;
const MAX_MESSAGE = 500;
const MERGE: UpsertOptions = {
  present: "merge",
  absent: "create",
  createMissing: false,
  validationOnly: false,
  closed: false,
};

export interface MappedBatch {
  readonly total: number | null;
  /** The last source entity looked at; null: there was none left. */
  readonly last: Place | null;
  /** Source entities all of whose items were written, or that the filter left out. */
  readonly done: readonly Place[];
  readonly failures: readonly MigrationFailure[];
  readonly warnings: readonly MigrationProblem[];
  /** Why nothing at all can be done. */
  readonly refused: string | null;
}

const NOTHING = { total: null, last: null, done: [], failures: [], warnings: [], refused: null } as const;

export async function mapBatch(ctx: Ctx, migration: Migration): Promise<MappedBatch> {
  try {
    const { plan } = await getDefinition(ctx, migration.sourceBlueprint);
    const total = migration.total ?? (await countEntities(ctx.db, ctx.org, migration.sourceBlueprint));
    const { entities, last } = await readBatch(ctx, migration);
    if (last === null) return { ...NOTHING, total };
    const mapper = createMapper(migration.mapping);
    const outcome = new Outcome();
    const items: (MappedItem & { readonly source: Entity })[] = [];
    for (const entity of entities) {
      try {
        const mapped = mapper.map(renderEntity(plan, entity), ctx.now());
        outcome.warn(entity, mapped.warnings);
        items.push(...mapped.items.map((item) => ({ ...item, source: entity })));
      } catch (error) {
        outcome.fail(entity, error);
      }
      // A mapping may take its time; others have requests.
      await breathe();
    }
    for (const [blueprint, group] of Map.groupBy(items, (item) => item.blueprint))
      await writeGroup(ctx, blueprint, group, outcome);
    return {
      ...{ total, last, refused: null },
      done: entities.filter((entity) => !outcome.failures.has(entity)).map(placeOf),
      failures: [...outcome.failures.values()],
      warnings: outcome.warnings,
    };
  } catch (error) {
    if (error instanceof AppError) return { ...NOTHING, refused: error.message };
    throw error;
  }
}

/** The first time all entities there were when it was asked for; later those that failed for want of another. */
async function readBatch(
  ctx: Ctx,
  { id, sourceBlueprint: blueprint, attempt, after, createdAt }: Migration,
): Promise<{ entities: Entity[]; last: Place | null }> {
  if (attempt === 0) {
    const page = await pageEntities(ctx.db, ctx.org, blueprint, after, BATCH);
    const entities = page.filter((entity) => entity.createdAt <= createdAt);
    const last = entities.at(-1);
    return { entities, last: last === undefined ? null : placeOf(last) };
  }
  // To and fro: an entity that relates to a younger one, which relates to a younger one, and so on, takes one way back.
  const backwards = attempt % 2 === 1;
  const places = await failuresToRetry(ctx.db, ctx.org, id, { after, backwards, limit: BATCH });
  const keys = places.map(({ identifier }) => ({ blueprint, identifier }));
  const found = new Map(
    (await readEntities(ctx.db, ctx.org, keys)).map((entity) => [entity.identifier, entity]),
  );
  const entities = places.flatMap(({ identifier }) => found.get(identifier) ?? []);
  return { entities, last: places.at(-1) ?? null };
}

function placeOf({ createdAt, identifier }: Place): Place {
  return { createdAt, identifier };
}

/** What became of the source entities of a batch. */
class Outcome {
  readonly failures = new Map<Entity, MigrationFailure>();
  readonly warnings: MigrationProblem[] = [];

  warn({ identifier }: Entity, messages: readonly string[]): void {
    this.warnings.push(
      ...messages.map((message) => ({ identifier, message: message.slice(0, MAX_MESSAGE) })),
    );
  }

  /** The first failure of an entity counts. */
  fail(entity: Entity, error: unknown): void {
    if (!(error instanceof AppError)) throw error;
    if (this.failures.has(entity)) return;
    const message = error.message.slice(0, MAX_MESSAGE);
    this.failures.set(entity, { ...placeOf(entity), message, retry: isMissing(error) });
  }
}

async function writeGroup(
  ctx: Ctx,
  blueprint: string,
  group: readonly (MappedItem & { readonly source: Entity })[],
  outcome: Outcome,
): Promise<void> {
  try {
    const bodies = group.map((item) => item.body);
    const { outcomes } = await upsertEntities(ctx, blueprint, bodies, MERGE);
    for (const one of outcomes) {
      const source = group[one.index]?.source;
      if (source === undefined) continue;
      if (one.ok) outcome.warn(source, one.warnings);
      else outcome.fail(source, one.error);
    }
  } catch (error) {
    // The blueprint is not there, or is the system's: that fails the group, not the migration.
    for (const { source } of group) outcome.fail(source, error);
  }
}
