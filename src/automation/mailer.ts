/** Sends e-mail by SMTP. The server's address is a setting: whoever writes an action chooses recipients, not servers. */
import { createTransport } from "nodemailer";

export interface Mail {
  /** The same for every attempt, so that mail programs show a repeated message once. */
  readonly id: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
}

/** @throws Error when the server did not take it */
export type SendMail = (mail: Mail) => Promise<void>;

const TIMEOUT_MS = 20_000;

const openTransport = (url: string, timeoutMs: number) =>
  createTransport({
    url,
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    // A message is text of this server: nothing is read from files or addresses for it.
    disableFileAccess: true,
    disableUrlAccess: true,
  });

/**
 * Connects, says EHLO, and signs in where the address holds a user; sends no mail.
 * @throws Error when the server does not want it
 */
export async function greetMailServer(url: string, timeoutMs: number): Promise<void> {
  const transport = openTransport(url, timeoutMs);
  try {
    await transport.verify();
  } finally {
    transport.close();
  }
}

/** @param url `smtp://user:password@host:587`, `smtps://…` */
export function createMailer({ url, from }: { readonly url: string; readonly from: string }): SendMail {
  const transport = openTransport(url, TIMEOUT_MS);
  const domain =
    from
      .split("@")
      .at(-1)
      ?.replace(/[^\w.-]/g, "") ?? "fairway";
  return async ({ id, to, subject, text }) => {
    await transport.sendMail({ messageId: `<${id}@${domain}>`, from, to: [...to], subject, text });
  };
}
