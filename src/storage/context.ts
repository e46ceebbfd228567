import type { Actor } from "../model/actor.ts";
import type { Db } from "./db.ts";

/** The part of the logger that code below the entry points uses. */
export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** What every use case takes first. `db` is a transaction inside `transact`. */
export interface Ctx {
  readonly db: Db;
  /** The database itself while `db` is a read replica: for permissions, and for notes that nobody waits for. */
  readonly writer?: Db;
  readonly org: string;
  readonly actor: Actor;
  readonly now: () => Date;
  readonly log: Log;
  /** The action run that this write belongs to (`run_id`). */
  readonly runId?: string | null;
  /** True while an exporter sends everything again (`ocean_info_event_type=resync`). */
  readonly resync?: boolean;
  /** How long what background work claims is held; without it, as keep-lease.ts says. */
  readonly leaseSeconds?: number;
}
