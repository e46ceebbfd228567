/** The embedded database behind the interface of a PostgreSQL pool, so that kysely needs one dialect only. */
import { Worker } from "node:worker_threads";
import type { PostgresPool, PostgresPoolClient } from "kysely";

interface Answer {
  readonly rows: unknown[];
  readonly affected: number;
}
interface Pending {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
}

/** An error of the database with its SQLSTATE, as the PostgreSQL driver raises them. */
class DatabaseError extends Error {
  readonly code: string | undefined;
  readonly detail: string | undefined;
  readonly constraint: string | undefined;
  constructor(e: { message: string; code?: string; detail?: string; constraint?: string }) {
    super(e.message);
    this.name = "DatabaseError";
    this.code = e.code;
    this.detail = e.detail;
    this.constraint = e.constraint;
  }
}

/**
 * One connection, handed out in order of asking: PGlite is a single session, so a transaction must have it alone.
 */
export class PglitePool implements PostgresPool {
  readonly #worker: Worker;
  readonly #pending = new Map<number, Pending>();
  readonly #waiting: ((client: PostgresPoolClient) => void)[] = [];
  #nextId = 1;
  #busy = false;
  #ended: Error | null = null;

  private constructor(worker: Worker) {
    this.#worker = worker;
    worker.on(
      "message",
      (m: { id: number; result?: Answer; error?: ConstructorParameters<typeof DatabaseError>[0] }) => {
        const waiter = this.#pending.get(m.id);
        this.#pending.delete(m.id);
        if (m.error) waiter?.reject(new DatabaseError(m.error));
        else waiter?.resolve(m.result ?? { rows: [], affected: 0 });
      },
    );
    const fail = (error: Error): void => {
      this.#ended ??= error;
      for (const waiter of this.#pending.values()) waiter.reject(error);
      this.#pending.clear();
    };
    worker.on("error", (error) => fail(error instanceof Error ? error : new Error(String(error))));
    worker.on("exit", () => fail(new Error("the embedded database has stopped")));
  }

  /** Opens (or creates) the database in `dataDir`. Rejects with the database's own message when it cannot. */
  static async open(dataDir: string): Promise<PglitePool> {
    const worker = new Worker(new URL("./pglite-worker.ts", import.meta.url), {
      workerData: { dataDir },
      // The JavaScript side of the database holds one answer at a time; unbounded, its garbage grows to hundreds of MB.
      resourceLimits: { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 16 },
    });
    const pool = new PglitePool(worker);
    await new Promise<void>((resolve, reject) => {
      pool.#pending.set(0, { resolve: () => resolve(), reject });
    });
    return pool;
  }

  #send(kind: "query" | "exec" | "close", sql: string, params: readonly unknown[]): Promise<Answer> {
    if (this.#ended !== null) return Promise.reject(this.#ended);
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      this.#worker.postMessage({ id, kind, sql, params });
    });
  }

  /** Runs several statements without parameters. */
  async exec(sql: string): Promise<void> {
    const client = await this.connect();
    try {
      await this.#send("exec", sql, []);
    } finally {
      client.release();
    }
  }

  connect(): Promise<PostgresPoolClient> {
    if (!this.#busy) {
      this.#busy = true;
      return Promise.resolve(this.#client());
    }
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #client(): PostgresPoolClient {
    let released = false;
    const run = async (sql: string, params: readonly unknown[]): Promise<unknown> => {
      const answer = await this.#send("query", sql, params);
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
        const next = this.#waiting.shift();
        if (next === undefined) this.#busy = false;
        else next(this.#client());
      },
    };
  }

  async end(): Promise<void> {
    await this.#send("close", "", []);
    await this.#worker.terminate();
  }
}
