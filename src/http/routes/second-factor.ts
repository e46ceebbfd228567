import type { FastifyReply, FastifyRequest } from "fastify";
import { readPassword } from "../../access/passwords.ts";
import * as factor from "../../access/second-factor.ts";
import { endAttempt, findAttempt } from "../../access/sign-in-attempts.ts";
import { checkPassword } from "../../access/sign-in.ts";
import { changeSignInPolicy, readSignInPolicy } from "../../access/sign-in-policy.ts";
import { UserResponse } from "../../api/auth.ts";
import { errors, Ok } from "../../api/common.ts";
import { UserParams } from "../../api/people.ts";
import * as api from "../../api/second-factor.ts";
import { getUser } from "../../catalog/users.ts";
import { AppError } from "../../model/error.ts";
import { plainAddress } from "../../model/plain-address.ts";
import type { FairwayInstance } from "../app-types.ts";
import { refuseForeignOrigin, signedInHere } from "../auth.ts";
import { enterWithout } from "../identity/enter.ts";
import type { IdentityDeps } from "../identity/identity-deps.ts";
import { tellOwner } from "../identity/mails.ts";
import type { SignInLimits } from "../identity/sign-in-limits.ts";

const tags = ["Second factor"];
const own = { access: "member", contract: "fairway", isForEnrolling: true } as const;
const admin = { access: "admin", contract: "fairway" } as const;
const WRONG = "the code is wrong, was used before, or is too old";

export function secondFactorRoutes(app: FairwayInstance, deps: IdentityDeps, limits: SignInLimits): void {
  const { db, org, now, key } = deps;

  /** @throws AppError rate_limited; unauthorized, which counts as a failure of this address */
  const proved = <T>(
    request: FastifyRequest,
    reply: FastifyReply,
    email: string,
    check: () => Promise<T | "wrong" | { readonly lockedUntil: Date }>,
  ): Promise<T> =>
    limits.guarded(
      request,
      reply,
      null,
      async () => {
        const outcome = await check();
        if (outcome === "wrong") return null;
        if (isLocked(outcome)) throw locked(reply, outcome.lockedUntil, now());
        return outcome;
      },
      WRONG,
      email,
    );

  app.post(
    "/auth/second-factor",
    {
      config: { access: "public", contract: "fairway" },
      schema: {
        tags,
        summary: "The second step of signing in: a code of the app, or a recovery code",
        security: [],
        body: api.SecondFactorRequest,
        response: { 200: UserResponse, ...errors(401, 429) },
      },
    },
    async (request, reply) => {
      refuseForeignOrigin(request);
      const { token, code } = request.body;
      const email = await findAttempt(db, org, token, now());
      if (email === null) throw new AppError("unauthorized", "signing in took too long; begin again");
      await proved(request, reply, email, () => factor.checkCode(deps.system, key, email, code));
      const entered = (await endAttempt(db, org, token))
        ? await enterWithout(deps, request, reply, email, "second factor")
        : null;
      if (entered === null) throw new AppError("unauthorized", "signing in took too long; begin again");
      return entered;
    },
  );

  app.post(
    "/auth/second-factor/setup",
    {
      config: own,
      schema: {
        tags,
        summary: "A secret for an authenticator app; it counts when a code confirms it",
        body: api.SetupRequest,
        response: { 200: api.SetupResponse, ...errors(401, 403, 409, 429) },
      },
    },
    async (request, reply) => {
      const { email } = signedInHere(request);
      // Whoever finds an open browser must not lock its owner out.
      if ((await readPassword(db, org, email)).state !== "none")
        await limits.guarded(
          request,
          reply,
          { kind: "account", name: plainAddress(email) },
          async () => ((await checkPassword(db, org, email, request.body.password ?? "")) ? true : null),
          "the password is wrong",
        );
      return { ok: true as const, ...(await factor.beginSecondFactor(deps.ctx(request), key, email)) };
    },
  );

  app.post(
    "/auth/second-factor/confirm",
    {
      config: own,
      schema: {
        tags,
        summary: "Turns the second factor on; other sessions end",
        body: api.CodeRequest,
        response: { 200: api.RecoveryCodesResponse, ...errors(401, 403, 429) },
      },
    },
    async (request, reply) => {
      const { email, sessionId } = signedInHere(request);
      const { code } = request.body;
      const codes = await proved(request, reply, email, async () =>
        listOf(await factor.confirmSecondFactor(deps.ctx(request), key, email, code, sessionId)),
      );
      tellOwner(deps, request, email, "A second factor was turned on");
      return { ok: true as const, recoveryCodes: codes };
    },
  );

  app.post(
    "/auth/second-factor/recovery-codes",
    {
      config: own,
      schema: {
        tags,
        summary: "New recovery codes in place of the old ones",
        body: api.CodeRequest,
        response: { 200: api.RecoveryCodesResponse, ...errors(401, 403, 429) },
      },
    },
    async (request, reply) => {
      const { email } = signedInHere(request);
      const codes = await proved(request, reply, email, async () =>
        listOf(await factor.renewRecovery(deps.ctx(request), key, email, request.body.code)),
      );
      tellOwner(deps, request, email, "Your recovery codes were replaced");
      return { ok: true as const, recoveryCodes: codes };
    },
  );

  app.post(
    "/auth/second-factor/off",
    {
      config: own,
      schema: {
        tags,
        summary: "Turns the second factor off",
        body: api.CodeRequest,
        response: { 200: Ok, ...errors(401, 403, 429) },
      },
    },
    async (request, reply) => {
      const { email } = signedInHere(request);
      await proved(request, reply, email, () =>
        factor.endSecondFactor(deps.ctx(request), key, email, request.body.code),
      );
      tellOwner(deps, request, email, "Your second factor was turned off");
      return { ok: true as const };
    },
  );

  adminRoutes(app, deps);
}

