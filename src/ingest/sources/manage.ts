/** Data sources as people set them up: create, look at, change, run, stop, delete. */
import { randomBytes } from "node:crypto";
import { checkDefinesPeople, writtenBySource } from "../../catalog/people-definitions.ts";
import { connectors } from "../../integrations/index.ts";
import type { Connector, Session, Settings } from "../../integrations/connector.ts";
import { HttpError } from "../../integrations/http-client.ts";
import { AppError, invalid, notFound } from "../../model/error.ts";
import { checkJson, isObject, type JsonObject, kindOf, sameJson } from "../../model/json.ts";
import { appendAuditEvents } from "../../storage/audit-events.ts";
import type { Ctx } from "../../storage/context.ts";
import {
  countDeliveries,
  type DataSourceChange,
  type DataSourceRow,
  deleteDataSource,
  dropAllDeliveries,
  insertDataSource,
  listDataSources,
  readDataSource,
  updateDataSource,
} from "../../storage/data-sources.ts";
import { enqueue } from "../../storage/queue.ts";
import { SOURCES_QUEUE } from "../../storage/queues.ts";
import { putSourceNames } from "../../storage/source-names.ts";
import { transact } from "../../storage/transact.ts";
import type { EventLog } from "../events.ts";
import { compileIntegrationMapping } from "../mapping.ts";
import { readMappingDocument } from "../read-document.ts";
import type { NamedSource } from "../source-names.ts";
import { endOf } from "./list-page.ts";
import {
  connectorOf,
  datasourceOf,
  inboxOf,
  type SecretBox,
  secretsName,
  settingsOf,
  type SourceMeans,
  webhookSecretName,
} from "./open-source.ts";
import { type PreviewInput, previewStrategies } from "./preview-strategies.ts";
import { defaultMapping, ensureBlueprints, fitMapping } from "./provision.ts";
import { kindsOf, newRun, progressOf, type RunState } from "./run-state.ts";

export interface DataSourceInput {
  readonly type?: unknown;
  readonly title?: unknown;
  readonly settings?: unknown;
  readonly strategies?: unknown;
  readonly mapping?: unknown;
  readonly webhookSecret?: unknown;
  readonly resyncMinutes?: unknown;
  readonly refreshMinutes?: unknown;
}

/** A day; and a quarter of an hour for what events did not tell. */
const RESYNC_MINUTES = 1440;
const REFRESH_MINUTES = 15;
const MAX_MINUTES = 525_600;
const MAX_TITLE = 100;
const MAX_SETTING = 20_000;
const MIN_SECRET = 8;

/** What can be connected, for forms. */
export function listConnectors(): JsonObject[] {
  return [...connectors.values()].map((one) => ({
    ...{ type: one.type, title: one.title, icon: one.icon, category: one.category },
    settings: one.settings,
    kinds: one.kinds.map(({ kind, title }) => ({ kind, title })),
    strategies: one.strategies.map(({ id, title, description, insteadOf = [], resources }) => ({
      ...{ id, title, description, insteadOf, resources },
      isDefault: one.defaultStrategies.includes(id),
    })),
    webhookHelp: one.webhook.help,
    blueprints: one.defaults.blueprints,
  }));
}

