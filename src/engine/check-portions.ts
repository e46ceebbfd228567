/** The comparison with values from scratch where there are more entities than fit in memory: some at a time. */
import { setTimeout as sleep } from "node:timers/promises";
import { AppError } from "../model/error.ts";
import type { EntityKey } from "../model/entity.ts";
import type { Ctx } from "../storage/context.ts";
import { nextEntities } from "../storage/derived-sample.ts";
import type { Comparison } from "./compare-derived.ts";
import { currentDerivations } from "./derivations.ts";
import { checkSome } from "./sample-derived.ts";

export interface PortionLimits {
  /** Entities that are checked at once. */
  readonly size: number;
  /** Entities that are held in memory, with those that the values follow from. */
  readonly maxRead: number;
  /** The same for a single entity. */
  readonly maxReadAlone: number;
}

const LIMITS: PortionLimits = { size: 500, maxRead: 50_000, maxReadAlone: 200_000 };
const MAX_DRIFT = 100;
/** Writes go on meanwhile: so long it is waited until what follows from them has been computed. */
const PATIENCE = 200;
const PAUSE_MS = 150;

export interface PortionsChecked extends Comparison {
  /** Values not compared: their queries walk over relations, or they follow from too many entities. */
  readonly left: number;
}

/** Each portion sees one moment, different ones different moments. @throws AppError `conflict` when nothing settles */
export async function checkInPortions(ctx: Ctx, limits: PortionLimits = LIMITS): Promise<PortionsChecked> {
  const { plan } = await currentDerivations(ctx);
  let total: PortionsChecked = { checked: 0, drifted: 0, drift: [], left: 0 };
  for (const [blueprint, own] of plan.definitions)
    for (let last: string | null = null; own.size > 0;) {
      const keys: EntityKey[] = await nextEntities(ctx.db, ctx.org, blueprint, last, limits.size);
      last = keys.at(-1)?.identifier ?? last;
      total = sumOf(total, await checkKeys(ctx, keys, own.size, limits));
      if (keys.length < limits.size) break;
    }
  return total;
}

async function checkKeys(
  ctx: Ctx,
  keys: readonly EntityKey[],
  properties: number,
  limits: PortionLimits,
): Promise<PortionsChecked> {
  if (keys.length === 0) return { checked: 0, drifted: 0, drift: [], left: 0 };
  const maxRead = keys.length === 1 ? limits.maxReadAlone : limits.maxRead;
  for (let attempt = 0; attempt < PATIENCE; attempt++) {
    const { state, comparison, left } = await checkSome(ctx, keys, maxRead);
    if (state === "checked") return { ...comparison, left };
    if (state === "large") {
      if (keys.length === 1) return { ...comparison, left: properties };
      const middle = Math.ceil(keys.length / 2);
      const first = await checkKeys(ctx, keys.slice(0, middle), properties, limits);
      return sumOf(first, await checkKeys(ctx, keys.slice(middle), properties, limits));
    }
    await sleep(PAUSE_MS);
  }
  throw new AppError("conflict", "derived values do not settle; try again when less is written");
}

function sumOf(a: PortionsChecked, b: PortionsChecked): PortionsChecked {
  return {
    checked: a.checked + b.checked,
    drifted: a.drifted + b.drifted,
    drift: [...a.drift, ...b.drift].slice(0, MAX_DRIFT),
    left: a.left + b.left,
  };
}
