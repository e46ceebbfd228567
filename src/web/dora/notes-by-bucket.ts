import type { SeriesPoint } from "../api/types.ts";
import { dayIn } from "../lib/time-zone.ts";
import type { Note } from "./note-queries.ts";

/** By the id of the bucket that their day falls in, oldest first. */
export function notesByBucket(
  notes: readonly Note[],
  points: readonly SeriesPoint[],
  timezone: string,
): ReadonlyMap<string, readonly Note[]> {
  if (notes.length === 0) return new Map();
  const buckets = points.map(({ id, from, to }) => ({
    id,
    first: dayIn(Date.parse(from), timezone),
    last: dayIn(Date.parse(to) - 1, timezone),
  }));
  const found = new Map<string, Note[]>();
  for (const note of notes.toReversed()) {
    const bucket = buckets.find(({ first, last }) => first <= note.day && note.day <= last);
    if (bucket === undefined) continue;
    const list = found.get(bucket.id) ?? [];
    list.push(note);
    found.set(bucket.id, list);
  }
  return found;
}
