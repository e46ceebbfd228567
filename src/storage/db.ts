/** Opens the store: PostgreSQL through a URL, or the embedded database in a folder. One SQL dialect for both. */
import { execFile } from "node:child_process";
import { access, mkdir, readdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Kysely, type LogEvent, PostgresDialect, type Transaction } from "kysely";
import pg from "pg";
import { PglitePool } from "./pglite-pool.ts";
import { LOCK_TIMEOUT } from "./lock-timeout.ts";
import { PLANS_MS, preparedName } from "./prepared.ts";
import { isTracing, noteStatement } from "../tracing/span.ts";
import type { Tables } from "./tables.ts";
import { StatementWatch, type WatchOptions } from "./watch-statements.ts";

export type Db = Kysely<Tables> | Transaction<Tables>;

/**
 * `change`: rows were written; `derived`: what follows from entities and definitions is worked out; `dora`: derived numbers changed;
 * `import`: an import run moved on.
 */
export type Topic = "change" | "derived" | "dora" | "import";

export interface Database {
  readonly kind: "postgres" | "embedded";
  readonly kysely: Kysely<Tables>;
  /** For what belongs to one session (locks that outlive a transaction): past a pooler that shares connections. */
  readonly direct: Kysely<Tables>;
  /** Several statements without parameters in one transaction (migrations). */
  exec(sql: string): Promise<void>;
  /** Calls `listener` when this or another process says that something happened; only a hint, polling is the truth. */
  onHint(listener: (topic: Topic) => void): void;
  /** Tells this and other processes that something happened. */
  hint(topic: Topic): void;
  /** Connections of this process: all, those that nobody uses, and how many requests wait for one. */
  connections(): { readonly total: number; readonly idle: number; readonly waiting: number };
  /** Copies the files of the embedded database into a new folder, between two transactions; null: not embedded. */
  readonly copyTo: ((folder: string) => Promise<void>) | null;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  /** `postgres://…`; null = embedded. */
  readonly url: string | null;
  /** The same database past a pooler, for sessions; without it `url`. */
  readonly directUrl?: string | null;
  /** Folder of the embedded database. */
  readonly dataDir: string;
  readonly onError: (error: unknown) => void;
  /** How long a connection to PostgreSQL may take, and the wait for one of the pool; 20 seconds without it. */
  readonly connectTimeoutMs?: number;
  /** When statements without an answer are asked about. */
  readonly watch?: WatchOptions;
}

const HINT_CHANNEL = "fairway_work";
/** Many writes, one NOTIFY: each takes a lock that all committing sessions share. */
const HINT_DELAY_MS = 15;
/**
 * While writes follow each other without a pause, hints are this far apart: everybody who is told reads the change
 * feed, which is a dozen statements.
 */
const HINT_PAUSE_MS = 100;
/** Longer, and the database itself is asked. */
const REPLICA_CONNECT_MS = 2000;
/** A request that waits longer for a connection is answered that it cannot be served now. */
const CONNECT_MS = 20_000;
/** A server that does not answer any more is given up 20 seconds after this; by themselves systems take hours. */
const KEEP_ALIVE = { keepAlive: true, keepAliveInitialDelayMillis: 10_000 };
const INT8 = 20;
const NUMERIC = 1700;

export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  return options.url === null
    ? openEmbedded(options.dataDir, options.onError)
    : openPostgres(options.url, options);
}

/** Creates the database beside its place and moves it there, so that an interrupted start leaves nothing half-made. */
async function createEmbedded(dataDir: string): Promise<void> {
  const exists = await access(join(dataDir, "PG_VERSION")).then(
    () => true,
    () => false,
  );
  if (exists) return;
  await refuseHalfRestored(dataDir);
  const fresh = `${dataDir}.new`;
  await rm(fresh, { recursive: true, force: true });
  await mkdir(fresh, { recursive: true });
  const script = fileURLToPath(new URL("./pglite-init.ts", import.meta.url));
  const making = promisify(execFile)(process.execPath, [script, fresh]);
  // A process that is told to end meanwhile would leave it behind, writing where the next start makes its own.
  const end = (): void => void making.child.kill("SIGKILL");
  process.once("exit", end);
  await making.finally(() => process.off("exit", end));
  await rm(dataDir, { recursive: true, force: true });
  await rename(fresh, dataDir);
}

/** @throws Error where `fairway restore` was killed: an empty portal in place of one that is set aside would be taken for a loss */
async function refuseHalfRestored(dataDir: string): Promise<void> {
  const folder = dirname(dataDir);
  const names = await readdir(folder).catch(() => []);
  const left = names.find((name) => /^database\.(restoring$|before-restore-)/.test(name));
  if (left !== undefined)
    throw new Error(
      `${dataDir} is missing, and ${join(folder, left)} is there: a restore was interrupted. Run fairway restore again, or rename ${left} to database; to begin with an empty portal, move it elsewhere`,
    );
}