/** @returns the data source, and its webhook's secret, which is not shown again. @throws AppError `invalid_request` */
export async function createDataSource(
  ctx: Ctx,
  { box, outbound }: SourceMeans,
  input: DataSourceInput,
): Promise<{ dataSource: JsonObject; webhookSecret: string }> {
  checkJson(input, "body");
  if (typeof input.type !== "string") throw invalid(`type must be a text, not ${kindOf(input.type)}`);
  const connector = connectorOf(input.type);
  const all = readSettings(connector, input.settings, {});
  connector.open(all, outbound);
  const strategies = readStrategies(connector, input.strategies) ?? [...connector.defaultStrategies];
  const wanted = defaultMapping(connector, strategies);
  const given = readMapping(input.mapping);
  if (given !== null) refuseHiddenPeople(ctx, given);
  const id = `src_${randomBytes(9).toString("hex")}`;
  const webhookSecret = readSecret(input.webhookSecret) ?? randomBytes(24).toString("base64url");
  const title = readTitle(input.title) ?? connector.title;
  const resync = readMinutes(input.resyncMinutes, "resyncMinutes");
  const refresh = readMinutes(input.refreshMinutes, "refreshMinutes");
  const present = await ensureBlueprints(ctx, connector.defaults.blueprints);
  const mapping = given ?? fitMapping(wanted, connector.defaults.blueprints, present);
  const { org, actor } = ctx;
  const { settings, secrets } = parted(connector, all);
  const at = ctx.now();
  const row: DataSourceRow = {
    ...{ org, id, type: connector.type, title, settings, strategies, mapping },
    secrets: box.seal(org, secretsName(id), JSON.stringify(secrets)),
    webhook_key: randomBytes(24).toString("base64url"),
    webhook_secret: box.seal(org, webhookSecretName(id), webhookSecret),
    resync_minutes: resync === undefined ? RESYNC_MINUTES : resync,
    refresh_minutes: refresh === undefined ? REFRESH_MINUTES : refresh,
    ...{ run: null, next_full_at: at, next_quick_at: null, last_event_at: null },
    ...{ created_at: at, created_by: actor.id, updated_at: at, updated_by: actor.id },
  };
  await transact(ctx, async (tx) => {
    await insertDataSource(tx.db, row);
    await audit(tx, "CREATE", null, row);
    await enqueue(tx.db, org, SOURCES_QUEUE, [id]);
  });
  return { dataSource: await getDataSource(ctx, box, id), webhookSecret };
}

const refuseHiddenPeople = ({ actor }: Ctx, mapping: JsonObject): void =>
  checkDefinesPeople(actor, writtenBySource(mapping), "a data source");

/**
 * The document, or its text in YAML or JSON; a list is that of its resources, as guides print it. Null: none was given.
 * @throws AppError `invalid_request`, for a text with the line of each slip
 */
function readMapping(source: unknown): JsonObject | null {
  if (source === undefined) return null;
  compileIntegrationMapping(source);
  const { value } = readMappingDocument(source);
  if (Array.isArray(value)) return { resources: value as JsonObject[] };
  if (!isObject(value)) throw invalid("mapping must be an object with the list resources");
  return value;
}

export async function getDataSource(ctx: Ctx, box: SecretBox, id: string): Promise<JsonObject> {
  const row = await found(ctx, id);
  const deliveries = await countDeliveries(ctx.db, ctx.org, inboxOf(id));
  return { ...view(row, box), mapping: row.mapping, deliveries };
}

async function audit(
  tx: Ctx,
  action: "CREATE" | "UPDATE" | "DELETE",
  before: DataSourceRow | null,
  after: DataSourceRow | null,
  isSecretChanged = false,
): Promise<void> {
  const from = before === null ? null : audited(before);
  const to = after === null ? null : { ...audited(after), ...(isSecretChanged ? { isSecretChanged } : {}) };
  if (action === "UPDATE" && sameJson(from, to)) return;
  const identifier = (after ?? before)?.id ?? null;
  await appendAuditEvents(tx, [{ kind: "data_source", action, identifier, before: from, after: to }]);
}

/** Without what is secret, and without its state. */
const audited = (row: DataSourceRow): JsonObject => ({
  ...{ type: row.type, title: row.title, settings: row.settings, strategies: row.strategies },
  ...{ mapping: row.mapping, resyncMinutes: row.resync_minutes, refreshMinutes: row.refresh_minutes },
});

/** Without their mappings. */
export async function getDataSources(ctx: Ctx, box: SecretBox): Promise<JsonObject[]> {
  return (await listDataSources(ctx.db, ctx.org)).map((row) => view(row, box));
}

async function found(ctx: Ctx, id: string, lock = false): Promise<DataSourceRow> {
  const row = /^src_[0-9a-f]{18}$/.test(id) ? await readDataSource(ctx.db, ctx.org, id, lock) : undefined;
  if (row === undefined) throw notFound("Data source", id.slice(0, 100));
  return row;
}

