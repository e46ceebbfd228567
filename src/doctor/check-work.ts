/** Background work: queues, readers of the change feed, derived values. From the database, or from `/metrics`. */
import type { FailingJob, Underivable } from "../storage/doctor-reads.ts";
import type { QueueState } from "../storage/queue.ts";
import { failed, type Finding, notChecked, ok, spanText, warning } from "./finding.ts";

/** As in the alert rules that Fairway brings along. */
const LATE_SECONDS = 300;
const FEED_ROWS = 5000;
const SHOWN = 200;

export interface Work {
  readonly queues: readonly QueueState[];
  readonly feeds: readonly { readonly reader: string; readonly lag: number }[];
  /** null: whoever was asked does not tell which jobs these are. */
  readonly failing: readonly FailingJob[] | null;
}

export function checkWork({ queues, feeds, failing }: Work): Finding[] {
  return [...checkLate(queues), ...checkFailing(queues, failing), ...checkFeeds(feeds)];
}

function checkLate(queues: readonly QueueState[]): Finding[] {
  const late = queues.filter(({ lateSeconds }) => lateSeconds > LATE_SECONDS);
  const pending = queues.reduce((sum, queue) => sum + queue.pending, 0);
  const oldest = Math.max(0, ...queues.map(({ lateSeconds }) => lateSeconds));
  if (late.length === 0)
    return [ok("work.queues", `${pending} jobs wait, the oldest that is due for ${spanText(oldest)}`)];
  return late.map(({ queue, lateSeconds, pending: waiting }) =>
    warning(
      "work.queues",
      `the oldest of ${waiting} jobs in the queue ${queue} is due for ${spanText(lateSeconds)}`,
      "no worker comes to it: numbers, events or runs of actions stand still",
      "start a server with the role all or worker; where one runs, more of them when processors are busy, else its log",
    ),
  );
}

function checkFailing(queues: readonly QueueState[], failing: Work["failing"]): Finding[] {
  const count = queues.reduce((sum, queue) => sum + queue.failing, 0);
  if (count === 0) return [ok("work.failing", "no job fails")];
  const why =
    "it is tried again for ever, with pauses of five minutes at most, and what it would do is missing";
  if (failing === null || failing.length === 0)
    return [
      warning(
        "work.failing",
        `${count} jobs fail`,
        why,
        "select queue, key, attempts, last_error from job where attempts > 0",
      ),
    ];
  return failing.map(({ queue, key, attempts, error }) =>
    warning(
      "work.failing",
      `the job ${JSON.stringify(key)} of the queue ${queue} has failed ${attempts} times: ${error.slice(0, SHOWN)}`,
      why,
      "mend what the message names; the log of the worker has the whole of it",
    ),
  );
}

function checkFeeds(feeds: Work["feeds"]): Finding[] {
  const behind = feeds.filter(({ lag }) => lag > FEED_ROWS);
  if (behind.length === 0)
    return [
      ok(
        "work.feed",
        `${feeds.length} readers of the change feed, the slowest ${Math.max(0, ...feeds.map(({ lag }) => lag))} rows behind`,
      ),
    ];
  return behind.map(({ reader, lag }) =>
    warning(
      "work.feed",
      `the reader ${reader} of the change feed is ${lag >= 10_000 ? "10,000 rows or more" : `${lag} rows`} behind`,
      "what follows from changes (numbers, derived values, automations) comes late",
      "after a large import it catches up by itself; else look for a long transaction above, and whether a worker runs",
    ),
  );
}

export function checkUnderivable({ count, example, error }: Underivable): Finding {
  if (count === 0) return ok("derivation.failing", "every derived value could be computed");
  return warning(
    "derivation.failing",
    `derived values of ${count} entities cannot be computed, for example of ${example ?? "?"}: ${(error ?? "").slice(0, SHOWN)}`,
    "they keep their old values and are tried again",
    "mend the definition that the message names (docs/derived-properties.md), or report it",
  );
}

/** @param drift wrong values that were found since the last full check; null: the server could not be asked */
export function checkDrift(drift: number | null): Finding {
  const id = "derivation.drift";
  if (drift === null)
    return notChecked(id, "the server could not be asked: fairway rebuild --check compares");
  if (drift === 0) return ok(id, "no wrong derived value has been found since the last full check");
  return failed(
    id,
    `${drift} derived values were found that differ from those computed from scratch`,
    "aggregations, calculations and mirrors show something wrong",
    "please report it with what fairway rebuild --check prints; fairway rebuild mends them, and the next --check says so for all processes",
  );
}

/** @param waiting changes and entities, counted up to a thousand each */
export function checkDerivation(waiting: number, rebuilding: number): Finding {
  return ok(
    "derivation.lag",
    waiting === 0 && rebuilding === 0
      ? "derived values are settled"
      : `${waiting} changes or entities wait for derived values, ${rebuilding} groups of definitions are being applied`,
  );
}
