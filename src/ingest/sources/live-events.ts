/** What a system sends: verified, stored raw and acknowledged at once; brought into the catalog by the source's job. */
import { createHash } from "node:crypto";
import { HttpError } from "../../integrations/http-client.ts";
import type { Delivery, Kind, ListRequest, LiveChange, Page } from "../../integrations/connector.ts";
import { AppError, invalid, notFound } from "../../model/error.ts";
import { checkJson, isObject, type JsonObject } from "../../model/json.ts";
import type { Ctx } from "../../storage/context.ts";
import { dataSourceOfKey, noteEvent, waitingDeliveries } from "../../storage/data-sources.ts";
import { closeDelivery, storeDelivery } from "../../storage/inbox.ts";
import { enqueue } from "../../storage/queue.ts";
import { SOURCES_QUEUE } from "../../storage/queues.ts";
import { transact } from "../../storage/transact.ts";
import { type Applied, applyObjects, joined, NOTHING_APPLIED, removeObject } from "./apply-objects.ts";
import { applyCommits } from "./list-page.ts";
import { connectorOf, inboxOf, type OpenSource, type SecretBox, webhookSecretName } from "./open-source.ts";
import { kindsOf } from "./run-state.ts";

export interface RawDelivery {
  readonly key: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly rawBody: string;
}

export interface Receipt {
  readonly deliveryId: string;
  readonly status: "accepted" | "duplicate";
}

/** Not stored with the delivery: they prove who sent it, and are of no more use. */
const UNSTORED =
  /^(authorization|cookie|proxy-authorization|connection|content-length|accept.*)$|signature|token|secret/;
const DELIVERIES_AT_ONCE = 25;
/** For so long others wait behind a delivery that the system fails to answer about; then it is put aside as failed. */
const PATIENCE_MS = 10 * 60_000;
/** What systems answer when they are asked too often. */
const LIMITS = new Set([403, 420, 429]);
/** Between two attempts: a quarter of its age, in these bounds. */
const [SHORTEST_PAUSE_MS, LONGEST_PAUSE_MS] = [1000, 60_000];
/** Pages of a push: 2,000 commits. */
const MAX_COMMIT_PAGES = 20;
/** The full resync brings the rest. */
const MAX_RELISTED_PAGES = 20;

/**
 * After this the delivery survives a crash. The same delivery twice is one.
 * @param ctx of any organisation: the key decides
 * @throws AppError `not_found` for the key, `unauthorized` for the signature, `invalid_json`
 */
export async function receiveDelivery(
  ctx: Omit<Ctx, "org">,
  box: SecretBox,
  { key, headers, rawBody }: RawDelivery,
): Promise<Receipt> {
  const row = /^[\w-]{20,100}$/.test(key) ? await dataSourceOfKey(ctx.db, key) : undefined;
  if (row === undefined) throw notFound("Data source of the webhook key", key.slice(0, 100));
  const { webhook } = connectorOf(row.type);
  const secret = box.open(row.org, webhookSecretName(row.id), row.webhook_secret);
  if (!webhook.verify(headers, rawBody, secret))
    throw new AppError(
      "unauthorized",
      "the signature does not fit: the secret at the sending system is not the one of this data source",
    );
  const delivery = { headers: storable(headers), body: bodyOf(rawBody) };
  const deliveryId =
    webhook.deliveryId({ headers, body: delivery.body })?.slice(0, 200) ??
    createHash("sha256").update(rawBody).digest("hex");
  const own: Ctx = { ...ctx, org: row.org };
  const isNew = await transact(own, async (tx) => {
    const payload = JSON.stringify(delivery);
    const stored = await storeDelivery(
      tx.db,
      tx.org,
      { source: inboxOf(row.id), deliveryId, payload },
      tx.now(),
    );
    if (!stored) return false;
    await noteEvent(tx.db, tx.org, row.id, tx.now());
    await enqueue(tx.db, tx.org, SOURCES_QUEUE, [row.id]);
    return true;
  });
  return { deliveryId, status: isNew ? "accepted" : "duplicate" };
}

const storable = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).filter(([name, value]) => !UNSTORED.test(name) && value.length < 1000),
  );

function bodyOf(rawBody: string): JsonObject {
  let body: unknown;
  try {
    body = JSON.parse(rawBody);
  } catch {
    throw new AppError("invalid_json", "the body is no JSON; choose application/json at the sending system");
  }
  if (!isObject(body)) throw new AppError("invalid_json", "the body must be a JSON object");
  checkJson(body, "body");
  return body;
}

export interface EventsDone {
  readonly more: boolean;
  /** Something changed that only a full resync can follow. */
  readonly resync: boolean;
  /** The system could not be asked; the same delivery is tried again then. */
  readonly waitMs: number | null;
}

