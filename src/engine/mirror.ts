/** Values of mirror properties for many entities at once: one read for each step of the paths (data-model.md §6.1). */
import type { Hop, Leaf, MirrorDefinition } from "../model/derive-nodes.ts";
import { type Entity, type EntityKey, keyOf, own, relationTargets } from "../model/entity.ts";
import type { MetaProperty } from "../model/query-nodes.ts";
import type { Db } from "../storage/db.ts";
import { readShown, type ShownIds } from "../storage/derived-values.ts";

type Nodes = Map<string, Entity>;

/** @returns for each entity, in order, the mirrors that are not null */
export async function mirrorValues(
  db: Db,
  org: string,
  entities: readonly Entity[],
  mirrors: readonly MirrorDefinition[],
  /** Entities as they will be, where that is not stored yet. */
  ahead: readonly Entity[] = [],
): Promise<Readonly<Record<string, unknown>>[]> {
  const usable = mirrors.filter(isUsable);
  const nodes: Nodes = new Map(
    [...ahead, ...entities].map((entity) => [keyOf(entity.blueprint, entity.identifier), entity]),
  );
  await readSteps(db, org, entities, usable, nodes);
  return entities.map((entity) => {
    const values: Record<string, unknown> = {};
    for (const mirror of usable) {
      const value = valueOf(mirror, entity, nodes);
      if (value !== null) values[mirror.id] = value;
    }
    return values;
  });
}

/** Reads what the paths lead through and to, step by step for all mirrors together. */
async function readSteps(
  db: Db,
  org: string,
  entities: readonly Entity[],
  mirrors: readonly MirrorDefinition[],
  nodes: Nodes,
): Promise<void> {
  const shown = shownBy(mirrors);
  let at = mirrors.map((mirror) => ({ mirror, places: entities }));
  for (let step = 0; at.length > 0; step++) {
    const steps = at.flatMap(({ mirror, places }) => {
      const hop = mirror.path?.[step];
      return hop === undefined ? [] : [{ mirror, keys: places.flatMap((place) => next(place, hop)) }];
    });
    const missing = new Map<string, EntityKey>();
    for (const { keys } of steps)
      for (const key of keys) {
        const name = keyOf(key.blueprint, key.identifier);
        if (!nodes.has(name)) missing.set(name, key);
      }
    for (const entity of await readShown(db, org, [...missing.values()], shown))
      nodes.set(keyOf(entity.blueprint, entity.identifier), entity);
    at = steps.map(({ mirror, keys }) => ({ mirror, places: [...new Set(found(keys, nodes))] }));
  }
}

function isUsable({ path, isCyclic }: MirrorDefinition): boolean {
  return path !== null && !isCyclic;
}

/** Read of everything that a way leads through. */
const WAYS: ReadonlySet<string> = new Set(["$identifier", "$blueprint", "$team"]);

/** What the mirrors show of what they lead to. */
export function shownBy(mirrors: readonly MirrorDefinition[]): ShownIds {
  const usable = mirrors.filter(isUsable);
  const metas = idsOf(usable, "meta").some((id) => !WAYS.has(id));
  return { stored: idsOf(usable, "stored"), derived: idsOf(usable, "derived"), metas };
}

function idsOf(mirrors: readonly MirrorDefinition[], kind: Leaf["kind"]): string[] {
  return [...new Set(mirrors.flatMap(({ leaf }) => (leaf.kind === kind ? [leaf.id] : [])))];
}

/** Keys of the entities that the step leads to, in the order of the relation. */
function next(entity: Entity, { relation, target }: Hop): EntityKey[] {
  const identifiers = relation === "$team" ? entity.team : relationTargets(entity, relation);
  return identifiers.map((identifier) => ({ blueprint: target, identifier }));
}

function found(keys: readonly EntityKey[], nodes: Nodes): Entity[] {
  return keys.flatMap(({ blueprint, identifier }) => nodes.get(keyOf(blueprint, identifier)) ?? []);
}

/**
 * A list where a step has several targets: the values in the order of the relations, those of lists one by one, without
 * nulls, what is reached twice twice.
 */
function valueOf({ path, leaf, many }: MirrorDefinition, entity: Entity, nodes: Nodes): unknown {
  let places: Entity[] = [entity];
  for (const hop of path ?? []) places = places.flatMap((place) => found(next(place, hop), nodes));
  const values = places.map((place) => leafValue(leaf, place));
  return many ? values.flatMap((value) => value ?? []) : (values[0] ?? null);
}

function leafValue(leaf: Leaf, entity: Entity): unknown {
  switch (leaf.kind) {
    case "meta":
      return metaValue(leaf.id, entity);
    case "stored":
      return own(entity.properties, leaf.id) ?? null;
    case "derived":
      return own(entity.derived ?? {}, leaf.id) ?? null;
    default:
      return null;
  }
}

function metaValue(meta: MetaProperty, entity: Entity): unknown {
  switch (meta) {
    case "$createdAt":
      return entity.createdAt.toISOString();
    case "$updatedAt":
      return entity.updatedAt.toISOString();
    default:
      return entity[META_FIELDS[meta]];
  }
}

const META_FIELDS = {
  $identifier: "identifier",
  $title: "title",
  $icon: "icon",
  $team: "team",
  $blueprint: "blueprint",
  $createdBy: "createdBy",
  $updatedBy: "updatedBy",
  $datasource: "datasource",
} as const;
