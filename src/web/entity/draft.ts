/** What a form has changed of an entity, and the request that saves it. */
import type { BlueprintDoc, EntityDoc } from "../catalog/blueprint.ts";

export interface Draft {
  /** Empty: the server makes one. */
  readonly identifier: string;
  readonly title: string;
  readonly team: readonly string[];
  readonly properties: Readonly<Record<string, unknown>>;
  readonly relations: Readonly<Record<string, unknown>>;
}

export function draftOf(entity: EntityDoc | null, blueprint: BlueprintDoc): Draft {
  const team = entity?.team ?? [];
  const defaults = Object.entries(blueprint.schema?.properties ?? {}).flatMap(([id, { default: value }]) =>
    value === undefined ? [] : [[id, value] as const],
  );
  return {
    identifier: entity?.identifier ?? "",
    title: entity?.title ?? "",
    team: typeof team === "string" ? [team] : team,
    properties: entity ? (entity.properties ?? {}) : Object.fromEntries(defaults),
    relations: entity?.relations ?? {},
  };
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a ?? null) === JSON.stringify(b ?? null);

/** What differs; null says that a value is removed. */
function changed(before: Readonly<Record<string, unknown>>, after: Readonly<Record<string, unknown>>) {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return Object.fromEntries(
    [...keys].filter((key) => !same(before[key], after[key])).map((key) => [key, after[key] ?? null]),
  );
}

/** Body of the PATCH that makes `before` into `after`; null when nothing differs. */
export function patchOf(before: Draft, after: Draft): Record<string, unknown> | null {
  const properties = changed(before.properties, after.properties);
  const relations = changed(before.relations, after.relations);
  const body = {
    ...(before.title === after.title ? {} : { title: after.title === "" ? null : after.title }),
    ...(same(before.team, after.team) ? {} : { team: after.team }),
    ...(Object.keys(properties).length === 0 ? {} : { properties }),
    ...(Object.keys(relations).length === 0 ? {} : { relations }),
  };
  return Object.keys(body).length === 0 ? null : body;
}

/** Body of the POST that creates it. */
export function creationOf({
  identifier,
  title,
  team,
  properties,
  relations,
}: Draft): Record<string, unknown> {
  const given = (values: Readonly<Record<string, unknown>>) =>
    Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined && value !== null));
  return {
    ...(identifier.trim() === "" ? {} : { identifier: identifier.trim() }),
    ...(title === "" ? {} : { title }),
    ...(team.length === 0 ? {} : { team }),
    properties: given(properties),
    relations: given(relations),
  };
}

export function requiredOf({ schema }: BlueprintDoc): ReadonlySet<string> {
  return new Set(Array.isArray(schema?.required) ? (schema.required as string[]) : []);
}
