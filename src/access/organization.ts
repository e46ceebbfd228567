/** The organisation of this installation and its API credentials. */
import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import type { Db } from "../storage/db.ts";
import { lockStart } from "../storage/lock-start.ts";
import { allKeys, type KeyRing } from "./key-ring.ts";
import { requireKey } from "./require-key.ts";
import { decryptSecret } from "./secrets.ts";

export interface Credentials {
  readonly clientId: string;
  readonly clientSecret: string;
}

/**
 * Creates the organisation on the first start, and makes `credentials` its configured API credentials; those that
 * people made stay.
 * @param isKeyNew the key of before is lost: stored secrets stay shut
 * @returns its id
 * @throws Error when the key is not the one of this database; nothing is written then
 */
export async function ensureOrganization(
  db: Db,
  credentials: Credentials,
  keys: KeyRing,
  isKeyNew = false,
): Promise<string> {
  return db.transaction().execute(async (trx) => {
    await lockStart(trx);
    const existing = await trx
      .selectFrom("organization")
      .select("id")
      .orderBy("created_at")
      .orderBy("id")
      .executeTakeFirst();
    // First: hashed with another key, the credentials would end for the servers that run with the right one.
    if (existing !== undefined && !isKeyNew)
      await requireKey(trx, existing.id, (org, name, sealed) => decryptSecret(keys, org, name, sealed));
    const id = existing?.id ?? `org_${randomBytes(8).toString("hex")}`;
    if (existing === undefined)
      await trx.insertInto("organization").values({ id, name: "My organisation" }).execute();
    await trx
      .deleteFrom("credential")
      .where("org", "=", id)
      .where("client_id", "!=", credentials.clientId)
      .where("configured", "=", true)
      .execute();
    const secretHash = hashSecret(credentials.clientSecret, keys.current);
    await trx
      .insertInto("credential")
      .values({
        ...{ org: id, client_id: credentials.clientId, secret_hash: secretHash, name: "default" },
        configured: true,
      })
      .onConflict((c) =>
        c.columns(["org", "client_id"]).doUpdateSet({ secret_hash: secretHash, configured: true }),
      )
      .execute();
    return id;
  });
}

export function hashSecret(secret: string, key: Buffer): string {
  return createHmac("sha256", key).update(secret).digest("hex");
}

/** The key with which the secret gives this hash; null: none, so it is another secret. */
export const hashingKey = (secret: string, stored: string, keys: KeyRing): Buffer | null =>
  allKeys(keys).find((key) => sameText(stored, hashSecret(secret, key))) ?? null;

/** Compares in constant time. */
export function sameText(a: string, b: string): boolean {
  const x = Buffer.from(a);
  const y = Buffer.from(b);
  return x.length === y.length && timingSafeEqual(x, y);
}
