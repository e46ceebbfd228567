/** The embedded database behind the interface of a PostgreSQL pool, so that kysely needs one dialect only. */
import { Worker } from "node:worker_threads";
import type { PostgresPool, PostgresPoolClient } from "kysely";
import { preparedName } from "./prepared.ts";

interface Answer {
  readonly rows: unknown[];
  readonly affected: number;
}
interface Pending {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
}
interface DatabaseProblem {
  readonly message: string;
  readonly code?: string | undefined;
  readonly detail?: string | undefined;
  readonly constraint?: string | undefined;
}

/** An error of the database with its SQLSTATE, as the PostgreSQL driver raises them. */
class DatabaseError extends Error {
  readonly code: string | undefined;
  readonly detail: string | undefined;
  readonly constraint: string | undefined;
  constructor(e: DatabaseProblem) {
    super(e.message);
    this.name = "DatabaseError";
    this.code = e.code;
    this.detail = e.detail;
    this.constraint = e.constraint;
  }
}

/** SQLSTATE crash_shutdown: what clients of a PostgreSQL server see when it goes down under them. */
const CRASHED = "57P02";
/** SQLSTATE query_canceled: what a PostgreSQL server answers when a statement takes too long. */
const CANCELED = "57014";

/** One life of the database thread. When it ends, everything asked of it fails, now and later. */
class Session {
  readonly #worker: Worker;
  readonly #pending = new Map<number, Pending>();
  readonly #onLost: (error: Error) => void;
  #nextId = 1;
  #ended: Error | null = null;
  /** A statement took too long. */
  isStopped = false;

  private constructor(dataDir: string, onLost: (error: Error) => void) {
    const worker = new Worker(new URL("./pglite-worker.ts", import.meta.url), {
      workerData: { dataDir },
      // The JavaScript side of the database holds one answer at a time; unbounded, its garbage grows to hundreds of MB.
      resourceLimits: { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 16 },
    });
    this.#worker = worker;
    worker.on("message", (m: { id: number; result?: Answer; error?: DatabaseProblem }) => {
      const waiter = this.#pending.get(m.id);
      this.#pending.delete(m.id);
      if (m.error) waiter?.reject(new DatabaseError(m.error));
      else waiter?.resolve(m.result ?? { rows: [], affected: 0 });
    });
    let reason = "";
    this.#onLost = onLost;
    worker.on("error", (error) => {
      reason = `: ${error instanceof Error ? error.message : String(error)}`;
    });
    worker.on("exit", () => this.#fail(reason));
  }

  #fail(reason: string): void {
    if (this.#ended !== null) return;
    const error = new DatabaseError({ message: `the embedded database has stopped${reason}`, code: CRASHED });
    this.#ended = error;
    for (const waiter of this.#pending.values()) waiter.reject(error);
    this.#pending.clear();
    this.#onLost(error);
  }

  static async open(dataDir: string, onLost: (error: Error) => void): Promise<Session> {
    const session = new Session(dataDir, onLost);
    await new Promise<void>((resolve, reject) => {
      session.#pending.set(0, { resolve: () => resolve(), reject });
    });
    return session;
  }

  get hasEnded(): boolean {
    return this.#ended !== null;
  }

  send(kind: "query" | "exec" | "copy" | "close", sql: string, params: readonly unknown[]): Promise<Answer> {
    if (this.#ended !== null) return Promise.reject(this.#ended);
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      this.#worker.postMessage({ id, kind, sql, params, name: preparedName(sql) });
    });
  }

  /**
   * As `send`; when it takes longer, the thread is ended: a statement in WebAssembly cannot be interrupted, and
   * everybody else waits for it. The files are recovered as after a crash, which takes about a second.
   */
  async sendWithin(ms: number, sql: string, params: readonly unknown[]): Promise<Answer> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => {
        const message = `canceling statement after ${ms} ms`;
        this.isStopped = true;
        reject(new DatabaseError({ message, code: CANCELED }));
        this.#fail(`: ${message}`);
        void this.#worker.terminate();
      }, ms);
    });
    const answer = this.send("query", sql, params);
    // When the limit comes first, this is rejected by the end of the thread, and nobody listens any more.
    answer.catch(() => undefined);
    try {
      return await Promise.race([answer, late]);
    } finally {
      clearTimeout(timer);
    }
  }

  async close(): Promise<void> {
    try {
      await this.send("close", "", []);
    } finally {
      await this.#worker.terminate();
    }
  }
}

