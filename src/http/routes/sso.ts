import type { FastifyReply, FastifyRequest } from "fastify";
import type { OidcAttempt, OidcPerson } from "../../access/oidc.ts";
import type { KeyRing } from "../../access/key-ring.ts";
import { decryptSecret, encryptSecret } from "../../access/secrets.ts";
import { recordRefused, type Subject } from "../../access/sign-in-records.ts";
import { addSsoLink, findSsoLink, hasOtherSsoLink, removeSsoLinks } from "../../access/sso-links.ts";
import { errors, Ok } from "../../api/common.ts";
import { UserParams } from "../../api/people.ts";
import { StartQuery } from "../../api/sso.ts";
import { findUser } from "../../catalog/find-user.ts";
import { type ProviderRules, settleProvidedUser } from "../../catalog/provided-users.ts";
import type { Entity } from "../../model/entity.ts";
import { getUser } from "../../catalog/users.ts";
import { AppError } from "../../model/error.ts";
import type { Ctx } from "../../storage/context.ts";
import type { FairwayInstance } from "../app-types.ts";
import { enterWithout } from "../identity/enter.ts";
import type { IdentityDeps } from "../identity/identity-deps.ts";
import { seenOf } from "../identity/seen-of.ts";

const COOKIE = "fairway_sso";
const PATH = "/auth/sso";
const MINUTES = 10;
const tags = ["Authentication"];
const open = { access: "public", contract: "fairway" } as const;

/** Why it did not work, for the sign-in page. */
type Problem = "denied" | "email" | "unknown" | "taken" | "failed" | "again";

interface Kept extends OidcAttempt {
  readonly next: string;
  readonly until: number;
}

/** Signing in by a provider. */
export function ssoRoutes(app: FairwayInstance, deps: IdentityDeps): void {
  const { org, now, publicUrl, sso } = deps;
  // With an earlier key nothing new is believed.
  const key: KeyRing = { current: deps.key.current, earlier: [] };
  const redirectUri = (): string => `${publicUrl()}${PATH}/callback`;
  // Apart from people: what is changed here, the provider says.
  const system: Ctx = { ...deps.system, actor: { kind: "system", id: "fairway:sso", datasource: null } };

  const keep = (reply: FastifyReply, kept: Kept): void => {
    const sealed = encryptSecret(key, org, COOKIE, JSON.stringify(kept)).toString("base64url");
    // Lax: the provider sends people back from another site.
    void reply.setCookie(COOKIE, sealed, {
      ...{ path: PATH, httpOnly: true, sameSite: "lax", secure: deps.secureCookie, maxAge: MINUTES * 60 },
    });
  };
  const keptOf = (request: FastifyRequest): Kept | null => {
    try {
      const sealed = Buffer.from(request.cookies[COOKIE] ?? "", "base64url");
      const kept = JSON.parse(decryptSecret(key, org, COOKIE, sealed)) as Kept;
      return kept.until > now().getTime() ? kept : null;
    } catch {
      // Of nobody, or of another key.
      return null;
    }
  };

  app.get(
    `${PATH}/start`,
    {
      config: open,
      schema: {
        tags,
        summary: "Sends the browser to the provider of identities",
        security: [],
        querystring: StartQuery,
      },
    },
    async (request, reply) => {
      if (sso === null)
        throw new AppError("not_found", "there is no provider to sign in with (FAIRWAY_OIDC_ISSUER)");
      try {
        const { url, attempt } = await sso.client.begin(redirectUri());
        const next = safeNext(request.query.next);
        keep(reply, { ...attempt, next, until: now().getTime() + MINUTES * 60_000 });
        return await reply.redirect(url);
      } catch (error) {
        request.log.error(reasonOf(error), "the provider of identities could not be asked");
        return reply.redirect(problemAt("failed"));
      }
    },
  );

  app.get(
    `${PATH}/callback`,
    {
      config: open,
      schema: { tags, summary: "Where the provider sends the browser back to", security: [] },
    },
    async (request, reply) => {
      if (sso === null)
        throw new AppError("not_found", "there is no provider to sign in with (FAIRWAY_OIDC_ISSUER)");
      void reply.clearCookie(COOKIE, { path: PATH });
      const kept = keptOf(request);
      if (kept === null) return reply.redirect(problemAt("again"));
      let person: OidcPerson;
      try {
        person = await sso.client.finish(new URL(request.url, publicUrl()), kept);
      } catch (error) {
        const isDenied = (error as { error?: unknown }).error === "access_denied";
        request.log.warn(reasonOf(error), "signing in by the provider of identities failed");
        return reply.redirect(problemAt(isDenied ? "denied" : "failed"));
      }
      const found = await userFor(system, person, sso.rules);
      if ("problem" in found) {
        request.log.warn({ problem: found.problem, subject: person.subject }, "somebody may not sign in");
        const who: Subject | null = person.email === null ? null : { kind: "account", name: person.email };
        const why = `the provider let them in, Fairway did not: ${found.problem}`;
        await recordRefused(deps.system, who, why, seenOf(request));
        return reply.redirect(problemAt(found.problem));
      }
      const entered = await enterWithout(deps, request, reply, found.email, "provider");
      if (entered !== null) deps.afterWrite();
      return reply.redirect(entered === null ? problemAt("unknown") : kept.next);
    },
  );

  app.delete(
    "/v1/users/:email/provider",
    {
      config: { access: "admin", contract: "fairway" },
      schema: {
        tags: ["Users"],
        summary: "Forget with which account of the provider a user signs in: the next one is taken",
        params: UserParams,
        response: { 200: Ok, ...errors(401, 403, 404) },
      },
    },
    async (request) => {
      const ctx = deps.ctx(request);
      const { identifier } = await getUser(ctx, request.params.email);
      await removeSsoLinks(ctx, identifier);
      return { ok: true as const };
    },
  );
}

