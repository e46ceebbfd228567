/** API credentials of machines, which Port calls apps: the id is the client id (data-model.md §8.9). */
import { randomBytes } from "node:crypto";
import { AppError, notFound } from "../model/error.ts";
import { appendAuditEvents } from "../storage/audit-events.ts";
import type { Ctx } from "../storage/context.ts";
import { transact } from "../storage/transact.ts";
import type { KeyRing } from "./key-ring.ts";
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
  configured: boolean;
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

export async function createApp(ctx: Ctx, keys: KeyRing, name: string): Promise<NewApp> {
  const secret = random(32);
  const at = ctx.now();
  return transact(ctx, async (inner) => {
    const row = await inner.db
      .insertInto("credential")
      .values({
        ...{
          org: ctx.org,
          client_id: `app_${random(12)}`,
          secret_hash: hashSecret(secret, keys.current),
          name,
        },
        ...{ created_at: at, updated_at: at },
      })
      .returning(COLUMNS)
      .executeTakeFirstOrThrow();
    const app = view(row);
    await appendAuditEvents(inner, [{ kind: "app", action: "CREATE", identifier: app.id, after: app }]);
    return { ...app, secret };
  });
}

/** @throws AppError not_found */
export function renameApp(ctx: Ctx, id: string, name: string): Promise<App> {
  return changeApp(ctx, id, { name }, {});
}

/** Old tokens of the app end at once: they carry a part of the old hash. @throws AppError not_found, conflict */
export async function rotateAppSecret(ctx: Ctx, keys: KeyRing, id: string): Promise<NewApp> {
  const secret = random(32);
  const app = await changeApp(
    ctx,
    id,
    { secret_hash: hashSecret(secret, keys.current) },
    { isSecretRotated: true },
  );
  return { ...app, secret };
}

/** @throws AppError not_found, conflict */
export function deleteApp(ctx: Ctx, id: string): Promise<void> {
  return transact(ctx, async (inner) => {
    const before = await lockApp(inner, id);
    refuseConfigured(before);
    await inner.db.deleteFrom("credential").where("org", "=", ctx.org).where("client_id", "=", id).execute();
    await appendAuditEvents(inner, [{ kind: "app", action: "DELETE", identifier: id, before: view(before) }]);
  });
}

/** @param told what the audit log says besides. A change of the secret is not for the configured credentials. */
function changeApp(
  ctx: Ctx,
  id: string,
  change: { readonly name: string } | { readonly secret_hash: string },
  told: object,
): Promise<App> {
  return transact(ctx, async (inner) => {
    const before = await lockApp(inner, id);
    if ("secret_hash" in change) refuseConfigured(before);
    const row = await inner.db
      .updateTable("credential")
      .set({ ...change, updated_at: ctx.now() })
      .where("org", "=", ctx.org)
      .where("client_id", "=", id)
      .returning(COLUMNS)
      .executeTakeFirstOrThrow();
    const after = view(row);
    await appendAuditEvents(inner, [
      { kind: "app", action: "UPDATE", identifier: id, before: view(before), after: { ...after, ...told } },
    ]);
    return after;
  });
}

/** @throws AppError not_found */
export async function getApp(ctx: Ctx, id: string): Promise<App> {
  return view(await findApp(ctx, id, false));
}

const lockApp = (ctx: Ctx, id: string): Promise<Row> => findApp(ctx, id, true);

async function findApp(ctx: Ctx, id: string, lock: boolean): Promise<Row> {
  const row = await ctx.db
    .selectFrom("credential")
    .select(COLUMNS)
    .where("org", "=", ctx.org)
    .where("person", "is", null)
    .where("client_id", "=", id)
    .$if(lock, (query) => query.forUpdate())
    .executeTakeFirst();
  if (row === undefined) throw notFound("app", id);
  return row;
}

/** The credentials of the configuration would come back with the next start. */
function refuseConfigured({ client_id: id, configured }: Row): void {
  if (configured)
    throw new AppError(
      "conflict",
      `the credentials "${id}" come from the configuration of the server (FAIRWAY_CLIENT_ID, FAIRWAY_CLIENT_SECRET); change them there`,
    );
}
