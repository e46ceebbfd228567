/** Webhook data sources as clients manage them (workflows.md §1.1.1). What they receive: receive.ts. */
import { randomBytes } from "node:crypto";
import { checkDefinesPeople, mayWritePeople, writtenByWebhook } from "../catalog/people-definitions.ts";
import type { Actor } from "../model/actor.ts";
import { AppError, notFound } from "../model/error.ts";
import { isObject, type JsonObject, sameJson } from "../model/json.ts";
import { covers } from "../model/scope.ts";
import { SEAL_NAMES } from "../model/seal-names.ts";
import { appendAuditEvents } from "../storage/audit-events.ts";
import type { Ctx } from "../storage/context.ts";
import { countEvents, deleteEventsOf } from "../storage/events.ts";
import { putSourceNames } from "../storage/source-names.ts";
import { sqlState, transact } from "../storage/transact.ts";
import { forgetWebhookVersions } from "../storage/webhook-versions.ts";
import {
  deleteWebhookRow,
  insertWebhook,
  listWebhooks,
  readWebhook,
  updateWebhook,
  type WebhookRow,
} from "../storage/webhooks.ts";
import type { NamedSource } from "./source-names.ts";
import { checkWebhook, type WebhookDefinition } from "./webhook-definition.ts";
import { webhookDatasource } from "./webhook-mapper.ts";

/** Keeps secrets of data sources encrypted at rest. */
export interface Vault {
  seal(name: string, value: string): Uint8Array;
  /** @throws when the key is another one */
  open(name: string, stored: Uint8Array): string;
}

export interface WebhookContext {
  readonly vault: Vault;
  /** Where the server is reached, without a trailing slash. */
  readonly baseUrl: () => string;
}

/** Kept beside the identifier: a name that a renamed webhook had may be another one's by now. */
const newSource = (identifier: string): string => `webhook:${identifier}:${randomBytes(6).toString("hex")}`;
export const vaultName = SEAL_NAMES.webhook;

export async function getWebhooks(ctx: Ctx, context: WebhookContext): Promise<JsonObject[]> {
  return (await listWebhooks(ctx.db, ctx.org)).map((row) => render(ctx.actor, row, context));
}

/** What members may see of webhooks. */
export async function getWebhooksMetadata(ctx: Ctx): Promise<JsonObject[]> {
  return (await listWebhooks(ctx.db, ctx.org)).map(({ identifier, document, updated_at: at }) => ({
    identifier,
    title: document["title"],
    icon: document["icon"] ?? null,
    updatedAt: at.toISOString(),
  }));
}

/** @throws AppError `not_found` */
export async function getWebhook(ctx: Ctx, context: WebhookContext, identifier: string): Promise<JsonObject> {
  return render(ctx.actor, await existing(ctx, identifier), context);
}

/** With how many events there are of each status. @throws AppError `not_found` */
export async function getWebhookStatus(
  ctx: Ctx,
  identifier: string,
): Promise<Readonly<Record<string, number>>> {
  const { source } = await existing(ctx, identifier);
  return countEvents(ctx.db, ctx.org, source);
}

/** For its table of names. @throws AppError `not_found` */
export async function namedWebhook(ctx: Ctx, identifier: string): Promise<NamedSource> {
  const { source, document } = await existing(ctx, identifier);
  const mappings = Array.isArray(document["mappings"]) ? document["mappings"] : [];
  const blueprints = mappings.flatMap((one: unknown) =>
    isObject(one) && typeof one["blueprint"] === "string" ? [one["blueprint"]] : [],
  );
  return {
    ...{ source, datasource: webhookDatasource(identifier), blueprints: [...new Set(blueprints)] },
    lock: (tx) => existing(tx, identifier, true),
    audit: { kind: "webhook", identifier },
  };
}

/** @throws AppError `not_found` */
export async function existing(ctx: Ctx, identifier: string, lock = false): Promise<WebhookRow> {
  const row = isStorable(identifier) ? await readWebhook(ctx.db, ctx.org, identifier, lock) : null;
  if (row === null) throw notFound("Webhook", identifier);
  return row;
}

const isStorable = (text: string): boolean => text.length <= 100 && !text.includes("\u0000");

const UNIQUE_VIOLATION = "23505";
const taken = (identifier: string): AppError =>
  new AppError("conflict", `a webhook with the identifier "${identifier}" exists already`);

/** @throws AppError `invalid_request`, `conflict` */
export async function createWebhook(ctx: Ctx, context: WebhookContext, body: unknown): Promise<JsonObject> {
  const definition = checkWebhook(body);
  refuseHiddenPeople(ctx, definition.document);
  const identifier = definition.identifier ?? `webhook_${randomBytes(6).toString("hex")}`;
  const at = ctx.now();
  const row: WebhookRow = {
    ...{ org: ctx.org, identifier, source: newSource(identifier), document: definition.document },
    key: randomBytes(18).toString("base64url"),
    secret: sealed(context, identifier, definition.secret ?? null),
    ...{ created_at: at, created_by: ctx.actor.id, updated_at: at, updated_by: ctx.actor.id },
  };
  await transact(ctx, async (tx) => {
    if (!(await insertWebhook(tx.db, row))) throw taken(identifier);
    await appendAuditEvents(tx, [{ kind: "webhook", action: "CREATE", identifier, after: audited(row) }]);
  });
  return render(ctx.actor, row, context);
}

const refuseHiddenPeople = ({ actor }: Ctx, document: JsonObject): void =>
  checkDefinesPeople(actor, writtenByWebhook(document), "a webhook");

