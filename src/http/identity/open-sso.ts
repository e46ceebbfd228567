import { createOidcClient, type OidcSettings } from "../../access/oidc.ts";
import type { ProviderRules } from "../../catalog/provided-users.ts";
import { createOutbound } from "../../ingest/sources/open-source.ts";
import type { SsoDeps } from "./sso-deps.ts";

export interface SsoSettings extends OidcSettings, Omit<ProviderRules, "keeps"> {
  readonly name: string;
}

/**
 * @param settings null: there is no provider
 * @param allow FAIRWAY_OUTBOUND_ALLOW; the host of the issuer is allowed besides: an operator has named it
 * @param admin the administrator of the configuration
 */
export function openSso(
  settings: SsoSettings | null,
  allow: readonly string[],
  admin: string,
  now: () => Date,
): SsoDeps | null {
  if (settings === null) return null;
  const host = new URL(settings.issuer).hostname.replace(/^\[|\]$/g, "");
  const door = createOutbound([...allow, host]);
  const client = createOidcClient(
    settings,
    (url, { method, headers, body }) =>
      door.request(new URL(url), { method, headers, ...(body !== undefined && { body }) }),
    now,
  );
  return { name: settings.name, client, rules: { ...settings, keeps: admin } };
}
