/** What the audit log says of signing in: who came, how and from where; who did not get in; who left. */
import type { Actor } from "../model/actor.ts";
import { appendAuditEvents, type AuditEventInput } from "../storage/audit-events.ts";
import type { Ctx } from "../storage/context.ts";
import { findCredential } from "../storage/credentials.ts";
import { readUsersAddressed } from "../storage/people.ts";
import type { Seen } from "./sessions.ts";

const KIND = "sign_in";
/** Of somebody who has not proved who they are. */
const NOBODY: Actor = { kind: "system", id: "fairway:sign-in", datasource: null, origin: "UI" };
const MAX_AGENT = 500;

/** What somebody proved last. */
export type Proof = "password" | "link" | "new password" | "second factor" | "provider";

/** What is guessed at: the password or code of an account, or the secret of a client. */
export interface Subject {
  readonly kind: "account" | "client";
  readonly name: string;
}

const whence = ({ address, userAgent }: Seen): Seen => ({
  address,
  userAgent: userAgent?.slice(0, MAX_AGENT) ?? null,
});

const record = (system: Ctx, actor: Actor, event: Omit<AuditEventInput, "kind">): Promise<void> =>
  appendAuditEvents({ ...system, actor }, [{ ...event, kind: KIND }]);

const person = (email: string): Actor => ({ kind: "user", id: email, datasource: null });

export const recordEntered = (system: Ctx, email: string, proof: Proof, seen: Seen): Promise<void> =>
  record(system, person(email), {
    ...{ action: "CREATE", identifier: email, after: { proof, ...whence(seen) } },
  });

export const recordLeft = (system: Ctx, email: string, seen: Seen): Promise<void> =>
  record(system, person(email), { action: "DELETE", identifier: email, before: whence(seen) });

/**
 * The account is named only if there is one: what was typed may be a password in the wrong field.
 * @param subject null: nobody knows whose proof it was to be
 */
export async function recordRefused(
  system: Ctx,
  subject: Subject | null,
  refusal: string,
  seen: Seen,
): Promise<void> {
  const identifier = await knownName(system, subject);
  const after = { of: subject?.kind ?? null, ...whence(seen) };
  await record(system, NOBODY, { action: "CREATE", identifier, after, refusal });
}

async function knownName({ db, org }: Ctx, subject: Subject | null): Promise<string | null> {
  if (subject === null || subject.name.includes("\u0000")) return null;
  const { kind, name } = subject;
  if (kind === "client") return (await findCredential(db, name)) === null ? null : name;
  const [user, ...others] = await readUsersAddressed(db, org, name);
  // Of several that are written alike none is named.
  return user === undefined || others.length > 0 ? null : user.identifier;
}