function adminRoutes(app: FairwayInstance, deps: IdentityDeps): void {
  const ofUser = "/v1/users/:email/second-factor";
  app.get(
    ofUser,
    {
      config: admin,
      schema: {
        tags,
        summary: "Whether a user has a second factor",
        params: UserParams,
        response: { 200: api.SecondFactorResponse, ...errors(401, 403, 404) },
      },
    },
    async (request) => {
      const ctx = deps.ctx(request);
      const { identifier } = await getUser(ctx, request.params.email);
      return { ok: true as const, secondFactor: await factor.readSecondFactor(ctx.db, ctx.org, identifier) };
    },
  );
  app.delete(
    ofUser,
    {
      config: admin,
      schema: {
        tags,
        summary: "Takes the second factor of a user away, who has lost it",
        params: UserParams,
        response: { 200: Ok, ...errors(401, 403, 404) },
      },
    },
    async (request) => {
      const ctx = deps.ctx(request);
      const { identifier } = await getUser(ctx, request.params.email);
      await factor.resetSecondFactor(ctx, identifier);
      tellOwner(deps, request, identifier, "Your second factor was taken away by an administrator");
      return { ok: true as const };
    },
  );
  app.get(
    "/v1/organization/sign-in",
    {
      config: admin,
      schema: {
        tags,
        summary: "What the organisation asks of those who sign in",
        response: { 200: api.PolicyResponse, ...errors(401, 403) },
      },
    },
    async (request) => ({ ok: true as const, signIn: await readSignInPolicy(deps.ctx(request)) }),
  );
  app.put(
    "/v1/organization/sign-in",
    {
      config: admin,
      schema: {
        tags,
        summary: "Ask everybody for a second factor, or leave it to them",
        body: api.PolicyRequest,
        response: { 200: api.PolicyResponse, ...errors(401, 403, 422) },
      },
    },
    async (request) => ({
      ok: true as const,
      signIn: await changeSignInPolicy(deps.ctx(request), request.body),
    }),
  );
}

const isLocked = (outcome: unknown): outcome is { readonly lockedUntil: Date } =>
  typeof outcome === "object" && outcome !== null && "lockedUntil" in outcome;

type Codes = Awaited<ReturnType<typeof factor.renewRecovery>>;

/** `right` alone does not come with codes. */
function listOf(outcome: Codes): string[] | "wrong" | { readonly lockedUntil: Date } {
  if (outcome === "right" || outcome === "wrong") return "wrong";
  return isLocked(outcome) ? outcome : [...outcome];
}

function locked(reply: FastifyReply, until: Date, now: Date): AppError {
  const seconds = Math.max(1, Math.ceil((until.getTime() - now.getTime()) / 1000));
  void reply.header("retry-after", String(seconds));
  return new AppError("rate_limited", `too many wrong codes; try again in ${seconds} seconds`);
}
