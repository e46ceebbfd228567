/** When to come again, as answers say that were given to too many questions. */

const SHORTEST_MS = 1000;
/** Limits are counted by the hour; a clock that is wrong must not stop us for longer. */
const LONGEST_MS = 3_600_000;
/** Of a limit that says nothing of its end. */
const USUAL_MS = 60_000;

/**
 * Milliseconds until the limit is over; null: the answer is none of a limit. GitHub answers 403 or 429 with `retry-after`, or with
 * `x-ratelimit-remaining: 0` and the second of the end in `x-ratelimit-reset`; some say it in words only.
 */
export function waitOf(status: number, headers: Headers, now: Date, words = ""): number | null {
  if (status !== 403 && status !== 429) return null;
  const asked = headers.get("retry-after");
  if (asked !== null) return bounded(secondsOf(asked, now));
  const left = headers.get("x-ratelimit-remaining") ?? headers.get("ratelimit-remaining");
  const end = Number(headers.get("x-ratelimit-reset") ?? headers.get("ratelimit-reset") ?? Number.NaN);
  if (left === "0" && Number.isFinite(end)) return bounded(end * 1000 - now.getTime());
  return status === 429 || /rate limit/i.test(words) ? USUAL_MS : null;
}

function secondsOf(text: string, now: Date): number {
  const seconds = Number(text);
  return Number.isFinite(seconds) ? seconds * 1000 : Date.parse(text) - now.getTime();
}

const bounded = (ms: number): number =>
  Number.isFinite(ms) ? Math.min(LONGEST_MS, Math.max(SHORTEST_MS, ms)) : USUAL_MS;
