/** Users by their addresses, as other systems write them. */
import type { Entity } from "../model/entity.ts";
import { AppError } from "../model/error.ts";
import { plainAddress } from "../model/plain-address.ts";
import type { Ctx } from "../storage/context.ts";
import { readUsersAddressed } from "../storage/people.ts";

/**
 * The user with this address, however it is written.
 * @throws AppError conflict when there are several: which of them is meant would be a guess
 */
export async function findUser(ctx: Ctx, email: string): Promise<Entity | null> {
  if (email.includes("\u0000")) return null;
  const [first, ...others] = await readUsersAddressed(ctx.db, ctx.org, email);
  if (others.length > 0)
    throw new AppError(
      "conflict",
      `there are ${others.length + 1} users whose address is "${plainAddress(email)}" in different cases; an administrator can delete those that are too many`,
    );
  return first ?? null;
}
