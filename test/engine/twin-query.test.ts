/** Queries in the twin of the derived properties answer as the twin of searches, which reads them as clients write them. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { TwinCatalog } from "../../src/engine/twin/catalog.ts";
import { matches } from "../../src/engine/twin/query.ts";
import { parseBlueprint } from "../../src/model/blueprint.ts";
import { type Entity, own } from "../../src/model/entity.ts";
import type { PropertyType } from "../../src/model/property.ts";
import { parseQuery } from "../../src/model/query.ts";
import { BLUEPRINTS, catalogs, NOW, queries } from "../catalog/search-arbitrary.ts";
import { type TwinEntity, twinSearch } from "../catalog/search-twin.ts";

const PLANS = Object.entries(BLUEPRINTS).map(([identifier, { properties, derived, relations }]) => {
  const calculations = derived.map((id) => [id, { calculation: "null", type: "string" }]);
  const plan = parseBlueprint({
    identifier: identifier.replace("_", "x"),
    title: identifier,
    schema: { properties },
    relations,
    calculationProperties: Object.fromEntries(calculations),
  });
  return { ...plan, identifier };
});

function stored(entity: TwinEntity): Entity {
  const relations = Object.entries(entity.relations).flatMap(([id, targets]) => {
    const [first] = targets;
    if (first === undefined) return [];
    return [[id, BLUEPRINTS[entity.blueprint]?.relations[id]?.many === true ? targets : first] as const];
  });
  const updatedAt = new Date(entity.updatedAt);
  return {
    ...entity,
    relations: Object.fromEntries(relations),
    createdAt: new Date(entity.createdAt),
    updatedAt,
    changedAt: updatedAt,
  };
}

test("random catalogs × random queries of nobody", () => {
  fc.assert(
    fc.property(catalogs, fc.array(queries, { minLength: 4, maxLength: 4 }), (given, bodies) => {
      const catalog = { ...given, person: null };
      const twin = new TwinCatalog({
        blueprints: PLANS,
        entities: catalog.entities.map(stored),
        now: new Date(NOW),
      });
      const values = {
        typeOf: (blueprint: string, property: string): PropertyType | null =>
          BLUEPRINTS[blueprint]?.properties[property]?.type ??
          (BLUEPRINTS[blueprint]?.derived.includes(property) === true ? "string" : null),
        valueOf: (entity: Entity, property: string): unknown => own(entity.properties, property) ?? null,
      };
      for (const body of bodies) {
        const query = parseQuery(body, "query");
        const found = PLANS.flatMap(({ identifier }) => [...twin.of(identifier)])
          .filter((entity) => matches(twin, values, entity, query))
          .map((entity) => `${entity.blueprint}/${entity.identifier}`);
        const expected = twinSearch(catalog, body, Object.keys(BLUEPRINTS));
        expect(found.sort()).toEqual(expected.map((e) => `${e.blueprint}/${e.identifier}`).sort());
      }
    }),
    { numRuns: 60, seed: 1 },
  );
});
