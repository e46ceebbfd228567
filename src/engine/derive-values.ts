/** Computes what a batch of dirty entities is worth now. Reads only. */
import type { AggregationDefinition } from "../model/derive-nodes.ts";
import { OWNERS } from "../model/derive-team.ts";
import { hasOtherScore, renderChange } from "../model/entity-change.ts";
import { sameJson } from "../model/json.ts";
import { PERIODS } from "../model/query-aggregate.ts";
import { SCORES } from "../model/scorecard.ts";
import type { ChangeRow } from "../storage/changes.ts";
import type { Ctx } from "../storage/context.ts";
import type { Folded } from "../storage/derived-aggregate.ts";
import type { StateWrite } from "../storage/derived-state.ts";
import type { Versioned } from "../storage/derived-values.ts";
import { nextClock } from "./calculate.ts";
import type { Derivations } from "./derivations.ts";
import { assemble, ERRORS, type OwnDefinitions, type Values } from "./derive-own.ts";
import type { AggregationUnit, Unit } from "./derive-units.ts";
import { foldRoots } from "./fold-roots.ts";
import { ownMirrors } from "./own-mirrors.ts";
import { pauses } from "./pauses.ts";

export interface Outcome {
  readonly versioned: Versioned;
  /** What is to be stored. */
  readonly derived: Values | null;
  /** Its owners. */
  readonly team: readonly string[];
  /** Properties whose values are others now. */
  readonly changed: readonly string[];
  /** What the change feed says; null: nothing that fires events. */
  readonly change: ChangeRow | null;
  /** When the clock changes it; null: never. */
  readonly due: Date | null;
  /** What the values are made of, where that is kept. */
  readonly state: StateWrite | null;
}

/** @param wholes entities of which all that they count is to be read again */
export async function outcomesOf(
  ctx: Ctx,
  derivations: Derivations,
  unit: Unit,
  found: readonly Versioned[],
  wholes: ReadonlySet<string>,
): Promise<Outcome[]> {
  const plan = derivations.blueprints.get(unit.blueprint);
  const own = derivations.own.get(unit.blueprint);
  if (plan === undefined || own === undefined) return [];
  const now = ctx.now();
  const parts =
    unit.kind === "own"
      ? await ownParts(ctx, own, found)
      : await foldedParts(ctx, derivations, unit, found, wholes, now);
  const outcomes: Outcome[] = [];
  const isOfClock = unit.kind === "own" && own.calculations.some((one) => one.usesClock);
  const pause = pauses();
  for (const [i, versioned] of found.entries()) {
    const { entity } = versioned;
    const part = parts[i] ?? {
      ...{ team: entity.team, mirrors: {}, aggregations: {}, due: null, state: null },
    };
    const { team } = part;
    const clock = { now: now.getTime(), next: Number.POSITIVE_INFINITY };
    const derived = assemble(plan, own, { ...entity, team }, part, now, clock);
    const changed = changedKeys(entity.derived ?? {}, derived ?? {});
    if (!sameJson(entity.team, team)) changed.push(OWNERS);
    const fires =
      (unit.kind === "agg" && unit.aggregations.some(({ id }) => changed.includes(id))) ||
      (changed.includes(SCORES) && hasOtherScore(entity.derived, derived ?? {}));
    outcomes.push({
      ...{ versioned, derived, team, changed },
      change: fires
        ? {
            ...{
              kind: "entity",
              action: "UPDATE",
              blueprint: entity.blueprint,
              identifier: entity.identifier,
            },
            ...renderChange(plan, entity, { ...entity, derived: derived ?? {} }),
          }
        : null,
      due: earliest(isOfClock ? nextClock(now) : part.due, clock.next),
      state: part.state,
    });
    await pause();
  }
  return outcomes;
}

/** @param next milliseconds; infinite: never */
function earliest(due: Date | null, next: number): Date | null {
  if (!Number.isFinite(next)) return due;
  return due !== null && due.getTime() <= next ? due : new Date(Math.ceil(next));
}

interface Part {
  readonly team: readonly string[];
  readonly mirrors: Values;
  readonly aggregations: Values;
  readonly due: Date | null;
  readonly state: StateWrite | null;
}

async function ownParts(ctx: Ctx, own: OwnDefinitions, found: readonly Versioned[]): Promise<Part[]> {
  const entities = found.map(({ entity }) => entity);
  const shown = await ownMirrors(ctx.db, ctx.org, entities, own);
  return entities.map((entity, i) => ({
    ...(shown[i] ?? { team: entity.team, mirrors: {} }),
    ...{ aggregations: entity.derived ?? {}, due: null, state: null },
  }));
}

async function foldedParts(
  ctx: Ctx,
  derivations: Derivations,
  unit: AggregationUnit,
  found: readonly Versioned[],
  wholes: ReadonlySet<string>,
  now: Date,
): Promise<Part[]> {
  const { aggregations } = unit;
  const roots = found.map(({ entity }) => entity.identifier);
  const folded = await foldRoots(ctx, derivations, unit, roots, wholes, now);
  return found.map(({ entity }) => {
    const derived = entity.derived ?? {};
    const values: Record<string, unknown> = { ...derived };
    let due = Number.POSITIVE_INFINITY;
    aggregations.forEach((one, i) => {
      const fold = folded.get(entity.identifier)?.folds[i];
      if (fold === undefined) return;
      const { value, next } = valueOf(one, fold, now.getTime());
      values[one.id] = value;
      due = Math.min(due, next);
    });
    return {
      ...{ team: entity.team, mirrors: derived, aggregations: values },
      due: Number.isFinite(due) ? new Date(Math.ceil(due)) : null,
      state: folded.get(entity.identifier)?.write ?? null,
    };
  });
}

/** The value (decisions 7 and 8), and when the clock changes it. */
function valueOf(
  { func, property, averageOf }: AggregationDefinition,
  { count, value, since, next }: Folded,
  now: number,
): { readonly value: number | null; readonly next: number } {
  const window = next ?? Number.POSITIVE_INFINITY;
  switch (func) {
    case "count":
      return { value: count, next: window };
    case "countDistinct":
    case "sum":
      return { value: value ?? 0, next: window };
    case "average":
      break;
    default:
      return { value, next: window };
  }
  if (count === 0) return { value: null, next: window };
  const amount = property === null ? count : value;
  if (amount === null) return { value: null, next: window };
  if (averageOf === "total") return { value: property === null ? amount : amount / count, next: window };
  if (since === null) return { value: null, next: window };
  // From the earliest of them to now; a period that has begun is a whole one.
  const periods = Math.max(1, Math.ceil((now - since) / PERIODS[averageOf]));
  return { value: amount / periods, next: Math.min(window, since + periods * PERIODS[averageOf] + 1) };
}

/** The value that a fold gives. @param now milliseconds */
export function numberOfFold(one: AggregationDefinition, fold: Folded, now: number): number | null {
  return valueOf(one, fold, now).value;
}

function changedKeys(before: Values, after: Values): string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (id) => !sameJson(before[id] ?? null, after[id] ?? null),
  );
}

/** True when only the reasons of failures are others: nobody's values follow from these. */
export const isValue = (id: string): boolean => id !== ERRORS;
