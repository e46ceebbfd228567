/** The database itself: version, migrations, clock, connections, what holds it up. */
import { type Database, type Db } from "../storage/db.ts";
import { longTransactions, replicationSlots, serverState } from "../storage/doctor-reads.ts";
import type { MigrationState } from "../storage/migrate.ts";
import { attempt, failed, type Finding, notChecked, ok, sizeText, spanText, warning } from "./finding.ts";

const LIMIT_MS = 15_000;
/** Tokens allow a minute. */
const SKEW_SECONDS = 5;
const BAD_SKEW_SECONDS = 60;
const LONG_SECONDS = 60;
/** Connections that a process of Fairway takes. */
const PER_PROCESS = 11;
const SLOT_BYTES = 1_000_000_000;

export function checkMigrations(state: MigrationState): Finding {
  const id = "database.migrations";
  const { newest, pending, newer, edited } = state;
  if (newer.length > 0)
    return failed(
      id,
      `the database has ${newer.join(", ")}, which this version of Fairway does not know`,
      "a server of this version refuses to start, so that it cannot damage what it does not understand",
      "start the newer version; the way back is a backup from before the upgrade",
    );
  if (edited.length > 0)
    return failed(
      id,
      `${edited.join(", ")} was changed after it had been applied`,
      "a server refuses to start: nobody knows what the tables look like",
      "put the migration back as it was released, and write a new one",
    );
  if (newest === null)
    return warning(
      id,
      "the database is empty",
      "there is nothing to look at yet",
      "start a server: it makes the tables",
    );
  if (pending.length > 0)
    return warning(
      id,
      `${pending.length} migrations are not applied yet (${pending[0] ?? ""} and after); the newest applied is ${newest}`,
      "the next start of this version applies them, and there is no way back but a backup",
      "make a backup, then start a server of this version",
    );
  return ok(id, `the schema is current (${newest})`);
}

/** What the server tells of itself. @param db one connection, for reading */
export async function checkServer(kind: Database["kind"], db: Db): Promise<Finding[]> {
  const before = Date.now();
  const state = await serverState(db);
  const skew = (state.at.getTime() - (before + Date.now()) / 2) / 1000;
  const version = ok(
    "database.version",
    `${kind === "embedded" ? "embedded database" : "PostgreSQL"} ${state.version}, ${sizeText(state.bytes)}`,
  );
  if (kind === "embedded")
    return [
      version,
      ok("database.clock", "the clock is that of this machine"),
      warning(
        "database.durability",
        "the embedded database does not force its writes to the disk",
        "a power cut can lose or damage it; kill -9 of the server cannot",
        "for more than trying out: PostgreSQL (docs/operations.md, What to run)",
      ),
    ];
  return [
    version,
    checkClock(skew),
    checkConnections(state),
    ...(state.isReplica
      ? [
          failed(
            "database.role",
            "DATABASE_URL leads to a read replica",
            "nothing can be written there",
            "set DATABASE_URL to the primary",
          ),
        ]
      : []),
    state.unsafe.length === 0
      ? ok("database.durability", "what is acknowledged is on the disk (fsync, synchronous_commit)")
      : failed(
          "database.durability",
          `PostgreSQL runs with ${state.unsafe.join(", ")}`,
          "a power cut loses what was acknowledged, or the whole database",
          "set them to on in postgresql.conf and restart PostgreSQL",
        ),
    notChecked("database.disk", "PostgreSQL does not tell how much room its disk has: watch it there"),
    ...(await attempt("database.transactions", LIMIT_MS, () => checkTransactions(db))),
    ...(await attempt("database.slots", LIMIT_MS, () => checkSlots(db))),
  ];
}

export function checkClock(skew: number): Finding {
  const id = "database.clock";
  const text = `the clock of the database is ${Math.abs(skew).toFixed(1)} s ${skew < 0 ? "behind" : "ahead of"} that of this machine`;
  const why =
    "times of what people wrote and of what the database did do not fit: tokens end early or late, jobs and timers are due at the wrong time";
  const todo = "let both machines follow the same time servers (chrony, systemd-timesyncd)";
  if (Math.abs(skew) > BAD_SKEW_SECONDS) return failed(id, text, why, todo);
  return Math.abs(skew) > SKEW_SECONDS ? warning(id, text, why, todo) : ok(id, text);
}

function checkConnections(state: { readonly connections: number; readonly maxConnections: number }): Finding {
  const { connections, maxConnections } = state;
  const what = `${connections} of ${maxConnections} connections of the database are used`;
  return maxConnections - connections < PER_PROCESS
    ? warning(
        "database.connections",
        what,
        `a process of Fairway takes up to ${PER_PROCESS}; the next one could not start`,
        "raise max_connections, or end what holds them (pg_stat_activity)",
      )
    : ok("database.connections", what);
}

async function checkTransactions(db: Db): Promise<Finding[]> {
  const [oldest, ...others] = await longTransactions(db, LONG_SECONDS);
  if (oldest === undefined)
    return [
      ok(
        "database.transactions",
        `no transaction that is visible to this user is older than ${LONG_SECONDS} s`,
      ),
    ];
  const more = others.length === 0 ? "" : `, and ${others.length} more`;
  return [
    warning(
      "database.transactions",
      `a transaction of ${oldest.application || "an unnamed program"} in the database ${oldest.database} is open for ${spanText(oldest.seconds)} (process ${oldest.pid}, ${oldest.state})${more}`,
      "the change feed waits for the oldest transaction of the whole server: numbers, derived values and automations stand still, and dead rows are not cleaned up",
      `end it where it comes from, or: select pg_terminate_backend(${oldest.pid})`,
    ),
  ];
}

async function checkSlots(db: Db): Promise<Finding[]> {
  const slots = await replicationSlots(db);
  const held = slots.filter(({ isActive, bytes }) => !isActive || bytes > SLOT_BYTES);
  if (held.length === 0)
    return [ok("database.slots", `${slots.length} replication slots, none of them behind`)];
  return held.map(({ slot, isActive, bytes }) =>
    warning(
      "database.slots",
      `the replication slot ${slot} is ${isActive ? "" : "not in use and "}${sizeText(bytes)} behind`,
      "the server keeps its log for it, until the disk is full",
      `mend what reads it, or: select pg_drop_replication_slot('${slot.replaceAll("'", "''")}')`,
    ),
  );
}
