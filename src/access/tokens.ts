/** Bearer tokens: JWTs signed with the installation's key, one live token per credential (data-model.md §1). */
import { randomUUID } from "node:crypto";
import { type JWTPayload, jwtVerify, SignJWT } from "jose";
import type { Person } from "../model/actor.ts";
import { personOf } from "../model/user.ts";
import { findCredential, renewSecretHash } from "../storage/credentials.ts";
import type { Db } from "../storage/db.ts";
import type { KeyRing } from "./key-ring.ts";
import { hashingKey, hashSecret } from "./organization.ts";

/** Three hours, as Port's clients expect. */
const LIFETIME_SECONDS = 10_800;
/** A cached token with less than this left is replaced, so that a client never gets one about to end. */
const RENEW_BELOW_SECONDS = 600;
/** Tokens whose signature is remembered. */
const MAX_VERIFIED = 1000;

export interface AccessToken {
  readonly accessToken: string;
  /** Seconds. */
  readonly expiresIn: number;
}

export interface TokenHolder {
  readonly org: string;
  readonly clientId: string;
  /** Whose credentials they are; null: an app's. */
  readonly person: Person | null;
}

export interface Tokens {
  /** A token for right credentials, null for wrong ones. */
  issue(clientId: string, clientSecret: string): Promise<AccessToken | null>;
  /** Whose token this is; null when it is forged, expired, or its credentials were changed. */
  verify(token: string): Promise<TokenHolder | null>;
}

/**
 * What a token says, when it was signed with the key and has not ended; else null. Only what the token itself has wrong
 * makes it invalid: a database that is away must not look like that.
 */
export const signedPayload = (token: string, key: Buffer, now: Date): Promise<JWTPayload | null> =>
  jwtVerify(token, key, { algorithms: ["HS256"], currentDate: now }).then(
    (result) => result.payload,
    () => null,
  );

/**
 * With an earlier key client secrets are still known, but no token is: whoever has that key could sign some.
 */
export function createTokens(db: Db, keys: KeyRing, now: () => Date): Tokens {
  const key = keys.current;
  const live = new Map<string, { token: string; expiresAt: number; version: string }>();
  const find = async (
    clientId: string,
  ): Promise<{ org: string; secretHash: string; person: Person | null } | null> => {
    const found = await findCredential(db, clientId);
    if (found === null) return null;
    const { org, secretHash, user } = found;
    if (user === "none") return { org, secretHash, person: null };
    const person = user === null ? null : personOf(user);
    return person === null ? null : { org, secretHash, person };
  };
  // What a signature says does not change; verifying one takes longer than a request to the cache of a database.
  const verified = new Map<string, JWTPayload>();
  const payloadOf = async (token: string): Promise<JWTPayload | null> => {
    const known = verified.get(token);
    if (known !== undefined) return (known.exp ?? 0) > now().getTime() / 1000 ? known : null;
    const payload = await signedPayload(token, key, now());
    if (payload === null) return null;
    if (verified.size >= MAX_VERIFIED) verified.clear();
    verified.set(token, payload);
    return payload;
  };
  return {
    async issue(clientId, clientSecret) {
      const found = await find(clientId);
      const hashed = hashSecret(clientSecret, key);
      const knownBy = found === null ? null : hashingKey(clientSecret, found.secretHash, keys);
      if (found === null || knownBy === null) return null;
      if (knownBy !== key) await renewSecretHash(db, found.org, clientId, found.secretHash, hashed);
      const seconds = Math.floor(now().getTime() / 1000);
      const version = hashed.slice(0, 16);
      const cached = live.get(clientId);
      if (
        cached !== undefined &&
        cached.version === version &&
        cached.expiresAt - seconds > RENEW_BELOW_SECONDS
      )
        return { accessToken: cached.token, expiresIn: cached.expiresAt - seconds };
      const expiresAt = seconds + LIFETIME_SECONDS;
      const token = await new SignJWT({
        orgId: found.org,
        isMachine: true,
        personalToken: found.person !== null,
        version,
      })
        .setProtectedHeader({ alg: "HS256", typ: "JWT" })
        .setSubject(clientId)
        .setJti(randomUUID())
        .setIssuedAt(seconds)
        .setExpirationTime(expiresAt)
        .sign(key);
      live.set(clientId, { token, expiresAt, version });
      return { accessToken: token, expiresIn: LIFETIME_SECONDS };
    },
    async verify(token) {
      const { sub, orgId, version } = (await payloadOf(token)) ?? {};
      if (typeof sub !== "string" || typeof orgId !== "string") return null;
      const found = await find(sub);
      if (found?.org !== orgId || found.secretHash.slice(0, 16) !== version) return null;
      return { org: orgId, clientId: sub, person: found.person };
    },
  };
}
