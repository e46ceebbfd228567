/** E-mails about accounts. */
import type { FastifyRequest } from "fastify";
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

/** What of somebody's way to sign in has changed. */
export type CredentialChange =
  | "Your password was changed"
  | "A second factor was turned on"
  | "Your second factor was turned off"
  | "Your second factor was taken away by an administrator"
  | "Your recovery codes were replaced";

function changeMail(
  email: string,
  change: CredentialChange,
  portal: string,
  address: string,
  at: Date,
): Mail {
  return {
    ...{ id: randomUUID(), to: [email], subject: "How you sign in to Fairway has changed" },
    text: `${change} at ${portal}.

When: ${at.toISOString().slice(0, 16).replace("T", " ")} UTC
From: ${address}

If it was not you, tell an administrator at once: they can end your sessions and tokens.
`,
  };
}

/** In the background, if there is a mail server: what was changed is changed, whether its owner can be told or not. */
export function tellOwner(
  deps: IdentityDeps,
  { ip }: FastifyRequest,
  email: string,
  change: CredentialChange,
): void {
  void trySend(deps, changeMail(email, change, deps.publicUrl(), ip, deps.now()));
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
