/** Asking an OpenID Connect provider who somebody is: authorization code with PKCE, state and nonce. */
import * as client from "openid-client";

export interface OidcSettings {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly scopes: string;
  readonly groupsClaim: string;
  readonly trustsEmail: boolean;
}

/** What is kept while somebody is at the provider. */
export interface OidcAttempt {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

export interface OidcPerson {
  readonly issuer: string;
  /** Never changes, is never given to somebody else. */
  readonly subject: string;
  /** null: none, or one that the provider has not verified. */
  readonly email: string | null;
  readonly name: string | null;
  /** null: they are not told here (there are too many for a token). */
  readonly groups: readonly string[] | null;
}

export interface OidcClient {
  /** Where to send somebody. */
  begin(redirectUri: string): Promise<{ readonly url: string; readonly attempt: OidcAttempt }>;
  /** @param current the address that the provider sent them back to. @throws Error when it cannot be trusted */
  finish(current: URL, attempt: OidcAttempt): Promise<OidcPerson>;
}

/** How the provider is asked: the one door to other servers. */
export type Fetch = (
  url: string,
  request: {
    readonly method: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: string;
  },
) => Promise<{ readonly status: number; readonly headers: Headers; readonly text: string }>;

/** What the provider says of itself is asked again after this. */
const FRESH_MS = 3_600_000;
const MAX_TEXT = 320;

type Claims = Readonly<Record<string, unknown>>;

export function createOidcClient(settings: OidcSettings, ask: Fetch, now: () => Date): OidcClient {
  const isInsecure = settings.issuer.startsWith("http:");
  let known: { readonly at: number; readonly configuration: Promise<client.Configuration> } | null = null;
  const discover = (): Promise<client.Configuration> => {
    const at = now().getTime();
    if (known !== null && at - known.at < FRESH_MS) return known.configuration;
    const configuration = client.discovery(
      new URL(settings.issuer),
      settings.clientId,
      settings.clientSecret,
      undefined,
      {
        [client.customFetch]: through(ask),
        // Without it the ID token's signature is not looked at: TLS to the issuer would have to do.
        execute: [client.enableNonRepudiationChecks, ...(isInsecure ? [client.allowInsecureRequests] : [])],
      },
    );
    known = { at, configuration };
    // A provider that was away is asked again by the next who comes.
    configuration.catch(() => (known = null));
    return configuration;
  };
  return {
    async begin(redirectUri) {
      const configuration = await discover();
      const verifier = client.randomPKCECodeVerifier();
      const attempt = { state: client.randomState(), nonce: client.randomNonce(), verifier };
      const url = client.buildAuthorizationUrl(configuration, {
        redirect_uri: redirectUri,
        scope: settings.scopes,
        code_challenge: await client.calculatePKCECodeChallenge(verifier),
        code_challenge_method: "S256",
        state: attempt.state,
        nonce: attempt.nonce,
      });
      return { url: url.href, attempt };
    },
    async finish(current, { state, nonce, verifier }) {
      const configuration = await discover();
      const tokens = await client.authorizationCodeGrant(configuration, current, {
        pkceCodeVerifier: verifier,
        expectedState: state,
        expectedNonce: nonce,
        idTokenExpected: true,
      });
      const told = tokens.claims();
      if (told === undefined) throw new Error("the provider sent no ID token");
      const isWhole = told["email"] !== undefined && told[settings.groupsClaim] !== undefined;
      const more =
        isWhole || configuration.serverMetadata().userinfo_endpoint === undefined
          ? {}
          : await client.fetchUserInfo(configuration, tokens.access_token, told.sub);
      // What the signed token says wins.
      return personOf(settings, told.iss, told.sub, { ...more, ...told, ...addressOf(told, more) });
    },
  };
}

/** Address and whether it is verified belong together: both are the token's, or both userinfo's. */
function addressOf(told: Claims, more: Claims): Claims {
  const { email, email_verified: verified } = told["email"] === undefined ? more : told;
  return { email, email_verified: verified };
}

function personOf(settings: OidcSettings, issuer: string, subject: string, claims: Claims): OidcPerson {
  const email = textOf(claims["email"]);
  const verified = claims["email_verified"];
  const isVerified =
    verified === true || verified === "true" || (verified === undefined && settings.trustsEmail);
  return {
    issuer,
    subject,
    email: isVerified ? email : null,
    name: textOf(claims["name"]),
    groups: groupsOf(claims, settings.groupsClaim),
  };
}

const textOf = (value: unknown): string | null =>
  typeof value === "string" && value.trim() !== "" && value.length <= MAX_TEXT ? value.trim() : null;

function groupsOf(claims: Claims, claim: string): readonly string[] | null {
  const value = claims[claim];
  if (Array.isArray(value)) return value.filter((item): item is string => typeof item === "string");
  if (typeof value === "string") return [value];
  // Microsoft's provider says so when there are more than fit.
  const elsewhere = claims["_claim_names"];
  return typeof elsewhere === "object" && elsewhere !== null && claim in elsewhere ? null : [];
}

function through(ask: Fetch): client.CustomFetch {
  return async (url, { method, headers, body }) => {
    if (body !== undefined && body !== null && typeof body !== "string" && !(body instanceof URLSearchParams))
      throw new Error("oidc: a body that is no text");
    const text = body === undefined || body === null ? undefined : body.toString();
    const answer = await ask(url, { method, headers, ...(text !== undefined && { body: text }) });
    return new Response(answer.text, { status: answer.status, headers: answer.headers });
  };
}
