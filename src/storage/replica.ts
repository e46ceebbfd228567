/**
 * A read replica beside the database. It is asked only while it has everything that was announced (hints follow each
 * write within a tenth of a second) and what the caller wrote; otherwise, and whenever it fails, the database itself is.
 */
import { type Kysely, sql } from "kysely";
import { type Database, type Db, openReplica } from "./db.ts";
import type { Tables } from "./tables.ts";
import { sqlState } from "./transact.ts";

/** A place in the write-ahead log, as PostgreSQL writes it: `16/B374D848`. */
export type WalPosition = string;

export interface Replica {
  /** Where the log is now: behind every write that has been committed. Asks the database itself. */
  position(): Promise<WalPosition>;
  /** The replica, if it is as far as `position` and all that was announced; null: ask the database itself. */
  at(position: WalPosition | null): Promise<Db | null>;
  /** After an error of what it was asked: whether the database itself is to be asked instead. */
  isItsFault(error: unknown): boolean;
  /** Answers given by the replica, and those that it could have given were it further. */
  readonly counts: { readonly replica: number; readonly primary: number };
  close(): Promise<void>;
}

/**
 * Hints may get lost (a connection that broke, a process killed between its commit and its hint): what they would have
 * announced is passed over for so long at most.
 */
const PLACE_AGAIN_MS = 1000;
/** After a failure it is left alone for so long. */
const REST_MS = 5000;
/** Rather than wait longer for its answer, the database itself is asked. */
const PATIENCE_MS = 250;
/** Cancelled because what it read is to be removed, a connection that broke, a server that goes down or comes up. */
const ITS_FAULT = /^(40001|08...|57P0[1-4]|53300|XX000)$/;
const BROKEN = /^(ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EHOSTUNREACH)/;

/** As a number; null: it is none. */
export function walNumber(position: string): bigint | null {
  const [, high = "", low = ""] = /^([0-9A-F]{1,8})\/([0-9A-F]{1,8})$/i.exec(position) ?? [];
  return high === "" ? null : (BigInt(`0x${high}`) << 32n) + BigInt(`0x${low}`);
}

/** null: there is none. It may come up later than this process. */
export const openReplicaOf = (
  url: string | null,
  primary: Database,
  onError: (error: unknown) => void,
): Replica | null => (url === null ? null : useReplica(primary, openReplica(url, onError), onError));

/**
 * @param replica opened by `openDatabase`, with hints of the database itself
 * @param now milliseconds of a clock that never jumps
 */
export function useReplica(
  primary: Database,
  replica: { readonly kysely: Kysely<Tables>; close(): Promise<void> },
  onError: (error: unknown) => void,
  now: () => number = () => performance.now(),
): Replica {
  let replayed = 0n;
  let announced = 0n;
  /** Hints so far, and what was written before this process heard any. */
  let heard = 1;
  /** Of these, those whose place in the log is known. */
  let placed = 0;
  let placing = 0;
  let restUntil = -Infinity;
  let asking: Promise<bigint> | null = null;
  const counts = { replica: 0, primary: 0 };

  const position = async (): Promise<WalPosition> => {
    const { rows } = await sql<{ lsn: string }>`select pg_current_wal_insert_lsn()::text as lsn`.execute(
      primary.kysely,
    );
    return rows[0]?.lsn ?? "";
  };
  const place = async (): Promise<void> => {
    const upTo = heard;
    placing += 1;
    try {
      const at = walNumber(await position());
      if (at === null) return;
      if (at > announced) announced = at;
      placed = Math.max(placed, upTo);
    } catch {
      // The database is away: until it tells the place, the replica is passed over.
    } finally {
      placing -= 1;
    }
  };
  primary.onHint(() => {
    heard += 1;
    void place();
  });
  const again = setInterval(() => {
    if (placing === 0) void place();
  }, PLACE_AGAIN_MS);
  again.unref();
  void place();

  const failed = (error: unknown): void => {
    restUntil = now() + REST_MS;
    onError(error);
  };
  /** How far the replica is; null in recovery that has replayed nothing, or of a server that is no replica. */
  const ask = async (): Promise<bigint> => {
    const { rows } = await sql<{ lsn: string | null; isReplica: boolean }>`
      select pg_last_wal_replay_lsn()::text as lsn, pg_is_in_recovery() as "isReplica"`.execute(
      replica.kysely,
    );
    const [row] = rows;
    if (row?.isReplica !== true) throw new Error("DATABASE_REPLICA_URL does not lead to a replica");
    return walNumber(row.lsn ?? "") ?? 0n;
  };
  const refresh = (): Promise<bigint> => {
    asking ??= ask()
      .then((lsn) => (replayed = lsn > replayed ? lsn : replayed))
      .finally(() => (asking = null));
    return asking;
  };

  const isAt = async (needed: bigint): Promise<boolean> => {
    if (now() < restUntil || placed < heard) return false;
    if (replayed > 0n && replayed >= needed) return true;
    try {
      const far = await soon(refresh(), PATIENCE_MS);
      return far !== null && far > 0n && far >= needed && far >= announced && placed === heard;
    } catch (error) {
      failed(error);
      return false;
    }
  };

  return {
    position,
    counts,
    async at(position) {
      const wrote = position === null ? 0n : walNumber(position);
      const needed = wrote !== null && wrote > announced ? wrote : announced;
      const isFar = await isAt(needed);
      counts[isFar ? "replica" : "primary"] += 1;
      return isFar ? replica.kysely : null;
    },
    isItsFault(error) {
      const code = sqlState(error);
      const isBroken =
        BROKEN.test(code) || /connection terminated|timeout exceeded/i.test((error as Error).message);
      if (!ITS_FAULT.test(code) && !isBroken) return false;
      // A conflict is of one statement, and no reason to leave it alone.
      if (code !== "40001") failed(error);
      return true;
    },
    close: () => {
      clearInterval(again);
      return replica.close();
    },
  };
}

/** null when it takes longer. */
async function soon<T>(work: Promise<T>, ms: number): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => (timer = setTimeout(() => resolve(null), ms)));
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
