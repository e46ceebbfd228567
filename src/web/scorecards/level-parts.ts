/** How the entities of a scorecard are spread over its levels; of those on the base level it is told who is not judged. */
import { type Compared, comparedIn, isNoValue } from "../../model/compared.ts";
import type { EntityDoc } from "../catalog/blueprint.ts";
import type { ConditionGroup, ScorecardDoc } from "./types.ts";

/** In the place of the colour of a level. */
export const NO_DATA = "no-data";

interface Part {
  readonly title: string;
  readonly color: string;
  readonly count: number;
}

interface Counts {
  /** By title of the level. */
  readonly counts: ReadonlyMap<unknown, number>;
  /** Of the base level: nothing that would lift them has a value. */
  readonly withoutData: number;
  /** The latest definition has not reached all entities yet. */
  readonly pending: boolean;
}

/** Highest first; null while levels are worked out, which then have other names, or none yet. */
export function levelParts(
  { levels }: ScorecardDoc,
  { counts, withoutData, pending }: Counts,
): readonly Part[] | null {
  const base = levels[0]?.title;
  const known = levels.map(({ title, color }) => {
    const count = counts.get(title) ?? 0;
    return { title, color, count: title === base ? Math.max(0, count - withoutData) : count };
  });
  const titles = new Set<unknown>(known.map(({ title }) => title));
  const isRenamed = [...counts.keys()].some((title) => !titles.has(title));
  const isNobody = known.every(({ count }) => count === 0) && withoutData === 0;
  if (pending && (isRenamed || isNobody)) return null;
  const blank = { title: "No data", color: NO_DATA, count: withoutData };
  return [...known.toReversed(), ...(withoutData > 0 ? [blank] : [])];
}

/** Whether an entity stays on the base level for want of data alone, as the server counts it. */
export function isUnjudged({ identifier, levels, rules }: ScorecardDoc, entity: EntityDoc): boolean {
  const score = entity.scorecards?.[identifier];
  if (score === undefined || score.level !== levels[0]?.title) return false;
  const passed = new Set(score.rules.flatMap((rule) => (rule.status === "SUCCESS" ? [rule.identifier] : [])));
  const placeOf = (title: string): number => levels.findIndex((one) => one.title === title);
  const first = Math.min(...rules.map((rule) => placeOf(rule.level)).filter((place) => place > 0));
  return (
    Number.isFinite(first) &&
    rules.every(
      (rule) =>
        placeOf(rule.level) > first || passed.has(rule.identifier) || isWithoutData(rule.query, entity),
    )
  );
}

/** Whether nothing that the rule compares has a value, as the server counts it. */
export function isWithoutData(query: ConditionGroup, entity: EntityDoc): boolean {
  const compared = comparedIn(query);
  return compared !== null && compared.every((one) => isNoValue(storedIn(entity, one)));
}

function storedIn(entity: EntityDoc, { of, id }: Compared): unknown {
  if (of === "relation") return entity.relations?.[id];
  if (!id.startsWith("$")) return entity.properties?.[id];
  // Of the others every entity has one.
  const metas = { $title: entity.title, $icon: entity.icon, $team: entity.team };
  return Object.hasOwn(metas, id) ? metas[id as keyof typeof metas] : id;
}
