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

/** @param url `smtp://user:password@host:587`, `smtps://…` */
export function createMailer({ url, from }: { readonly url: string; readonly from: string }): SendMail {
  const transport = createTransport({
    url,
    connectionTimeout: TIMEOUT_MS,
    greetingTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
    // A message is text of this server: nothing is read from files or addresses for it.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const domain =
    from
      .split("@")
      .at(-1)
      ?.replace(/[^\w.-]/g, "") ?? "fairway";
  return async ({ id, to, subject, text }) => {
    await transport.sendMail({ messageId: `<${id}@${domain}>`, from, to: [...to], subject, text });
  };
}
