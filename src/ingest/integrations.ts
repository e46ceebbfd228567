/** Integrations as clients manage them (workflows.md §1.2.1, §2.1): exporters that run elsewhere and write through the API. */
import { randomBytes } from "node:crypto";
import { AppError, invalid, notFound } from "../model/error.ts";
import { checkJson, isObject, type JsonObject, kindOf, sameJson, show } from "../model/json.ts";
import { appendAuditEvents } from "../storage/audit-events.ts";
import type { Ctx } from "../storage/context.ts";
import { deleteEventsOf } from "../storage/events.ts";
import {
  deleteIntegrationRow,
  insertIntegration,
  type IntegrationRow,
  listIntegrations,
  readIntegration,
  updateIntegration,
} from "../storage/integrations.ts";
import { transact } from "../storage/transact.ts";
import { readMappingDocument } from "./read-document.ts";

const MAX_ID = 200;
/** Answers carry these; clients that send them back change nothing by it. */
const READ_ONLY = new Set([
  ...["_id", "id", "_orgId", "installationId", "config", "resyncState", "createdAt", "updatedAt"],
  ...["logAttributes", "metricAttributes", "ingestAttributes", "statusInfo"],
]);
const STATE_KEYS = ["status", "lastResyncStart", "lastResyncEnd", "nextResync", "intervalInMinuets"] as const;

/** @param baseUrl where exporters reach this server, without a trailing slash */
export function renderIntegration(row: IntegrationRow, baseUrl: string): JsonObject {
  const own = `${baseUrl}/v1/integration/${encodeURIComponent(row.installation_id)}`;
  return {
    ...{ _id: row.internal_id, installationId: row.installation_id },
    ...{ title: row.installation_id, installationType: "OnPrem", changelogDestination: {}, spec: {} },
    ...{ actionsProcessingEnabled: false, incrementalSyncEnabled: false, arePortResourcesInitialized: false },
    ...row.document,
    ...{ config: row.config, resyncState: row.resync_state ?? {} },
    logAttributes: { ingestId: row.internal_id, ingestUrl: `${own}/logs` },
    metricAttributes: { ingestUrl: `${own}/metrics` },
    ...{ ingestAttributes: {}, statusInfo: {} },
    ...{ createdAt: row.created_at.toISOString(), updatedAt: row.updated_at.toISOString() },
  };
}

export async function getIntegrations(
  ctx: Ctx,
  actionsProcessingEnabled?: boolean,
): Promise<IntegrationRow[]> {
  const rows = await listIntegrations(ctx.db, ctx.org);
  return actionsProcessingEnabled === undefined
    ? rows
    : rows.filter(
        ({ document }) => (document["actionsProcessingEnabled"] === true) === actionsProcessingEnabled,
      );
}

/** @throws AppError `not_found` */
export async function getIntegration(ctx: Ctx, id: string, lock = false): Promise<IntegrationRow> {
  const usable = id.length <= MAX_ID && !id.includes("\u0000");
  const row = usable ? await readIntegration(ctx.db, ctx.org, id, lock) : null;
  if (row === null) throw notFound("Integration", id.slice(0, MAX_ID));
  return row;
}

/** @throws AppError `invalid_request`, `conflict` */
export async function createIntegration(ctx: Ctx, body: unknown): Promise<IntegrationRow> {
  if (!isObject(body)) throw invalid(`the integration must be an object, not ${kindOf(body)}`);
  checkJson(body, "");
  const { installationId, installationAppType, config } = body;
  if (typeof installationId !== "string" || installationId === "" || installationId.length > MAX_ID)
    throw invalid(`installationId must be a text of 1 to ${MAX_ID} characters`);
  if (typeof installationAppType !== "string" || installationAppType === "")
    throw invalid("installationAppType must be a text that is not empty");
  checkDestination(body["changelogDestination"]);
  const at = ctx.now();
  const row: IntegrationRow = {
    ...{ org: ctx.org, installation_id: installationId },
    internal_id: `integration_${randomBytes(12).toString("hex")}`,
    document: writable(body),
    config: configOf(config),
    resync_state: null,
    // A client that polls syncs once after its start, for it knows no earlier request.
    ...newRequest(at),
    ...{ created_at: at, updated_at: at },
  };
  await transact(ctx, async (tx) => {
    if (!(await insertIntegration(tx.db, row)))
      throw new AppError(
        "conflict",
        `an integration with the installationId "${installationId}" exists already`,
      );
    await audit(tx, "CREATE", null, row);
  });
  return row;
}

