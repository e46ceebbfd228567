import type { FastifyRequest } from "fastify";
import { checkNewPassword, readPassword, setPassword } from "../../access/passwords.ts";
import { readSecondFactor } from "../../access/second-factor.ts";
import { readSignInPolicy } from "../../access/sign-in-policy.ts";
import { checkPassword, createLink, peekLink, redeemLink } from "../../access/sign-in.ts";
import * as api from "../../api/auth.ts";
import { errors, Ok } from "../../api/common.ts";
import { findUser } from "../../catalog/find-user.ts";
import { maySignIn } from "../../catalog/users.ts";
import { AppError } from "../../model/error.ts";
import { plainAddress } from "../../model/plain-address.ts";
import type { FairwayInstance } from "../app-types.ts";
import { refuseForeignOrigin, signedInHere } from "../auth.ts";
import { enter } from "../identity/enter.ts";
import type { IdentityDeps } from "../identity/identity-deps.ts";
import { passwordMail, tellOwner, trySend } from "../identity/mails.ts";
import { checkMayHavePassword, mayHavePassword } from "../identity/may-have-password.ts";
import type { SignInLimits } from "../identity/sign-in-limits.ts";

const tags = ["Authentication"];
const open = { access: "public", contract: "fairway" } as const;
const own = { access: "member", contract: "fairway" } as const;
const enrolling = { ...own, isForEnrolling: true } as const;
const OLD_LINK = "this link was used before or has expired; ask for a new one";

/** Choosing a password: one's own, or by a link. */
export function passwordRoutes(app: FairwayInstance, deps: IdentityDeps, limits: SignInLimits): void {
  const { db, org, now } = deps;

  app.get(
    "/auth/account",
    {
      config: enrolling,
      schema: {
        tags,
        summary: "How the person who is signed in proves who they are",
        response: { 200: api.AccountResponse, ...errors(401, 403) },
      },
    },
    async (request) => {
      const { email } = signedInHere(request);
      const { state } = await readPassword(db, org, email);
      const isRequired = (await readSignInPolicy({ db, org })).secondFactor === "required";
      const secondFactor = { ...(await readSecondFactor(db, org, email)), isRequired };
      const account = { email, password: state, mayHavePassword: await mayHavePassword(deps, email) };
      return { ok: true as const, account: { ...account, secondFactor } };
    },
  );

  app.put(
    "/auth/password",
    {
      config: own,
      schema: {
        tags,
        summary: "Choose a password; whoever has one sends it too. Other sessions end",
        body: api.PasswordRequest,
        response: { 200: Ok, ...errors(401, 403, 409, 422, 429) },
      },
    },
    async (request, reply) => {
      const { email, sessionId } = signedInHere(request);
      await checkMayHavePassword(deps, email);
      const { current, password, endTokens } = request.body;
      const { state } = await readPassword(db, org, email);
      if (state === "own")
        await limits.guarded(
          request,
          reply,
          { kind: "account", name: plainAddress(email) },
          async () => ((await checkPassword(db, org, email, current ?? "")) ? true : null),
          "the current password is wrong",
        );
      await setPassword(deps.ctx(request), email, password, sessionId, endTokens);
      tellOwner(deps, request, email, "Your password was changed");
      return { ok: true as const };
    },
  );

  /** In the background: how long it takes must not tell who has an account. */
  const mailLink = async (request: FastifyRequest, typed: string): Promise<void> => {
    const email = (await findUser(deps.system, typed))?.identifier;
    if (email === undefined) return;
    const { state } = await readPassword(db, org, email);
    if (state === "configured" || !(await maySignIn(deps.system, email))) return;
    if (!(await mayHavePassword(deps, email))) return;
    const token = await createLink(db, org, email, "password", now());
    const isSent = await trySend(deps, passwordMail(email, passwordUrl(deps, token)));
    request.log.info({ isSent }, "asked for a new password");
  };

  app.post(
    "/auth/forgot-password",
    {
      config: open,
      schema: {
        tags,
        summary: "Sends somebody who may sign in a link to choose a password; does not say who may",
        security: [],
        body: api.ForgotPasswordRequest,
        response: { 200: Ok, ...errors(409, 422, 429) },
      },
    },
    async (request, reply) => {
      refuseForeignOrigin(request);
      if (deps.mail === null)
        throw new AppError("conflict", "this server sends no e-mail; ask an administrator for a link");
      const { email } = request.body;
      if (await limits.mayMail(request, reply, plainAddress(email)))
        void mailLink(request, email).catch((error: unknown) =>
          request.log.error({ err: error }, "a link for a new password was not made"),
        );
      return { ok: true as const };
    },
  );

  app.post(
    "/auth/reset-password",
    {
      config: open,
      schema: {
        tags,
        summary: "Choose a password with a link, which it uses up; all sessions end and a new one begins",
        security: [],
        body: api.ResetPasswordRequest,
        response: { 200: api.SignInResponse, ...errors(401, 409, 422, 429) },
      },
    },
    async (request, reply) => {
      refuseForeignOrigin(request);
      const { token, password, endTokens } = request.body;
      return limits.guarded(
        request,
        reply,
        null,
        async () => {
          // A password that is refused leaves the link as it is.
          const email = await peekLink(db, org, token, "password", now());
          if (email === null) return null;
          await checkMayHavePassword(deps, email);
          checkNewPassword(password, email);
          if ((await redeemLink(db, org, token, "password", now())) === null) return null;
          await setPassword(deps.system, email, password, null, endTokens);
          tellOwner(deps, request, email, "Your password was changed");
          return enter(deps, request, reply, email, "new password");
        },
        OLD_LINK,
      );
    },
  );
}

/** Where a link to choose a password leads. */
export const passwordUrl = (deps: IdentityDeps, token: string): string =>
  `${deps.publicUrl()}/login?password=${token}`;
