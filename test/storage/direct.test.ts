/** What belongs to one session goes past a pooler that shares connections between transactions (DATABASE_DIRECT_URL). */
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "kysely";
import { expect, test } from "vitest";
import { openDatabase, type Topic } from "../../src/storage/db.ts";
import { withReader } from "../../src/storage/doctor-reads.ts";
import { whileAlone } from "../../src/storage/while-alone.ts";
import { onPostgres, openTestDatabase } from "../support/database.ts";

test("without one, all go the same way", async () => {
  const t = await openTestDatabase();
  try {
    expect(t.database.direct).toBe(t.database.kysely);
  } finally {
    await t.close();
  }
});

/** Passes everything on, and keeps what clients said. */
async function eavesdrop(host: string, port: number) {
  const sockets = new Set<Socket>();
  let heard = "";
  const server = createServer((client) => {
    const database = connect(port, host);
    for (const socket of [client, database]) {
      sockets.add(socket);
      socket.on("error", () => socket.destroy());
    }
    client.on("data", (chunk: Buffer) => (heard += chunk.toString("latin1")));
    client.on("close", () => database.destroy());
    database.on("close", () => client.destroy());
    client.pipe(database);
    database.pipe(client);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    heard: () => heard,
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

if (onPostgres)
  test("with one, notifications are heard and locks taken past the pooler, and everything else goes through it", async () => {
    const t = await openTestDatabase();
    const directUrl = t.place.databaseUrl ?? "";
    const url = new URL(directUrl);
    const pooler = await eavesdrop(url.hostname, Number(url.port));
    url.port = String(pooler.port);
    const { dataDir } = t.place;
    const database = await openDatabase({ url: url.href, directUrl, dataDir, onError: () => undefined });
    try {
      const topics: Topic[] = [];
      database.onHint((topic) => topics.push(topic));
      t.database.hint("change");
      while (topics.length === 0) await sleep(10);
      let isDone = false;
      await whileAlone(database, 7_001, async ({ db }) => {
        await sql`select 'in the lock'`.execute(db);
        isDone = true;
      });
      await withReader(database, 1000, (db) => sql`select 'read only'`.execute(db));
      await sql`select 'through the pooler'`.execute(database.kysely);
      expect([isDone, pooler.heard().includes("through the pooler")]).toEqual([true, true]);
      // A session's: https://www.pgbouncer.org/features.html
      for (const word of [
        "listen fairway",
        "pg_try_advisory_lock",
        "pg_advisory_unlock",
        "in the lock",
        "transaction_read_only",
      ])
        expect([word, pooler.heard().toLowerCase().includes(word)]).toEqual([word, false]);
    } finally {
      await database.close();
      await pooler.stop();
      await t.close();
    }
  });