const newRequest = (at: Date): Pick<IntegrationRow, "resync_request_id" | "resync_requested_at"> => ({
  resync_request_id: `resync_${randomBytes(9).toString("hex")}`,
  resync_requested_at: at,
});

const writable = (body: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(body).filter(([key, value]) => !READ_ONLY.has(key) && value !== undefined),
  );

/**
 * Text is YAML or JSON. Of a mapping for another program only the form is our business: it knows selectors and keys
 * that nobody else does.
 */
function configOf(config: unknown): JsonObject | null {
  if (config === undefined || config === null) return null;
  const { value } = typeof config === "string" ? readMappingDocument(config) : { value: config };
  if (!isObject(value)) throw invalid(`config must be an object, or YAML text of one, not ${kindOf(value)}`);
  return value;
}

/** Tells whoever listens at `changelogDestination`, in the transaction of the change. */
export type TellIntegration = (
  tx: Ctx,
  change: {
    readonly installationId: string;
    readonly destination: unknown;
    readonly before: JsonObject;
    readonly after: JsonObject;
  },
) => Promise<void>;

/**
 * Changes what is given. Unless `skipResync`, clients are asked to sync again; an empty body does only that.
 * @throws AppError `not_found`, `invalid_request`
 */
export function changeIntegration(
  ctx: Ctx,
  id: string,
  patch: unknown,
  { skipResync, tell }: { readonly skipResync: boolean; readonly tell: TellIntegration },
): Promise<IntegrationRow> {
  const change = patch ?? {};
  if (!isObject(change)) throw invalid(`the integration must be an object, not ${kindOf(change)}`);
  checkJson(change, "");
  checkDestination(change["changelogDestination"]);
  return transact(ctx, async (tx) => {
    const before = await getIntegration(tx, id, true);
    const document = { ...before.document, ...writable(change) };
    const config = change["config"] === undefined ? before.config : configOf(change["config"]);
    const same = sameJson(document, before.document) && sameJson(config, before.config);
    // The Kubernetes exporter syncs whenever `updatedAt` moves, so bookkeeping must not move it.
    if (same && skipResync) return before;
    const at = tx.now();
    const after: IntegrationRow = {
      ...{ ...before, document, config },
      ...(skipResync ? {} : { ...newRequest(at), updated_at: at }),
    };
    await updateIntegration(tx.db, after);
    if (!same) await audit(tx, "UPDATE", before, after);
    if (!skipResync)
      await tell(tx, {
        installationId: after.installation_id,
        destination: after.document["changelogDestination"],
        ...{ before: toldOf(before), after: toldOf(after) },
      });
    return after;
  });
}

/** As messages show it: clients know theirs by `identifier`, or by `installationId`. */
function toldOf({ document, ...row }: IntegrationRow): JsonObject {
  const { title, installationAppType, version, changelogDestination } = document;
  return {
    ...{ _id: row.internal_id, identifier: row.installation_id, installationId: row.installation_id },
    ...{ title: title ?? row.installation_id, installationAppType, version: version ?? null },
    ...{ changelogDestination: changelogDestination ?? {}, config: row.config },
    resyncState: row.resync_state ?? {},
    updatedAt: row.updated_at.toISOString(),
  };
}

