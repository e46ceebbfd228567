/** A TCP proxy in front of the database: delays what passes, holds it up, and cuts connections. */
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { Transform } from "node:stream";

export interface Proxy {
  readonly port: number;
  /** Each packet of either direction waits so long from now on. */
  delay(ms: number): void;
  /** Nothing passes, and no connection breaks, until `restore`: as if a cable were pulled. */
  stall(): void;
  /** Breaks all connections, and takes no new ones until `restore`. */
  cut(): void;
  restore(): void;
  stop(): Promise<void>;
}

export async function startProxy(host: string, port: number): Promise<Proxy> {
  const sockets = new Set<Socket>();
  const held = new Set<() => void>();
  let [wait, isCut, isStalled] = [0, false, false];
  const slow = (): Transform =>
    new Transform({
      transform(chunk: Buffer, _encoding, done) {
        const pass = (): void => done(null, chunk);
        if (isStalled) held.add(pass);
        else if (wait === 0) pass();
        else setTimeout(pass, wait);
      },
    });
  const keep = (socket: Socket): Socket => {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => sockets.delete(socket));
    return socket;
  };
  const server = createServer((client) => {
    keep(client);
    if (isCut) {
      client.destroy();
      return;
    }
    const database = keep(connect(port, host));
    client.on("close", () => database.destroy());
    database.on("close", () => client.destroy());
    client.pipe(slow()).pipe(database);
    database.pipe(slow()).pipe(client);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const drop = (): void => {
    for (const socket of sockets) socket.resetAndDestroy();
    held.clear();
  };
  return {
    port: (server.address() as AddressInfo).port,
    delay: (ms) => void (wait = ms),
    stall: () => void (isStalled = true),
    cut: () => {
      isCut = true;
      drop();
    },
    restore: () => {
      [isCut, isStalled] = [false, false];
      for (const pass of held) pass();
      held.clear();
    },
    stop: async () => {
      server.close();
      drop();
      await once(server, "close");
    },
  };
}
