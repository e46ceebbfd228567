/** What the organisation asks of those who sign in. */
import { appendAuditEvents } from "../storage/audit-events.ts";
import type { Ctx } from "../storage/context.ts";
import { transact } from "../storage/transact.ts";

export interface SignInPolicy {
  /** `required`: whoever has none sets one up before anything else. */
  readonly secondFactor: "optional" | "required";
}

export const policyOf = (stored: Readonly<Record<string, unknown>>): SignInPolicy => ({
  secondFactor: stored["secondFactor"] === "required" ? "required" : "optional",
});

export async function readSignInPolicy({ db, org }: Pick<Ctx, "db" | "org">): Promise<SignInPolicy> {
  const row = await db
    .selectFrom("organization")
    .select("security")
    .where("id", "=", org)
    .executeTakeFirstOrThrow();
  return policyOf(row.security);
}

export function changeSignInPolicy(ctx: Ctx, change: SignInPolicy): Promise<SignInPolicy> {
  return transact(ctx, async (inner) => {
    const { security } = await inner.db
      .selectFrom("organization")
      .select("security")
      .where("id", "=", ctx.org)
      .forUpdate()
      .executeTakeFirstOrThrow();
    const before = policyOf(security);
    await inner.db
      .updateTable("organization")
      .set({ security: JSON.stringify({ ...security, ...change }) })
      .where("id", "=", ctx.org)
      .execute();
    if (before.secondFactor !== change.secondFactor)
      await appendAuditEvents(inner, [{ kind: "sign_in_policy", action: "UPDATE", before, after: change }]);
    return change;
  });
}
