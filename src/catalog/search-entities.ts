/** Search over one blueprint in pages, or over all of them (data-model.md §5.1). */
import { type BlueprintPlan, parseBlueprint } from "../model/blueprint.ts";
import { type EntityJson, renderEntity } from "../model/entity.ts";
import { invalid } from "../model/error.ts";
import { isObject } from "../model/json.ts";
import { project, toPath } from "../model/projection.ts";
import { isMetaProperty, parseQuery, parseTimeZone } from "../model/query.ts";
import { listBlueprints } from "../storage/blueprints.ts";
import type { Ctx } from "../storage/context.ts";
import { compileGroup, searchAll, searchBlueprint } from "../storage/search.ts";
import { getDefinition } from "./definitions.ts";

export function hasProperty(plan: BlueprintPlan, property: string): boolean {
  return isMetaProperty(property) || plan.properties.has(property) || plan.derived.has(property);
}

export interface PageRequest {
  readonly query: unknown;
  readonly limit: number;
  /** Cursor: `next` of the page before. */
  readonly from: string | null;
  /** Property and relation identifiers, `$` metas; null: everything. */
  readonly include: readonly string[] | null;
  readonly exclude: readonly string[];
}

/** A page of one blueprint's entities; `next` is null on the last. */
export async function searchInBlueprint(
  ctx: Ctx,
  blueprint: string,
  request: PageRequest,
): Promise<{ entities: Record<string, unknown>[]; next: string | null }> {
  const { plan } = await getDefinition(ctx, blueprint);
  const query = parseQuery(request.query, "query");
  const condition = compileGroup(query, {
    now: ctx.now(),
    timeZone: zoneOf(request.query, "query"),
    blueprintsWith: (property) => (hasProperty(plan, property) ? "all" : []),
  });
  const after = request.from === null ? null : decodeCursor(request.from);
  const found = await searchBlueprint(ctx.db, ctx.org, blueprint, condition, {
    limit: request.limit + 1,
    after,
  });
  const entities = found.slice(0, request.limit);
  const last = entities.at(-1);
  const path = (name: string): string =>
    toPath(name, (id) => !plan.properties.has(id) && plan.relations.has(id));
  const shape = { include: request.include?.map(path) ?? null, exclude: request.exclude.map(path) };
  return {
    entities: entities.map((entity) => project(renderEntity(plan, entity), shape)),
    next:
      found.length > request.limit && last !== undefined
        ? encodeCursor(last.createdAt, last.identifier)
        : null,
  };
}

/** Entities of every blueprint that match. */
export async function searchEverywhere(
  ctx: Ctx,
  body: unknown,
): Promise<{ entities: EntityJson[]; matchingBlueprints: string[] }> {
  const query = parseQuery(body, "query");
  const plans = new Map(
    (await listBlueprints(ctx.db, ctx.org)).map((blueprint) => {
      const plan = parseBlueprint(blueprint.document);
      return [plan.identifier, plan];
    }),
  );
  const condition = compileGroup(query, {
    now: ctx.now(),
    timeZone: zoneOf(body, "query"),
    blueprintsWith: (property) =>
      [...plans.values()].filter((plan) => hasProperty(plan, property)).map((plan) => plan.identifier),
  });
  const entities: EntityJson[] = [];
  for (const entity of await searchAll(ctx.db, ctx.org, condition)) {
    const plan = plans.get(entity.blueprint);
    if (plan !== undefined) entities.push(renderEntity(plan, entity));
  }
  return { entities, matchingBlueprints: [...new Set(entities.map((entity) => entity.blueprint))] };
}

function zoneOf(query: unknown, field: string): string {
  return parseTimeZone(isObject(query) ? query["timeZone"] : undefined, `${field}.timeZone`);
}

function encodeCursor(createdAt: Date, identifier: string): string {
  return Buffer.from(JSON.stringify([createdAt.toISOString(), identifier])).toString("base64url");
}

function decodeCursor(text: string): { createdAt: Date; identifier: string } {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, "base64url").toString("utf8"));
    if (Array.isArray(value) && typeof value[0] === "string" && typeof value[1] === "string") {
      const createdAt = new Date(value[0]);
      if (!Number.isNaN(createdAt.getTime()) && !value[1].includes("\u0000"))
        return { createdAt, identifier: value[1] };
    }
  } catch {
    // falls through to the refusal
  }
  throw invalid("from is not a cursor: send the `next` of the page before, unchanged");
}
