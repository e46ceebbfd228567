/** Creates and changes entities, one or many, always through the same set-based path (data-model.md §4.2, §4.4, §4.5). */
import { randomInt } from "node:crypto";
import type { BlueprintPlan } from "../model/blueprint.ts";
import { type EntityJson, renderEntity } from "../model/entity.ts";
import { type EntityWrite, isByQuery, parseEntityWrite, type PlainWrite } from "../model/entity-write.ts";
import { AppError } from "../model/error.ts";
import { isEntityIdentifier } from "../model/identifier.ts";
import { isObject } from "../model/json.ts";
import type { Ctx } from "../storage/context.ts";
import type { BatchItem, ItemOutcome, WriteMode } from "./apply-batch.ts";
import { type Definition, getDefinition, lastDefinition } from "./definitions.ts";
import { guardFor } from "./guard.ts";
import { resolveWrites, standsAlone } from "./resolve-write.ts";
import { type Redo, writeRun } from "./write-run.ts";

export interface UpsertOptions extends WriteMode {
  /** Check everything, write nothing. */
  readonly validationOnly: boolean;
  /** Refuse keys that are no keys of an entity (PATCH). */
  readonly closed: boolean;
  /** In a transaction whose caller undoes and repeats: errors of the database and `CreatedMeanwhile` are thrown. */
  readonly throwCollisions?: boolean;
}

export interface BatchResult {
  /** One per body, in order. */
  readonly outcomes: readonly ItemOutcome[];
  readonly plan: BlueprintPlan;
  /** True when anything was written. */
  readonly changed: boolean;
}

export interface UpsertResult {
  readonly entity: EntityJson;
  readonly created: boolean;
  readonly changed: boolean;
  readonly warnings: readonly string[];
}

/** @throws AppError when the write is refused */
export async function upsertEntity(
  ctx: Ctx,
  blueprint: string,
  body: unknown,
  options: UpsertOptions,
): Promise<UpsertResult> {
  const { outcomes, plan } = await upsertEntities(ctx, blueprint, [body], options);
  const [outcome] = outcomes;
  if (outcome === undefined) throw new Error("upsertEntity: no outcome");
  if (!outcome.ok) throw outcome.error;
  const { created, changed, warnings } = outcome;
  return { entity: renderEntity(plan, outcome.entity), created, changed, warnings };
}

/**
 * Each body succeeds or fails by itself, with the effect of array order: an item sees what earlier ones wrote.
 * @throws AppError only for the batch as a whole: the blueprint does not exist
 */
export async function upsertEntities(
  ctx: Ctx,
  blueprint: string,
  bodies: readonly unknown[],
  options: UpsertOptions,
): Promise<BatchResult> {
  const { definition, parsed } = await parseBodies(ctx, blueprint, bodies, options);
  const guard = await guardFor(ctx, blueprint);
  // What the answer is rendered by: the one that the entities were written under.
  let { plan } = definition;
  const outcomes = new Map<number, ItemOutcome>();
  const fail = (index: number, error: unknown): void => {
    if (!(error instanceof AppError)) throw error;
    outcomes.set(index, { index, ok: false, identifier: shownIdentifier(blueprint, bodies[index]), error });
  };
  // Items whose queries could find what earlier items wrote go alone; the runs between them go as sets.
  let run: BatchItem[] = [];
  const flush = async (): Promise<void> => {
    const items = run;
    run = [];
    const redo: Redo = async (again) => {
      ({ plan } = await getDefinition(ctx, blueprint));
      const result = await upsertEntities(
        ctx,
        blueprint,
        again.map((item) => bodies[item.index]),
        options,
      );
      return result.outcomes.map((outcome, i) => ({ ...outcome, index: again[i]?.index ?? outcome.index }));
    };
    for (const outcome of await writeRun({ ctx, definition, options, guard, redo }, items))
      outcomes.set(outcome.index, outcome);
  };
  for (const [index, write] of (await resolveTogether(ctx, definition.plan, parsed, options)).entries()) {
    if (write instanceof Error) {
      fail(index, write);
      continue;
    }
    try {
      const plain = asPlain(write);
      if (plain !== null) {
        run.push({ index, write: plain });
        continue;
      }
      await flush();
      const [resolved] = await resolveWrites(ctx, definition.plan, [write], generateIdentifier);
      if (resolved instanceof Error) fail(index, resolved);
      else if (resolved !== undefined) run.push({ index, write: resolved });
      await flush();
    } catch (error) {
      fail(index, error);
    }
  }
  await flush();
  const ordered = [...outcomes.values()].sort((a, b) => a.index - b.index);
  const changed = !options.validationOnly && ordered.some((outcome) => outcome.ok && outcome.changed);
  return { outcomes: ordered, plan, changed };
}

/** The items whose queries no other item can change, resolved at once; the others as they are. */
async function resolveTogether(
  ctx: Ctx,
  plan: BlueprintPlan,
  parsed: readonly (EntityWrite | AppError)[],
  options: UpsertOptions,
): Promise<readonly (EntityWrite | AppError)[]> {
  const asking = parsed.flatMap((write, index) =>
    write instanceof Error || asPlain(write) !== null || !standsAlone(plan, write, options)
      ? []
      : [{ index, write }],
  );
  if (asking.length === 0) return parsed;
  const writes = asking.map(({ write }) => write);
  const resolved = await resolveWrites(ctx, plan, writes, generateIdentifier);
  const answers = new Map(asking.map(({ index }, i) => [index, resolved[i]]));
  return parsed.map((write, index) => answers.get(index) ?? write);
}

/**
 * The bodies checked against the definition as it was last seen; a refusal counts only when that is still the stored
 * one. (Before anything is written, `writeRun` compares the generation too.)
 */
async function parseBodies(
  ctx: Ctx,
  blueprint: string,
  bodies: readonly unknown[],
  { closed }: UpsertOptions,
): Promise<{ definition: Definition; parsed: (EntityWrite | AppError)[] }> {
  const parse = ({ plan, validator }: Definition): (EntityWrite | AppError)[] =>
    bodies.map((body) => {
      try {
        return parseEntityWrite(plan, body, { closed, check: validator.check });
      } catch (error) {
        if (error instanceof AppError) return error;
        throw error;
      }
    });
  const last = lastDefinition(ctx, blueprint);
  if (last !== undefined) {
    const parsed = parse(last);
    if (parsed.every((write) => !(write instanceof AppError))) return { definition: last, parsed };
  }
  const definition = await getDefinition(ctx, blueprint);
  return { definition, parsed: parse(definition) };
}

function asPlain(write: EntityWrite): PlainWrite | null {
  const { identifier, team, ...rest } = write;
  if (isByQuery(identifier) || isByQuery(team) || [...write.relations.values()].some(isByQuery)) return null;
  return {
    ...rest,
    identifier: identifier ?? generateIdentifier(),
    ...(team === undefined ? {} : { team }),
    relations: write.relations as PlainWrite["relations"],
  };
}

const ALPHANUMERIC = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

function generateIdentifier(): string {
  return `e_${Array.from({ length: 16 }, () => ALPHANUMERIC[randomInt(ALPHANUMERIC.length)]).join("")}`;
}

/** How a failed item is called in the answer; `unknown` when it has no identifier of its own. */
function shownIdentifier(blueprint: string, body: unknown): string {
  const identifier = isObject(body) ? body["identifier"] : undefined;
  return typeof identifier === "string" && isEntityIdentifier(identifier, blueprint) ? identifier : "unknown";
}