function view(row: DataSourceRow, box: SecretBox): JsonObject {
  const run = row.run as RunState | null;
  const connector = connectors.get(row.type);
  return {
    ...{ id: row.id, type: row.type, title: row.title, settings: row.settings },
    /** Which are set; their values never leave. */
    secretSettings: secretsSet(row, box),
    strategies: row.strategies,
    webhookPath: `/ingest/connectors/${row.webhook_key}`,
    webhookHelp: connector?.webhook.help ?? "",
    ...{ resyncMinutes: row.resync_minutes, refreshMinutes: row.refresh_minutes },
    run: run === null ? null : { ...run, progress: progressOf(run) },
    nextResyncAt: row.next_full_at?.toISOString() ?? null,
    nextRefreshAt: row.next_quick_at?.toISOString() ?? null,
    lastEventAt: row.last_event_at?.toISOString() ?? null,
    ...{ createdAt: row.created_at.toISOString(), createdBy: row.created_by },
    ...{ updatedAt: row.updated_at.toISOString(), updatedBy: row.updated_by },
  };
}

/** Names alone. */
const secretsSet = (row: DataSourceRow, box: SecretBox): string[] =>
  Object.keys(openedSettings(row, box)).filter((name) => !(name in row.settings));

/** Secrets that are sealed with another key cannot be used: without them, so that all are given again. */
function openedSettings(row: DataSourceRow, box: SecretBox): ReturnType<typeof settingsOf> {
  try {
    return settingsOf(row, box);
  } catch {
    return row.settings;
  }
}

/**
 * What is given changes; secret settings that are left out stay. Another mapping, other strategies or settings begin a
 * full resync.
 */
export async function changeDataSource(
  ctx: Ctx,
  { box, outbound }: SourceMeans,
  id: string,
  input: DataSourceInput,
): Promise<JsonObject> {
  checkJson(input, "body");
  const row = await found(ctx, id);
  const connector = connectorOf(row.type);
  if (input.type !== undefined && input.type !== row.type) throw invalid("type cannot be changed");
  // What is there too: another server, or another secret, would say what it writes.
  refuseHiddenPeople(ctx, row.mapping);
  let change: DataSourceChange = {};
  if (input.settings !== undefined) {
    const before = openedSettings(row, box);
    const all = readSettings(connector, input.settings, before);
    refuseSecretsTakenAlong(connector, input.settings, before, all);
    connector.open(all, outbound);
    const { settings, secrets } = parted(connector, all);
    change = { settings, secrets: box.seal(row.org, secretsName(id), JSON.stringify(secrets)) };
  }
  const strategies = readStrategies(connector, input.strategies);
  const given = readMapping(input.mapping);
  if (given !== null) {
    refuseHiddenPeople(ctx, given);
    change = { ...change, mapping: given };
  } else if (strategies !== undefined) {
    const present = await ensureBlueprints(ctx, connector.defaults.blueprints);
    const mapping = fitMapping(defaultMapping(connector, strategies), connector.defaults.blueprints, present);
    change = { ...change, mapping };
  }
  if (strategies !== undefined) change = { ...change, strategies };
  const isOther = Object.keys(change).length > 0;
  const title = readTitle(input.title);
  const secret = readSecret(input.webhookSecret);
  const resync = readMinutes(input.resyncMinutes, "resyncMinutes");
  const refresh = readMinutes(input.refreshMinutes, "refreshMinutes");
  const isSecretChanged =
    secret !== undefined ||
    connector.settings.some((one) => one.secret && isObject(input.settings) && one.name in input.settings);
  await transact(ctx, async (tx) => {
    const now = tx.now();
    const before = await found(tx, id, true);
    await updateDataSource(tx.db, tx.org, id, {
      ...change,
      ...(title !== undefined && { title }),
      ...(secret !== undefined && { webhook_secret: box.seal(row.org, webhookSecretName(id), secret) }),
      ...(resync !== undefined && { resync_minutes: resync }),
      ...(refresh !== undefined && { refresh_minutes: refresh }),
      ...{ updated_at: now, updated_by: tx.actor.id },
    });
    if (isOther) await begin(tx, id, "full");
    await audit(tx, "UPDATE", before, await found(tx, id), isSecretChanged);
  });
  return getDataSource(ctx, box, id);
}

/** Lists everything (`full`) or what changed (`quick`), beginning anew when a run is under way. */
export async function resyncDataSource(
  ctx: Ctx,
  box: SecretBox,
  id: string,
  mode: RunState["mode"],
): Promise<JsonObject> {
  await transact(ctx, (tx) => begin(tx, id, mode));
  return getDataSource(ctx, box, id);
}

