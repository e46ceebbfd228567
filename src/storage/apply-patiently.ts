/**
 * A migration that needs a lock asks for it for a short while only, again and again: everybody who comes to the same table later
 * waits behind it, also those who only read.
 */
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "kysely";
import type { Database } from "./db.ts";

export interface Patience {
  /** How long others wait behind it, each time. */
  readonly lockTimeoutMs: number;
  /** Between two attempts, of all processes together. */
  readonly pauseMs: number;
  /** After so long it is given up. */
  readonly patienceMs: number;
  /** Told after each attempt in vain, in words. */
  readonly onWait: (waiting: string) => void;
}

export const PATIENCE: Patience = {
  lockTimeoutMs: 2000,
  pauseMs: 8000,
  patienceMs: 600_000,
  onWait: () => undefined,
};

const LOCK_NOT_AVAILABLE = "55P03";
const DEADLOCK = "40P01";
/** At who is in the way, while one attempt waits. */
const LOOKS = 3;
const QUERY_LENGTH = 200;

/**
 * Runs it in one transaction under an advisory lock, for which it waits as long as another process has it.
 * @throws what the database says, with who was in the way where that is why
 */
export async function applyPatiently(
  database: Database,
  advisoryLock: number,
  text: string,
  { lockTimeoutMs, pauseMs, patienceMs, onWait }: Patience,
): Promise<void> {
  // By this name the others are asked who is in the way.
  const name = `fairway migration ${randomUUID()}`;
  const begin = `select set_config('lock_timeout', '0', true), set_config('application_name', '${name}', true);
    select pg_advisory_xact_lock(${advisoryLock});`;
  let seen = "who has it was not seen";
  for (const end = performance.now() + patienceMs; ;) {
    const over = new AbortController();
    const attempt = database
      .exec(`${begin} select set_config('lock_timeout', '${lockTimeoutMs}', true); ${text}`)
      .finally(() => over.abort());
    const looking = whoIsInTheWay(database, name, lockTimeoutMs / LOOKS, over.signal).then(
      (now) => (seen = now ?? seen),
    );
    try {
      await attempt;
      return;
    } catch (error) {
      const { code, message } = error as Error & { readonly code?: string };
      if (code !== LOCK_NOT_AVAILABLE && code !== DEADLOCK) throw error;
      await looking;
      const why = `${code === DEADLOCK ? "it got into a deadlock" : "it waits for a lock"}; ${seen}`;
      if (performance.now() > end)
        throw new Error(`${message}: ${why}. Nothing was changed; end that, or start again when it is over`, {
          cause: error,
        });
      onWait(why);
      // Under the same lock, so that several processes do not take turns at keeping others waiting.
      await database.exec(`${begin} select pg_sleep(${pauseMs / 1000})`);
    } finally {
      await looking;
    }
  }
}

interface InTheWay {
  readonly pid: number;
  readonly user: string | null;
  readonly program: string | null;
  readonly state: string | null;
  readonly since: Date | null;
  readonly query: string | null;
}

/** What the session of this name waited for, as it was seen last; null: it was not seen. Never fails. */
async function whoIsInTheWay(
  database: Database,
  name: string,
  everyMs: number,
  over: AbortSignal,
): Promise<string | null> {
  let seen: string | null = null;
  if (database.kind !== "postgres") return seen;
  for (;;) {
    await sleep(everyMs, undefined, { signal: over }).catch(() => undefined);
    if (over.aborted) return seen;
    const { rows } = await sql<InTheWay>`
      select other.pid, other.usename as "user", other.application_name as program, other.state,
        coalesce(other.query_start, other.xact_start) as since, left(other.query, ${QUERY_LENGTH}::int) as query
      from pg_stat_activity waiting
        cross join unnest(pg_blocking_pids(waiting.pid)) as blocking (pid)
        join pg_stat_activity other on other.pid = blocking.pid
      where waiting.application_name = ${name}`
      .execute(database.kysely)
      .catch(() => ({ rows: [] }));
    if (rows.length > 0) seen = `in the way: ${rows.map(described).join("; ")}`;
  }
}

/** What belongs to another user is not shown to everybody. */
function described({ pid, user, program, state, since, query }: InTheWay): string {
  const who = [user, program].filter((one) => one !== null && one !== "").join(", ");
  const what = [state, since === null ? null : `since ${since.toISOString()}`].filter((one) => one !== null);
  return `process ${pid} of PostgreSQL (${who}), ${what.join(" ")}: ${query?.replaceAll(/\s+/g, " ") ?? "?"}`;
}
