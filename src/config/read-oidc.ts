/** Signing in by an OpenID Connect provider. */
import { ConfigError } from "./config-error.ts";
import { oneOf, type Text } from "./read-text.ts";

export interface OidcConfig {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** What the button says. */
  readonly name: string;
  readonly scopes: string;
  readonly groupsClaim: string;
  /** Who is an administrator; null: roles are not touched. */
  readonly adminGroups: readonly string[] | null;
  /** Group to team; `all`: each group is the team of its name; null: teams are not touched. */
  readonly teamGroups: "all" | Readonly<Record<string, string>> | null;
  /** Whether somebody who was not invited gets an account. */
  readonly createsUsers: boolean;
  /** Whether addresses count as verified that the provider says nothing about. */
  readonly trustsEmail: boolean;
}

const NEEDED = ["FAIRWAY_OIDC_ISSUER", "FAIRWAY_OIDC_CLIENT_ID", "FAIRWAY_OIDC_CLIENT_SECRET"] as const;
const FURTHER = [
  ...(["FAIRWAY_OIDC_NAME", "FAIRWAY_OIDC_SCOPES", "FAIRWAY_OIDC_GROUPS_CLAIM"] as const),
  ...(["FAIRWAY_OIDC_ADMIN_GROUPS", "FAIRWAY_OIDC_TEAM_GROUPS"] as const),
  ...(["FAIRWAY_OIDC_CREATE_USERS", "FAIRWAY_OIDC_TRUST_EMAIL"] as const),
] as const;
const YES_NO = ["true", "false"] as const;

export function readOidc(text: Text): OidcConfig | null {
  const [issuer, clientId, clientSecret] = NEEDED.map(text);
  const given = [...NEEDED, ...FURTHER].find((name) => text(name) !== null);
  if (given === undefined) return null;
  const missing = NEEDED.find((name) => text(name) === null);
  if (missing !== undefined) throw new ConfigError(missing, "", `is missing: ${given} needs it`);
  const scopes = text("FAIRWAY_OIDC_SCOPES") ?? "openid profile email";
  if (!scopes.split(" ").includes("openid"))
    throw new ConfigError(
      "FAIRWAY_OIDC_SCOPES",
      scopes,
      "must contain openid, and separate scopes by a space",
    );
  const isOn = (name: string, usual: "true" | "false"): boolean =>
    oneOf(name, text(name) ?? usual, YES_NO) === "true";
  return {
    issuer: readIssuer(issuer ?? ""),
    clientId: clientId ?? "",
    clientSecret: clientSecret ?? "",
    name: readName(text("FAIRWAY_OIDC_NAME")),
    scopes,
    groupsClaim: readClaim(text("FAIRWAY_OIDC_GROUPS_CLAIM")),
    adminGroups: readList("FAIRWAY_OIDC_ADMIN_GROUPS", text("FAIRWAY_OIDC_ADMIN_GROUPS")),
    teamGroups: readTeams(text("FAIRWAY_OIDC_TEAM_GROUPS")),
    createsUsers: isOn("FAIRWAY_OIDC_CREATE_USERS", "true"),
    trustsEmail: isOn("FAIRWAY_OIDC_TRUST_EMAIL", "false"),
  };
}

/** `false`: passwords and links are for the administrator of the configuration only. @throws ConfigError */
export function readLocalSignIn(text: Text, oidc: OidcConfig | null, admin: string | null): boolean {
  const name = "FAIRWAY_LOCAL_SIGN_IN";
  const isOn = oneOf(name, text(name) ?? "true", YES_NO) === "true";
  if (isOn) return true;
  if (oidc === null)
    throw new ConfigError(name, "false", "needs FAIRWAY_OIDC_ISSUER, or nobody could sign in");
  if (admin === null)
    throw new ConfigError(
      name,
      "false",
      "needs FAIRWAY_ADMIN_EMAIL: who may still come in when the provider is away",
    );
  return false;
}

/** Whether it was decided that passwords stay beside the provider: by default people who come by it get none. */
export const isLocalSignInWanted = (text: Text): boolean => text("FAIRWAY_LOCAL_SIGN_IN") === "true";

function readIssuer(value: string): string {
  const url = URL.canParse(value) ? new URL(value) : null;
  const isLocal = url !== null && /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname);
  if (
    url === null ||
    !(url.protocol === "https:" || (url.protocol === "http:" && isLocal)) ||
    url.search !== "" ||
    url.hash !== ""
  )
    throw new ConfigError("FAIRWAY_OIDC_ISSUER", value, "must be an https address without a query");
  return value;
}

function readName(value: string | null): string {
  const name = value ?? "single sign-on";
  if (name.length > 40) throw new ConfigError("FAIRWAY_OIDC_NAME", name, "must have at most 40 characters");
  return name;
}

function readClaim(value: string | null): string {
  const claim = value ?? "groups";
  if (/\s/.test(claim))
    throw new ConfigError("FAIRWAY_OIDC_GROUPS_CLAIM", claim, "must be the name of one claim");
  return claim;
}

function readList(name: string, value: string | null): string[] | null {
  if (value === null) return null;
  const items = value.split(",").map((item) => item.trim());
  if (items.includes("")) throw new ConfigError(name, value, "must list groups, separated by commas");
  return items;
}

function readTeams(value: string | null): OidcConfig["teamGroups"] {
  if (value === null) return null;
  if (value.trim() === "*") return "all";
  const pairs = value.split(",").map((pair) => {
    const at = pair.indexOf("=");
    return [pair.slice(0, Math.max(at, 0)).trim(), pair.slice(at + 1).trim()] as const;
  });
  if (pairs.some(([group, team]) => group === "" || team === ""))
    throw new ConfigError(
      "FAIRWAY_OIDC_TEAM_GROUPS",
      value,
      "must be *, or list group=team, separated by commas",
    );
  return Object.fromEntries(pairs);
}
