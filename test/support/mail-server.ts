/** A mail server that keeps what it is sent: enough of RFC 5321 for nodemailer. */
import { createServer, type Socket } from "node:net";
import type { AddressInfo } from "node:net";
import { once } from "node:events";

export interface MailServer {
  /** What FAIRWAY_SMTP_URL takes. */
  readonly url: string;
  /** Waits for the next message to this address that was not taken yet. @returns head and text, decoded */
  next(to: string): Promise<string>;
  /** How many were sent to this address. */
  count(to: string): number;
  stop(): Promise<void>;
}

interface Message {
  readonly to: readonly string[];
  readonly text: string;
  isTaken: boolean;
}

export async function startMailServer(): Promise<MailServer> {
  const messages: Message[] = [];
  const sockets = new Set<Socket>();
  let wake: () => void = () => undefined;
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => undefined);
    let to: string[] = [];
    let data: string | null = null;
    let rest = "";
    socket.write("220 test\r\n");
    socket.on("data", (chunk) => {
      rest += chunk.toString("utf8");
      for (;;) {
        const end = rest.indexOf("\r\n");
        if (end < 0) return;
        const line = rest.slice(0, end);
        rest = rest.slice(end + 2);
        if (data !== null) {
          if (line !== ".") data += `${line}\n`;
          else {
            messages.push({ to, text: decode(data), isTaken: false });
            [to, data] = [[], null];
            socket.write("250 kept\r\n");
            wake();
          }
          continue;
        }
        const recipient = /^RCPT TO:<(.*?)>/i.exec(line)?.[1];
        if (recipient !== undefined) to.push(recipient);
        if (/^DATA/i.test(line)) data = "";
        if (/^QUIT/i.test(line)) socket.end("221 bye\r\n");
        else socket.write(/^DATA/i.test(line) ? "354 go on\r\n" : "250 ok\r\n");
      }
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${port}`,
    async next(to) {
      for (;;) {
        const found = messages.find((message) => !message.isTaken && message.to.includes(to));
        if (found !== undefined) {
          found.isTaken = true;
          return found.text;
        }
        await new Promise<void>((resolve) => (wake = resolve));
      }
    },
    count: (to) => messages.filter((message) => message.to.includes(to)).length,
    async stop() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

/** Quoted-printable and soft line breaks undone. */
const decode = (data: string): string =>
  /quoted-printable/i.test(data)
    ? data
        .replaceAll("=\n", "")
        .replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
    : data;