/** Processes what waits, in order. One that cannot be understood is put aside; one that must wait holds the others. */
export async function processDeliveries(ctx: Ctx, source: OpenSource): Promise<EventsDone> {
  const inbox = inboxOf(source.id);
  const waiting = await waitingDeliveries(ctx.db, ctx.org, inbox, DELIVERIES_AT_ONCE);
  let resync = false;
  for (const { deliveryId, receivedAt, payload } of waiting) {
    const close = (status: "processed" | "failed", outcome: object): Promise<void> =>
      closeDelivery(ctx.db, ctx.org, inbox, deliveryId, {
        ...{ status, outcome, keepPayload: status === "failed", now: ctx.now() },
      });
    try {
      const changes = changesOf(source, payload as Delivery);
      let applied = NOTHING_APPLIED;
      for (const change of changes) {
        if (change.op === "resync") resync = true;
        else applied = joined(applied, await applyChange(ctx, source, change));
      }
      // As with webhooks: what was not written waits for a better mapping.
      const status = applied.counts.failed > 0 ? "failed" : "processed";
      await close(status, { ...applied.counts, errors: applied.errors.slice(0, 20) });
    } catch (error) {
      if (!(error instanceof HttpError) && !(error instanceof AppError)) throw error;
      const waitMs = pauseBefore(error, receivedAt, ctx.now().getTime());
      if (waitMs !== null) return { more: true, resync, waitMs };
      await close("failed", { message: error.message });
    }
  }
  return { more: waiting.length === DELIVERIES_AT_ONCE, resync, waitMs: null };
}

/** Until the delivery is tried again; null: never by itself. A limit is waited out, whatever the delivery's age. */
function pauseBefore(error: HttpError | AppError, receivedAt: Date, now: number): number | null {
  if (!(error instanceof HttpError) || !error.isPassing) return null;
  const age = now - receivedAt.getTime();
  if (!LIMITS.has(error.status) && age > PATIENCE_MS) return null;
  const pause = Math.min(LONGEST_PAUSE_MS, Math.max(SHORTEST_PAUSE_MS, age / 4));
  return Math.max(pause, (error.retryAt ?? 0) - now);
}

/** @throws AppError whatever is odd about it: those behind it must not wait for what nobody can read */
function changesOf({ connector, settings }: OpenSource, delivery: Delivery): readonly LiveChange[] {
  try {
    return [...connector.webhook.changes(delivery, settings)];
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw invalid(`the delivery cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function applyChange(
  ctx: Ctx,
  source: OpenSource,
  change: Exclude<LiveChange, { op: "resync" }>,
): Promise<Applied> {
  const kind = kindsOf(source.connector, source.plan).find((one) => one.kind === change.kind);
  // The mapping makes nothing of it.
  if (kind === undefined) return NOTHING_APPLIED;
  switch (change.op) {
    case "upsert":
      return applyObjects(ctx, source, kind, [change.object], true);
    case "delete":
      return removeObject(ctx, source, { kind: kind.kind, key: change.key }, change.version);
    case "refetch": {
      const object = (await kind.fetch?.(source.session, change.ref)) ?? null;
      return object === null
        ? removeObject(ctx, source, { kind: kind.kind, key: change.key }, null)
        : applyObjects(ctx, source, kind, [object], false);
    }
    case "relist":
      return relist(ctx, source, kind, change.parent);
    case "commits":
    default:
      return pullCommits(ctx, source, kind, change.ref);
  }
}

/** Everything under one object, as its pages tell it. */
async function relist(
  ctx: Ctx,
  source: OpenSource,
  kind: Kind,
  parent: ListRequest["parent"],
): Promise<Applied> {
  let applied = NOTHING_APPLIED;
  let cursor: string | null = null;
  for (let pages = 0; pages < MAX_RELISTED_PAGES; pages += 1) {
    const page: Page = await kind.list(source.session, { parent, cursor, since: null });
    const objects = page.objects.map((object) =>
      parent === null || object.parent !== undefined ? object : { ...object, parent: parent.key },
    );
    applied = joined(applied, await applyObjects(ctx, source, kind, objects, false));
    cursor = page.next;
    if (cursor === null) break;
  }
  return applied;
}

/** Newest first, until a page brings nothing new. */
async function pullCommits(ctx: Ctx, { session }: OpenSource, kind: Kind, ref: JsonObject): Promise<Applied> {
  let cursor: string | null = null;
  let commits = 0;
  for (let pages = 0; pages < MAX_COMMIT_PAGES; pages += 1) {
    const page = await kind.list(session, { parent: { key: "", ref }, cursor, since: null });
    const { inserted } = await applyCommits(ctx, page.commits ?? []);
    commits += inserted;
    cursor = page.next;
    if (inserted === 0 || cursor === null) break;
  }
  return { counts: { ...NOTHING_APPLIED.counts, commits }, errors: [] };
}
