import type { OidcClient } from "../../access/oidc.ts";
import type { ProviderRules } from "../../catalog/provided-users.ts";

/** Signing in by a provider of identities. */
export interface SsoDeps {
  /** What people call it. */
  readonly name: string;
  readonly client: OidcClient;
  readonly rules: ProviderRules;
}