/**
 * What the body omits is reset; address and key stay. Another identifier renames the webhook.
 * @throws AppError `not_found`, `invalid_request`, `conflict`
 */
export function replaceWebhook(
  ctx: Ctx,
  context: WebhookContext,
  identifier: string,
  body: unknown,
): Promise<JsonObject> {
  return change(ctx, context, identifier, () => checkWebhook(body));
}

/** Keys that are given replace those there were; `security` merges by key. @throws AppError as above */
export function patchWebhook(
  ctx: Ctx,
  context: WebhookContext,
  identifier: string,
  patch: JsonObject,
): Promise<JsonObject> {
  return change(ctx, context, identifier, (row) => {
    const before = { ...row.document, identifier };
    const { security } = patch;
    const merged = isObject(security)
      ? { security: { ...securityOf(row, context), ...security } }
      : { security: securityOf(row, context) };
    return checkWebhook({ ...before, ...patch, ...(Object.keys(merged.security).length > 0 ? merged : {}) });
  });
}

async function change(
  ctx: Ctx,
  context: WebhookContext,
  identifier: string,
  next: (row: WebhookRow) => WebhookDefinition,
): Promise<JsonObject> {
  const row = await transact(ctx, async (tx) => {
    const before = await existing(tx, identifier, true);
    const definition = next(before);
    // What is there too: another secret would let its holder send to it.
    for (const document of [before.document, definition.document]) refuseHiddenPeople(tx, document);
    const to = definition.identifier ?? identifier;
    if (to !== identifier && (await readWebhook(tx.db, tx.org, to)) !== null) throw taken(to);
    const after: WebhookRow = {
      ...{ ...before, identifier: to, document: definition.document },
      secret: sealed(context, to, definition.secret ?? null),
      ...{ updated_at: tx.now(), updated_by: tx.actor.id },
    };
    const isOtherSecret = openSecret(before, context) !== (definition.secret ?? null);
    if (to === identifier && !isOtherSecret && sameJson(before.document, after.document)) return before;
    await updateWebhook(tx.db, identifier, after).catch((error: unknown) => {
      throw sqlState(error) === UNIQUE_VIOLATION ? taken(to) : error;
    });
    // Versions by another rule say nothing about these.
    if (!sameJson(versionRules(before), versionRules(after)))
      await forgetWebhookVersions(tx.db, tx.org, before.source);
    await appendAuditEvents(tx, [
      {
        ...{ kind: "webhook", action: "UPDATE", identifier: to, before: audited(before) },
        after: { ...audited(after), ...(isOtherSecret ? { isSecretChanged: true } : {}) },
      },
    ]);
    return after;
  });
  return render(ctx.actor, row, context);
}

function versionRules({ document }: WebhookRow): unknown[] {
  const mappings = Array.isArray(document["mappings"]) ? document["mappings"] : [];
  return mappings.map((one: unknown) => (isObject(one) ? (one["version"] ?? null) : null));
}

/** Its events go with it; what they wrote stays. @throws AppError `not_found` */
export async function deleteWebhook(ctx: Ctx, identifier: string): Promise<void> {
  await transact(ctx, async (tx) => {
    const row = await existing(tx, identifier, true);
    const event = { kind: "webhook", action: "DELETE", identifier, before: audited(row) } as const;
    await appendAuditEvents(tx, [event]);
    await deleteWebhookRow(tx.db, tx.org, identifier);
    await deleteEventsOf(tx.db, tx.org, row.source);
    await forgetWebhookVersions(tx.db, tx.org, row.source);
    await putSourceNames(tx.db, tx.org, row.source, []);
  });
}

function sealed({ vault }: WebhookContext, identifier: string, secret: string | null): Uint8Array | null {
  return secret === null ? null : vault.seal(vaultName(identifier), secret);
}

function openSecret({ identifier, secret }: WebhookRow, { vault }: WebhookContext): string | null {
  return secret === null ? null : vault.open(vaultName(identifier), secret);
}

function securityOf(row: WebhookRow, context: WebhookContext): JsonObject {
  const security = isObject(row.document["security"]) ? row.document["security"] : {};
  const secret = openSecret(row, context);
  return secret === null ? security : { secret, ...security };
}

/** As the audit log shows it: without what lets others send to it. */
const audited = ({ identifier, document }: WebhookRow): JsonObject => ({ identifier, ...document });

/** Whoever has address and secret writes what the webhook writes: tokens that may not write it are not told. */
function isTold({ scopes }: Actor, { document }: WebhookRow): boolean {
  if (scopes === undefined) return true;
  if (!covers(scopes, "sources", true)) return false;
  return covers(scopes, "settings", true) || !mayWritePeople(writtenByWebhook(document));
}

function render(actor: Actor, row: WebhookRow, context: WebhookContext): JsonObject {
  const isWhole = isTold(actor, row);
  const { secret, ...rest } = securityOf(row, context);
  const security = isWhole && secret !== undefined ? { secret, ...rest } : rest;
  return {
    identifier: row.identifier,
    enabled: true,
    integrationType: "custom",
    ...row.document,
    ...(Object.keys(security).length > 0 || isObject(row.document["security"]) ? { security } : {}),
    ...(isWhole && { webhookKey: row.key, url: `${context.baseUrl()}/ingest/${row.key}` }),
    ...{ createdAt: row.created_at.toISOString(), createdBy: row.created_by },
    ...{ updatedAt: row.updated_at.toISOString(), updatedBy: row.updated_by },
  };
}