/** Of kinds that are not known nothing is asked: clients send what they like. @throws AppError `invalid_request` */
function checkDestination(destination: unknown): void {
  if (destination === undefined || destination === null) return;
  if (!isObject(destination))
    throw invalid(`changelogDestination must be an object, not ${kindOf(destination)}`);
  if (destination["type"] !== "WEBHOOK") return;
  const { url, agent } = destination;
  if (typeof url !== "string" || !/^https?:\/\//i.test(url) || !URL.canParse(url))
    throw invalid(
      `changelogDestination.url ${show(url)} must be an address that begins with http:// or https://`,
    );
  if (agent !== undefined && agent !== null && typeof agent !== "boolean")
    throw invalid(`changelogDestination.agent must be a boolean, not ${kindOf(agent)}`);
}

function audit(
  tx: Ctx,
  action: "CREATE" | "UPDATE" | "DELETE",
  before: IntegrationRow | null,
  after: IntegrationRow | null,
): Promise<void> {
  const identifier = (after ?? before)?.installation_id ?? null;
  const [from, to] = [before, after].map((row) => (row === null ? null : audited(row)));
  return appendAuditEvents(tx, [{ kind: "integration", action, identifier, before: from, after: to }]);
}

/** As the audit log shows it: what a client says of itself besides (`spec`) may hold its settings. */
const audited = ({ document: { title, installationAppType, version }, config }: IntegrationRow): object => ({
  ...{ title, installationAppType, version, config },
});

/** From this version on Ocean's core syncs at its start; earlier ones wait for a request, however old it is. */
const SYNCS_AT_START = [0, 54] as const;
const CORE_VERSION = /^(\d{1,4})\.(\d{1,4})\.\d{1,4}[\w.+-]{0,20}$/;

/** Notes the version of Ocean's core that a client reads its integration with; anything else is no news. */
export async function noteCoreVersion(ctx: Ctx, row: IntegrationRow, version: unknown): Promise<void> {
  if (typeof version !== "string" || !CORE_VERSION.test(version)) return;
  if (row.document["oceanCoreVersion"] === version) return;
  await transact(ctx, async (tx) => {
    const before = await getIntegration(tx, row.installation_id, true);
    await updateIntegration(tx.db, {
      ...before,
      document: { ...before.document, oceanCoreVersion: version },
    });
  });
}

/**
 * The last request to sync. null: a sync that began after it answers it, and the client would cancel that sync and
 * begin again. Clients that do nothing at their start without a request are told it for ever.
 */
export function resyncRequest(row: IntegrationRow): { id: string; updatedAt: string } | null {
  const at = row.resync_requested_at ?? row.created_at;
  const startedAt = row.resync_state?.["startedAt"];
  const isTakenUp = typeof startedAt === "string" && new Date(startedAt) > at;
  if (isTakenUp && syncsAtStart(row.document["oceanCoreVersion"])) return null;
  return { id: row.resync_request_id ?? row.internal_id, updatedAt: at.toISOString() };
}

function syncsAtStart(version: unknown): boolean {
  const [, major = "", minor = ""] = (typeof version === "string" && CORE_VERSION.exec(version)) || [];
  const [wantedMajor, wantedMinor] = SYNCS_AT_START;
  return Number(major) > wantedMajor || (Number(major) === wantedMajor && Number(minor) >= wantedMinor);
}

/** What the client says of its sync; asks for nothing, and `updatedAt` stays. @throws AppError `not_found` */
export function changeResyncState(ctx: Ctx, id: string, body: unknown): Promise<IntegrationRow> {
  if (!isObject(body)) throw invalid(`the state must be an object, not ${kindOf(body)}`);
  checkJson(body, "");
  const given = Object.fromEntries(STATE_KEYS.flatMap((key) => (key in body ? [[key, body[key]]] : [])));
  return transact(ctx, async (tx) => {
    const before = await getIntegration(tx, id, true);
    const at = tx.now().toISOString();
    // By this server's clock: the client's own (`lastResyncStart`) may be wrong.
    const started = given["status"] === "running" ? { startedAt: at } : {};
    const after: IntegrationRow = {
      ...before,
      resync_state: { ...before.resync_state, ...given, ...started, updatedAt: at },
    };
    await updateIntegration(tx.db, after);
    return after;
  });
}

/** What it wrote stays and only loses its source. @throws AppError `not_found` */
export async function deleteIntegration(ctx: Ctx, id: string): Promise<void> {
  await transact(ctx, async (tx) => {
    const before = await getIntegration(tx, id, true);
    const { installation_id: installation } = before;
    await audit(tx, "DELETE", before, null);
    await deleteIntegrationRow(tx.db, tx.org, installation);
    await deleteEventsOf(tx.db, tx.org, `integration:${installation}`);
  });
}
