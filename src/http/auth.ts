/** Who is asking: a bearer token (machines) or the session cookie (people). Nothing is readable without either. */
import type { FastifyReply, FastifyRequest } from "fastify";
import { sameText } from "../access/organization.ts";
import { AppError } from "../model/error.ts";
import type { SessionUse } from "../access/sessions.ts";
import type { Actor, Person } from "../model/actor.ts";
import type { RequestLimits } from "./request-limits.ts";
import { checkAccess } from "./route-access.ts";

/** By https the name itself says that no other host of the domain has set it; browsers refuse such a name by http. */
export const sessionCookie = (isSecure: boolean): string =>
  isSecure ? "__Host-fairway_session" : "fairway_session";

export interface Identity {
  readonly org: string;
  readonly actor: Actor;
  /** Of the session on the web that asks; absent: a token does. */
  readonly sessionId?: string;
  /** They may only set up a second factor. */
  readonly mustEnrol?: boolean;
}

export interface TokenHolder {
  readonly org: string;
  /** What an app is called. */
  readonly clientId: string;
  readonly person: Person | null;
  /** What the token is limited to; absent: not limited. */
  readonly scopes?: readonly string[];
}

export interface Authenticator {
  /** What the cookie of a session is called. */
  readonly cookie: string;
  token(token: string, address: string): Promise<TokenHolder | null>;
  session(
    token: string,
    use: SessionUse,
  ): Promise<{
    org: string;
    id: string;
    person: Person;
    mustEnrol: boolean;
    isProofOld: boolean;
  } | null>;
}

const identities = new WeakMap<FastifyRequest, Identity>();
const again = new WeakMap<FastifyRequest, () => Promise<Identity | null>>();

/** The identity found by `authenticate`. @throws AppError unauthorized */
export function identityOf(request: FastifyRequest): Identity {
  const identity = identities.get(request);
  if (identity === undefined) throw new AppError("unauthorized", "sign in, or send a bearer token");
  return identity;
}

export const isIdentified = (request: FastifyRequest): boolean => identities.has(request);

/**
 * Whether who asked could ask now: for answers that go on for a while. What ended meanwhile (a session, a token, the
 * status of a person) ends them too.
 */
export async function isStillAllowed(request: FastifyRequest): Promise<boolean> {
  try {
    const identity = (await again.get(request)?.()) ?? null;
    if (identity === null) return false;
    checkAccess(request, identity);
    return true;
  } catch (error) {
    if (error instanceof AppError) return false;
    throw error;
  }
}

/** The hook in front of every route that is not public. @param metricsToken reads the metrics without an identity */
export function authenticate(
  authenticator: Authenticator,
  metricsToken: string | null,
  limits: RequestLimits,
) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const { access } = request.routeOptions.config;
    if (isPageAddress(request)) return;
    if (access === "public") {
      if (!ASKED_OPENLY.test(request.url)) return;
      const isPage = ASKED_BY_PAGES.has(request.routeOptions.url ?? "");
      const known = isPage ? await byCookie(authenticator, request) : null;
      if (known === null) await limits.ofAddress(reply, request.ip, isPage ? "page" : "sign-in");
      else await limits.ofCredential(reply, credentialOf(known));
      return;
    }
    if (access === "metrics" && metricsToken !== null && sameText(bearerOf(request) ?? "", metricsToken))
      return;
    const find = async (): Promise<Identity | null> =>
      (await byToken(authenticator, request)) ?? (await byCookie(authenticator, request));
    const identity = await find();
    // Who proves nothing is known by the address alone; whoever does is not held up by others at theirs.
    if (identity === null) await limits.ofAddress(reply, request.ip, "address");
    else await limits.ofCredential(reply, credentialOf(identity));
    if (identity === null)
      throw new AppError(
        "unauthorized",
        request.headers.authorization === undefined
          ? "sign in, or send `Authorization: Bearer <token>` (POST /v1/auth/access_token gives one)"
          : "the token is wrong or has expired",
        request.headers.authorization === undefined ? { reason: "not_signed_in" } : {},
      );
    refuseOtherReader(request, identity);
    // Before the check: what is refused is recorded with who it was refused to.
    identities.set(request, identity);
    again.set(request, find);
    checkAccess(request, identity);
  };
}

/** Public routes that people and programs sign in by; deliveries of webhooks and files of pages have limits of their own, or none. */
const ASKED_OPENLY = /^\/(auth|v1)\//;
/** Of these who is signed in is known: strangers at the same address must not keep them from their pages. */
const ASKED_BY_PAGES: ReadonlySet<string> = new Set(["/auth/me", "/auth/logout"]);

