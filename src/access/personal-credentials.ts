/** API credentials of people and service accounts (data-model.md §3.12, §8.3): what they may do follows their role. */
import { randomBytes } from "node:crypto";
import { appendAuditEvents } from "../storage/audit-events.ts";
import type { Ctx } from "../storage/context.ts";
import { transact } from "../storage/transact.ts";
import type { KeyRing } from "./key-ring.ts";
import { type Credentials, hashSecret } from "./organization.ts";

/** New credentials, told once; the client id stays. Tokens of the old ones end at once. */
export async function renewPersonalCredentials(ctx: Ctx, keys: KeyRing, email: string): Promise<Credentials> {
  const clientSecret = randomBytes(32).toString("base64url");
  const secretHash = hashSecret(clientSecret, keys.current);
  const at = ctx.now();
  return transact(ctx, async (inner) => {
    const row = await inner.db
      .insertInto("credential")
      .values({
        ...{ org: ctx.org, client_id: `user_${randomBytes(12).toString("base64url")}`, person: email },
        ...{ secret_hash: secretHash, name: email, created_at: at, updated_at: at },
      })
      .onConflict((c) =>
        c
          .columns(["org", "person"])
          .where("person", "is not", null)
          .doUpdateSet({ secret_hash: secretHash, updated_at: at }),
      )
      .returning("client_id")
      .executeTakeFirstOrThrow();
    const after = { clientId: row.client_id, isSecretRotated: true };
    await appendAuditEvents(inner, [{ kind: "credentials", action: "UPDATE", identifier: email, after }]);
    return { clientId: row.client_id, clientSecret };
  });
}
