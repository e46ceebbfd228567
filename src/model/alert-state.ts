/** When an alert fires and when it is over, for one subject: a state machine over samples. Exactly one message for each. */
import type { AlertRule } from "./alert.ts";

/** What is known of a subject right now. */
export interface Sample {
  /** The number; null: nothing to measure, which changes nothing. */
  readonly value: number | null;
  /** Rank of the tier or level, 0 the best; null: none. */
  readonly rank: number | null;
  /** Significantly worse than before (true), no worse than before (false), or neither (null). */
  readonly isWorse: boolean | null;
}

export interface AlertState {
  readonly isFiring: boolean;
  /** Told that it fires; what is told next is that it is over. */
  readonly isNotified: boolean;
  /** Milliseconds since it is as it is. */
  readonly since: number;
  /** The rank now. */
  readonly rank: number | null;
  /** The rank from which it fell; it is over when this is reached again. */
  readonly fallenFrom: number | null;
  /** The rank that was told of. */
  readonly toldRank: number | null;
}

export type Transition = "FIRED" | "RESOLVED";

export const FIRST_STATE: AlertState = {
  ...{ isFiring: false, isNotified: false, since: 0, rank: null, fallenFrom: null, toldRank: null },
};

/**
 * @param isSilenced muted or under maintenance: nothing is told now; what still fires afterwards is told then
 * @returns the state now, and what is to be told
 */
export function stepAlert(
  rule: AlertRule,
  before: AlertState,
  sample: Sample,
  isSilenced: boolean,
  now: number,
): { readonly state: AlertState; readonly transition: Transition | null } {
  const judged = judge(rule, before, sample);
  const since = judged.isFiring === before.isFiring && before.since !== 0 ? before.since : now;
  const state = { ...before, ...judged, since };
  if (isSilenced) return { state, transition: null };
  if (state.isFiring && (!state.isNotified || isDeeper(state)))
    return { state: { ...state, isNotified: true, toldRank: state.rank }, transition: "FIRED" };
  if (!state.isFiring && state.isNotified)
    return { state: { ...state, isNotified: false, toldRank: null }, transition: "RESOLVED" };
  return { state, transition: null };
}

/** Fallen once more since it was told. */
const isDeeper = ({ rank, toldRank, fallenFrom }: AlertState): boolean =>
  fallenFrom !== null && rank !== null && toldRank !== null && rank > toldRank;

function judge(
  rule: AlertRule,
  before: AlertState,
  { value, rank, isWorse }: Sample,
): Pick<AlertState, "isFiring" | "rank" | "fallenFrom"> {
  const { isFiring, fallenFrom } = before;
  const same = { isFiring, rank: before.rank, fallenFrom };
  switch (rule.type) {
    case "threshold": {
      if (value === null) return same;
      const { is, value: limit, clear } = rule;
      const isBeyond = is === "above" ? value > limit : value < limit;
      const isBack = is === "above" ? value <= clear : value >= clear;
      return { ...same, isFiring: isFiring ? !isBack : isBeyond };
    }
    case "fall": {
      if (rank === null) return same;
      if (isFiring && fallenFrom !== null)
        return rank <= fallenFrom
          ? { isFiring: false, rank, fallenFrom: null }
          : { isFiring: true, rank, fallenFrom };
      const hasFallen = before.rank !== null && rank > before.rank;
      return { isFiring: hasFallen, rank, fallenFrom: hasFallen ? before.rank : null };
    }
    default:
      if (isWorse === null) return same;
      return { ...same, isFiring: isWorse };
  }
}

/** Muted, or in a window of maintenance. */
export function isSilenced(
  {
    mutedUntil,
    maintenance,
  }: { mutedUntil: number | null; maintenance: readonly { from: number; to: number }[] },
  now: number,
): boolean {
  return (
    (mutedUntil !== null && now < mutedUntil) || maintenance.some(({ from, to }) => from <= now && now < to)
  );
}
