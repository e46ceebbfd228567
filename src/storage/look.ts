/**
 * What there is to do for the loops of a process, asked by one statement for all of them. At a hint a dozen loops wake up; each asking for itself
 * was some forty statements in every process, most of them in vain.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { Log } from "./context.ts";
import type { Db } from "./db.ts";
import { leftHere } from "./feed.ts";
import { firstAnswer, type Patience } from "./first-answer.ts";
import { prepared } from "./prepared.ts";
import { ReaderTurns } from "./reader-turns.ts";

/** $1 organisation, $2 queues. */
const ask = prepared<{ what: string; name: string; place: string | null; n: number | null }>(
  "look",
  `with newest as materialized (
    select xid, seq from change where org = $1 and xid < pg_snapshot_xmin(pg_current_snapshot())
    order by xid desc, seq desc limit 1)
  select 'reader' as what, f.reader as name, f.xid::text || ' ' || f.seq::text as place,
    (select count(*) from newest e where (e.xid, e.seq) > (f.xid, f.seq))::float8 as n
  from feed_cursor f where f.org = $1
  union all
  select 'queue', q.queue, null, (extract(epoch from least(
    (select run_at from job where queue = q.queue and (lease_until is null or lease_until < now())
      order by run_at limit 1),
    (select min(greatest(run_at, lease_until)) from (
      select run_at, lease_until from job where queue = q.queue order by run_at limit 100) j)) - now()) * 1000)::float8
  from unnest($2::text[]) q (queue)
  union all
  select 'at', 'timer', null, (extract(epoch from min(due_at)) * 1000)::float8
  from timer where org = $1 and fired_at is null
  union all
  select 'at', 'schedule', null, (extract(epoch from min(next_at)) * 1000)::float8
  from automation_schedule where org = $1
  union all
  select 'count', 'touched', null, (select count(*) from (select 1 from dora_touched where org = $1 limit 1) t)::float8
  union all
  select 'count', 'changes', null, coalesce(pg_sequence_last_value('change_seq_seq'::regclass), 0)::float8`,
);

/** What a look found. */
export interface Look {
  /** Milliseconds until a job of the queues is due, at most `limitMs`; 0 or less: one is. */
  dueIn(queues: readonly string[], limitMs: number): number;
  /**
   * Milliseconds until this process should read on for the reader: 0 where it was the last that did, or nobody has for `patienceMs`; null:
   * nothing is to be read.
   */
  readIn(reader: string, patienceMs?: number): number | null;
  /** When, in ms since 1970, the next timer or the next moment of a schedule is due; null: none waits. */
  readonly nextAt: number | null;
  /** Whether derived values changed that DORA reads. */
  readonly isTouched: boolean;
  /** Rises with every change of the catalog. */
  readonly changes: number;
}

/** So long a process that moved a reader may be at other work, before another goes on for it. */
const PATIENCE_MS = 250;

/**
 * All loops wait for a look, which takes milliseconds. A connection that went silent is given up after half a minute
 * (watch-statements.ts).
 */
const PATIENCE: Patience = { afterMs: 5000, most: 3 };
/**
 * A look is followed by as long a rest, this long at most: where hundreds of events come each second, one was under way all the time in
 * every process, and they took a twelfth of the database.
 */
const MAX_REST_MS = 50;
/** At most so often it is said that looks are not answered. */
const WARN_MS = 60_000;

export interface LooksOptions {
  /** That anybody asks about. */
  readonly queues: readonly string[];
  /** No other process can be at work, and there is one connection. */
  readonly isAlone: boolean;
  readonly patience?: Patience;
  readonly log?: Log;
}

/** Of one process and organisation. */
export class Looks {
  readonly #db: Db;
  readonly #org: string;
  readonly #options: LooksOptions;
  readonly #turns = new ReaderTurns();
  #last: Promise<unknown> = Promise.resolve();
  #next: Promise<Look> | null = null;
  #restsUntil = Number.NEGATIVE_INFINITY;
  #warnedAt = Number.NEGATIVE_INFINITY;

  constructor(db: Db, org: string, options: LooksOptions) {
    this.#db = db;
    this.#org = org;
    this.#options = options;
  }

  /** As it is after this call; those who ask while another look is under way, or in the same turn, share the next one. */
  now(): Promise<Look> {
    this.#next ??= this.#afterLast();
    return this.#next;
  }

  async #afterLast(): Promise<Look> {
    await this.#last.catch(() => undefined);
    await new Promise((resolve) => setImmediate(resolve));
    const rest = this.#restsUntil - performance.now();
    if (rest > 0) await sleep(rest);
    const began = performance.now();
    const look = this.#look();
    const rested = (): void => {
      const ended = performance.now();
      this.#restsUntil = ended + Math.min(MAX_REST_MS, ended - began);
    };
    look.then(rested, rested);
    [this.#last, this.#next] = [look, null];
    return look;
  }

  #warn(afterMs: number): void {
    const now = performance.now();
    if (now < this.#warnedAt + WARN_MS) return;
    this.#warnedAt = now;
    const message =
      "the database has not answered a short question: its connection went silent, or the database is slow; asked again on another connection";
    this.#options.log?.warn({ afterMs }, message);
  }

  async #look(): Promise<Look> {
    const { queues, isAlone, patience = PATIENCE } = this.#options;
    const rows = await firstAnswer(
      (begun) =>
        this.#db.connection().execute((one) => {
          begun();
          return ask(one, this.#org, queues);
        }),
      isAlone ? { ...patience, most: 1 } : patience,
      () => this.#warn(patience.afterMs),
    );
    const of = (what: string) =>
      new Map(rows.filter((row) => row.what === what).map((row) => [row.name, row]));
    const [readers, due, at, counts] = [of("reader"), of("queue"), of("at"), of("count")];
    const times = [...at.values()].flatMap(({ n }) => n ?? []);
    return {
      dueIn: (asked, limitMs) => Math.min(limitMs, ...asked.map((queue) => due.get(queue)?.n ?? limitMs)),
      readIn: (reader, patienceMs = PATIENCE_MS) => {
        const found = readers.get(reader);
        // It has never read: its place is made where it does.
        if (found === undefined) return 0;
        const place = found.n === 0 ? null : found.place;
        const left = leftHere(this.#org, reader);
        const wait = this.#turns.waitMs(reader, { place, left, patienceMs }, performance.now());
        return isAlone && wait !== null ? 0 : wait;
      },
      nextAt: times.length === 0 ? null : Math.min(...times),
      isTouched: counts.get("touched")?.n !== 0,
      changes: counts.get("changes")?.n ?? 0,
    };
  }
}
