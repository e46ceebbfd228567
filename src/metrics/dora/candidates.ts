/** `GET /v1/dora/candidates`: how many deployments each blueprint would give if it played that role. */
import { calendarOf } from "../../dora/calendar.ts";
import { planOf } from "../../model/blueprint.ts";
import { type Candidate, deploymentCandidate } from "../../model/dora-candidates.ts";
import { AppError } from "../../model/error.ts";
import type { Sight } from "../../model/sight.ts";
import { listBlueprints } from "../../storage/blueprints.ts";
import type { Ctx } from "../../storage/context.ts";
import type { RoleEntityRow } from "../../storage/dora-facts.ts";
import { readEntityPage } from "../../storage/dora-preview.ts";
import { FairTurns } from "./fair-turns.ts";
import { deploymentFact } from "./map-facts.ts";
import { pauses } from "./pauses.ts";
import { iso } from "./present.ts";
import { onlyPlaying } from "./role-entities.ts";
import { servicesOf } from "./roles.ts";
import { type DoraSettings, loadSettings } from "./settings.ts";
import { parseWindow, type WindowInput } from "./window.ts";

const PAGE = 1000;
/** Of one blueprint: 180 ms of the processor, a page at a time. */
const MAX_ROWS = 50_000;
const MAX_CANDIDATES = 30;
/** Thirty of them are 5 s of the processor: one question at a time, so many of each organisation wait. */
const turns = new FairTurns("questions for candidates", 4);

/** @param signal ends it: who asked has gone. @throws AppError invalid_request, rate_limited */
export async function doraCandidates(
  ctx: Ctx,
  input: Pick<WindowInput, "from" | "to" | "last" | "timezone">,
  sight: Sight | null,
  signal: AbortSignal,
): Promise<object> {
  const settings = await loadSettings(ctx);
  const window = parseWindow(input, settings, ctx.now().getTime());
  const blueprints = await listBlueprints(ctx.db, ctx.org);
  const candidates = blueprints
    .map(({ document }) => deploymentCandidate(planOf(document), settings.service.blueprint))
    .filter((one): one is Candidate => one !== null && sight?.isWhole(one.blueprint) !== false)
    .slice(0, MAX_CANDIDATES);
  const found = await turns.take(ctx.org, signal, async () => {
    const counts: object[] = [];
    for (const candidate of candidates) counts.push(await count(ctx, candidate, settings, window, signal));
    return counts;
  });
  return { window: { ...window, from: iso(window.from), to: iso(window.to) }, candidates: found };
}

async function count(
  ctx: Ctx,
  candidate: Candidate,
  settings: DoraSettings,
  window: ReturnType<typeof parseWindow>,
  signal: AbortSignal,
): Promise<object> {
  const { blueprint, kind, title, description } = candidate;
  const used = settings.roles.deployment.find((source) => source.blueprint === blueprint);
  const source = used ?? candidate.source;
  const status = { success: 0, failure: 0, ignored: 0, unknown: 0 };
  const environments: Record<string, number> = {};
  const services = new Set<string>();
  let [rows, read, undated, withCommit, counted] = [0, 0, 0, 0, 0];
  let last: number | null = null;
  const look = (row: RoleEntityRow): void => {
    const fact = deploymentFact(row, source);
    if (fact === null) undated += 1;
    else if (fact.finishedAt >= window.from && fact.finishedAt < window.to) {
      status[fact.status] += 1;
      environments[fact.environment] = (environments[fact.environment] ?? 0) + 1;
      if (fact.sha !== null) withCommit += 1;
      if (fact.status === "success" && settings.productionEnvironments.includes(fact.environment))
        counted += 1;
      for (const service of servicesOf(row, source)) services.add(service);
      last = Math.max(last ?? fact.finishedAt, fact.finishedAt);
    }
  };
  const pause = pauses();
  let after = "";
  let complete = true;
  for (;;) {
    if (signal.aborted) throw new AppError("invalid_request", "the question was cancelled");
    const page = await readEntityPage(ctx.db, ctx.org, blueprint, after, PAGE);
    const playing = await onlyPlaying(ctx, source, page);
    for (const row of playing) {
      look(row);
      await pause();
    }
    rows += playing.length;
    read += page.length;
    const end = page.at(-1);
    if (end === undefined || page.length < PAGE) break;
    after = end.identifier;
    if (read >= MAX_ROWS) {
      complete = false;
      break;
    }
  }
  const days = calendarOf(window.timezone).daysBetween(window.from, window.to);
  return {
    ...{ id: `${kind}:${blueprint}`, kind, blueprint, title, description, inUse: used !== undefined, source },
    ...{ rows, complete, withoutTime: undated, withCommit, environments },
    deployments: status.success + status.failure,
    ...{ status, services: services.size - (services.has("") ? 1 : 0), lastAt: iso(last) },
    deploymentFrequency: { count: counted, perDay: days > 0 ? counted / days : null },
  };
}
