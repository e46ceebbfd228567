/** PostgreSQL that is silent, through a proxy that stops passing on what it gets. */
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { once } from "node:events";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openDatabase } from "../../src/storage/db.ts";
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
