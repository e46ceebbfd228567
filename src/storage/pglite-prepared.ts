/** Prepared statements of the embedded database, which its own `query` does not have: it parses and plans every time. */
import { parse, type PGlite, protocol } from "@electric-sql/pglite";
import { PLANS_MS } from "./prepared.ts";

const { serialize } = protocol;
const DESCRIBE_RESULT = serialize.describe({ type: "P" });
const EXECUTE = serialize.execute({});
const SYNC = serialize.sync();
const FORGET_PLANS = serialize.query("discard plans");

export class PreparedStatements {
  readonly #db: PGlite;
  readonly #known = new Set<string>();
  #plannedAt = performance.now();

  constructor(db: PGlite) {
    this.#db = db;
  }

  /** @param values texts, as the database reads them */
  async run(name: string, text: string, values: unknown[]): Promise<{ rows: unknown[]; affected: number }> {
    if (!this.#known.has(name)) {
      await this.#db.execProtocolStream(Buffer.concat([serialize.parse({ name, text }), SYNC]));
      this.#known.add(name);
    }
    if (performance.now() - this.#plannedAt > PLANS_MS) {
      this.#plannedAt = performance.now();
      // In a transaction that has failed already it is refused, as is what follows it.
      await this.#db.execProtocolStream(FORGET_PLANS, { throwOnError: false });
    }
    const bind = serialize.bind({ statement: name, values: values as (string | null)[] });
    const messages = await this.#db.execProtocolStream(Buffer.concat([bind, DESCRIBE_RESULT, EXECUTE, SYNC]));
    const [result] = parse.parseResults(messages, this.#db.parsers);
    return { rows: result?.rows ?? [], affected: result?.affectedRows ?? 0 };
  }
}
