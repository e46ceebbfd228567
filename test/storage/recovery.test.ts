/** The database goes away under a transaction: that transaction fails, the process lives and the next one works. */
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ensureOrganization } from "../../src/access/organization.ts";
import { type Db, openDatabase } from "../../src/storage/db.ts";
import { transact } from "../../src/storage/transact.ts";
import { onPostgres, openTestDatabase, type TestDatabase } from "../support/database.ts";

let t: TestDatabase;
beforeAll(async () => {
  t = await openTestDatabase();
  await t.database.exec("create table note (text text not null)");
});
afterAll(() => t.close());

/** PostgreSQL: an administrator ends the connection. Embedded: an answer that does not fit the thread's memory. */
async function loseConnection(db: Db): Promise<void> {
  if (!onPostgres) {
    await sql`select repeat('x', 1000000) || i as text from generate_series(1, 600) i`.execute(db);
    return;
  }
  const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(db);
  await sql`select pg_terminate_backend(${rows[0]?.pid}::int)`.execute(t.ctx.db);
  await sleep(200);
}

test("a transaction that loses the database fails as a whole; the next one works", async () => {
  const lost = transact(t.ctx, async (tx) => {
    await sql`insert into note values ('lost')`.execute(tx.db);
    await loseConnection(tx.db);
    await sql`insert into note values ('lost too')`.execute(tx.db);
  });
  await expect(lost).rejects.toThrow(onPostgres ? /connection/ : /embedded database has stopped/);
  await sql`insert into note values ('kept')`.execute(t.ctx.db);
  const { rows } = await sql<{ text: string }>`select text from note`.execute(t.ctx.db);
  expect(rows).toEqual([{ text: "kept" }]);
});

test("processes that start at once on an empty database agree on one organisation", async () => {
  const empty = await openTestDatabase();
  try {
    await sql`delete from organization`.execute(empty.ctx.db);
    const credentials = { clientId: "client", clientSecret: "a secret of some length" };
    const start = () =>
      ensureOrganization(empty.ctx.db, credentials, { current: Buffer.alloc(32, 1), earlier: [] });
    const ids = await Promise.all([start(), start(), start(), start()]);
    expect(new Set(ids).size).toBe(1);
  } finally {
    await empty.close();
  }
});

test("a server that takes connections and says nothing is given up in time", async () => {
  const sockets = new Set<Socket>();
  const mute = createServer((socket) => void sockets.add(socket.on("error", () => undefined)));
  mute.listen(0, "127.0.0.1");
  await once(mute, "listening");
  try {
    const { port } = mute.address() as AddressInfo;
    const url = `postgres://nobody@127.0.0.1:${port}/none`;
    await expect(
      openDatabase({ url, dataDir: "", onError: () => undefined, connectTimeoutMs: 100 }),
    ).rejects.toThrow(/timeout/i);
  } finally {
    for (const socket of sockets) socket.destroy();
    mute.close();
  }
});

test("a server that falls silent when somebody is in is given up in time", async () => {
  const silent = createServer((socket) => {
    socket.on("error", () => undefined);
    // AuthenticationOk and ReadyForQuery.
    socket.once("data", () => socket.write(Buffer.from("5200000008000000005a0000000549", "hex")));
  }).listen(0, "127.0.0.1");
  await once(silent, "listening");
  const { port } = silent.address() as AddressInfo;
  const url = `postgres://nobody@127.0.0.1:${port}/none`;
  await expect(
    openDatabase({ url, dataDir: "", onError: () => undefined, connectTimeoutMs: 100 }),
  ).rejects.toThrow(/timeout/i);
  silent.close();
});

if (onPostgres)
  test("no session waits for a lock for ever, nor keeps one when its process is gone", async () => {
    const { rows } = await sql<object>`select
      current_setting('lock_timeout') as lock, current_setting('idle_in_transaction_session_timeout') as idle,
      current_setting('tcp_keepalives_idle') as silent, current_setting('tcp_user_timeout') as unheard`.execute(
      t.ctx.db,
    );
    expect(rows).toEqual([{ lock: "30s", idle: "1min", silent: "10", unheard: "30000" }]);
  });
