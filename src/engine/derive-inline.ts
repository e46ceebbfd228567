/** Mirrors, calculations and inherited owners of entities about to be written, so that the answer has them (decision 9). */
import type { BlueprintPlan } from "../model/blueprint.ts";
import type { Entity } from "../model/entity.ts";
import type { Ctx } from "../storage/context.ts";
import type { ShownIds } from "../storage/derived-values.ts";
import { currentDerivations, lastDerivations } from "./derivations.ts";
import { assemble } from "./derive-own.ts";
import { shownBy } from "./mirror.ts";
import { ownMirrors } from "./own-mirrors.ts";

export interface Writing {
  readonly plan: BlueprintPlan;
  readonly after: Entity;
}

/**
 * What the mirrors of the blueprint show, so that it can be read together with what they lead to; null when that is not
 * known, or nothing is shown.
 */
export function shownInline(ctx: Ctx, blueprint: string, generation: number): ShownIds | null {
  const last = lastDerivations(ctx);
  const own = last?.generations.get(blueprint) === generation ? last.own.get(blueprint) : undefined;
  if (own === undefined) return null;
  // Owners come first, and mirrors may lead over these: what has been read must serve both.
  const mirrors = own.owners === null ? own.mirrors : [own.owners, ...own.mirrors];
  return mirrors.length === 0 ? null : shownBy(mirrors);
}

/**
 * Fills in `derived`, and `team` where it is inherited, of the entities, which nobody else has seen yet. Aggregations
 * keep their values; what others change meanwhile is mended by the worker. Costs nothing where nothing is derived.
 * @param generation of `blueprint`, as the entities were checked against it
 * @param shown what has been read of `shownInline`
 */
export async function deriveInline(
  ctx: Ctx,
  blueprint: string,
  generation: number,
  writing: readonly Writing[],
  shown: readonly Entity[],
): Promise<void> {
  const some = writing.filter(
    ({ plan }) => plan.derived.size > 0 || plan.scorecards.length > 0 || plan.ownership === "inherited",
  );
  if (some.length === 0) return;
  const last = lastDerivations(ctx);
  const derivations = last?.generations.get(blueprint) === generation ? last : await currentDerivations(ctx);
  const now = ctx.now();
  const entities = writing.map(({ after }) => after);
  for (const [id, group] of Map.groupBy(some, ({ plan }) => plan.identifier)) {
    const own = derivations.own.get(id);
    if (own === undefined) continue;
    const afters = group.map(({ after }) => after);
    const ahead = id === blueprint ? [...shown, ...entities] : entities;
    const values = await ownMirrors(ctx.db, ctx.org, afters, own, ahead);
    group.forEach(({ plan, after }, i) => {
      const { team, mirrors } = values[i] ?? { team: after.team, mirrors: {} };
      if (own.owners !== null) setOwners(after, team);
      const given = { mirrors, aggregations: after.derived ?? {} };
      fill(after, assemble(plan, own, after, given, now));
    });
  }
}

function setOwners(entity: { team: Entity["team"] }, team: Entity["team"]): void {
  entity.team = team;
}

function fill(
  entity: { derived?: Entity["derived"] },
  derived: Readonly<Record<string, unknown>> | null,
): void {
  if (derived === null) delete entity.derived;
  else entity.derived = derived;
}
