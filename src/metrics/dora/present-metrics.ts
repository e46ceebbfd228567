/** The parts of an answer about a window, as the API shows them: instants become ISO text. */
import type { MetricName, SeriesPoint, Window } from "../../dora/results.ts";
import { iso } from "./present.ts";
import { METRICS, type Question } from "./question.ts";
import type { Scope } from "./scope.ts";

export const presentScope = ({ blueprint, entity, title }: Scope): object => ({ blueprint, entity, title });

export function header(question: Question): object {
  return {
    scope: presentScope(question.scope),
    window: windowView(question.window),
    definition: question.definition,
    asOf: iso(question.now),
    environments: question.environments,
  };
}

export function windowView({ from, to, ...rest }: Window): object {
  return { from: iso(from), to: iso(to), ...rest };
}

export function presentSeries(series: Record<MetricName, SeriesPoint[]>): object {
  // The buckets are those of all metrics: their ends become texts once.
  const ends = series.deploymentFrequency.map(({ from, to }) => ({ from: iso(from), to: iso(to) }));
  return Object.fromEntries(
    METRICS.map((name) => [name, series[name].map((point, index) => ({ ...point, ...ends[index] }))]),
  );
}
