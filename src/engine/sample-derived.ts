/**
 * The check that runs beside the work: a few entities at a time are computed from scratch, from what their values follow
 * from alone, however large the catalog is.
 */
import type { DerivedDefinition, Hop, Leaf } from "../model/derive-nodes.ts";
import { leavesOf } from "../model/derive-plan.ts";
import { type Entity, type EntityKey, keyOf, relationTargets } from "../model/entity.ts";
import { scorecardReads, SCORES } from "../model/scorecard.ts";
import type { Ctx } from "../storage/context.ts";
import { holdersOf, someEntities } from "../storage/derived-sample.ts";
import { readEntities } from "../storage/entities.ts";
import { snapshot } from "../storage/snapshot.ts";
import { compare, type Comparison } from "./compare-derived.ts";
import { pendingDerivations } from "./derivation.ts";
import { currentDerivations, type Derivations } from "./derivations.ts";
import { rulesOf } from "./derive-units.ts";

/** Larger neighbourhoods are left to the full check. */
const MAX_READ = 5000;
const NOTHING: Comparison = { checked: 0, drifted: 0, drift: [] };

/** Some entities in key order from a random place of a random blueprint. */
export async function sampleDerived(ctx: Ctx, random: () => number, size: number): Promise<Comparison> {
  const { plan } = await currentDerivations(ctx);
  const blueprints = [...plan.definitions].filter(([, own]) => own.size > 0).map(([id]) => id);
  const blueprint = blueprints[Math.floor(random() * blueprints.length)];
  if (blueprint === undefined) return NOTHING;
  const letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  const letter = (): string => letters[Math.floor(random() * letters.length)] ?? "";
  const keys = await someEntities(ctx.db, ctx.org, blueprint, letter() + letter(), size);
  return checkEntities(ctx, keys);
}

/**
 * Compares the derived values of some entities with those computed from scratch. Nothing is checked while values wait to
 * be computed; properties whose queries walk over relations, and entities that follow from too many others, are left out.
 */
export async function checkEntities(ctx: Ctx, keys: readonly EntityKey[]): Promise<Comparison> {
  return (await checkSome(ctx, keys, MAX_READ)).comparison;
}

export interface SomeChecked {
  /** `large`: they follow from more entities than may be read. */
  readonly state: "checked" | "unsettled" | "large";
  readonly comparison: Comparison;
  /** Values that were left out, for their queries walk over relations. */
  readonly left: number;
}

/** @param maxRead entities that are held in memory */
export function checkSome(ctx: Ctx, keys: readonly EntityKey[], maxRead: number): Promise<SomeChecked> {
  return snapshot(ctx.db, async (db): Promise<SomeChecked> => {
    const derivations = await currentDerivations({ ...ctx, db });
    // One time, after the snapshot began: what the clock changes since is neither stored nor expected.
    const now = ctx.now();
    const own = { ...ctx, db, now: () => now };
    const { isSettled } = await pendingDerivations(own);
    if (!isSettled) return { state: "unsettled", comparison: NOTHING, left: 0 };
    const all = await neighbourhood(own, derivations, keys, maxRead);
    if (all === null) return { state: "large", comparison: NOTHING, left: 0 };
    const wanted = new Set(keys.map((key) => keyOf(key.blueprint, key.identifier)));
    const some = all.filter((entity) => wanted.has(keyOf(entity.blueprint, entity.identifier)));
    let left = 0;
    const plans = [...derivations.blueprints.values()];
    const comparison = compare(plans, all, some, now, (blueprint, property) => {
      const isChecked = isLocal(derivations, blueprint, property, new Set());
      if (!isChecked) left++;
      return isChecked;
    });
    return { state: "checked", comparison, left };
  });
}

/** Whether the value follows from the entities on the ways of its definition, and of those that it reads. */
export function isLocal(
  derivations: Derivations,
  blueprint: string,
  property: string,
  asked: Set<string>,
): boolean {
  const one = derivations.plan.definitions.get(blueprint)?.get(property);
  const name = `${blueprint}.${property}`;
  if (asked.has(name)) return true;
  asked.add(name);
  const plan = derivations.blueprints.get(blueprint);
  if (property === SCORES && plan !== undefined)
    return [...scorecardReads(plan)].every((id) => isLocal(derivations, blueprint, id, asked));
  if (one === undefined) return true;
  const isDerived = (leaf: Leaf): boolean => leaf.kind === "derived";
  switch (one.kind) {
    case "mirror": {
      const end = one.path?.at(-1)?.target ?? blueprint;
      return !isDerived(one.leaf) || isLocal(derivations, end, one.leaf.id, asked);
    }
    case "calculation":
      return [...one.reads, ...(one.readsScores ? [SCORES] : [])].every((id) =>
        isLocal(derivations, blueprint, id, asked),
      );
    default: {
      const rules = one.query === null ? [] : rulesOf(one.query);
      const walks = rules.some(
        (rule) =>
          rule.kind === "relatedTo" ||
          rule.kind === "path" ||
          (rule.kind === "relation" && rule.target === "$title"),
      );
      return (
        !walks &&
        leavesOf(one)
          .filter(isDerived)
          .every((leaf) => isLocal(derivations, one.target, leaf.id, asked))
      );
    }
  }
}