/** Statements are told to traces where there are any; otherwise nothing is measured. */
function openKysely(dialect: PostgresDialect): Kysely<Tables> {
  const log = (event: LogEvent): void =>
    noteStatement(event.query.sql, event.queryDurationMillis, event.level === "error" ? event.error : null);
  return new Kysely<Tables>({ dialect, ...(isTracing() && { log }) });
}

async function openEmbedded(dataDir: string, onError: (error: unknown) => void): Promise<Database> {
  await createEmbedded(dataDir);
  const pool = await PglitePool.open(dataDir, onError);
  const listeners: ((topic: Topic) => void)[] = [];
  const kysely = openKysely(new PostgresDialect({ pool }));
  const hints = new Hints(0, (topic) => listeners.forEach((listener) => listener(topic)));
  return {
    kind: "embedded",
    kysely,
    direct: kysely,
    exec: (sql) => pool.exec(sql),
    onHint: (listener) => void listeners.push(listener),
    hint: (topic) => hints.give(topic),
    connections: () => pool.counts(),
    copyTo: (folder) => pool.copyTo(folder),
    close: async () => {
      hints.stop();
      await kysely.destroy();
    },
  };
}

/** Sends what `prepared.ts` knows as a statement with a name, which the server plans once (see PLANS_MS). */
function usePrepared(client: pg.PoolClient): void {
  const query = client.query.bind(client) as (...args: unknown[]) => unknown;
  let plannedAt = performance.now();
  client.query = ((text: unknown, values: unknown, ...more: unknown[]) => {
    const name = typeof text === "string" ? preparedName(text) : undefined;
    if (name === undefined) return query(text, values, ...more);
    if (performance.now() - plannedAt > PLANS_MS) {
      plannedAt = performance.now();
      // In a transaction that has failed already it is refused, as is what follows it.
      (query("discard plans") as Promise<unknown>).catch(() => undefined);
    }
    return query({ name, text, values }, ...more);
  }) as typeof client.query;
}

/**
 * Of every session. Compiling a statement (measured: 270 ms for one that takes 1 ms) costs more than it ever saved here. The
 * rest is for others' sake: a process whose machine is gone says goodbye to nobody, and its transaction would keep rows locked,
 * and the change feed of everybody waiting, for hours. A lock that is not given in half a minute is not given in a minute.
 */
const SESSION = `set jit = off; set lock_timeout = '${LOCK_TIMEOUT}'; set idle_in_transaction_session_timeout = '60s';
  set tcp_keepalives_idle = 10; set tcp_keepalives_interval = 5; set tcp_keepalives_count = 3; set tcp_user_timeout = '30s'`;

/** The pool waits for it, though its type says nothing of that; a server that falls silent here would keep the place. */
const setUp =
  (limitMs: number) =>
  (client: pg.ClientBase): void => {
    const query = { text: SESSION, query_timeout: limitMs };
    return client.query(query) as unknown as void;
  };

const MAX_CONNECTIONS = 10;
/** For sessions: the one process that makes indexes needs one, and one to interrupt it. */
const MAX_DIRECT = 2;

function openPool(
  url: string,
  { onError, connectTimeoutMs = CONNECT_MS, watch = {} }: DatabaseOptions,
  max = MAX_CONNECTIONS,
): pg.Pool {
  const types: pg.CustomTypesConfig = {
    getTypeParser: ((oid: number, format?: "text" | "binary") =>
      oid === INT8 || oid === NUMERIC
        ? Number
        : pg.types.getTypeParser(oid, format)) as pg.CustomTypesConfig["getTypeParser"],
  };
  const pool = new pg.Pool({
    connectionString: url,
    max,
    connectionTimeoutMillis: connectTimeoutMs,
    types,
    application_name: "fairway",
    ...KEEP_ALIVE,
    onConnect: setUp(connectTimeoutMs),
  });
  const statements = new StatementWatch(url, watch);
  pool.on("error", onError);
  // A connection that breaks while a transaction is between two statements says so by an event; without a listener
  // it would end the process. The next statement fails all the same.
  pool.on("connect", (client) => {
    client.on("error", () => undefined);
    usePrepared(client);
    statements.add(client);
  });
  const end = pool.end.bind(pool);
  pool.end = async () => {
    statements.stop();
    await end();
  };
  return pool;
}

