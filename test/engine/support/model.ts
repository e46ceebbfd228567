/** Short hands for derived properties in tests: blueprints and entities as clients write them, and what follows. */
import { type Derived, recompute } from "../../../src/engine/recompute.ts";
import { type BlueprintPlan, parseBlueprint } from "../../../src/model/blueprint.ts";
import { type Entity, keyOf } from "../../../src/model/entity.ts";

type Definition = Readonly<Record<string, unknown>>;

export const NOW = "2024-06-15T12:00:00.000Z";

export interface ModelBlueprint {
  readonly properties?: Definition;
  /** `"target"`, `"target*"` for many, or the definition. */
  readonly relations?: Readonly<Record<string, string | Definition>>;
  readonly mirrors?: Readonly<Record<string, string>>;
  readonly calculations?: Readonly<Record<string, string | Definition>>;
  readonly aggregations?: Readonly<Record<string, Definition>>;
  /** True: teams may own its entities. */
  readonly owned?: boolean;
}

/** The document as a client sends it. A property given as text is of that type; a calculation as text is a number. */
function documentOf(identifier: string, blueprint: ModelBlueprint): Definition {
  const each = <T>(map: Readonly<Record<string, T>> | undefined, make: (value: T) => unknown): Definition =>
    Object.fromEntries(Object.entries(map ?? {}).map(([id, value]) => [id, make(value)]));
  return {
    identifier,
    title: identifier,
    schema: {
      properties: each(blueprint.properties, (type) => (typeof type === "string" ? { type } : type)),
      required: [],
    },
    relations: each(blueprint.relations, (to) =>
      typeof to === "string" ? { target: to.replace("*", ""), many: to.endsWith("*") } : to,
    ),
    mirrorProperties: each(blueprint.mirrors, (path) => ({ path })),
    calculationProperties: each(blueprint.calculations, (calculation) =>
      typeof calculation === "string" ? { calculation, type: "number" } : calculation,
    ),
    aggregationProperties: each(blueprint.aggregations, (definition) => ({
      title: "Aggregation",
      type: "number",
      ...definition,
    })),
    ...(blueprint.owned === true && { ownership: { type: "Direct" } }),
  };
}

export function planOf(identifier: string, blueprint: ModelBlueprint): BlueprintPlan {
  return parseBlueprint(documentOf(identifier, blueprint));
}

export interface Row {
  readonly title?: string;
  readonly team?: readonly string[];
  readonly properties?: Definition;
  readonly relations?: Readonly<Record<string, string | readonly string[]>>;
  readonly createdAt?: string;
  readonly updatedAt?: string;
}

export function entityOf(blueprint: string, identifier: string, row: Row = {}): Entity {
  const createdAt = new Date(row.createdAt ?? "2024-06-01T00:00:00Z");
  const updatedAt = new Date(row.updatedAt ?? createdAt);
  return {
    blueprint,
    identifier,
    title: row.title ?? null,
    icon: null,
    team: row.team ?? [],
    properties: row.properties ?? {},
    relations: row.relations ?? {},
    datasource: null,
    createdAt,
    createdBy: "ann",
    updatedAt,
    updatedBy: "bob",
    changedAt: updatedAt,
  };
}

export type Blueprints = Readonly<Record<string, ModelBlueprint>>;
/** By blueprint, then by identifier. */
export type Rows = Readonly<Record<string, Readonly<Record<string, Row>>>>;

/** Everything derived, at NOW unless said otherwise. */
export function derive(
  blueprints: Blueprints,
  rows: Rows,
  now = NOW,
): (at: string, property: string) => Derived {
  const values = recompute({
    blueprints: Object.entries(blueprints).map(([id, blueprint]) => planOf(id, blueprint)),
    entities: Object.entries(rows).flatMap(([blueprint, entities]) =>
      Object.entries(entities).map(([identifier, row]) => entityOf(blueprint, identifier, row)),
    ),
    now: new Date(now),
  });
  return (at, property) => {
    const [blueprint = "", identifier = ""] = at.split("/");
    const found = values.get(keyOf(blueprint, identifier))?.get(property);
    if (found === undefined) throw new Error(`${at}.${property} is not derived`);
    return found;
  };
}
