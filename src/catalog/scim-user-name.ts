import { ScimError } from "../model/scim.ts";
import type { Ctx } from "../storage/context.ts";
import { findScim } from "../storage/scim.ts";

/**
 * What a provider calls a user finds one user only, in whatever letters.
 * @param email the user who is called so; null: one that is to be made
 * @throws ScimError 409
 */
export async function checkUserName(ctx: Ctx, userName: string, email: string | null): Promise<void> {
  const page = { offset: 0, limit: 2 };
  const { rows } = await findScim(ctx.db, ctx.org, "User", { userName }, page);
  if (rows.some(({ subject }) => subject !== email))
    throw new ScimError(409, `there is a user with the userName ${userName.slice(0, 100)}`, "uniqueness");
}
