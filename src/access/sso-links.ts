/** Which account of a provider belongs to which user. */
import { notFound } from "../model/error.ts";
import { appendAuditEvents } from "../storage/audit-events.ts";
import type { Ctx } from "../storage/context.ts";
import { transact } from "../storage/transact.ts";

/** The user of an account; null: nobody yet. */
export async function findSsoLink({ db, org }: Ctx, issuer: string, subject: string): Promise<string | null> {
  const row = await db
    .selectFrom("sso_link")
    .select("email")
    .where("org", "=", org)
    .where("issuer", "=", issuer)
    .where("subject", "=", subject)
    .executeTakeFirst();
  return row?.email ?? null;
}

/** Whether the user comes by a provider. */
export async function hasSsoLink({ db, org }: Ctx, email: string): Promise<boolean> {
  const row = await db
    .selectFrom("sso_link")
    .select("subject")
    .where("org", "=", org)
    .where("email", "=", email)
    .executeTakeFirst();
  return row !== undefined;
}

/** Whether the user has another account of this provider. */
export async function hasOtherSsoLink(
  { db, org }: Ctx,
  issuer: string,
  subject: string,
  email: string,
): Promise<boolean> {
  const row = await db
    .selectFrom("sso_link")
    .select("subject")
    .where("org", "=", org)
    .where("issuer", "=", issuer)
    .where("email", "=", email)
    .executeTakeFirst();
  return row !== undefined && row.subject !== subject;
}

/** @returns false: somebody else was faster, and the account or the user is taken */
export function addSsoLink(ctx: Ctx, issuer: string, subject: string, email: string): Promise<boolean> {
  return transact(ctx, async (inner) => {
    const made = await inner.db
      .insertInto("sso_link")
      .values({ org: ctx.org, issuer, subject, email, created_at: ctx.now() })
      .onConflict((c) => c.doNothing())
      .returning("email")
      .executeTakeFirst();
    if (made === undefined) return (await findSsoLink(inner, issuer, subject)) === email;
    await appendAuditEvents(inner, [
      { kind: "credentials", action: "CREATE", identifier: email, after: { isProviderLinked: true, issuer } },
    ]);
    return true;
  });
}

/** Another account of the provider may be linked after this. @throws AppError not_found */
export function removeSsoLinks(ctx: Ctx, email: string): Promise<void> {
  return transact(ctx, async (inner) => {
    const gone = await inner.db
      .deleteFrom("sso_link")
      .where("org", "=", ctx.org)
      .where("email", "=", email)
      .returning("issuer")
      .execute();
    if (gone.length === 0) throw notFound("account of a provider of user", email);
    await appendAuditEvents(inner, [
      { kind: "credentials", action: "DELETE", identifier: email, before: { isProviderLinked: true } },
    ]);
  });
}
