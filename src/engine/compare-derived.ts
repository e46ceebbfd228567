/** Whether the derived values that are stored are those that follow from everything else: the twin computes them anew. */
import { type BlueprintPlan, planOf } from "../model/blueprint.ts";
import { OWNERS } from "../model/derive-team.ts";
import { type Entity, type EntityKey, own } from "../model/entity.ts";
import { listBlueprints } from "../storage/blueprints.ts";
import type { Ctx } from "../storage/context.ts";
import { pageEntities } from "../storage/entity-pages.ts";
import { snapshot } from "../storage/snapshot.ts";
import { pendingDerivations } from "./derivation.ts";
import { currentDerivations } from "./derivations.ts";
import { Evaluation } from "./twin/evaluate.ts";
import { sameValue } from "./twin/same-value.ts";

export interface Drift extends EntityKey {
  readonly property: string;
  readonly stored: unknown;
  readonly expected: unknown;
}

export interface Comparison {
  /** Values that were compared. */
  readonly checked: number;
  /** How many of them differ. */
  readonly drifted: number;
  /** The first of them. */
  readonly drift: readonly Drift[];
}

const PAGE = 2000;
const MAX_DRIFT = 100;

/** As `compareDerived` does, of a moment at which nothing is to be worked off; null: something is. */
export async function compareSettled(ctx: Ctx): Promise<Comparison | null> {
  const read = await snapshot(ctx.db, async (db) => {
    await currentDerivations({ ...ctx, db });
    // After the snapshot began: what the clock changes since is neither stored nor expected.
    const now = ctx.now();
    const own = { ...ctx, db, now: () => now };
    const { isSettled } = await pendingDerivations(own);
    return isSettled ? { ...(await readCatalog(own)), now } : null;
  });
  return read === null ? null : compare(read.plans, read.entities, read.entities, read.now);
}

/** Everything in memory: for catalogs that fit, and for tests. What is still to be worked off counts as drift. */
export async function compareDerived(ctx: Ctx): Promise<Comparison> {
  const { plans, entities } = await snapshot(ctx.db, async (db) => readCatalog({ ...ctx, db }));
  return compare(plans, entities, entities, ctx.now());
}

/** Compares some entities, given all that their values follow from. */
export function compare(
  plans: readonly BlueprintPlan[],
  all: readonly Entity[],
  some: readonly Entity[],
  now: Date,
  isChecked: (blueprint: string, property: string) => boolean = () => true,
): Comparison {
  const evaluation = new Evaluation({ blueprints: plans, entities: all, now });
  const drift: Drift[] = [];
  let checked = 0;
  let drifted = 0;
  for (const entity of some)
    for (const property of evaluation.derivedOf(entity.blueprint)) {
      if (!isChecked(entity.blueprint, property)) continue;
      const expected = evaluation.derived(entity, property).value;
      const stored = property === OWNERS ? entity.team : (own(storedOf(entity), property) ?? null);
      checked++;
      if (sameValue(stored, expected)) continue;
      drifted++;
      if (drift.length < MAX_DRIFT)
        drift.push({
          blueprint: entity.blueprint,
          identifier: entity.identifier,
          property,
          stored,
          expected,
        });
    }
  return { checked, drifted, drift };
}

function storedOf(entity: Entity & { readonly derived?: Entity["properties"] }): Entity["properties"] {
  return entity.derived ?? {};
}

async function readCatalog(ctx: Ctx): Promise<{ plans: BlueprintPlan[]; entities: Entity[] }> {
  const plans = (await listBlueprints(ctx.db, ctx.org)).map(({ document }) => planOf(document));
  const entities: Entity[] = [];
  for (const { identifier } of plans)
    for (let last: Entity | null = null; ;) {
      const page: Entity[] = await pageEntities(ctx.db, ctx.org, identifier, last, PAGE);
      entities.push(...page);
      last = page.at(-1) ?? null;
      if (page.length < PAGE) break;
    }
  return { plans, entities };
}