/** Everything is read again, so that what changed here takes effect. */
export const beginResync = (tx: Ctx, id: string): Promise<void> => begin(tx, id, "full");

async function begin(tx: Ctx, id: string, mode: RunState["mode"]): Promise<void> {
  const row = await found(tx, id, true);
  const kinds = kindsOf(connectorOf(row.type), compileIntegrationMapping(row.mapping));
  const run = newRun(row.run as RunState | null, mode, kinds, tx.now());
  await updateDataSource(tx.db, tx.org, id, { run });
  await enqueue(tx.db, tx.org, SOURCES_QUEUE, [id]);
}

/** Ends the run that is under way; what it brought stays. @throws AppError `conflict` when none is */
export async function stopDataSource(ctx: Ctx, box: SecretBox, id: string): Promise<JsonObject> {
  await transact(ctx, async (tx) => {
    const row = await found(tx, id, true);
    const run = row.run as RunState | null;
    if (run?.status !== "running") throw new AppError("conflict", "no run is under way");
    await updateDataSource(tx.db, tx.org, id, { run: endOf(tx, run, "stopped", null) });
  });
  return getDataSource(ctx, box, id);
}

/** For its table of names. @throws AppError `not_found` */
export async function namedDataSource(ctx: Ctx, id: string): Promise<NamedSource> {
  const row = await found(ctx, id);
  const blueprints = connectors.get(row.type)?.defaults.blueprints ?? [];
  return {
    ...{ source: inboxOf(id), datasource: datasourceOf(row) },
    blueprints: blueprints.map((one) => String(one["identifier"])),
    lock: (tx) => found(tx, id, true),
    audit: { kind: "data_source", identifier: id },
  };
}

/** @throws AppError `not_found` */
export async function eventLogOf(ctx: Ctx, id: string): Promise<EventLog> {
  await found(ctx, id);
  return { source: inboxOf(id), job: { queue: SOURCES_QUEUE, key: id } };
}

/** Entities stay; they only lose their source. */
export async function removeDataSource(ctx: Ctx, id: string): Promise<void> {
  await transact(ctx, async (tx) => {
    await audit(tx, "DELETE", await found(tx, id, true), null);
    await deleteDataSource(tx.db, tx.org, id);
    await dropAllDeliveries(tx.db, tx.org, inboxOf(id));
    await putSourceNames(tx.db, tx.org, inboxOf(id), []);
  });
}

/** Asks the system with the stored settings. A refusal is an answer, not an error. */
export async function checkDataSource(
  ctx: Ctx,
  { box, outbound }: SourceMeans,
  id: string,
): Promise<{ connected: boolean; message: string }> {
  const row = await found(ctx, id);
  const connector = connectorOf(row.type);
  return answerOf(connector, () => connector.open(settingsOf(row, box), outbound));
}

async function answerOf(
  connector: Connector,
  open: () => Session,
): Promise<{ connected: boolean; message: string }> {
  try {
    return { connected: true, message: await connector.check(open()) };
  } catch (error) {
    if (!(error instanceof HttpError) && !(error instanceof AppError)) throw error;
    return { connected: false, message: error.message };
  }
}

/** Asks the system with settings that are not stored. @throws AppError `invalid_request` naming the setting */
export function checkSettings(
  { outbound }: SourceMeans,
  input: DataSourceInput,
): Promise<{ connected: boolean; message: string }> {
  checkJson(input, "body");
  if (typeof input.type !== "string") throw invalid(`type must be a text, not ${kindOf(input.type)}`);
  const connector = connectorOf(input.type);
  const session = connector.open(readSettings(connector, input.settings, {}), outbound);
  return answerOf(connector, () => session);
}

/** What the strategies would find (all of them, unless `strategies` names some). */
export async function previewDataSource(
  ctx: Ctx,
  { box, outbound }: SourceMeans,
  id: string,
  input: PreviewInput,
): Promise<JsonObject> {
  checkJson(input, "body");
  const row = await found(ctx, id);
  const connector = connectorOf(row.type);
  const session = connector.open(settingsOf(row, box), outbound);
  return previewStrategies(connector, session, input, { chosen: row.strategies, now: ctx.now() });
}

