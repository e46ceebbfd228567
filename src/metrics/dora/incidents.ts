/** Incidents with what they are linked to, and what a user decides about their cause. */
import type { DerivedIncident } from "../../dora/derived.ts";
import { incidentsIn } from "../../dora/observations.ts";
import { AppError, notFound } from "../../model/error.ts";
import type { Sight } from "../../model/sight.ts";
import { appendChanges } from "../../storage/changes.ts";
import type { Ctx } from "../../storage/context.ts";
import {
  deleteVerdict,
  readEntitiesById,
  readIncident,
  readVerdicts,
  type Verdict,
  writeVerdict,
} from "../../storage/dora-incidents.ts";
import { enqueue } from "../../storage/queue.ts";
import { DERIVE_QUEUE } from "../../storage/queues.ts";
import { transact } from "../../storage/transact.ts";
import { servicesOfCauses } from "./incident-neighbours.ts";
import { iso, presentIncident } from "./present.ts";
import { ownProfile, parseQuestion, type QuestionInput } from "./question.ts";
import { inputFor, readIncidentRows } from "./read-input.ts";
import { servicesOf } from "./roles.ts";
import { type DoraSettings, loadSettings } from "./settings.ts";
import { incidentsInSight, requireSources, servicesInSight } from "./within-sight.ts";

export interface IncidentsInput extends QuestionInput {
  readonly linked?: string;
  readonly limit?: number;
  readonly from_cursor?: string;
}

const DEFAULT_LIMIT = 200;
const LINKED = ["linked", "unlinked", "review"] as const;

/** Those that began in the window, newest first. `review`: what the rule of the window decided, or nobody could. */
export async function doraIncidents(ctx: Ctx, input: IncidentsInput, sight: Sight | null): Promise<object> {
  const question = ownProfile(await parseQuestion(ctx, input, sight));
  const which = input.linked;
  if (which !== undefined && !LINKED.some((name) => name === which))
    throw new AppError(
      "invalid_request",
      `linked (value ${JSON.stringify(which)}) must be one of ${LINKED.join(", ")}`,
    );
  const offset = cursorOf(input.from_cursor);
  const limit = input.limit ?? DEFAULT_LIMIT;
  const rows = await readIncidentRows(ctx, question, question.window);
  const all = incidentsIn(inputFor(question, question.window, rows, true));
  const found = (await incidentsInSight(ctx, sight, question.settings, all))
    .filter((incident) => which === undefined || isAsked(incident, which))
    .sort((a, b) => b.startedAt - a.startedAt || (a.id < b.id ? -1 : 1));
  const end = offset + limit;
  return {
    window: { ...question.window, from: iso(question.window.from), to: iso(question.window.to) },
    definition: question.definition,
    incidents: found.slice(offset, end).map(presentIncident),
    total: found.length,
    next: end < found.length ? String(end) : null,
  };
}

function isAsked({ link, excluded }: DerivedIncident, which: string): boolean {
  if (which === "linked") return link.service !== null;
  if (which === "unlinked") return link.service === null;
  return excluded?.reason !== "status" && (link.method === "window" || link.method === "none");
}

function cursorOf(cursor: string | undefined): number {
  const offset = cursor === undefined || cursor === "" ? 0 : Number(cursor);
  if (!Number.isSafeInteger(offset) || offset < 0 || offset > 1e9)
    throw new AppError(
      "invalid_request",
      `from_cursor (value ${JSON.stringify(cursor)}) must be the "next" of an earlier answer`,
    );
  return offset;
}

/** @throws AppError not_found */
export async function incidentDetail(
  ctx: Ctx,
  id: string,
  blueprint: string | undefined,
  sight: Sight | null,
): Promise<object> {
  const found = await derivedIncident(ctx, id, blueprint, sight);
  const [verdict] = await readVerdicts(ctx.db, ctx.org, { incidents: [found], deployments: [] });
  return { incident: presentIncident(found), verdict: verdict === undefined ? null : verdictView(verdict) };
}

async function derivedIncident(
  ctx: Ctx,
  id: string,
  blueprint: string | undefined,
  sight: Sight | null,
): Promise<DerivedIncident> {
  const settings = await loadSettings(ctx);
  requireSources(settings, sight);
  if (id.includes("\u0000") || blueprint?.includes("\u0000")) throw notFound("incident", id);
  const all = (await readIncident(ctx.db, ctx.org, id, blueprint ?? null)) as DerivedIncident[];
  const rows = await incidentsInSight(ctx, sight, settings, all);
  const [first] = rows;
  if (first === undefined) throw notFound("incident", id);
  refuseAmbiguous(rows.map((row) => row.blueprint));
  return first;
}

function refuseAmbiguous(blueprints: readonly string[]): void {
  const names = [...new Set(blueprints)];
  if (names.length > 1)
    throw new AppError(
      "invalid_request",
      `blueprint must be given: incidents of that identifier are in ${names.join(", ")}`,
    );
}

export interface CauseInput {
  /** Null: no deployment caused it. */
  readonly deployment: string | null;
  readonly reason: string;
}

/**
 * Decides the cause of an incident; the verdict beats data and rule, and is kept when numbers are computed again. The
 * same verdict again changes nothing. @throws AppError not_found (incident), invalid_request (deployment)
 */
