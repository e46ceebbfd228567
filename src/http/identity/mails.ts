/** E-mails about accounts. */
import { randomUUID } from "node:crypto";
import type { Mail } from "../../automation/mailer.ts";
import type { IdentityDeps } from "./identity-deps.ts";

export function invitationMail(email: string, url: string): Mail {
  return {
    ...{ id: randomUUID(), to: [email], subject: "You are invited to Fairway" },
    text: `You are invited to the developer portal of your organisation.

Open this address within a day; it signs you in once:
${url}

Choose a password under My account afterwards, if the portal offers it.
`,
  };
}

export function passwordMail(email: string, url: string): Mail {
  return {
    ...{ id: randomUUID(), to: [email], subject: "A new password for Fairway" },
    text: `Somebody, probably you, asked for a new password for ${email}.

Open this address within two hours to choose one:
${url}

If it was not you, there is nothing to do: your password stays as it is.
`,
  };
}

/** @returns whether the mail server took it; why not is in the log */
export async function trySend({ mail, system }: IdentityDeps, message: Mail): Promise<boolean> {
  if (mail === null) return false;
  try {
    await mail(message);
    return true;
  } catch (error) {
    system.log.warn({ err: error }, "an e-mail about an account was not sent");
    return false;
  }
}
