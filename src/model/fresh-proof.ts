import type { Actor } from "./actor.ts";
import { AppError } from "./error.ts";

/** Who finds an open browser must not make themselves a way in of their own. @throws AppError forbidden */
export function requireFreshProof({ isProofOld }: Pick<Actor, "isProofOld">): void {
  if (isProofOld === true)
    throw new AppError("forbidden", "you signed in a while ago; sign in again to do this", {
      reason: "sign_in_again",
    });
}
