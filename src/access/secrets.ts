/** Secrets of the organisation: encrypted at rest, usable by actions, never shown again (data-model.md §8.8). */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";
import { AppError, notFound } from "../model/error.ts";
import { appendAuditEvents } from "../storage/audit-events.ts";
import type { Ctx } from "../storage/context.ts";
import { transact } from "../storage/transact.ts";
import { allKeys, type KeyRing } from "./key-ring.ts";

export interface SecretInfo {
  readonly secretName: string;
  readonly description: string | null;
  readonly createdAt: string;
  readonly createdBy: string;
  readonly updatedAt: string;
  readonly updatedBy: string;
}

export interface SecretInput {
  readonly secretName: string;
  readonly secretValue: string;
  readonly description?: string | null | undefined;
}

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** The key of this purpose, so that no other use of the installation's key can meet it. */
const keyOf = (installationKey: Buffer): Buffer =>
  Buffer.from(hkdfSync("sha256", installationKey, "", "fairway/secrets/v1", 32));

/** Authenticated with the ciphertext: a row cannot be moved to another name or organisation. */
const context = (org: string, name: string): Buffer => Buffer.from(JSON.stringify([org, name]));

export function encryptSecret({ current }: KeyRing, org: string, name: string, value: string): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", keyOf(current), nonce);
  cipher.setAAD(context(org, name));
  const body = Buffer.concat([cipher.update(value, "utf8"), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), body]);
}

/** @throws when it is of none of the keys, or the row was changed */
export function decryptSecret(keys: KeyRing, org: string, name: string, stored: Uint8Array): string {
  const key = keys.earlier.length === 0 ? null : openingKey(keys, org, name, stored);
  return decrypt(key ?? keys.current, org, name, stored);
}

/** The key that opens it; null: none does. */
export function openingKey(keys: KeyRing, org: string, name: string, stored: Uint8Array): Buffer | null {
  const opens = (key: Buffer): boolean => {
    try {
      decrypt(key, org, name, stored);
      return true;
    } catch {
      return false;
    }
  };
  return allKeys(keys).find(opens) ?? null;
}

function decrypt(installationKey: Buffer, org: string, name: string, stored: Uint8Array): string {
  const bytes = Buffer.from(stored);
  const decipher = createDecipheriv("aes-256-gcm", keyOf(installationKey), bytes.subarray(0, NONCE_BYTES));
  decipher.setAAD(context(org, name));
  decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
  return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]).toString(
    "utf8",
  );
}

const COLUMNS = ["name", "description", "created_at", "created_by", "updated_at", "updated_by"] as const;

interface Row {
  name: string;
  description: string | null;
  created_at: Date;
  created_by: string;
  updated_at: Date;
  updated_by: string;
}

const info = (row: Row): SecretInfo => ({
  secretName: row.name,
  description: row.description,
  createdAt: row.created_at.toISOString(),
  createdBy: row.created_by,
  updatedAt: row.updated_at.toISOString(),
  updatedBy: row.updated_by,
});

export async function listSecrets(ctx: Ctx): Promise<SecretInfo[]> {
  const rows = await ctx.db
    .selectFrom("secret")
    .select(COLUMNS)
    .where("org", "=", ctx.org)
    .orderBy("name")
    .execute();
  return rows.map(info);
}

/** Values by name, for runs of actions that are being carried out; nobody else may ask. */
export async function openSecrets(ctx: Ctx, keys: KeyRing): Promise<Record<string, string>> {
  const rows = await ctx.db
    .selectFrom("secret")
    .select(["name", "ciphertext"])
    .where("org", "=", ctx.org)
    .execute();
  return Object.fromEntries(
    rows.map(({ name, ciphertext }) => [name, decryptSecret(keys, ctx.org, name, ciphertext)]),
  );
}

/** @throws AppError not_found */
export async function getSecret(ctx: Ctx, name: string): Promise<SecretInfo> {
  const row = await ctx.db
    .selectFrom("secret")
    .select(COLUMNS)
    .where("org", "=", ctx.org)
    .where("name", "=", name)
    .executeTakeFirst();
  if (row === undefined) throw notFound("secret", name);
  return info(row);
}

/** @throws AppError conflict when the name is taken */
export async function createSecret(ctx: Ctx, keys: KeyRing, input: SecretInput): Promise<SecretInfo> {
  const { secretName: name, secretValue, description = null } = input;
  const at = ctx.now();
  const by = ctx.actor.id;
  return transact(ctx, async (inner) => {
    const row = await inner.db
      .insertInto("secret")
      .values({
        ...{ org: ctx.org, name, description, ciphertext: encryptSecret(keys, ctx.org, name, secretValue) },
        ...{ created_at: at, created_by: by, updated_at: at, updated_by: by },
      })
      .onConflict((conflict) => conflict.columns(["org", "name"]).doNothing())
      .returning(COLUMNS)
      .executeTakeFirst();
    if (row === undefined) throw new AppError("conflict", `a secret with the name "${name}" exists already`);
    const after = info(row);
    await appendAuditEvents(inner, [{ kind: "secret", action: "CREATE", identifier: name, after }]);
    return after;
  });
}

/** Changes what is given; an empty description clears it. @throws AppError not_found */
export async function changeSecret(
  ctx: Ctx,
  keys: KeyRing,
  name: string,
  change: { secretValue?: string | undefined; description?: string | null | undefined },
): Promise<SecretInfo> {
  const { secretValue, description } = change;
  return transact(ctx, async (inner) => {
    const before = await lockSecret(inner, name);
    const row = await inner.db
      .updateTable("secret")
      .set({
        updated_at: ctx.now(),
        updated_by: ctx.actor.id,
        ...(secretValue === undefined ? {} : { ciphertext: encryptSecret(keys, ctx.org, name, secretValue) }),
        ...(description === undefined ? {} : { description: description === "" ? null : description }),
      })
      .where("org", "=", ctx.org)
      .where("name", "=", name)
      .returning(COLUMNS)
      .executeTakeFirstOrThrow();
    const after = info(row);
    const told = { ...after, isValueChanged: secretValue !== undefined };
    await appendAuditEvents(inner, [
      { kind: "secret", action: "UPDATE", identifier: name, before, after: told },
    ]);
    return after;
  });
}

/** @throws AppError not_found */
export function deleteSecret(ctx: Ctx, name: string): Promise<void> {
  return transact(ctx, async (inner) => {
    const before = await lockSecret(inner, name);
    await inner.db.deleteFrom("secret").where("org", "=", inner.org).where("name", "=", name).execute();
    await appendAuditEvents(inner, [{ kind: "secret", action: "DELETE", identifier: name, before }]);
  });
}

/** @throws AppError not_found */
async function lockSecret(ctx: Ctx, name: string): Promise<SecretInfo> {
  const row = await ctx.db
    .selectFrom("secret")
    .select(COLUMNS)
    .where("org", "=", ctx.org)
    .where("name", "=", name)
    .forUpdate()
    .executeTakeFirst();
  if (row === undefined) throw notFound("secret", name);
  return info(row);
}