export const credentialOf = ({ actor: { kind, id } }: Identity): string => `${kind} ${id}`;

/** An address without a route outside the API: the not-found handler answers with the (empty) page or a 404. */
function isPageAddress(request: FastifyRequest): boolean {
  return request.is404 && !/^\/v1(\/|$)/.test(request.url);
}

const bearerOf = (request: FastifyRequest): string | undefined =>
  /^Bearer\s+(\S+)$/i.exec(request.headers.authorization ?? "")?.[1];

async function byToken(authenticator: Authenticator, request: FastifyRequest): Promise<Identity | null> {
  const token = bearerOf(request);
  if (token === undefined) return null;
  const holder = await authenticator.token(token, request.ip);
  if (holder === null) return null;
  const datasource = request.headers["user-agent"]?.slice(0, 500) ?? null;
  const { org, clientId, person, scopes } = holder;
  const actor: Actor = {
    ...{ kind: "machine", id: person?.email ?? clientId, datasource },
    ...(person !== null && { person }),
    ...(scopes !== undefined && { scopes }),
  };
  return { org, actor };
}

/** A page that nobody looks at says so; streams go on by themselves, and are asked for again while they do. */
export const sessionUse = ({ ip, headers }: FastifyRequest): SessionUse => ({
  address: ip,
  isIdle: headers["x-fairway-idle"] === "true" || headers.accept === "text/event-stream",
});

async function byCookie(authenticator: Authenticator, request: FastifyRequest): Promise<Identity | null> {
  // An Authorization header that is wrong must not fall back to the cookie: the caller meant the token.
  if (request.headers.authorization !== undefined) return null;
  const cookie = request.cookies[authenticator.cookie];
  if (cookie === undefined) return null;
  refuseForeignOrigin(request);
  const session = await authenticator.session(cookie, sessionUse(request));
  if (session === null) return null;
  const { org, id, person, mustEnrol, isProofOld } = session;
  const actor: Actor = {
    ...{ kind: "user", id: person.email, datasource: null, person },
    ...(isProofOld && { isProofOld }),
  };
  return { org, actor, sessionId: id, mustEnrol };
}

/** Who is signed in on the web. @throws AppError forbidden for a token: it must not change how its owner signs in */
export function signedInHere(request: FastifyRequest): {
  readonly email: string;
  readonly sessionId: string;
} {
  const { actor, sessionId } = identityOf(request);
  if (sessionId === undefined)
    throw new AppError("forbidden", "only whoever is signed in on the web may do this, not a token");
  return { email: actor.id, sessionId };
}

/**
 * A write with the cookie must come from our own pages (the cookie is SameSite=Strict too; this guards sibling
 * subdomains and old browsers).
 */
export function refuseForeignOrigin(request: FastifyRequest): void {
  if (request.method === "GET" || request.method === "HEAD") return;
  const site = request.headers["sec-fetch-site"];
  if (site !== undefined) {
    if (site !== "same-origin" && site !== "none")
      throw new AppError("forbidden", `a request from another site (${site}) may not write`);
    // The browser itself has compared; a proxy in between may have put another Host.
    return;
  }
  const origin = request.headers.origin;
  if (origin !== undefined && (!URL.canParse(origin) || new URL(origin).host !== request.headers.host))
    throw new AppError("forbidden", `a request from ${origin} may not write`);
}

/**
 * Who read the page that asks: another person may have signed in since, in another tab, and must not write what they
 * wrote. Signing out, which is public, ends whatever session there is.
 */
function refuseOtherReader({ headers }: FastifyRequest, { actor, sessionId }: Identity): void {
  const reader = headers["x-fairway-reader"];
  if (sessionId !== undefined && reader !== undefined && reader !== encodeURIComponent(actor.id))
    throw new AppError("unauthorized", "another person is signed in by now: nothing was done", {
      reason: "another_person",
    });
}

/** What the query says of a write as a whole. */
export function writeMarksOf(request: FastifyRequest): { runId: string | null; resync: boolean } {
  const { ocean_info_event_type: event } = request.query as { ocean_info_event_type?: unknown };
  return { runId: runIdOf(request), resync: event === "resync" };
}

/** `run_id` of the query, which ties a write to an action run; empty counts as not sent (clients send it so). */
function runIdOf(request: FastifyRequest): string | null {
  const { run_id: given } = request.query as { run_id?: unknown };
  const id: unknown = Array.isArray(given) ? given.at(-1) : given;
  return typeof id === "string" && id !== "" && !id.includes("\u0000") ? id.slice(0, 200) : null;
}