/**
 * By the account that is linked; the first time by an address that the provider has verified. A user whose account is
 * another one is not given away: addresses are given to somebody else at times.
 */
async function userFor(
  ctx: Ctx,
  { issuer, subject, email: told, name, groups }: OidcPerson,
  rules: ProviderRules,
): Promise<{ readonly email: string } | { readonly problem: Problem }> {
  const linked = await findSsoLink(ctx, issuer, subject);
  const address = linked ?? told;
  if (address === null) return { problem: "email" };
  const known = linked === null ? await userAt(ctx, address) : await getUser(ctx, linked);
  if (known === "several") return { problem: "taken" };
  if (linked === null && known !== null && (await hasOtherSsoLink(ctx, issuer, subject, known.identifier)))
    return { problem: "taken" };
  const email = await settleProvidedUser(ctx, known, { email: address, name, groups }, rules);
  if (email === null) return { problem: "unknown" };
  if (linked === null && !(await addSsoLink(ctx, issuer, subject, email))) return { problem: "taken" };
  return { email };
}

/** `several`: their addresses differ in case only, and it is not told whose this one is. */
const userAt = (ctx: Ctx, address: string): Promise<Entity | "several" | null> =>
  findUser(ctx, address).catch((error: unknown) => {
    if (error instanceof AppError && error.code === "conflict") return "several" as const;
    throw error;
  });

/** Of what the library throws: what it holds besides may be tokens, and answers of the provider. */
function reasonOf(error: unknown): { readonly code: unknown; readonly reason: string } {
  const { code, error: told } = error as { readonly code?: unknown; readonly error?: unknown };
  return { code: told ?? code, reason: error instanceof Error ? error.message : "unknown" };
}

const problemAt = (problem: Problem): string => `/login?sso=${problem}`;

/** Only addresses of this portal. */
const safeNext = (next: string | undefined): string =>
  next !== undefined && /^\/(?![/\\])/.test(next) && !/[\r\n\t]/.test(next) ? next : "/";
