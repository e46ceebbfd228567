/** State of derived properties, rebuilds, and the comparison with values computed from scratch. */
import { setTimeout as sleep } from "node:timers/promises";
import { currentDerivations } from "../engine/derivations.ts";
import { startSampling } from "../engine/sample-derived.ts";
import { pendingDerivations } from "../engine/derivation.ts";
import { derivationLag } from "../engine/derivation-lag.ts";
import { OWN } from "../engine/derive-units.ts";
import { checkInPortions } from "../engine/check-portions.ts";
import { compareSettled, type Comparison, type Drift } from "../engine/compare-derived.ts";
import type { DerivedDefinition } from "../model/derive-nodes.ts";
import { OWNERS } from "../model/derive-team.ts";
import { isCut, MAX_WAYS } from "../model/derive-ways.ts";
import { AppError } from "../model/error.ts";
import type { Blueprints } from "../model/query-graph.ts";
import type { Ctx } from "../storage/context.ts";
import { addDrift, readDrift, setDrift } from "../storage/derived-drift.ts";
import {
  allRebuilt,
  countErrors,
  readUnits,
  requestRebuild,
  type UnitState,
} from "../storage/derived-units.ts";
import { countEntities } from "../storage/entities.ts";
import { transact } from "../storage/transact.ts";
import { getDefinition } from "./definitions.ts";
import { readableKeys } from "./readable-keys.ts";
import { limited } from "./search-plan.ts";
import { requireVisibleBlueprint } from "./search-visible.ts";

export interface PropertyState {
  readonly identifier: string;
  readonly kind: string;
  readonly type: string | null;
  readonly level: number;
  readonly state: "current" | "updating" | "rebuilding" | "broken";
  readonly progress: number;
  readonly pending: number;
  /** Of these, entities that could not be computed and are tried again. Why is in the log: not everybody may know. */
  readonly failing: number;
  readonly problem: string | null;
  readonly errors: number;
  readonly example: { readonly identifier: string; readonly message: string } | null;
}

export interface DerivationState {
  readonly blueprint: string;
  readonly isSettled: boolean;
  /** Of all that is derived in the organisation, what no rebuild has still to compute: 0 to 1. */
  readonly progress: number;
  readonly properties: readonly PropertyState[];
}

/** Examples are of entities that whoever asks may read. @throws AppError `not_found`, `forbidden` */
export async function derivationOf(ctx: Ctx, blueprint: string): Promise<DerivationState> {
  await getDefinition(ctx, blueprint);
  await requireVisibleBlueprint(ctx, blueprint);
  const derivations = await currentDerivations(ctx);
  const states = await readUnits(ctx.db, ctx.org, blueprint, ctx.now());
  const byName = new Map(states.map((state) => [state.unit, state]));
  const errors = await limited(ctx, (db) => countErrors(db, ctx.org, blueprint));
  const isReadable = await readableKeys(
    ctx,
    errors.map(({ identifier }) => ({ blueprint, identifier })),
  );
  const units = [...(derivations.units.get(blueprint)?.values() ?? [])];
  const definitions = [...(derivations.plan.definitions.get(blueprint)?.values() ?? [])];
  const { isSettled } = await pendingDerivations(ctx);
  return {
    ...{ blueprint, isSettled, progress: await allRebuilt(ctx.db, ctx.org, ctx.now()) },
    properties: definitions.map((one): PropertyState => {
      const unit = units.find((candidate) =>
        candidate.kind === "own"
          ? one.kind !== "aggregation"
          : candidate.aggregations.some(({ id }) => id === one.id),
      );
      const failing = errors.find(({ property }) => property === one.id);
      return {
        ...{ identifier: one.id, kind: one.id === OWNERS ? "ownership" : one.kind },
        ...{ type: one.type, level: one.level },
        ...progressOf(byName.get(unit?.name ?? OWN)),
        ...problemOf(derivations.blueprints, one),
        errors: failing?.count ?? 0,
        example:
          failing === undefined || !isReadable({ blueprint, identifier: failing.identifier })
            ? null
            : { identifier: failing.identifier, message: failing.message },
      };
    }),
  };
}

function progressOf(
  unit: UnitState | undefined,
): Pick<PropertyState, "state" | "progress" | "pending" | "failing"> {
  if (unit === undefined) return { state: "rebuilding", progress: 0, pending: 0, failing: 0 };
  const { pending, failing, finishedAt, total, done } = unit;
  const counts = { pending, failing };
  if (finishedAt !== null) return { state: pending > 0 ? "updating" : "current", progress: 1, ...counts };
  return { state: "rebuilding", progress: total === 0 ? 0 : Math.min(1, done / total), ...counts };
}

