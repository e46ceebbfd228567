/** A new service account gets its credentials with the answer that creates it, once (data-model.md §3.12). */
import type { KeyRing } from "../access/key-ring.ts";
import type { Credentials } from "../access/organization.ts";
import { renewPersonalCredentials } from "../access/personal-credentials.ts";
import { SERVICE_ACCOUNT, typeOf, USER_BLUEPRINT, type UserEntity } from "../model/user.ts";
import type { RouteDeps } from "./app-types.ts";

type Ctx = ReturnType<RouteDeps["ctx"]>;

export interface AdditionalData {
  readonly additionalData?: { readonly credentials: Credentials };
}

export async function newServiceAccount(
  ctx: Ctx,
  key: KeyRing,
  { blueprint, ...user }: UserEntity & { readonly blueprint: string },
): Promise<AdditionalData> {
  // Credentials that a limited token could make would not be limited.
  if (ctx.actor.scopes !== undefined) return {};
  if (blueprint !== USER_BLUEPRINT || typeOf(user) !== SERVICE_ACCOUNT) return {};
  return { additionalData: { credentials: await renewPersonalCredentials(ctx, key, user.identifier) } };
}
