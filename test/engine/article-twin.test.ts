/** The article's definitions over hand-made data: the twin gives the numbers worked out by hand, after each change. */
import { expect, test } from "vitest";
import { recompute } from "../../src/engine/recompute.ts";
import { parseBlueprint, planOf } from "../../src/model/blueprint.ts";
import { type Entity, keyOf } from "../../src/model/entity.ts";
import {
  after,
  BLUEPRINTS,
  firstWrites,
  LEVEL_DEFINITIONS,
  LEVELS,
  STEPS,
  type Write,
} from "./support/article-case.ts";
import { entityOf } from "./support/model.ts";

const NOW = new Date("2024-06-15T12:00:00Z");

const TEAM = parseBlueprint({ identifier: "team", title: "Team", schema: { properties: {} } }).document;
const PLANS = [...BLUEPRINTS, TEAM].map((document) => {
  const identifier = document === TEAM ? "_team" : String(document["identifier"]);
  const more = LEVELS.includes(identifier) ? LEVEL_DEFINITIONS : {};
  return planOf({ ...parseBlueprint(document).document, ...more, identifier });
});

const entities = new Map<string, Entity>();

/** A write that merges, as the API does. */
function write({ blueprint, identifier, team, properties, relations }: Write): void {
  const key = keyOf(blueprint, identifier);
  const old = entities.get(key) ?? entityOf(blueprint, identifier, { createdAt: NOW.toISOString() });
  const set = <T>(a: Readonly<Record<string, T>>, b: Readonly<Record<string, T | null>> = {}) =>
    Object.fromEntries(
      Object.entries({ ...a, ...b }).filter((entry): entry is [string, T] => entry[1] !== null),
    );
  entities.set(key, {
    ...old,
    team: team ?? old.team,
    properties: set<unknown>(old.properties, properties),
    relations: set<string | readonly string[]>(old.relations, relations),
  });
}

function remove(blueprint: string, identifier: string): void {
  entities.delete(keyOf(blueprint, identifier));
}

function values(wanted: ReadonlyMap<string, number | null>): Map<string, unknown> {
  const derived = recompute({ blueprints: PLANS, entities: entities.values(), now: NOW });
  return new Map(
    [...wanted.keys()].map((key) => {
      const [, blueprint = "", identifier = "", property = ""] = /^([^/]+)\/([^.]+)\.(.+)$/.exec(key) ?? [];
      return [key, derived.get(keyOf(blueprint, identifier))?.get(property)?.value];
    }),
  );
}

test("the numbers follow each change", () => {
  for (const first of firstWrites(NOW.getTime())) write(first);
  expect(values(after([]))).toEqual(after([]));
  for (const [i, step] of STEPS.entries()) {
    if (step.write !== undefined) write(step.write);
    if (step.remove !== undefined) remove(step.remove.blueprint, step.remove.identifier);
    const wanted = after(STEPS.slice(0, i + 1));
    expect([step.what, values(wanted)]).toEqual([step.what, wanted]);
  }
});