/** All that the derived values of the entities follow from; null when that is too much. */
export async function neighbourhood(
  ctx: Ctx,
  derivations: Derivations,
  keys: readonly EntityKey[],
  maxRead: number,
): Promise<Entity[] | null> {
  const read = new Map<string, Entity>();
  const load = async (wanted: readonly EntityKey[]): Promise<Entity[]> => {
    const missing = wanted.filter((key) => !read.has(keyOf(key.blueprint, key.identifier)));
    for (const entity of await readEntities(ctx.db, ctx.org, missing))
      read.set(keyOf(entity.blueprint, entity.identifier), entity);
    return wanted.flatMap((key) => read.get(keyOf(key.blueprint, key.identifier)) ?? []);
  };
  const walk = async (from: readonly Entity[], hops: readonly Hop[]): Promise<Entity[]> => {
    let at = from;
    for (const hop of hops) {
      const next =
        hop.direction === "up"
          ? at.flatMap((entity) => targetsOf(entity, hop))
          : await holdersOf(
              ctx.db,
              ctx.org,
              hop,
              at.map((entity) => entity.identifier),
              maxRead,
            );
      at = read.size > maxRead ? [] : await load(unique(next));
    }
    return [...at];
  };
  const done = new Set<string>();
  let waiting = await load(unique(keys));
  while (waiting.length > 0 && read.size <= maxRead) {
    for (const entity of waiting) done.add(keyOf(entity.blueprint, entity.identifier));
    const found: Entity[] = [];
    for (const [blueprint, group] of Map.groupBy(waiting, (entity) => entity.blueprint))
      for (const one of derivations.plan.definitions.get(blueprint)?.values() ?? []) {
        const ends: Entity[] = [];
        for (const way of waysOf(one)) ends.push(...(await walk(group, way)));
        // What is read of them has to be computed as well.
        if (readsDerived(one)) found.push(...ends);
      }
    waiting = [...new Set(found)].filter((entity) => !done.has(keyOf(entity.blueprint, entity.identifier)));
  }
  // Inherited owners of all of these, which any of the definitions may show.
  for (let at = 0; at < read.size && read.size <= maxRead;) {
    const fresh = [...read.values()].slice(at);
    at = read.size;
    for (const [blueprint, group] of Map.groupBy(fresh, (entity) => entity.blueprint))
      await walk(group, derivations.own.get(blueprint)?.owners?.path ?? []);
  }
  return read.size > maxRead ? null : [...read.values()];
}

function waysOf(one: DerivedDefinition): readonly (readonly Hop[])[] {
  if (one.kind === "calculation") return [];
  return one.kind === "mirror" ? [one.path ?? []] : one.ways;
}

function readsDerived(one: DerivedDefinition): boolean {
  if (one.kind === "calculation") return false;
  return one.kind === "mirror"
    ? one.leaf.kind === "derived"
    : leavesOf(one).some((leaf) => leaf.kind === "derived");
}

function targetsOf(entity: Entity, { relation, target }: Hop): EntityKey[] {
  const identifiers = relation === "$team" ? entity.team : relationTargets(entity, relation);
  return identifiers.map((identifier) => ({ blueprint: target, identifier }));
}

function unique(keys: readonly EntityKey[]): EntityKey[] {
  return [...new Map(keys.map((key) => [keyOf(key.blueprint, key.identifier), key])).values()];
}

const PAUSE_MS = 60_000;
const SIZE = 5;

/** Checks a few entities every minute. @returns what stops it; waits for the check at hand */
export function startSampling(
  ctx: Ctx,
  onChecked: (result: Comparison) => Promise<void>,
): () => Promise<void> {
  let running: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    running = sampleDerived(ctx, Math.random, SIZE)
      .then(onChecked)
      .catch((error: unknown) => ctx.log.warn({ err: error }, "derived values not checked"));
  }, PAUSE_MS);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await running;
  };
}