/** A read replica: whoever asks it must not write. */
export function openReplica(
  url: string,
  onError: (error: unknown) => void,
): { readonly kysely: Kysely<Tables>; close(): Promise<void> } {
  const options = { url, dataDir: "", onError, connectTimeoutMs: REPLICA_CONNECT_MS };
  const kysely = openKysely(new PostgresDialect({ pool: openPool(url, options) }));
  return { kysely, close: () => kysely.destroy() };
}

async function openPostgres(url: string, options: DatabaseOptions): Promise<Database> {
  const { onError, directUrl = null } = options;
  const pool = openPool(url, options);
  const version = await pool.query<{ v: number }>("select current_setting('server_version_num')::int as v");
  if ((version.rows[0]?.v ?? 0) < 150_000) {
    await pool.end();
    throw new Error(
      `DATABASE_URL points at PostgreSQL ${String(version.rows[0]?.v)}; version 15 or newer is needed`,
    );
  }
  const listeners: ((topic: Topic) => void)[] = [];
  // Each process says so often that something happened; what all of them say is not heard more often.
  const heard = new Hints(0, (topic) => listeners.forEach((listener) => listener(topic)));
  const stopListening = await listen(directUrl ?? url, (topic) => heard.give(topic), onError);
  const kysely = openKysely(new PostgresDialect({ pool }));
  const direct =
    directUrl === null
      ? kysely
      : openKysely(new PostgresDialect({ pool: openPool(directUrl, options, MAX_DIRECT) }));
  const hints = new Hints(
    HINT_DELAY_MS,
    (topic) => void pool.query("select pg_notify($1, $2)", [HINT_CHANNEL, topic]).catch(onError),
  );
  return {
    kind: "postgres",
    kysely,
    direct,
    exec: async (sql) => void (await pool.query(sql)),
    onHint: (listener) => void listeners.push(listener),
    hint: (topic) => hints.give(topic),
    connections: () => ({ total: pool.totalCount, idle: pool.idleCount, waiting: pool.waitingCount }),
    copyTo: null,
    close: async () => {
      hints.stop();
      await stopListening();
      heard.stop();
      await kysely.destroy();
      if (direct !== kysely) await direct.destroy();
    },
  };
}

/** Sends each topic soon, and then not again for a while; what is given in between is sent at its end. */
class Hints {
  readonly #delayMs: number;
  readonly #send: (topic: Topic) => void;
  readonly #waiting = new Map<Topic, NodeJS.Timeout>();
  readonly #sentAt = new Map<Topic, number>();

  constructor(delayMs: number, send: (topic: Topic) => void) {
    this.#delayMs = delayMs;
    this.#send = send;
  }

  give(topic: Topic): void {
    if (this.#waiting.has(topic)) return;
    const next = (this.#sentAt.get(topic) ?? -Infinity) + HINT_PAUSE_MS;
    const wait = Math.max(this.#delayMs, next - performance.now());
    const send = (): void => {
      this.#waiting.delete(topic);
      this.#sentAt.set(topic, performance.now());
      this.#send(topic);
    };
    if (wait <= 0) send();
    else this.#waiting.set(topic, setTimeout(send, wait));
  }

  stop(): void {
    for (const timer of this.#waiting.values()) clearTimeout(timer);
  }
}

const RECONNECT_MS = 1000;

/** LISTEN on a connection of its own; while the server is away it is tried again every second. */
async function listen(
  url: string,
  onNotify: (topic: Topic) => void,
  onError: (error: unknown) => void,
): Promise<() => Promise<void>> {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let client: pg.Client | undefined;
  const again = (error: unknown): void => {
    onError(error);
    if (!stopped) timer = setTimeout(() => void connect().catch(again), RECONNECT_MS);
  };
  const connect = async (): Promise<void> => {
    const next = new pg.Client({
      connectionString: url,
      application_name: "fairway-listen",
      // Nothing is ever sent on it: without this a connection that a firewall dropped would look alive for ever.
      ...KEEP_ALIVE,
      connectionTimeoutMillis: CONNECT_MS,
    });
    let lost = false;
    next.on("notification", (message) => onNotify((message.payload ?? "change") as Topic));
    next.on("error", (error) => {
      // An error while connecting rejects below as well.
      if (lost || client !== next) return;
      lost = true;
      again(error);
    });
    client = undefined;
    try {
      await next.connect();
      await next.query(`listen ${HINT_CHANNEL}`);
    } catch (error) {
      await next.end().catch(() => undefined);
      throw error;
    }
    if (stopped) await next.end();
    else client = next;
  };
  await connect();
  return async () => {
    stopped = true;
    clearTimeout(timer);
    await client?.end();
  };
}
