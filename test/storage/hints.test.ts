/** Hints between processes: only a shortcut, but one that must come back after an outage. */
import { connect, createServer, type Server, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, expect, test } from "vitest";
import { type Database, openDatabase, type Topic } from "../../src/storage/db.ts";
import { onPostgres, openAt, openTestDatabase } from "../support/database.ts";
import { until } from "../support/patience.ts";

const undo: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

async function setUp() {
  const t = await openTestDatabase();
  undo.push(() => t.close());
  return t;
}

function listenTo(database: Database): Topic[] {
  const heard: Topic[] = [];
  database.onHint((topic) => heard.push(topic));
  return heard;
}

test("a process hears its own hints", async () => {
  const { database } = await setUp();
  const heard = listenTo(database);
  database.hint("dora");
  await until(() => heard.length > 0);
  expect(heard).toEqual(["dora"]);
});

if (onPostgres) {
  test("and those of others", async () => {
    const t = await setUp();
    const other = await openAt(t.place);
    undo.push(() => other.close());
    const heard = listenTo(t.database);
    other.hint("change");
    await until(() => heard.length > 0);
    expect(heard).toEqual(["change"]);
  });

  test("it listens again after the server was away for longer than one attempt", async () => {
    const t = await setUp();
    const cable = await layCable(t.place.databaseUrl ?? "");
    undo.push(() => cable.cut());
    const distant = await openDatabase({
      url: cable.url,
      dataDir: t.place.dataDir,
      onError: () => undefined,
    });
    undo.push(() => distant.close());
    const heard = listenTo(distant);
    await cable.cut();
    await sleep(2500);
    await cable.mend();
    await until(() => {
      t.database.hint("import");
      return heard.length > 0;
    });
    expect(heard).toContain("import");
  });
}

/** A connection to the server that can be cut and mended. */
async function layCable(target: string) {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  let server: Server | null = null;
  let own = 0;
  const mend = async (): Promise<void> => {
    server = createServer((near) => {
      const far = connect(Number(port), hostname);
      for (const socket of [near, far]) {
        sockets.add(socket);
        socket.on("error", () => socket.destroy());
        socket.on("close", () => sockets.delete(socket));
      }
      near.pipe(far).pipe(near);
    });
    await new Promise<void>((resolve) => server?.listen(own, "127.0.0.1", resolve));
    own = (server.address() as { port: number }).port;
  };
  await mend();
  const url = new URL(target);
  url.hostname = "127.0.0.1";
  url.port = String(own);
  return {
    url: url.href,
    mend,
    cut: async (): Promise<void> => {
      for (const socket of sockets) socket.destroy();
      const closing = server;
      server = null;
      if (closing !== null) await new Promise((resolve) => closing.close(resolve));
    },
  };
}
