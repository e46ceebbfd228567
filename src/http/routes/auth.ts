import { endSession, sessionUser } from "../../access/sessions.ts";
import { accountOf, checkPassword, hasPassword, redeemLink } from "../../access/sign-in.ts";
import { recordLeft } from "../../access/sign-in-records.ts";
import * as api from "../../api/auth.ts";
import { AppError } from "../../model/error.ts";
import { plainAddress } from "../../model/plain-address.ts";
import { moderatedBy } from "../../model/user.ts";
import type { FairwayInstance } from "../app-types.ts";
import { refuseForeignOrigin, sessionCookie, sessionUse } from "../auth.ts";
import { enter } from "../identity/enter.ts";
import type { IdentityDeps } from "../identity/identity-deps.ts";
import { seenOf } from "../identity/seen-of.ts";
import type { SignInLimits } from "../identity/sign-in-limits.ts";

const tags = ["Authentication"];
const open = { access: "public", contract: "port" } as const;

export function authRoutes(app: FairwayInstance, deps: IdentityDeps, limits: SignInLimits): void {
  const { db, org, now } = deps;
  const cookieName = sessionCookie(deps.secureCookie);
  app.post(
    "/v1/auth/access_token",
    {
      config: open,
      schema: {
        tags,
        summary: "Exchange client id and secret for a bearer token",
        security: [],
        body: api.AccessTokenRequest,
        response: { 200: api.AccessTokenResponse },
      },
    },
    async (request, reply) => {
      const { clientId, clientSecret } = request.body;
      const token = await limits.guarded(
        request,
        reply,
        { kind: "client", name: clientId },
        () => deps.tokens.issue(clientId, clientSecret),
        "the client id or the client secret is wrong",
      );
      return { ok: true as const, ...token, tokenType: "Bearer" as const };
    },
  );

  app.post(
    "/auth/login",
    {
      config: open,
      schema: {
        tags,
        summary: "Sign in with e-mail and password",
        security: [],
        body: api.LoginRequest,
        response: { 200: api.SignInResponse },
      },
    },
    async (request, reply) => {
      refuseForeignOrigin(request);
      const { email, password } = request.body;
      return limits.guarded(
        request,
        reply,
        { kind: "account", name: plainAddress(email) },
        async () => {
          const account = await accountOf(db, org, email);
          return (await checkPassword(db, org, account, password))
            ? enter(deps, request, reply, account, "password")
            : null;
        },
        "the e-mail or the password is wrong",
      );
    },
  );

  app.post(
    "/auth/link",
    {
      config: open,
      schema: {
        tags,
        summary: "Sign in with a one-time link",
        security: [],
        body: api.LinkRequest,
        response: { 200: api.SignInResponse },
      },
    },
    async (request, reply) => {
      refuseForeignOrigin(request);
      return limits.guarded(
        request,
        reply,
        null,
        async () => {
          const email = await redeemLink(db, org, request.body.token, "sign-in", now());
          return email === null ? null : enter(deps, request, reply, email, "link");
        },
        "this sign-in link was used before or has expired; an administrator makes a new one, and a restart of the server prints the administrator's",
      );
    },
  );

  app.post(
    "/auth/logout",
    { config: open, schema: { tags, summary: "End the web session", security: [] } },
    async (request, reply) => {
      refuseForeignOrigin(request);
      const token = request.cookies[cookieName];
      const email = token === undefined ? null : await endSession(db, org, token);
      if (email !== null) await recordLeft(deps.system, email, seenOf(request));
      void reply.clearCookie(cookieName, { path: "/", secure: deps.secureCookie });
      return { ok: true };
    },
  );

  app.get(
    "/auth/me",
    {
      config: open,
      schema: {
        tags,
        summary: "Who is signed in, and how one can sign in",
        security: [],
        response: { 200: api.MeResponse },
      },
    },
    async (request) => {
      const password = await hasPassword(db, org);
      const methods = {
        password,
        passwordReset: password && deps.isLocalOpen && deps.mail !== null,
        isLocalOpen: deps.isLocalOpen,
        sso: deps.sso === null ? null : { name: deps.sso.name },
      };
      const token = request.cookies[cookieName];
      const session =
        token === undefined
          ? null
          : await sessionUser(db, org, token, sessionUse(request), now(), deps.sessions);
      if (session === null) throw new AppError("unauthorized", "not signed in", { methods });
      const { user, person, mustEnrol: mustSetUpSecondFactor } = session;
      const moderates = moderatedBy(person.roles);
      return { ok: true as const, user, moderates, mustSetUpSecondFactor, methods };
    },
  );
}
