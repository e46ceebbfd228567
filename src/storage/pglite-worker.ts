/**
 * The embedded database in its own thread, so that a slow statement never blocks the event loop of the server.
 * Messages in: {id, kind: "query" | "exec" | "copy" | "close", sql, params}; out: {id, rows, affected} | {id, error}.
 */
import { cpSync } from "node:fs";
import { parentPort, workerData } from "node:worker_threads";
import { PGlite, types } from "@electric-sql/pglite";
import { PreparedStatements } from "./pglite-prepared.ts";

interface Request {
  readonly id: number;
  readonly kind: "query" | "exec" | "copy" | "close";
  readonly sql: string;
  readonly params: unknown[];
  /** Of a prepared statement (prepared.ts); its parameters are texts. */
  readonly name?: string | undefined;
}

const port = parentPort;
if (port === null) throw new Error("pglite-worker runs as a worker thread only");
const { dataDir } = workerData as { dataDir: string };

// The same JavaScript values as the PostgreSQL driver gives (see postgres-pool.ts).
// shared_buffers: the operating system caches the files as well; 128 MB (the default) inside WebAssembly is memory that
// is never given back.
const db = await PGlite.create(dataDir, {
  parsers: { [types.INT8]: Number, [types.NUMERIC]: Number },
  startParams: [...PGlite.defaultStartParams, "-c", "shared_buffers=32MB"],
});

const statements = new PreparedStatements(db);

async function answer(request: Request): Promise<unknown> {
  if (request.kind === "close") {
    await db.close();
    return { rows: [], affected: 0 };
  }
  if (request.kind === "exec") {
    await db.exec(request.sql);
    return { rows: [], affected: 0 };
  }
  if (request.kind === "copy") {
    // Everything is in the files then, and this thread, which alone writes them, does nothing else until they are copied.
    await db.exec("checkpoint");
    cpSync(dataDir, request.sql, { recursive: true });
    return { rows: [], affected: 0 };
  }
  if (request.name !== undefined) return statements.run(request.name, request.sql, request.params);
  const result = await db.query(request.sql, request.params);
  return { rows: result.rows, affected: result.affectedRows ?? 0 };
}

port.on("message", (request: Request) => {
  answer(request).then(
    (result) => port.postMessage({ id: request.id, result }),
    (error: unknown) => {
      const e = error as { message?: string; code?: string; detail?: string; constraint?: string };
      port.postMessage({
        id: request.id,
        error: {
          message: e.message ?? String(error),
          code: e.code,
          detail: e.detail,
          constraint: e.constraint,
        },
      });
    },
  );
});
port.postMessage({ id: 0, result: { rows: [], affected: 0 } });