export async function decideCause(
  ctx: Ctx,
  id: string,
  blueprint: string | undefined,
  { deployment, reason }: CauseInput,
  sight: Sight | null,
): Promise<object> {
  const text = reason.trim();
  if (text === "" || text.includes("\u0000"))
    throw new AppError("invalid_request", "body.reason must say why, in words");
  await checkSight(ctx, id, blueprint, deployment, sight);
  return transact(ctx, async (tx) => {
    const settings = await loadSettings(tx);
    const incident = await knownIncident(tx, settings, id, blueprint, null);
    if (deployment !== null) await checkDeployment(tx, settings, deployment, null);
    const before = await verdictOf(tx, incident);
    if (before?.deployment === deployment && before.reason === text) return verdictView(before);
    const verdict: Verdict = {
      blueprint: incident.blueprint,
      incident: incident.id,
      deployment,
      reason: text,
      decided_by: tx.actor.id,
      decided_at: tx.now(),
    };
    await writeVerdict(tx.db, tx.org, verdict);
    await settle(tx, settings, incident, before, verdict);
    return verdictView(verdict);
  });
}

/** Leaves the cause to the data and the rule again. @throws AppError not_found (incident) */
export async function forgetCause(
  ctx: Ctx,
  id: string,
  blueprint: string | undefined,
  sight: Sight | null,
): Promise<void> {
  await checkSight(ctx, id, blueprint, null, sight);
  await transact(ctx, async (tx) => {
    const settings = await loadSettings(tx);
    const incident = await knownIncident(tx, settings, id, blueprint, null);
    const before = await verdictOf(tx, incident);
    if (before === null) return;
    await deleteVerdict(tx.db, tx.org, incident.blueprint, incident.id);
    await settle(tx, settings, incident, before, null);
  });
}

/**
 * Before the transaction, never in it: what may be seen is asked on a connection of its own, and the embedded database
 * has one only. In it the two would wait for each other for ever.
 */
async function checkSight(
  ctx: Ctx,
  id: string,
  blueprint: string | undefined,
  deployment: string | null,
  sight: Sight | null,
): Promise<void> {
  if (sight === null) return;
  const settings = await loadSettings(ctx);
  await knownIncident(ctx, settings, id, blueprint, sight);
  if (deployment !== null) await checkDeployment(ctx, settings, deployment, sight);
}

interface KnownIncident {
  readonly blueprint: string;
  readonly id: string;
  readonly services: readonly string[];
}

/** From the catalog, not from what is derived: an incident that came just now can be judged. */
async function knownIncident(
  tx: Ctx,
  settings: DoraSettings,
  id: string,
  blueprint: string | undefined,
  sight: Sight | null,
): Promise<KnownIncident> {
  requireSources(settings, sight);
  const { roles } = settings;
  if (id.includes("\u0000")) throw notFound("incident", id);
  const sources = roles.incident.filter(
    (source) => blueprint === undefined || source.blueprint === blueprint,
  );
  const rows = await readEntitiesById(tx.db, tx.org, [...new Set(sources.map((s) => s.blueprint))], [id]);
  const [row] = rows;
  if (row === undefined) throw notFound("incident", id);
  refuseAmbiguous(rows.map((one) => one.blueprint));
  const services = sources
    .filter((source) => source.blueprint === row.blueprint)
    .flatMap((source) => servicesOf(row, source));
  const seen = await servicesInSight(tx, sight, settings.service.blueprint, services);
  if (seen !== null && !services.some((name) => seen.includes(name))) throw notFound("incident", id);
  return { blueprint: row.blueprint, id, services };
}

async function checkDeployment(
  tx: Ctx,
  { roles, service }: DoraSettings,
  id: string,
  sight: Sight | null,
): Promise<void> {
  const blueprints = roles.deployment.map(({ blueprint }) => blueprint);
  const rows = id.includes("\u0000") ? [] : await readEntitiesById(tx.db, tx.org, blueprints, [id]);
  const services = rows.flatMap((row) =>
    roles.deployment
      .filter(({ blueprint }) => blueprint === row.blueprint)
      .flatMap((source) => servicesOf(row, source)),
  );
  const seen = await servicesInSight(tx, sight, service.blueprint, services);
  if (seen?.length === 0 || services.length === 0)
    throw new AppError(
      "invalid_request",
      `body.deployment (value ${JSON.stringify(id.slice(0, 200))}) must be the identifier of a deployment, or null`,
    );
}

async function verdictOf(tx: Ctx, { blueprint, id }: KnownIncident): Promise<Verdict | null> {
  const found = await readVerdicts(tx.db, tx.org, { incidents: [{ blueprint, id }], deployments: [] });
  return found[0] ?? null;
}

/** Writes the audit row and marks everything that the verdict touches. */
async function settle(
  tx: Ctx,
  settings: DoraSettings,
  incident: KnownIncident,
  before: Verdict | null,
  after: Verdict | null,
): Promise<void> {
  await appendChanges(tx, tx.now(), [
    {
      kind: "incident_cause",
      action: before === null ? "CREATE" : after === null ? "DELETE" : "UPDATE",
      blueprint: incident.blueprint,
      identifier: incident.id,
      before: before && verdictView(before),
      after: after && verdictView(after),
    },
  ]);
  const blamed = [before, after].flatMap((verdict) => verdict?.deployment ?? []);
  const services = [...incident.services, ...(await servicesOfCauses(tx, settings, blamed, [incident]))];
  await enqueue(tx.db, tx.org, DERIVE_QUEUE, services);
}

const verdictView = ({ deployment, reason, decided_by, decided_at }: Verdict): object => ({
  deployment,
  reason,
  decidedBy: decided_by,
  decidedAt: decided_at.toISOString(),
});
