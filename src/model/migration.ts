/** Migrations: deleting all entities of a blueprint, or mapping them to another (data-model.md §3.10). */
import type { Actor } from "./actor.ts";
import { invalid } from "./error.ts";
import { checkBlueprintIdentifier, checkPropertyIdentifier } from "./identifier.ts";
import { checkJson, isObject, type JsonObject, kindOf } from "./json.ts";

export const MIGRATION_STATUSES = [
  "INITIALIZING",
  "PENDING",
  "RUNNING",
  "COMPLETED",
  "FAILURE",
  "PENDING_CANCELLATION",
  "CANCELLED",
] as const;
export type MigrationStatus = (typeof MIGRATION_STATUSES)[number];

/** What happened to one source entity. */
export interface MigrationProblem {
  readonly identifier: string;
  readonly message: string;
}

export interface Migration {
  readonly id: string;
  readonly sourceBlueprint: string;
  /** null: deletion. */
  readonly mapping: JsonObject | null;
  readonly deleteBlueprint: boolean;
  readonly status: MigrationStatus;
  /** Who asked for it, as of then. */
  readonly actor: Actor;
  readonly runId: string | null;
  /** Entities there were when it began; null before. */
  readonly total: number | null;
  readonly successCount: number;
  readonly failureCount: number;
  /** The last entity that was looked at. */
  readonly after: { readonly createdAt: Date; readonly identifier: string } | null;
  /** 0: looking at all entities for the first time; more: trying those again that failed for want of another. */
  readonly attempt: number;
  /** Entities that this attempt helped. */
  readonly helped: number;
  /** The first of them. */
  readonly warnings: readonly MigrationProblem[];
  readonly reason: string | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly finishedAt: Date | null;
}

export function isOver({ status }: Migration): boolean {
  return status === "COMPLETED" || status === "FAILURE" || status === "CANCELLED";
}

/** The migration as the API returns it. @param failures the first of them; not told in lists */
export function renderMigration(
  migration: Migration,
  failures: readonly MigrationProblem[] | null,
): JsonObject {
  return {
    id: migration.id,
    actor: migration.actor.id,
    sourceBlueprint: migration.sourceBlueprint,
    mapping: migration.mapping,
    status: migration.status,
    deleteBlueprint: migration.deleteBlueprint,
    deleteEntities: migration.mapping === null,
    totalCount: migration.total,
    successCount: migration.successCount,
    failureCount: migration.failureCount,
    warnings: migration.warnings,
    ...(failures === null ? {} : { failures }),
    reason: migration.reason,
    createdAt: migration.createdAt.toISOString(),
    updatedAt: migration.updatedAt.toISOString(),
    finishedAt: migration.finishedAt?.toISOString() ?? null,
  };
}

/** Texts are jq, not yet compiled. */
export interface EntityMapping {
  readonly blueprint: string;
  readonly filter: string | null;
  readonly itemsToParse: string | null;
  readonly identifier: string;
  readonly title: string | null;
  readonly icon: string | null;
  readonly team: string | null;
  readonly properties: ReadonlyMap<string, string>;
  readonly relations: ReadonlyMap<string, string>;
}

const MAX_JQ = 20_000;
const MAX_MEMBERS = 1000;

/** @throws AppError `invalid_request` naming the field */
export function parseEntityMapping(value: unknown, field: string): EntityMapping {
  checkJson(value, field);
  if (!isObject(value)) throw invalid(`${field} must be an object, not ${kindOf(value)}`);
  const { entity } = value;
  if (!isObject(entity)) throw invalid(`${field}.entity must be an object, not ${kindOf(entity)}`);
  const texts = (key: "properties" | "relations"): Map<string, string> => {
    const map = entity[key] ?? {};
    if (!isObject(map)) throw invalid(`${field}.entity.${key} must be an object, not ${kindOf(map)}`);
    const entries = Object.entries(map);
    if (entries.length > MAX_MEMBERS)
      throw invalid(
        `${field}.entity.${key} has ${entries.length} members; at most ${MAX_MEMBERS} are allowed`,
      );
    return new Map(
      entries.map(([id, text]) => {
        checkPropertyIdentifier(id, `${field}.entity.${key}.${id}`);
        return [id, jqText(text, `${field}.entity.${key}.${id}`)];
      }),
    );
  };
  return {
    blueprint: jqText(value["blueprint"], `${field}.blueprint`),
    filter: optionalText(value["filter"], `${field}.filter`),
    itemsToParse: optionalText(value["itemsToParse"], `${field}.itemsToParse`),
    identifier: jqText(entity["identifier"], `${field}.entity.identifier`),
    title: optionalText(entity["title"], `${field}.entity.title`),
    icon: optionalText(entity["icon"], `${field}.entity.icon`),
    team: optionalText(entity["team"], `${field}.entity.team`),
    properties: texts("properties"),
    relations: texts("relations"),
  };
}

function jqText(value: unknown, field: string): string {
  if (typeof value !== "string")
    throw invalid(`${field} must be a jq expression (text), not ${kindOf(value)}`);
  if (value === "" || value.length > MAX_JQ)
    throw invalid(`${field} has ${value.length} characters; a jq expression has 1 to ${MAX_JQ}`);
  return value;
}

function optionalText(value: unknown, field: string): string | null {
  return value === undefined || value === null ? null : jqText(value, field);
}

export function checkSource(value: unknown): string {
  return checkBlueprintIdentifier(value, "sourceBlueprint");
}
