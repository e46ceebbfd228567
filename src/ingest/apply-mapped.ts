/**
 * What a mapping gave, brought into the catalog by the functions that the API uses, as sets: entities of one blueprint
 * go together. A batch has the effect of its events one after the other.
 */
import { deleteEntities } from "../catalog/delete-entity.ts";
import { upsertEntities, type UpsertOptions } from "../catalog/upsert-entity.ts";
import type { Actor, Person } from "../model/actor.ts";
import { AppError } from "../model/error.ts";
import type { JsonObject } from "../model/json.ts";
import { type ChangeMark, markChanges } from "../storage/change-sources.ts";
import type { Ctx } from "../storage/context.ts";
import { readEntities } from "../storage/entities.ts";
import type { Mapped, MappedDelete, MappedEntity, MappingError } from "./mapping.ts";
import { NOWHERE } from "./read-document.ts";
import { withNames } from "./source-names.ts";

/** Who writes, and how. */
export interface Source {
  /** `createdBy`, `updatedBy` of what it writes. */
  readonly id: string;
  /** `$datasource`: whose an entity is when the source is reconciled. */
  readonly datasource: string;
  /** The inbox source whose table of names its searches ask; absent: there is none. */
  readonly names?: string;
  /** What the audit log calls it. */
  readonly title: string;
  readonly createMissingRelatedEntities: boolean;
  readonly enableMergeEntity: boolean;
  /** Deletes only what it wrote last itself (live events of integrations). */
  readonly deletesOwnOnly: boolean;
  /** Checks everything, writes nothing (deletions are not looked at). */
  readonly validationOnly?: boolean;
  /** Whose permissions hold; absent: sources may do everything. */
  readonly person?: Person | undefined;
}

export interface AppliedEntity {
  readonly blueprint: string;
  readonly identifier: string;
  readonly action: "created" | "updated" | "unchanged" | "deleted";
}

export interface AppliedError extends MappingError {
  readonly blueprint: string | null;
  readonly identifier: string | null;
  /** Of the error table; null where the mapping itself failed. */
  readonly code: string | null;
}

/** What became of one payload. */
export interface Outcome {
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly deleted: number;
  readonly filtered: number;
  readonly entities: readonly AppliedEntity[];
  readonly errors: readonly AppliedError[];
  /** Texts without effect on success: unknown properties, searches without a match. */
  readonly warnings: readonly string[];
}

/** Of the entities of one outcome, so many are listed. */
const LISTED = 100;
const MAX_WARNINGS = 20;

function sourceActor({ id, datasource, title, person }: Source): Actor {
  return { kind: "machine", id, datasource, origin: title, ...(person === undefined ? {} : { person }) };
}

type Operation = { readonly event: number } & (
  | ({ readonly type: "upsert" } & MappedEntity)
  | ({ readonly type: "delete" } & MappedDelete)
);

/** What the audit log shows changes to come from. */
export interface Cause {
  readonly source: string;
  /** Identifiers of the events, one for each payload. */
  readonly events: readonly string[];
}

/**
 * @param given one for each payload, in the order in which they happened
 * @param cause only inside a transaction
 * @returns one for each of them. Works inside a transaction too (then all of it is done, or nothing)
 */
export async function applyMapped(
  ctx: Ctx,
  source: Source,
  given: readonly Mapped[],
  cause?: Cause,
): Promise<Outcome[]> {
  const events = source.names === undefined ? given : await withNames(ctx, source.names, given);
  const tally = new Tally(events);
  const own: Ctx = { ...ctx, actor: sourceActor(source) };
  for (const stretch of stretches(events.flatMap(operationsOf)))
    if (stretch[0]?.type === "delete") await remove(own, source, stretch, tally);
    else await upsert(own, source, stretch, tally);
  if (cause !== undefined) await markCause(own, cause, tally);
  return tally.outcomes();
}

const ACTIONS = { created: "CREATE", updated: "UPDATE", deleted: "DELETE" } as const;

async function markCause(ctx: Ctx, { source, events }: Cause, tally: Tally): Promise<void> {
  const marks = tally.done.flatMap(({ event, action, blueprint, identifier }): ChangeMark[] => {
    const id = events[event];
    return action === "unchanged" || id === undefined
      ? []
      : [{ blueprint, identifier, action: ACTIONS[action], event: id }];
  });
  const [first, ...others] = events;
  if (marks.length > 0) await markChanges(ctx, source, marks, others.length === 0 ? (first ?? null) : null);
}

/** In the order of the mappings: a deletion may make room for what follows. */
function operationsOf(mapped: Mapped, event: number): Operation[] {
  return [
    ...mapped.entities.map((entity) => ({ type: "upsert", event, ...entity }) as const),
    ...mapped.deletes.map((one) => ({ type: "delete", event, ...one }) as const),
  ].sort((a, b) => a.resource - b.resource);
}

/** Longest runs of writes, and of deletions: only their order to each other counts. */
function stretches(operations: readonly Operation[]): Operation[][] {
  const found: Operation[][] = [];
  for (const operation of operations) {
    const last = found.at(-1);
    if (last?.[0]?.type === operation.type) last.push(operation);
    else found.push([operation]);
  }
  return found;
}

class Tally {
  readonly #events: readonly Mapped[];
  readonly #applied: AppliedEntity[][];
  readonly #errors: AppliedError[][];
  readonly #warnings: string[][];
  /** In the order in which it was done, whatever the events. */
  readonly done: (AppliedEntity & { readonly event: number })[] = [];