function readSettings(connector: Connector, given: unknown, before: Settings): Settings {
  if (given !== undefined && !isObject(given))
    throw invalid(`settings must be an object, not ${kindOf(given)}`);
  const input = given ?? {};
  const known = new Map(connector.settings.map((setting) => [setting.name, setting]));
  const result: Record<string, string> = {};
  for (const name of Object.keys(input))
    if (!known.has(name))
      throw invalid(
        `settings.${name.slice(0, 60)} is no setting of ${connector.title}; it has ${[...known.keys()].join(", ")}`,
      );
  for (const { name, title, required, default: usual } of connector.settings) {
    const value = input[name] ?? before[name] ?? usual;
    if (value !== undefined && typeof value !== "string")
      throw invalid(`settings.${name} must be a text, not ${kindOf(value)}`);
    if (value !== undefined && value.length > MAX_SETTING)
      throw invalid(`settings.${name} has ${value.length} characters; at most ${MAX_SETTING} are allowed`);
    const text = (value ?? "").trim() === "" ? (usual ?? "") : (value ?? "").trim();
    if (required === true && text === "") throw invalid(`settings.${name} (${title}) is missing`);
    if (text !== "") result[name] = text;
    if (/url$/i.test(name) && text !== "" && !isHttpAddress(text))
      throw invalid(`settings.${name} ${JSON.stringify(text.slice(0, 80))} is no http(s) address`);
  }
  return result;
}

/**
 * Secrets are never shown, so they may not go to another server either: whoever changes the address sends them again.
 * @throws AppError `invalid_request`
 */
function refuseSecretsTakenAlong(
  { settings }: Connector,
  given: unknown,
  before: Settings,
  after: Settings,
): void {
  const moved = settings.find(
    ({ name }) => /url$/i.test(name) && originOf(before[name]) !== originOf(after[name]),
  );
  if (moved === undefined) return;
  const isGiven = (name: string): boolean => {
    const value = isObject(given) ? given[name] : undefined;
    return typeof value === "string" && value.trim() !== "";
  };
  const kept = settings.find(
    ({ name, secret }) => secret === true && after[name] !== undefined && !isGiven(name),
  );
  if (kept !== undefined)
    throw invalid(
      `settings.${kept.name} must be sent again with settings.${moved.name}: what is stored is for ${originOf(before[moved.name]) ?? "another server"}`,
    );
}

const originOf = (address: string | undefined): string | null =>
  address !== undefined && URL.canParse(address) ? new URL(address).origin : null;

const isHttpAddress = (text: string): boolean =>
  URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);

function parted(
  connector: Connector,
  all: Settings,
): { settings: Record<string, string>; secrets: Settings } {
  const secret = new Set(connector.settings.filter((one) => one.secret).map(({ name }) => name));
  const entries = Object.entries(all);
  return {
    settings: Object.fromEntries(entries.filter(([name]) => !secret.has(name))),
    secrets: Object.fromEntries(entries.filter(([name]) => secret.has(name))),
  };
}

function readStrategies(connector: Connector, given: unknown): string[] | undefined {
  if (given === undefined) return undefined;
  if (!Array.isArray(given) || given.some((one) => typeof one !== "string"))
    throw invalid("strategies must be a list of texts");
  const strategies = [...new Set(given as string[])];
  defaultMapping(connector, strategies);
  return strategies;
}

function readTitle(given: unknown): string | undefined {
  if (given === undefined) return undefined;
  if (typeof given !== "string" || given.trim() === "" || given.length > MAX_TITLE)
    throw invalid(`title must be a text of 1 to ${MAX_TITLE} characters`);
  return given.trim();
}

function readSecret(given: unknown): string | undefined {
  if (given === undefined) return undefined;
  if (typeof given !== "string" || given.length < MIN_SECRET || given.length > MAX_SETTING)
    throw invalid(`webhookSecret must be a text of at least ${MIN_SECRET} characters`);
  return given;
}

function readMinutes(given: unknown, field: string): number | null | undefined {
  if (given === undefined || given === null) return given;
  if (typeof given !== "number" || !Number.isInteger(given) || given < 1 || given > MAX_MINUTES)
    throw invalid(`${field} must be a whole number from 1 to ${MAX_MINUTES}, or null for never`);
  return given;
}
