import { RateLimiterMemory, type RateLimiterRes } from "rate-limiter-flexible";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Session, User } from "../../access/sessions.ts";
import type { AccessToken } from "../../access/tokens.ts";
import {
  AccessTokenRequest,
  AccessTokenResponse,
  LinkRequest,
  LoginRequest,
  MeResponse,
  UserResponse,
} from "../../api/auth.ts";
import { AppError } from "../../model/error.ts";
import type { FairwayInstance } from "../app-types.ts";
import { refuseForeignOrigin, SESSION_COOKIE } from "../auth.ts";

export interface AuthDeps {
  readonly issueToken: (clientId: string, clientSecret: string) => Promise<AccessToken | null>;
  readonly signIn: (email: string, password: string) => Promise<Session | null>;
  readonly redeemLink: (token: string) => Promise<Session | null>;
  readonly signOut: (token: string) => Promise<void>;
  readonly session: (token: string) => Promise<{ user: User } | null>;
  readonly hasPassword: () => Promise<boolean>;
  /** The cookie is marked Secure when people come by https. */
  readonly secureCookie: boolean;
}

/** Failures are counted: per address, and per account or client id over all addresses. */
const PER_ADDRESS = { points: 10, duration: 60 };
const PER_SUBJECT = { points: 30, duration: 300 };

export function authRoutes(app: FairwayInstance, deps: AuthDeps): void {
  const byAddress = new RateLimiterMemory(PER_ADDRESS);
  const bySubject = new RateLimiterMemory(PER_SUBJECT);

  /**
   * Runs the attempt unless there were too many failures; a null result is one. An attempt counts as failed until it
   * has succeeded, so that attempts at the same time cannot all slip through.
   * @param subject what is guessed at; null where guessing is hopeless and a count over all addresses would only
   * let strangers lock everybody out
   */
  async function guarded<T>(
    request: FastifyRequest,
    reply: FastifyReply,
    subject: string | null,
    attempt: () => Promise<T | null>,
    message: string,
  ): Promise<T> {
    const counts: (readonly [RateLimiterMemory, string])[] = [[byAddress, request.ip]];
    if (subject !== null) counts.push([bySubject, subject]);
    const taken: typeof counts = [];
    const giveBack = async (): Promise<void> => {
      for (const [limiter, key] of taken) await limiter.reward(key);
    };
    for (const [limiter, key] of counts) {
      const refused = await limiter.consume(key).then(
        () => null,
        (state: RateLimiterRes) => state,
      );
      taken.push([limiter, key]);
      if (refused === null) continue;
      await giveBack();
      const seconds = Math.max(1, Math.ceil(refused.msBeforeNext / 1000));
      void reply.header("retry-after", String(seconds));
      throw new AppError("rate_limited", `too many failed attempts; try again in ${seconds} seconds`);
    }
    let result: T | null;
    try {
      result = await attempt();
    } catch (error) {
      await giveBack();
      throw error;
    }
    if (result === null) throw new AppError("unauthorized", message);
    await giveBack();
    return result;
  }

  function openSession(reply: FastifyReply, session: Session): { ok: true; user: User } {
    void reply.setCookie(SESSION_COOKIE, session.token, {
      path: "/",
      httpOnly: true,
      sameSite: "strict",
      secure: deps.secureCookie,
      maxAge: session.maxAgeSeconds,
    });
    return { ok: true, user: session.user };
  }

  app.post(
    "/v1/auth/access_token",
    {
      config: { access: "public", contract: "port" },
      schema: {
        tags: ["Authentication"],
        summary: "Exchange client id and secret for a bearer token",
        security: [],
        body: AccessTokenRequest,
        response: { 200: AccessTokenResponse },
      },
    },
    async (request, reply) => {
      const { clientId, clientSecret } = request.body;
      const token = await guarded(
        request,
        reply,
        `client:${clientId}`,
        () => deps.issueToken(clientId, clientSecret),
        "the client id or the client secret is wrong",
      );
      return { ok: true as const, ...token, tokenType: "Bearer" as const };
    },
  );

  app.post(
    "/auth/login",
    {
      config: { access: "public", contract: "port" },
      schema: {
        tags: ["Authentication"],
        summary: "Sign in with e-mail and password",
        security: [],
        body: LoginRequest,
        response: { 200: UserResponse },
      },
    },
    async (request, reply) => {
      refuseForeignOrigin(request);
      const { email, password } = request.body;
      const session = await guarded(
        request,
        reply,
        `account:${email}`,
        () => deps.signIn(email, password),
        "the e-mail or the password is wrong",
      );
      return openSession(reply, session);
    },
  );

  app.post(
    "/auth/link",
    {
      config: { access: "public", contract: "port" },
      schema: {
        tags: ["Authentication"],
        summary: "Sign in with the one-time link that the server printed",
        security: [],
        body: LinkRequest,
        response: { 200: UserResponse },
      },
    },
    async (request, reply) => {
      refuseForeignOrigin(request);
      const session = await guarded(
        request,
        reply,
        null,
        () => deps.redeemLink(request.body.token),
        "this sign-in link was used before or has expired; a restart of the server prints a new one",
      );
      return openSession(reply, session);
    },
  );

  app.post(
    "/auth/logout",
    {
      config: { access: "public", contract: "port" },
      schema: { tags: ["Authentication"], summary: "End the web session", security: [] },
    },
    async (request, reply) => {
      refuseForeignOrigin(request);
      const token = request.cookies[SESSION_COOKIE];
      if (token !== undefined) await deps.signOut(token);
      void reply.clearCookie(SESSION_COOKIE, { path: "/" });
      return { ok: true };
    },
  );

  app.get(
    "/auth/me",
    {
      config: { access: "public", contract: "port" },
      schema: {
        tags: ["Authentication"],
        summary: "Who is signed in, and how one can sign in",
        security: [],
        response: { 200: MeResponse },
      },
    },
    async (request) => {
      const methods = { password: await deps.hasPassword() };
      const token = request.cookies[SESSION_COOKIE];
      const session = token === undefined ? null : await deps.session(token);
      if (session === null) throw new AppError("unauthorized", "not signed in", { methods });
      return { ok: true as const, user: session.user, methods };
    },
  );
}
