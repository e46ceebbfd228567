/**
 * What the value of an aggregation over some entities is made of, so that one of them can come and go without reading
 * the others. The state over one entity has the same form: it is what that entity adds.
 */
import { addDecimals } from "./decimal.ts";
import type { AggregationDefinition, AggregationFunction } from "./derive-nodes.ts";
import { changeRanks, percentileOf, type Ranks } from "./fold-ranks.ts";
import { isObject } from "./json.ts";

export interface FoldState {
  /** Entities, or those with a value. */
  readonly n: number;
  /** `sum`, `average` by property: a decimal. */
  readonly sum: string | null;
  /** `min`: the smallest value. `average` in periods: the earliest time, milliseconds. null: none. */
  readonly least: number | null;
  /** `max`. */
  readonly most: number | null;
  /** Percentiles. */
  readonly ranks: Ranks | null;
  /** `countDistinct`. */
  readonly distinct: Distinct | null;
}

/** A state without what is null. */
export type PackedState = Pick<FoldState, "n"> & Partial<FoldState>;

interface Distinct {
  readonly n: number;
  /** How often each value occurs; null: too many. */
  readonly counts: readonly (readonly [value: unknown, times: number])[] | null;
}

/** Of more different values only the number is kept. */
export const MAX_DISTINCT = 256;

export const SHARES: Readonly<Partial<Record<AggregationFunction, number>>> = {
  median: 0.5,
  p75: 0.75,
  p90: 0.9,
  p95: 0.95,
};

/** Over nothing. */
export function emptyState(): FoldState {
  return { n: 0, sum: null, least: null, most: null, ranks: null, distinct: null };
}

/**
 * The state over one entity that counts.
 * @param value of its property, for sums as a decimal; null: the aggregation is over entities
 * @param time of an average in periods
 */
export function ownState({ func }: AggregationDefinition, value: unknown, time: number | null): PackedState {
  const timed = time === null ? { n: 1 } : { n: 1, least: time };
  if (value === null) return timed;
  switch (func) {
    case "count":
      return timed;
    case "average":
    case "sum":
      return { ...timed, sum: typeof value === "string" ? value : String(Number(value)) };
    case "min":
      return { n: 1, least: Number(value) };
    case "max":
      return { n: 1, most: Number(value) };
    case "countDistinct":
      return { n: 1, distinct: { n: 1, counts: [[value, 1]] } };
    default:
      return { n: 1, ranks: { below: 0, kept: [Number(value)] } };
  }
}

/**
 * The state after entities came and went, each given as the state over it alone.
 * @returns null when the state does not tell: everything has to be read again
 */
export function changeState(
  one: AggregationDefinition,
  state: FoldState,
  come: readonly PackedState[],
  gone: readonly PackedState[],
): FoldState | null {
  const [added, dropped] = difference(come, gone);
  if (added.length === 0 && dropped.length === 0) return state;
  const n = state.n + added.length - dropped.length;
  if (n < 0) return null;
  if (n === 0) return emptyState();
  const share = SHARES[one.func];
  const next = {
    n,
    sum: state.sum,
    least: leastOf(state.least, valuesOf(added, "least"), valuesOf(dropped, "least")),
    most: mostOf(state.most, added, dropped),
    ranks: state.ranks,
    distinct: state.distinct,
  };
  if (next.least === undefined || next.most === undefined) return null;
  const sums = { added: valuesOf(added, "sum"), dropped: valuesOf(dropped, "sum") };
  if (sums.added.length + sums.dropped.length > 0)
    next.sum = addDecimals(state.sum ?? "0", sums.added, sums.dropped);
  if (share !== undefined) {
    const before = state.ranks ?? { below: 0, kept: [] };
    next.ranks = changeRanks(before, state.n, share, keptOf(added), keptOf(dropped));
    if (next.ranks === null) return null;
  }
  if (one.func === "countDistinct") {
    next.distinct = changeDistinct(state.distinct ?? { n: 0, counts: [] }, added, dropped);
    if (next.distinct === null) return null;
  }
  return { ...next, least: next.least, most: next.most };
}

export interface FoldValue {
  readonly count: number;
  /** null over nothing, and beyond what a number of ours can be. */
  readonly value: number | null;
  /** Of the earliest, milliseconds. */
  readonly since: number | null;
}

