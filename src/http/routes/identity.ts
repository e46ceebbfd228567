import type { FairwayInstance } from "../app-types.ts";
import type { IdentityDeps } from "../identity/identity-deps.ts";
import { createSignInLimits } from "../identity/sign-in-limits.ts";
import { authRoutes } from "./auth.ts";
import { passwordRoutes } from "./passwords.ts";
import { privacyRoutes } from "./privacy.ts";
import { scimRoutes } from "./scim.ts";
import { secondFactorRoutes } from "./second-factor.ts";
import { sessionRoutes } from "./sessions.ts";
import { ssoRoutes } from "./sso.ts";
import { tokenRoutes } from "./tokens.ts";
import { userRoutes } from "./users.ts";

/** Who people are, and what they prove it with. */
export function identityRoutes(app: FairwayInstance, deps: IdentityDeps): void {
  const limits = createSignInLimits(deps);
  authRoutes(app, deps, limits);
  passwordRoutes(app, deps, limits);
  secondFactorRoutes(app, deps, limits);
  sessionRoutes(app, deps);
  scimRoutes(app, deps);
  privacyRoutes(app, deps);
  ssoRoutes(app, deps);
  tokenRoutes(app, deps);
  userRoutes(app, deps);
}
