import type { FastifyReply, FastifyRequest } from "fastify";
import { readSecondFactor } from "../../access/second-factor.ts";
import { openSession, type SessionMethod, type User } from "../../access/sessions.ts";
import { type Proof, recordEntered } from "../../access/sign-in-records.ts";
import { beginAttempt } from "../../access/sign-in-attempts.ts";
import { activateUser, maySignIn } from "../../catalog/users.ts";
import { sessionCookie } from "../auth.ts";
import type { IdentityDeps } from "./identity-deps.ts";
import { seenOf } from "./seen-of.ts";

export interface Entered {
  readonly ok: true;
  readonly user: User;
}

/** For `POST /auth/second-factor`. */
export interface HalfWay {
  readonly ok: true;
  readonly secondFactorToken: string;
}

/** Lets somebody in who has proved a first factor: at once, or when the second is proved. @returns null: they may not */
export async function enter(
  deps: IdentityDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  email: string,
  proof: Proof,
): Promise<Entered | HalfWay | null> {
  if (!deps.mayUseLocal(email) || !(await maySignIn(deps.system, email))) return null;
  const { isOn } = await readSecondFactor(deps.db, deps.org, email);
  if (!isOn) return enterWithout(deps, request, reply, email, proof);
  return { ok: true, secondFactorToken: await beginAttempt(deps.db, deps.org, email, deps.now()) };
}

/** Opens a session without asking for more, and gives the cookie. @returns null: they may not sign in */
export async function enterWithout(
  deps: IdentityDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  email: string,
  proof: Proof,
): Promise<Entered | null> {
  const method: SessionMethod = proof === "provider" ? "sso" : "local";
  const session = await openSession(
    deps.db,
    deps.org,
    email,
    { ...seenOf(request), method },
    deps.now(),
    deps.sessions,
  );
  if (session === null) return null;
  await recordEntered(deps.system, session.user.email, proof, seenOf(request));
  if (session.isFirst) await activateUser(deps.system, session.user.email);
  void reply.setCookie(sessionCookie(deps.secureCookie), session.token, {
    path: "/",
    httpOnly: true,
    sameSite: "strict",
    secure: deps.secureCookie,
    maxAge: session.maxAgeSeconds,
  });
  return { ok: true, user: session.user };
}
