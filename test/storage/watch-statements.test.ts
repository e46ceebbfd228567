/** PostgreSQL that is silent, through a proxy that stops passing on what it gets. */
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { once } from "node:events";
import { sql } from "kysely";
import type pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openDatabase } from "../../src/storage/db.ts";
import { StatementWatch } from "../../src/storage/watch-statements.ts";
import { createTestPlace, type TestPlace } from "../support/database.ts";

let place: TestPlace;
let server: Server | null = null;
const pairs: (readonly [Socket, Socket])[] = [];
beforeAll(async () => {
  place = await createTestPlace({ migrated: false });
});
afterAll(async () => {
  for (const socket of pairs.flat()) socket.destroy();
  server?.close();
  await place.remove();
});

/** The address of a way to the server that can go silent: both ends look open, and nothing comes. */
async function proxyTo(url: string): Promise<{ readonly url: string; readonly silence: () => void }> {
  const to = new URL(url);
  server = createServer((socket) => {
    const far = connect(Number(to.port), to.hostname);
    for (const one of [socket, far]) one.on("error", () => undefined);
    pairs.push([socket, far]);
    socket.pipe(far).pipe(socket);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const through = new URL(url);
  through.hostname = "127.0.0.1";
  through.port = String((server.address() as AddressInfo).port);
  return {
    url: through.href,
    silence: () => {
      for (const [near, far] of pairs) {
        near.unpipe(far);
        far.unpipe(near);
        // As when the machine is lost: the server has no such session any more.
        far.destroy();
        near.resume();
      }
    },
  };
}

test("a statement whose server is gone without a word fails, and one that takes its time does not", async () => {
  if (place.databaseUrl === null) {
    expect(place.databaseUrl).toBeNull();
    return;
  }
  const proxy = await proxyTo(place.databaseUrl);
  const database = await openDatabase({
    ...{ url: proxy.url, dataDir: place.dataDir, onError: () => undefined },
    watch: { patienceMs: 200, askMs: 5000 },
  });
  try {
    await sql`select pg_sleep(1.5)`.execute(database.kysely);
    const hanging = database.kysely.transaction().execute(async (trx) => {
      await sql`select 1`.execute(trx);
      proxy.silence();
      await sql`select 2`.execute(trx);
    });
    await expect(hanging).rejects.toThrow(/Connection terminated|connection error/);
    const { rows } = await sql<{ three: number }>`select 3 as three`.execute(database.kysely);
    expect(rows).toEqual([{ three: 3 }]);
  } finally {
    // What listens for hints hangs as well, and nobody would answer its goodbye.
    for (const [near] of pairs) near.destroy();
    await database.close();
  }
});

/** As PostgreSQL sends it. */
function refusal(code: string): Buffer {
  const fields = Buffer.from(`SFATAL\0VFATAL\0C${code}\0Msorry\0\0`);
  const head = Buffer.alloc(5);
  head.write("E");
  head.writeInt32BE(fields.length + 4, 1);
  return Buffer.concat([head, fields]);
}

test("a server that refuses the question is there, and long statements go on", async () => {
  let asked = 0;
  const often = Promise.withResolvers<void>();
  const full = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.once("data", () => {
      socket.end(refusal("53300"));
      asked += 1;
      // Four questions are answered by then: one more than ends what waits.
      if (asked === 5) often.resolve();
    });
  }).listen(0, "127.0.0.1");
  await once(full, "listening");
  const { port } = full.address() as AddressInfo;
  const watch = new StatementWatch(`postgres://nobody@127.0.0.1:${port}/none`, {
    patienceMs: 20,
    askMs: 5000,
  });
  let isDestroyed = false;
  const client = {
    ...{ processID: 1, connection: { stream: { destroy: () => (isDestroyed = true) } } },
    query: () => new Promise(() => undefined),
  };
  try {
    watch.add(client as unknown as pg.PoolClient);
    void client.query();
    await often.promise;
    expect(isDestroyed).toBe(false);
  } finally {
    watch.stop();
    full.close();
  }
});