function problemOf(
  blueprints: Blueprints,
  one: DerivedDefinition,
): { problem: string | null; state?: "broken" } {
  const problem = ((): string | null => {
    if (one.isCyclic) return "it depends on itself";
    if (one.kind === "mirror") {
      if (one.path === null) return "a relation of its path does not exist";
      const end = one.path.at(-1)?.target ?? "";
      if (one.id === OWNERS && one.leaf.id === OWNERS && blueprints.get(end)?.ownership === "none")
        return `entities of blueprint "${end}", where its path ends, have no owners`;
      return one.leaf.kind === "none" ? `there is no property "${one.leaf.id}" at the end of its path` : null;
    }
    if (one.kind === "calculation") return null;
    if (one.ways.length === 0) return `no path of relations leads to blueprint "${one.target}"`;
    if (one.ways.length >= MAX_WAYS && isCut(blueprints, one))
      return `there are more than ${MAX_WAYS} equally short paths to blueprint "${one.target}", of which ${MAX_WAYS} are followed: choose by pathFilter`;
    return one.property?.kind === "none"
      ? `blueprint "${one.target}" has no property "${one.property.id}"`
      : null;
  })();
  return problem === null ? { problem } : { problem, state: "broken" };
}

/** Computes everything again in the background. @returns how many units */
export async function rebuildDerived(ctx: Ctx): Promise<number> {
  const { units } = await currentDerivations(ctx);
  const all = [...units.values()].flatMap((list) =>
    [...list.values()].map(({ blueprint, name }) => ({ blueprint, unit: name })),
  );
  await transact(ctx, (tx) => requestRebuild(tx.db, tx.org, all, tx.now()));
  return all.length;
}

export interface Check {
  readonly checked: number;
  readonly drift: number;
  /** Values not compared: see `checkInPortions`. */
  readonly left: number;
  readonly examples: readonly Drift[];
}

/** So many the twin holds in memory at once; more are compared in portions. */
const MAX_ENTITIES = 200_000;
const MAX_EXAMPLES = 20;

/** @throws AppError `conflict` while values wait to be computed */
export async function checkDerived(ctx: Ctx): Promise<Check> {
  const { blueprints } = await currentDerivations(ctx);
  let count = 0;
  for (const blueprint of blueprints.keys()) count += await countEntities(ctx.db, ctx.org, blueprint);
  const { checked, drifted, drift, left } =
    count > MAX_ENTITIES ? await checkInPortions(ctx) : { ...(await compareAll(ctx)), left: 0 };
  await setDrift(ctx.db, ctx.org, drifted);
  return { checked, drift: drifted, left, examples: drift.slice(0, MAX_EXAMPLES) };
}

/** Writes may go on meanwhile: so often is a moment looked for at which all that follows from them is computed. */
const ATTEMPTS = 20;
const PAUSE_MS = 50;

async function compareAll(ctx: Ctx): Promise<Comparison> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const found = await compareSettled(ctx);
    if (found !== null) return found;
    await sleep(PAUSE_MS);
  }
  throw new AppError("conflict", "derived values are still being computed; try again when they are settled");
}

/** What a few entities were like; what differs is logged, and stays in the metric until a full check by any process. */
export async function noteSample(ctx: Ctx, { checked, drifted, drift }: Comparison): Promise<void> {
  if (drifted > 0) ctx.log.error({ drifted, drift: drift.slice(0, 3) }, "derived values do not follow");
  if (checked > 0) await addDrift(ctx.db, ctx.org, drifted);
}

/** Compares a few entities every minute. */
export function startDriftWatch(ctx: Ctx): () => Promise<void> {
  return startSampling(ctx, (result) => noteSample(ctx, result));
}

export interface DerivationMetrics {
  readonly waiting: number;
  readonly rebuilding: number;
  /** Of the oldest change that is not read, or not computed though it is due. */
  readonly lateSeconds: number;
  /** Of the last full check and the samples since then, by whatever process; null: none yet. */
  readonly drift: number | null;
}

export async function derivationMetrics(ctx: Ctx): Promise<DerivationMetrics> {
  const { waiting, rebuilding } = await pendingDerivations(ctx);
  const lateSeconds = (await derivationLag(ctx)) / 1000;
  return { waiting, rebuilding, lateSeconds, drift: await readDrift(ctx.db, ctx.org) };
}
