/** Whether somebody may choose a password here, where they could come by the provider. */
import { hasSsoLink } from "../../access/sso-links.ts";
import { AppError } from "../../model/error.ts";
import type { IdentityDeps } from "./identity-deps.ts";

/**
 * A password of their own would let in whoever the provider no longer does. Whoever comes by the provider gets none,
 * unless the server was told to have both ways in.
 */
export async function mayHavePassword(deps: IdentityDeps, email: string): Promise<boolean> {
  if (!deps.mayUseLocal(email)) return false;
  if (deps.sso === null || deps.isLocalWanted || email === deps.keptAdmin) return true;
  return !(await hasSsoLink(deps.system, email));
}

/** @throws AppError conflict */
export async function checkMayHavePassword(deps: IdentityDeps, email: string): Promise<void> {
  if (await mayHavePassword(deps, email)) return;
  throw new AppError(
    "conflict",
    deps.mayUseLocal(email)
      ? `"${email}" signs in by ${deps.sso?.name ?? "the provider"}, and needs no password; FAIRWAY_LOCAL_SIGN_IN=true allows both`
      : "passwords are turned off (FAIRWAY_LOCAL_SIGN_IN): they sign in by the provider",
  );
}
