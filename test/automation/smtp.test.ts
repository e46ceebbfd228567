/** E-mail to a real SMTP server on loopback: what arrives, and what is said when it does not take the message. */
import type { AddressInfo } from "node:net";
import { SMTPServer } from "smtp-server";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createMailer, type SendMail } from "../../src/automation/mailer.ts";

interface Arrived {
  readonly from: string;
  readonly to: readonly string[];
  readonly user: string | undefined;
  readonly text: string;
}

const arrived: Arrived[] = [];
/** How often the server is to say that it is busy. */
let busy = 0;
let smtp: SMTPServer;
let port: number;

const refusal = (message: string, responseCode: number): Error =>
  Object.assign(new Error(message), { responseCode });

beforeAll(async () => {
  smtp = new SMTPServer({
    // Certificates are not what is tested here.
    disabledCommands: ["STARTTLS"],
    allowInsecureAuth: true,
    logger: false,
    onAuth: ({ username, password }, _session, done) =>
      username === "fairway" && password === "p@ss word"
        ? done(null, { user: username })
        : done(refusal("Invalid username or password", 535)),
    onRcptTo: ({ address }, _session, done) =>
      address.startsWith("nobody@") ? done(refusal("No such user here", 550)) : done(),
    onData: (stream, { envelope, user }, done) => {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        if (busy > 0) {
          busy--;
          return done(refusal("Try again later", 451));
        }
        arrived.push({
          from: envelope.mailFrom === false ? "" : envelope.mailFrom.address,
          to: envelope.rcptTo.map(({ address }) => address),
          user,
          text: Buffer.concat(chunks).toString("utf8"),
        });
        done();
      });
    },
  });
  smtp.on("error", () => undefined);
  await new Promise<void>((resolve) => smtp.listen(0, "127.0.0.1", resolve));
  port = (smtp.server.address() as AddressInfo).port;
});
afterAll(() => new Promise<void>((resolve) => smtp.close(resolve)));
beforeEach(() => {
  arrived.length = 0;
  busy = 0;
});

const mailer = (credentials = "fairway:p%40ss%20word", from = "Fairway <portal@example.com>"): SendMail =>
  createMailer({ url: `smtp://${credentials}@127.0.0.1:${port}`, from });
const MAIL = {
  ...{ id: "run-1", to: ["anna@example.com", "bert@example.com"] },
  ...{ subject: "Fehlerrate über 15 %", text: "Zeile 1\n.\nZeile 3 – Ende" },
};

test("a message arrives once for all recipients, with its id, and letters and dots as they were", async () => {
  await mailer()(MAIL);
  expect(arrived).toMatchObject([
    { from: "portal@example.com", to: ["anna@example.com", "bert@example.com"], user: "fairway" },
  ]);
  const text = arrived[0]?.text ?? "";
  expect(text).toContain("Message-ID: <run-1@example.com>");
  expect(text).toMatch(/^Subject: =\?UTF-8\?/m);
  const [, body = ""] = text.split("\r\n\r\n");
  const isBase64 = /Content-Transfer-Encoding: base64/i.test(text);
  const plain = isBase64
    ? Buffer.from(body, "base64").toString("utf8")
    : Buffer.from(
        body
          .replace(/=\r\n/g, "")
          .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
        "latin1",
      ).toString("utf8");
  expect(plain.replaceAll("\r\n", "\n").trimEnd()).toBe(MAIL.text);
});

test("a subject cannot add headers", async () => {
  await mailer()({ ...MAIL, subject: "A\r\nBcc: eve@example.com" });
  expect(arrived[0]?.to).toEqual(MAIL.to);
  expect(arrived[0]?.text).not.toMatch(/^Bcc:/m);
});

test("what the server says is what the error says", async () => {
  await expect(mailer("fairway:wrong")(MAIL)).rejects.toThrow(/Invalid username or password|Invalid login/);
  await expect(mailer()({ ...MAIL, to: ["nobody@example.com"] })).rejects.toThrow("No such user here");
  busy = 1;
  await expect(mailer()(MAIL)).rejects.toThrow("Try again later");
  expect(arrived).toEqual([]);
  // The next attempt, with the same id.
  await mailer()(MAIL);
  expect(arrived).toHaveLength(1);
});

test("a server that is not there is an error, too", async () => {
  const nowhere = createMailer({ url: "smtp://127.0.0.1:1", from: "portal@example.com" });
  await expect(nowhere(MAIL)).rejects.toThrow(/ECONNREFUSED/);
});
