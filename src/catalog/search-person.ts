/** `{context: "user" | "userTeams", property}` in queries: values of the person who asks (data-model.md §5.4). */
import { type Entity, own } from "../model/entity.ts";
import { metaValue } from "../model/meta-value.ts";
import { type ContextRef, contextRefs, type QueryGroup, type Scalar } from "../model/query-nodes.ts";
import { parseRange, type Range } from "../model/query-range.ts";
import { TEAM_BLUEPRINT } from "../model/query-graph.ts";
import type { Ctx } from "../storage/context.ts";
import { readEntities } from "../storage/entities.ts";

export interface PersonValues {
  readonly person: (ref: ContextRef) => readonly Scalar[];
  readonly personRange: (ref: ContextRef) => Range | null;
}

/** Nobody: machines, the system. */
export const NOBODY: PersonValues = { person: () => [], personRange: () => null };

const USER_BLUEPRINT = "_user";

/** One statement when a query asks for values of the person, none otherwise. */
export async function personValues(ctx: Ctx, queries: readonly QueryGroup[]): Promise<PersonValues> {
  const { person } = ctx.actor;
  const refs = queries.flatMap(contextRefs);
  if (person === undefined || refs.length === 0) return NOBODY;
  const teams = person.teams.map((identifier) => ({ blueprint: TEAM_BLUEPRINT, identifier }));
  const found = await readEntities(ctx.db, ctx.org, [
    { blueprint: USER_BLUEPRINT, identifier: person.email },
    ...(refs.some((ref) => ref.context === "userTeams") ? teams : []),
  ]);
  const entityOf = (blueprint: string, identifier: string): Entity | undefined =>
    found.find((entity) => entity.blueprint === blueprint && entity.identifier === identifier);
  const raw = (ref: ContextRef): unknown[] => {
    if (ref.context === "user") {
      // Who they are and which teams they have is known of everybody, also without an entity.
      if (ref.property === "$identifier") return [person.email];
      if (ref.property === "$team") return [...person.teams];
      const user = entityOf(USER_BLUEPRINT, person.email);
      if (user === undefined) return ref.property === "$title" ? [person.name] : [];
      return [valueOf(user, ref.property)];
    }
    if (ref.property === "$identifier") return [...person.teams];
    return teams.flatMap(({ identifier }) => {
      const team = entityOf(TEAM_BLUEPRINT, identifier);
      return team === undefined ? [] : [valueOf(team, ref.property)];
    });
  };
  return {
    person: (ref) => raw(ref).flat().filter(isPresent),
    personRange: (ref) => {
      const [value] = raw(ref);
      try {
        return parseRange(value, "", "UTC");
      } catch {
        return null;
      }
    },
  };
}

function isPresent(value: unknown): value is Scalar {
  return ["string", "number", "boolean"].includes(typeof value);
}

function valueOf(entity: Entity, property: string): unknown {
  return property.startsWith("$") ? metaValue(entity, property) : (own(entity.properties, property) ?? null);
}
