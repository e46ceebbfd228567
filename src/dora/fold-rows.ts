/** What the answers about a window are put together from. */
import { bucketsOf } from "./calendar.ts";
import { countsOf, type WindowCounts } from "./coverage.ts";
import type { MetricsInput } from "./observations.ts";
import type { Bucket } from "./results.ts";
import { type BucketSummary, bucketSummariesOf, type Summary, summaryOf } from "./summary.ts";

export interface FoldedWindow {
  readonly summary: Summary;
  readonly buckets: readonly Bucket[];
  /** Of the buckets, in their order. */
  readonly bucketSummaries: readonly BucketSummary[];
  readonly counts: WindowCounts;
}

/** Throws a RangeError for an unknown time zone, and beyond 40,000 buckets. */
export function foldRows(input: MetricsInput): FoldedWindow {
  const buckets = bucketsOf(input.window, input.now);
  return {
    summary: summaryOf(input),
    buckets,
    bucketSummaries: bucketSummariesOf(input, buckets),
    counts: countsOf(input),
  };
}
