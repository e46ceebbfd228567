/** API credentials of machines, which Port calls apps: the id is the client id (data-model.md §8.9). */
import { randomBytes } from "node:crypto";
import { AppError, notFound } from "../model/error.ts";
import type { Ctx } from "../storage/context.ts";
import { hashSecret } from "./organization.ts";

export interface App {
  readonly id: string;
  readonly name: string;
  readonly enabled: boolean;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** With the secret, which is told once. */
export interface NewApp extends App {
  readonly secret: string;
}

const COLUMNS = ["client_id", "name", "enabled", "created_at", "updated_at", "configured"] as const;

interface Row {
  client_id: string;
  name: string;
  enabled: boolean;
  created_at: Date;
  updated_at: Date;
}

const view = (row: Row): App => ({
  id: row.client_id,
  name: row.name,
  enabled: row.enabled,
  createdAt: row.created_at.toISOString(),
  updatedAt: row.updated_at.toISOString(),
});

const random = (bytes: number): string => randomBytes(bytes).toString("base64url");

export async function listApps(ctx: Ctx): Promise<App[]> {
  const rows = await ctx.db
    .selectFrom("credential")
    .select(COLUMNS)
    .where("org", "=", ctx.org)
    .where("person", "is", null)
    .orderBy("created_at")
    .orderBy("client_id")
    .execute();
  return rows.map(view);
}

export async function createApp(ctx: Ctx, key: Buffer, name: string): Promise<NewApp> {
  const secret = random(32);
  const at = ctx.now();
  const row = await ctx.db
    .insertInto("credential")
    .values({
      ...{ org: ctx.org, client_id: `app_${random(12)}`, secret_hash: hashSecret(secret, key), name },
      ...{ created_at: at, updated_at: at },
    })
    .returning(COLUMNS)
    .executeTakeFirstOrThrow();
  return { ...view(row), secret };
}

/** @throws AppError not_found */
export async function renameApp(ctx: Ctx, id: string, name: string): Promise<App> {
  const row = await ctx.db
    .updateTable("credential")
    .set({ name, updated_at: ctx.now() })
    .where("org", "=", ctx.org)
    .where("person", "is", null)
    .where("client_id", "=", id)
    .returning(COLUMNS)
    .executeTakeFirst();
  if (row === undefined) throw notFound("app", id);
  return view(row);
}

/** Old tokens of the app end at once: they carry a part of the old hash. @throws AppError not_found, conflict */
export async function rotateAppSecret(ctx: Ctx, key: Buffer, id: string): Promise<NewApp> {
  await refuseConfigured(ctx, id);
  const secret = random(32);
  const row = await ctx.db
    .updateTable("credential")
    .set({ secret_hash: hashSecret(secret, key), updated_at: ctx.now() })
    .where("org", "=", ctx.org)
    .where("person", "is", null)
    .where("client_id", "=", id)
    .returning(COLUMNS)
    .executeTakeFirst();
  if (row === undefined) throw notFound("app", id);
  return { ...view(row), secret };
}

/** @throws AppError not_found, conflict */
export async function deleteApp(ctx: Ctx, id: string): Promise<void> {
  await refuseConfigured(ctx, id);
  await ctx.db
    .deleteFrom("credential")
    .where("org", "=", ctx.org)
    .where("person", "is", null)
    .where("client_id", "=", id)
    .execute();
}

/** The credentials of the configuration would come back with the next start. */
async function refuseConfigured(ctx: Ctx, id: string): Promise<void> {
  const row = await ctx.db
    .selectFrom("credential")
    .select("configured")
    .where("org", "=", ctx.org)
    .where("person", "is", null)
    .where("client_id", "=", id)
    .executeTakeFirst();
  if (row === undefined) throw notFound("app", id);
  if (row.configured)
    throw new AppError(
      "conflict",
      `the credentials "${id}" come from the configuration of the server (FAIRWAY_CLIENT_ID, FAIRWAY_CLIENT_SECRET); change them there`,
    );
}
