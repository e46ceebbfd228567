/** Which span of time a query asks about, where it says so of one of the times of entities. */
import type { QueryGroup } from "./query-nodes.ts";
import { type Range, rangeMillis } from "./query-range.ts";

export interface Span {
  readonly from: number;
  readonly to: number;
}

/** What must hold of the time in any case (`between`, in groups of `and`): of several their common part; null where there is none. */
export function askedSpan(query: QueryGroup, time: string, now: Date): Span | null {
  const spans = rangesOf(query, time).map((range) => rangeMillis(range, now));
  if (spans.length === 0) return null;
  const from = Math.max(...spans.map((span) => span.from));
  const to = Math.min(now.getTime(), ...spans.map((span) => span.to));
  return to > from ? { from, to } : null;
}

function rangesOf(group: QueryGroup, time: string): Range[] {
  if (group.combinator !== "and" && group.rules.length > 1) return [];
  return group.rules.flatMap((rule) => {
    if (rule.kind === "group") return rangesOf(rule, time);
    if (rule.kind !== "rule" || rule.property !== time || rule.negated) return [];
    const { condition } = rule;
    return condition.op === "between" && "kind" in condition.range ? [condition.range] : [];
  });
}
