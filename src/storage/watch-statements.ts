/**
 * Finds connections whose server has gone without a word (a machine lost its power, a firewall forgot them) while they wait for
 * an answer: by itself the system waits a quarter of an hour, with a statement that was sent but not confirmed, and all
 * connections of a process can hang so. Statements that take their time are left alone: the server is asked, by another connection, whether
 * it still works at them.
 */
import type { Socket } from "node:net";
import pg from "pg";

export interface WatchOptions {
  /** What waits for so long is asked about; and so often. */
  readonly patienceMs?: number;
  /** How long the question may take. */
  readonly askMs?: number;
}

const PATIENCE_MS = 30_000;
const ASK_MS = 10_000;
/** The server was asked so often in vain: it is away, and what waits for it fails, to be tried again. */
const UNANSWERED = 3;

/** What the driver knows and its types do not say. */
type Known = pg.PoolClient & {
  readonly processID: number | null;
  readonly connection: { readonly stream: Socket };
};

export class StatementWatch {
  readonly #url: string;
  readonly #patienceMs: number;
  readonly #askMs: number;
  readonly #since = new Map<pg.PoolClient, number>();
  readonly #timer: NodeJS.Timeout;
  #unanswered = 0;
  #isAsking = false;

  constructor(url: string, { patienceMs = PATIENCE_MS, askMs = ASK_MS }: WatchOptions = {}) {
    this.#url = url;
    this.#patienceMs = patienceMs;
    this.#askMs = askMs;
    this.#timer = setInterval(() => void this.#look(), patienceMs / 2);
    this.#timer.unref();
  }

  /** From now on each statement of this connection is watched. */
  add(client: pg.PoolClient): void {
    const query = client.query.bind(client) as (...args: unknown[]) => unknown;
    client.query = ((...args: unknown[]) => {
      const answer = query(...args);
      if (!(answer instanceof Promise)) return answer;
      this.#since.set(client, performance.now());
      const answered = (): void => void this.#since.delete(client);
      answer.then(answered, answered);
      return answer;
    }) as typeof client.query;
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  async #look(): Promise<void> {
    if (this.#isAsking) return;
    const until = performance.now() - this.#patienceMs;
    const late = [...this.#since].filter(([, since]) => since < until);
    if (late.length === 0) {
      this.#unanswered = 0;
      return;
    }
    this.#isAsking = true;
    const pids = late.flatMap(([client]) => (client as Known).processID ?? []);
    // What the server refuses (no more connections, another password) it answers: it is there, and says nothing of these.
    const alive = await this.#ask(pids).catch((error: unknown) =>
      error instanceof pg.DatabaseError ? new Set(pids) : null,
    );
    this.#isAsking = false;
    this.#unanswered = alive === null ? this.#unanswered + 1 : 0;
    if (alive === null && this.#unanswered < UNANSWERED) return;
    for (const [client, since] of late) {
      if (alive?.has((client as Known).processID ?? 0) === true) continue;
      // Answered meanwhile, perhaps, and at the next one.
      if (this.#since.get(client) !== since) continue;
      this.#since.delete(client);
      // As if the server had closed it: the statement fails, and the pool makes a new one.
      (client as Known).connection.stream.destroy();
    }
  }

  /** Which of these sessions the server still has; all of them, where a pooler stands between that has numbers of its own. */
  async #ask(pids: readonly number[]): Promise<ReadonlySet<number>> {
    const asking = new pg.Client({
      connectionString: this.#url,
      application_name: "fairway-watch",
      connectionTimeoutMillis: this.#askMs,
      query_timeout: this.#askMs,
    });
    asking.on("error", () => undefined);
    try {
      await asking.connect();
      const { rows } = await asking.query<{ own: number; alive: number[] }>(
        `select pg_backend_pid() as own,
          array(select pid from pg_stat_activity where pid = any($1::int[])) as alive`,
        [pids],
      );
      const [row] = rows;
      if (row === undefined || row.own !== (asking as unknown as Known).processID) return new Set(pids);
      return new Set(row.alive);
    } finally {
      // It may be as silent as the others.
      void asking.end().catch(() => undefined);
    }
  }
}