export function valueOfState({ func }: AggregationDefinition, state: FoldState): FoldValue {
  const share = SHARES[func];
  const value = ((): number | null => {
    if (share !== undefined) return state.ranks === null ? null : percentileOf(state.ranks, state.n, share);
    switch (func) {
      case "count":
        return null;
      case "countDistinct":
        return state.distinct?.n ?? 0;
      case "min":
        return state.least;
      case "max":
        return state.most;
      default:
        return state.sum === null ? null : Number(state.sum);
    }
  })();
  const isNumber = value !== null && Number.isFinite(value);
  return { count: state.n, value: isNumber ? value : null, since: func === "average" ? state.least : null };
}

/** What is among one of them only. Comparing takes most of the time, and mostly entities only come. */
function difference(
  come: readonly PackedState[],
  gone: readonly PackedState[],
): readonly [added: readonly PackedState[], dropped: readonly PackedState[]] {
  if (come.length > 0 && gone.length > 0) {
    const net = netOf(come, gone);
    return [repeated(net, 1), repeated(net, -1)];
  }
  const counting = (states: readonly PackedState[]) => states.filter(({ n }) => n > 0);
  return [counting(come), counting(gone)];
}

interface Net {
  readonly state: PackedState;
  /** How many more came than went, below zero: fewer. */
  times: number;
}

/** Entities that come and go again without a difference change nothing; of thousands that are equal there is one, with their number. */
export function netOf(come: readonly PackedState[], gone: readonly PackedState[]): readonly Readonly<Net>[] {
  const net = new Map<string, Net>();
  const count = (states: readonly PackedState[], by: number): void => {
    for (const state of states) {
      if (state.n === 0) continue;
      const key = JSON.stringify(state);
      const known = net.get(key);
      if (known === undefined) net.set(key, { state, times: by });
      else known.times += by;
    }
  };
  count(come, 1);
  count(gone, -1);
  return [...net.values()].filter(({ times }) => times !== 0);
}

function repeated(net: readonly Readonly<Net>[], sign: 1 | -1): readonly PackedState[] {
  return net.flatMap(({ state, times }) => Array.from({ length: Math.max(0, sign * times) }, () => state));
}

type Side = readonly PackedState[];

function valuesOf<K extends "sum" | "least" | "most">(states: Side, key: K): NonNullable<PackedState[K]>[] {
  const values: NonNullable<PackedState[K]>[] = [];
  for (const { [key]: value } of states) if (value !== null && value !== undefined) values.push(value);
  return values;
}

function keptOf(states: Side): number[] {
  const values: number[] = [];
  for (const { ranks } of states) for (const value of ranks?.kept ?? []) values.push(value);
  return values;
}

const negative = (value: number): number => -value;

function mostOf(most: number | null, added: Side, dropped: Side): number | null | undefined {
  const [up, down] = [valuesOf(added, "most").map(negative), valuesOf(dropped, "most").map(negative)];
  const least = leastOf(most === null ? null : -most, up, down);
  return typeof least === "number" ? -least : least;
}

/** undefined: the smallest one went, and the next one is not known. */
function leastOf(
  least: number | null,
  added: readonly number[],
  dropped: readonly number[],
): number | null | undefined {
  let smallest = least;
  for (const value of added) if (smallest === null || value < smallest) smallest = value;
  if (smallest === null) return dropped.length === 0 ? null : undefined;
  for (const value of dropped) if (value <= smallest) return undefined;
  return smallest;
}

function changeDistinct(
  { counts }: Distinct,
  added: readonly PackedState[],
  dropped: readonly PackedState[],
): Distinct | null {
  if (counts === null) return null;
  const times = new Map(counts.map(([value, n]) => [keyOf(value), { value, n }]));
  const change = (states: readonly PackedState[], by: number): boolean =>
    states.every((one) => {
      const [entry] = one.distinct?.counts ?? [];
      if (entry === undefined) return false;
      const key = keyOf(entry[0]);
      const n = (times.get(key)?.n ?? 0) + by;
      if (n > 0) times.set(key, { value: entry[0], n });
      else times.delete(key);
      return n >= 0;
    });
  if (!change(added, 1) || !change(dropped, -1) || times.size > MAX_DISTINCT) return null;
  return { n: times.size, counts: [...times.values()].map(({ value, n }) => [value, n] as const) };
}

/** One text for equal JSON values. */
function keyOf(value: unknown): string {
  if (typeof value !== "object") return JSON.stringify(value);
  return JSON.stringify(value, (_, item: unknown) =>
    isObject(item) ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1))) : item,
  );
}