/**
 * One connection, handed out in order of asking: PGlite is a single session, so a transaction must have it alone.
 * A database thread that died (an answer larger than its memory) is replaced at the next connection; the files are
 * then recovered as after a crash, and whoever held the connection gets an error from every further statement.
 */
export class PglitePool implements PostgresPool {
  readonly #dataDir: string;
  readonly #onLost: (error: Error) => void;
  readonly #waiting: (() => void)[] = [];
  #session: Session;
  #busy = false;
  #closing = false;

  private constructor(dataDir: string, session: Session, onLost: (error: Error) => void) {
    this.#dataDir = dataDir;
    this.#session = session;
    this.#onLost = onLost;
  }

  /** Opens (or creates) the database in `dataDir`. Rejects with the database's own message when it cannot. */
  static async open(dataDir: string, onError: (error: unknown) => void): Promise<PglitePool> {
    let pool: PglitePool | null = null;
    const onLost = (error: Error): void => {
      if (pool !== null && !pool.#closing) onError(error);
    };
    pool = new PglitePool(dataDir, await Session.open(dataDir, onLost), onLost);
    return pool;
  }

  /** Runs several statements without parameters. */
  async exec(sql: string): Promise<void> {
    const client = await this.connect();
    try {
      await this.#session.send("exec", sql, []);
    } finally {
      client.release();
    }
  }

  /** Copies the files into `folder`; statements wait meanwhile. */
  async copyTo(folder: string): Promise<void> {
    const client = await this.connect();
    try {
      await this.#session.send("copy", folder, []);
    } finally {
      client.release();
    }
  }

  /** As the pool of the PostgreSQL driver counts them. */
  counts(): { total: number; idle: number; waiting: number } {
    return { total: 1, idle: this.#busy ? 0 : 1, waiting: this.#waiting.length };
  }

  async connect(): Promise<PostgresPoolClient> {
    if (this.#busy) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#busy = true;
    try {
      if (this.#session.hasEnded && !this.#closing)
        this.#session = await Session.open(this.#dataDir, this.#onLost);
    } catch (error) {
      this.#release();
      throw error;
    }
    return this.#client(this.#session);
  }

  #release(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#busy = false;
    else next();
  }

  #client(session: Session): PostgresPoolClient {
    let released = false;
    /** Of the statements of a transaction that has set `statement_timeout` (read-only.ts); 0: none. */
    let limitMs = 0;
    const run = async (sql: string, params: readonly unknown[]): Promise<unknown> => {
      // There is nothing left to roll back, and what went wrong is told already.
      if (session.isStopped && sql === "rollback") return { command: "ROLLBACK", rowCount: 0, rows: [] };
      const answer = await (limitMs > 0
        ? session.sendWithin(limitMs, sql, params)
        : session.send("query", sql, params));
      if (sql.includes("set_config('statement_timeout'")) limitMs = Number(params[0]);
      else if (sql === "commit" || sql === "rollback") limitMs = 0;
      const command = /^\s*(\w+)/.exec(sql)?.[1]?.toUpperCase() ?? "SELECT";
      return {
        command: command === "WITH" ? "SELECT" : command,
        rowCount: answer.affected > 0 ? answer.affected : answer.rows.length,
        rows: answer.rows,
      };
    };
    return {
      query: run as PostgresPoolClient["query"],
      release: () => {
        if (released) return;
        released = true;
        this.#release();
      },
    };
  }

  async end(): Promise<void> {
    this.#closing = true;
    if (!this.#session.hasEnded) await this.#session.close();
  }
}
