/** What an alert would have done over a stretch of the past: the machine that it is, walked over samples of then. */
import type { AlertRule } from "./alert.ts";
import { FIRST_STATE, type Sample, stepAlert, type Transition } from "./alert-state.ts";

export interface PastSample {
  /** Milliseconds. */
  readonly at: number;
  readonly sample: Sample;
}

export interface Replayed<T extends PastSample> {
  /** Beyond the line from the first sample on: it would have fired when it was made. */
  readonly firedAtStart: boolean;
  readonly transitions: readonly { readonly transition: Transition; readonly point: T }[];
}

/** @param points of one subject, ascending */
export function replayAlert<T extends PastSample>(rule: AlertRule, points: readonly T[]): Replayed<T> {
  let state = FIRST_STATE;
  let firedAtStart = false;
  const transitions: { transition: Transition; point: T }[] = [];
  for (const [i, point] of points.entries()) {
    const step = stepAlert(rule, state, point.sample, false, point.at);
    state = step.state;
    if (step.transition === null) continue;
    if (i === 0) firedAtStart = true;
    else transitions.push({ transition: step.transition, point });
  }
  return { firedAtStart, transitions };
}
