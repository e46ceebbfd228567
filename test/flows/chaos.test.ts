/**
 * Faults by chance while others write. Long runs, with full disks: `tools/chaos.ts`, see CONTRIBUTING.md.
 */
import { execFile } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterEach, expect, test } from "vitest";
import { type Proxy, startProxy } from "../../tools/chaos/proxy.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

const undo: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

/** A server that says everything back, and a proxy before it. */
async function throughProxy(): Promise<Proxy> {
  const sockets = new Set<Socket>();
  const echo = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined).pipe(socket);
  });
  echo.listen(0, "127.0.0.1");
  await once(echo, "listening");
  undo.push(async () => {
    for (const socket of sockets) socket.destroy();
    echo.close();
    await once(echo, "close");
  });
  const proxy = await startProxy("127.0.0.1", (echo.address() as AddressInfo).port);
  undo.push(() => proxy.stop());
  return proxy;
}

/** Where a connection breaks, its end tells; errors of it are not looked at. */
const open = (proxy: Proxy): Socket => connect(proxy.port, "127.0.0.1").on("error", () => undefined);

const closed = (socket: Socket): Promise<void> =>
  new Promise((resolve) => socket.once("close", () => resolve()));

async function said(socket: Socket): Promise<string> {
  const [chunk] = (await once(socket, "data")) as [Buffer];
  return chunk.toString();
}

test("what a stalled proxy holds comes when it goes on, and no connection breaks", async () => {
  const proxy = await throughProxy();
  const socket = open(proxy);
  socket.write("first");
  expect(await said(socket)).toBe("first");
  proxy.stall();
  const heard: string[] = [];
  socket.on("data", (chunk: Buffer) => heard.push(chunk.toString()));
  socket.write("second");
  const other = open(proxy);
  other.write("third");
  expect(heard).toEqual([]);
  const rest = Promise.all([said(socket), said(other)]);
  proxy.restore();
  expect(await rest).toEqual(["second", "third"]);
});

test("a cut breaks what is open and what is opened, until it is mended", async () => {
  const proxy = await throughProxy();
  const socket = open(proxy);
  socket.write("first");
  await said(socket);
  const broken = closed(socket);
  proxy.cut();
  await broken;
  await closed(open(proxy));
  proxy.restore();
  const again = open(proxy);
  again.write("second");
  expect(await said(again)).toBe("second");
});

interface Counted {
  readonly acknowledgedWrites: number;
  readonly acknowledgedEvents: number;
  readonly derivedValues: number;
  readonly calls: number;
}

// On a server of its own, which it crashes: that of the run is used by other tests. Where that one was started here, it can be.
if (process.env.TEST_DATABASE_RESTART !== undefined)
  test("kills, a crash of the database, a cut, delays, jumps of the clock: nothing is lost, doubled or wrong", async () => {
    const faults = ["--kills", "2", "--restarts", "1", "--cuts", "1", "--stalls", "0", "--pace", "40"];
    const { stdout } = await promisify(execFile)(
      "tools/with-postgres",
      [process.execPath, "tools/chaos.ts", ...faults],
      { cwd: ROOT },
    );
    const counted = JSON.parse(stdout) as Counted;
    expect(counted).toMatchObject({
      ...{ lostWrites: 0, lostEvents: 0, duplicates: 0, halfDone: 0, lostCalls: 0, doubledCalls: 0 },
      ...{ drift: 0, wrongTotals: 0, endedByThemselves: 0 },
    });
    expect(counted.acknowledgedWrites).toBeGreaterThan(0);
    expect(counted.acknowledgedEvents).toBeGreaterThan(0);
    expect(counted.derivedValues).toBeGreaterThan(0);
    expect(counted.calls).toBeGreaterThan(0);
  }, 300_000);
