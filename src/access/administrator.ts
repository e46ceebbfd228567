import type { Db } from "../storage/db.ts";
import { hashPassword } from "./passwords.ts";

/** Who a one-time link signs in when no administrator is configured. */
const LOCAL_ADMIN = "admin@localhost";

/**
 * The configured password becomes the administrator's; without one they keep the one that they chose. Their `_user`
 * entity is catalog/users.ts's.
 */
export async function ensureAdministrator(
  db: Db,
  org: string,
  admin: { email: string | null; password: string | null },
): Promise<{ readonly email: string; readonly former: readonly string[] }> {
  const email = admin.email ?? LOCAL_ADMIN;
  const passwordHash = admin.password === null ? null : await hashPassword(admin.password);
  await db
    .insertInto("account")
    .values({
      ...{ org, email, name: "Administrator", password_hash: passwordHash, role: "Admin", configured: true },
    })
    .onConflict((c) =>
      c.columns(["org", "email"]).doUpdateSet((eb) =>
        passwordHash === null
          ? {
              password_hash: eb
                .case()
                .when("account.password_set_at", "is", null)
                .then(null)
                .else(eb.ref("account.password_hash"))
                .end(),
              configured: true,
            }
          : { password_hash: passwordHash, password_set_at: null, configured: true },
      ),
    )
    .execute();
  // An account that was configured before must not stay open.
  const former = await db
    .deleteFrom("account")
    .where("org", "=", org)
    .where("email", "!=", email)
    .where("configured", "=", true)
    .returning("email")
    .execute();
  return { email, former: former.map((account) => account.email) };
}