  constructor(events: readonly Mapped[]) {
    this.#events = events;
    this.#applied = events.map(() => []);
    this.#errors = events.map(({ errors }) =>
      errors.map((error) => ({ ...error, blueprint: null, identifier: null, code: null })),
    );
    this.#warnings = events.map(() => []);
  }

  applied({ event, blueprint }: Operation, identifier: string, action: AppliedEntity["action"]): void {
    this.#applied[event]?.push({ blueprint, identifier, action });
    this.done.push({ blueprint, identifier, action, event });
  }

  failed({ event, resource, blueprint }: Operation, identifier: string, error: AppError): void {
    const position = NOWHERE;
    this.#errors[event]?.push({
      ...{ resource, key: "", reason: error.message, position, lost: true },
      ...{ blueprint, identifier, code: error.code },
    });
  }

  warn({ event }: Operation, warnings: readonly string[]): void {
    this.#warnings[event]?.push(...warnings);
  }

  outcomes(): Outcome[] {
    return this.#events.map(({ filtered }, event) => {
      const applied = this.#applied[event] ?? [];
      const count = (action: AppliedEntity["action"]): number =>
        applied.filter((one) => one.action === action).length;
      return {
        ...{ created: count("created"), updated: count("updated"), unchanged: count("unchanged") },
        ...{ deleted: count("deleted"), filtered },
        entities: applied.slice(0, LISTED),
        errors: this.#errors[event] ?? [],
        warnings: [...new Set(this.#warnings[event])].slice(0, MAX_WARNINGS),
      };
    });
  }
}

async function upsert(
  ctx: Ctx,
  source: Source,
  operations: readonly Operation[],
  tally: Tally,
): Promise<void> {
  const options: UpsertOptions = {
    present: source.enableMergeEntity ? "merge" : "override",
    absent: "create",
    createMissing: source.createMissingRelatedEntities,
    validationOnly: source.validationOnly === true,
    closed: false,
    throwCollisions: ctx.db.isTransaction,
  };
  // A relation may point at what another group is about to create: what was missing is tried again while that helps.
  let left = operations;
  for (;;) {
    const missing: { operation: Operation; identifier: string; error: AppError }[] = [];
    for (const [blueprint, group] of Map.groupBy(left, (operation) => operation.blueprint))
      missing.push(...(await upsertGroup(ctx, blueprint, group, options, tally)));
    const again = missing.length > 0 && missing.length < left.length;
    if (!again) {
      for (const { operation, identifier, error } of missing) tally.failed(operation, identifier, error);
      return;
    }
    left = missing.map(({ operation }) => operation);
  }
}

/** @returns those that failed because something else is missing */
async function upsertGroup(
  ctx: Ctx,
  blueprint: string,
  group: readonly Operation[],
  options: UpsertOptions,
  tally: Tally,
): Promise<{ operation: Operation; identifier: string; error: AppError }[]> {
  const missing: { operation: Operation; identifier: string; error: AppError }[] = [];
  const bodies = group.map((operation) => (operation.type === "upsert" ? operation.body : {}));
  try {
    const { outcomes } = await upsertEntities(ctx, blueprint, bodies, options);
    for (const one of outcomes) {
      const operation = group[one.index];
      if (operation === undefined) continue;
      if (one.ok) {
        tally.applied(
          operation,
          one.entity.identifier,
          one.created ? "created" : one.changed ? "updated" : "unchanged",
        );
        tally.warn(operation, one.warnings);
      } else if (one.error.code === "not_found")
        missing.push({ operation, identifier: one.identifier, error: one.error });
      else tally.failed(operation, one.identifier, one.error);
    }
  } catch (error) {
    // The blueprint is not there, or nobody may write in it: that fails its entities, not the others.
    if (!(error instanceof AppError)) throw error;
    for (const operation of group) tally.failed(operation, nameOf(operation), error);
  }
  return missing;
}

function nameOf(operation: Operation): string {
  if (operation.type === "delete") return operation.identifier;
  const { identifier }: JsonObject = operation.body;
  return typeof identifier === "string" ? identifier : "unknown";
}

async function remove(
  ctx: Ctx,
  source: Source,
  operations: readonly Operation[],
  tally: Tally,
): Promise<void> {
  if (source.validationOnly === true) return;
  const deletes = operations.flatMap((one) => (one.type === "delete" ? [one] : []));
  const own = source.deletesOwnOnly ? await ownKeys(ctx, deletes) : null;
  const groups = Map.groupBy(
    deletes.filter((one) => own === null || own.has(`${one.blueprint}\n${one.identifier}`)),
    (one) => `${one.deleteDependents}\n${one.blueprint}`,
  );
  for (const group of groups.values()) await removeGroup(ctx, group, tally);
}

async function ownKeys(ctx: Ctx, keys: readonly MappedDelete[]): Promise<Set<string>> {
  const entities = await readEntities(ctx.db, ctx.org, keys);
  return new Set(
    entities
      .filter(({ datasource }) => datasource === ctx.actor.datasource)
      .map(({ blueprint, identifier }) => `${blueprint}\n${identifier}`),
  );
}

/** All at once; when one of them is required by others, one by one. What is not there is not missed. */
async function removeGroup(
  ctx: Ctx,
  group: readonly (Operation & { type: "delete" })[],
  tally: Tally,
): Promise<void> {
  const [first] = group;
  if (first === undefined) return;
  const { blueprint, deleteDependents } = first;
  try {
    const found = new Set(
      await deleteEntities(
        ctx,
        blueprint,
        group.map(({ identifier }) => identifier),
        { deleteDependents },
      ),
    );
    for (const operation of group)
      if (found.delete(operation.identifier)) tally.applied(operation, operation.identifier, "deleted");
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    if (group.length === 1) tally.failed(first, first.identifier, error);
    else for (const operation of group) await removeGroup(ctx, [operation], tally);
  }
}
