/** A mirror, calculation or aggregation tried on real entities before it is saved. */
import { parseBlueprint, planOf } from "../model/blueprint.ts";
import { refuseCycles } from "../model/derive-plan.ts";
import { derivedType } from "../model/derive-types.ts";
import { type Entity, keyOf, own } from "../model/entity.ts";
import { invalid } from "../model/error.ts";
import { isEntityIdentifier } from "../model/identifier.ts";
import { isObject, type JsonObject } from "../model/json.ts";
import { SCORECARDS_KEY } from "../model/scorecard.ts";
import { previewDerived, type Preview } from "../engine/preview-derived.ts";
import type { Ctx } from "../storage/context.ts";
import { nextEntities } from "../storage/derived-sample.ts";
import { readEntities } from "../storage/entities.ts";
import { getDefinition } from "./definitions.ts";
import { allBlueprints } from "./search-catalog.ts";

const KEYS = {
  mirror: "mirrorProperties",
  calculation: "calculationProperties",
  aggregation: "aggregationProperties",
} as const;

export interface PreviewRequest {
  readonly kind: keyof typeof KEYS;
  readonly identifier: string;
  readonly definition: JsonObject;
  /** Identifiers; null: the first few. */
  readonly entities: readonly string[] | null;
}

export interface PropertyPreview {
  readonly state: Preview["state"];
  readonly type: string | null;
  readonly values: readonly {
    readonly identifier: string;
    readonly title: string | null;
    /** As it is stored under this name now. */
    readonly before: unknown;
    readonly value: unknown;
    readonly error: string | null;
  }[];
}

const SHOWN = 5;

/** @throws AppError `invalid_request` as saving it would, `not_found` */
export async function previewProperty(
  ctx: Ctx,
  blueprint: string,
  { kind, identifier, definition, entities }: PreviewRequest,
): Promise<PropertyPreview> {
  const { plan } = await getDefinition(ctx, blueprint);
  const { [SCORECARDS_KEY]: scorecards, ...document } = plan.document;
  const others = Object.values(KEYS).filter((key) => key !== KEYS[kind]);
  if (
    plan.properties.has(identifier) ||
    others.some((key) => own(asObject(document[key]), identifier) !== undefined)
  )
    throw invalid(`identifier "${identifier}" is that of another property of blueprint "${blueprint}"`);
  const asked = { ...asObject(document[KEYS[kind]]), [identifier]: definition };
  const parsed = parseBlueprint({ ...document, [KEYS[kind]]: asked });
  const next = planOf({
    ...parsed.document,
    ...(scorecards === undefined ? {} : { [SCORECARDS_KEY]: scorecards }),
  });
  const before = await allBlueprints(ctx);
  const blueprints = new Map([...before, [blueprint, next]]);
  refuseCycles(before, blueprints, blueprint);
  const found = await sample(ctx, blueprint, entities);
  const keys = found.map((entity) => ({ blueprint, identifier: entity.identifier }));
  const preview = await previewDerived(ctx, blueprints, keys, identifier);
  const type = derivedType(blueprints, next, identifier);
  if (preview.state !== "computed") return { state: preview.state, type, values: [] };
  return {
    state: "computed",
    type,
    values: found.map((entity, i) => ({
      identifier: entity.identifier,
      title: entity.title,
      before: own(entity.derived ?? {}, identifier) ?? null,
      value: preview.values[i]?.value ?? null,
      error: preview.values[i]?.error ?? null,
    })),
  };
}

const asObject = (value: unknown): JsonObject => (isObject(value) ? value : {});

/** In the order asked for; those that do not exist are left out. */
async function sample(ctx: Ctx, blueprint: string, entities: readonly string[] | null): Promise<Entity[]> {
  const keys =
    entities === null
      ? await nextEntities(ctx.db, ctx.org, blueprint, null, SHOWN)
      : [...new Set(entities)]
          .filter((identifier) => isEntityIdentifier(identifier, blueprint))
          .map((identifier) => ({ blueprint, identifier }));
  const read = await readEntities(ctx.db, ctx.org, keys);
  const byKey = new Map(read.map((entity) => [keyOf(entity.blueprint, entity.identifier), entity]));
  return keys.flatMap((key) => byKey.get(keyOf(key.blueprint, key.identifier)) ?? []);
}
