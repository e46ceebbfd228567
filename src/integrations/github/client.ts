/** Connecting to GitHub: token or App, REST and GraphQL, github.com and Enterprise Server. */
import { createSign } from "node:crypto";
import { invalid } from "../../model/error.ts";
import { isObject, type JsonObject } from "../../model/json.ts";
import type { Session, Settings } from "../connector.ts";
import { createHttpClient, type HttpClient, HttpError } from "../http-client.ts";
import type { Outbound } from "../outbound.ts";
import { objects, textAt } from "../read-json.ts";

const SYSTEM = "GitHub";
/** docs.github.com: REST API versions. */
const VERSION_HEADERS = {
  accept: "application/vnd.github+json",
  "x-github-api-version": "2022-11-28",
} as const;
const WHEN_REFUSED =
  "Check that the token is valid, not expired, authorised for the organisation (SSO), and has the scopes repo, read:org and workflow (or read access to contents, metadata, pull requests, issues, actions, deployments and members).";
/** An installation token lives an hour; it is renewed well before. */
const RENEW_BEFORE_MS = 5 * 60_000;
/** docs.github.com: an App's JWT may last ten minutes at most. */
const JWT_SECONDS = 540;
const CLOCK_SKEW_SECONDS = 60;

/** @throws AppError invalid_request */
export function openGithub(settings: Settings, outbound: Outbound): Session {
  const { token, appId, privateKey, installationId } = settings;
  const baseUrl = (settings["apiUrl"] ?? "").replace(/\/+$/, "");
  if (token !== undefined && token !== "") {
    const headers = { ...VERSION_HEADERS, authorization: `Bearer ${token}` };
    return sessionOf(outbound, baseUrl, settings, () => Promise.resolve(headers));
  }
  if (!appId || !privateKey || !installationId)
    throw invalid(
      "settings: give a token, or the three of a GitHub App: appId, privateKey and installationId",
    );
  const app = { appId, privateKey, installationId };
  return sessionOf(outbound, baseUrl, settings, appHeaders(outbound, baseUrl, app));
}

function sessionOf(
  outbound: Outbound,
  baseUrl: string,
  settings: Settings,
  headers: () => Promise<Readonly<Record<string, string>>>,
): Session {
  return {
    settings,
    http: createHttpClient({ outbound, baseUrl, system: SYSTEM, headers, whenRefused: WHEN_REFUSED }),
  };
}

/** Headers with an installation token, renewed when it is about to end. */
function appHeaders(
  outbound: Outbound,
  baseUrl: string,
  app: { readonly appId: string; readonly privateKey: string; readonly installationId: string },
): () => Promise<Readonly<Record<string, string>>> {
  const key = app.privateKey.replaceAll("\\n", "\n");
  const http = createHttpClient({
    ...{ outbound, baseUrl, system: SYSTEM },
    headers: () =>
      Promise.resolve({ ...VERSION_HEADERS, authorization: `Bearer ${appJwt(app.appId, key, Date.now())}` }),
    whenRefused: "Check the App's id, its private key and the id of its installation.",
  });
  let current: { readonly token: string; readonly until: number } | null = null;
  return async () => {
    if (current === null || current.until < Date.now()) {
      const path = `/app/installations/${encodeURIComponent(app.installationId)}/access_tokens`;
      const { body } = await http.post(path, {});
      const token = textAt(body, "token");
      const expires = Date.parse(textAt(body, "expires_at") ?? "");
      if (token === null || Number.isNaN(expires))
        throw new HttpError("GitHub gave no installation token", 200, { isPassing: false });
      current = { token, until: expires - RENEW_BEFORE_MS };
    }
    return { ...VERSION_HEADERS, authorization: `Bearer ${current.token}` };
  };
}

/** @throws AppError invalid_request when the key is no RSA key */
function appJwt(appId: string, privateKey: string, now: number): string {
  const seconds = Math.floor(now / 1000);
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const claims = { iat: seconds - CLOCK_SKEW_SECONDS, exp: seconds + JWT_SECONDS, iss: appId };
  const text = `${part({ alg: "RS256", typ: "JWT" })}.${part(claims)}`;
  try {
    return `${text}.${createSign("RSA-SHA256").update(text).sign(privateKey, "base64url")}`;
  } catch {
    throw invalid("settings.privateKey is no RSA private key in PEM form (-----BEGIN RSA PRIVATE KEY-----)");
  }
}

/** `https://api.github.com/graphql`; on Enterprise Server `https://host/api/graphql` beside `https://host/api/v3`. */
const graphqlPath = (apiUrl: string): string =>
  apiUrl.endsWith("/api/v3") ? `${apiUrl.slice(0, -"/v3".length)}/graphql` : `${apiUrl}/graphql`;

/**
 * The `data` of a GraphQL answer. Errors come with status 200, beside partial data.
 * @throws HttpError; status 404 or 403 for NOT_FOUND and FORBIDDEN
 */
export async function graphql(session: Session, query: string, variables: JsonObject): Promise<JsonObject> {
  const apiUrl = (session.settings["apiUrl"] ?? "").replace(/\/+$/, "");
  const { body, headers } = await session.http.post(graphqlPath(apiUrl), { query, variables });
  const [failure] = objects(isObject(body) ? body["errors"] : undefined);
  if (failure !== undefined) throw graphqlError(failure, headers);
  const data = isObject(body) ? body["data"] : undefined;
  if (!isObject(data)) throw new HttpError("GitHub's GraphQL answer has no data", 200, { isPassing: false });
  return data;
}

function graphqlError(failure: JsonObject, headers: Headers): HttpError {
  const message = `GitHub (GraphQL): ${(textAt(failure, "message") ?? "failed").slice(0, 300)}`;
  const reset = Number(headers.get("x-ratelimit-reset") ?? Number.NaN);
  switch (textAt(failure, "type")) {
    case "RATE_LIMITED":
      return new HttpError(message, 429, {
        isPassing: true,
        retryAt: Number.isFinite(reset) ? reset * 1000 : null,
      });
    case "NOT_FOUND":
      return new HttpError(message, 404, { isPassing: false });
    case "FORBIDDEN":
    case "INSUFFICIENT_SCOPES":
      return new HttpError(`${message}. ${WHEN_REFUSED}`, 403, { isPassing: false });
    case null:
      // "Something went wrong while executing your query": time-outs on their side have no type.
      return new HttpError(message, 502, { isPassing: true });
    default:
      return new HttpError(message, 422, { isPassing: false });
  }
}

/** Runs through the pages that `Link` names, for lists that belong to one object. */
export async function allPages(http: HttpClient, path: string): Promise<JsonObject[]> {
  const found: JsonObject[] = [];
  let next: string | null = path;
  for (let page = 0; next !== null && page < MAX_PAGES; page += 1) {
    const answer: { body: unknown; next: string | null } = await http.get(next);
    found.push(...objects(answer.body));
    next = answer.next;
  }
  return found;
}

/** A team of 5,000 members; more would be a mistake. */
const MAX_PAGES = 50;
