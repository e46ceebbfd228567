/** How levels of a scorecard were spread over time, and who moved (workflows.md §5.4: results have a history). */
import type { BlueprintPlan } from "../model/blueprint.ts";
import { invalid, notFound } from "../model/error.ts";
import { parseInstant } from "../model/instant.ts";
import { levelCounts } from "../model/level-counts.ts";
import { parseTimeAxis } from "../model/query-aggregate.ts";
import type { ScorecardPlan } from "../model/scorecard.ts";
import type { Ctx } from "../storage/context.ts";
import { readFlows, readMoves, type Seen } from "../storage/level-history.ts";
import { bucketsOf } from "./aggregate-over-time.ts";
import { getDefinition } from "./definitions.ts";
import { requireReadable } from "./readable-keys.ts";
import { definitionsFor, limited } from "./search-plan.ts";
import { seenOf } from "./seen-entities.ts";
import { requireVisibleBlueprint } from "./search-visible.ts";

const MAX_POINTS = 400;

export interface LevelHistory {
  /** From the base level up, then those that it has no more. */
  readonly levels: readonly string[];
  readonly points: readonly { readonly at: string; readonly counts: Readonly<Record<string, number>> }[];
}

const DAY_MS = 86_400_000;

/**
 * How many entities had each level at the end of each interval, or now; nothing before the scorecard came, and nothing from when moves
 * are forgotten.
 * @param days that moves are kept
 * @throws AppError `not_found`, `forbidden`, `invalid_request`
 */
export async function levelHistory(
  ctx: Ctx,
  blueprint: string,
  identifier: string,
  { preset, interval, timeZone }: Readonly<Record<"preset" | "interval" | "timeZone", string>>,
  days: number,
): Promise<LevelHistory> {
  const { scorecard, seen } = await opened(ctx, blueprint, identifier);
  const now = ctx.now();
  const { ends } = bucketsOf(parseTimeAxis({ preset, timeZone }, interval), now);
  const known = Math.max(createdAt(scorecard), now.getTime() - days * DAY_MS);
  const moments = ends.map((end) => Math.min(end, now.getTime())).filter((end) => end >= known);
  if (moments.length > MAX_POINTS)
    throw invalid(`interval "${interval}" gives ${moments.length} points; at most ${MAX_POINTS} are allowed`);
  const times = moments.map((at) => new Date(at));
  const { now: current, flows } = await limited(ctx, (db) =>
    readFlows(db, ctx.org, { blueprint, scorecard: identifier }, times, seen),
  );
  const counts = levelCounts(times.length, current, flows);
  const present = new Set(scorecard.levels);
  const former = new Set(counts.flatMap((one) => [...one.keys()].filter((level) => !present.has(level))));
  return {
    levels: [...scorecard.levels, ...[...former].sort()],
    points: times.map((at, k) => ({
      at: at.toISOString(),
      counts: Object.fromEntries(counts[k] ?? []),
    })),
  };
}

const createdAt = ({ document }: ScorecardPlan): number => parseInstant(String(document["createdAt"])) ?? 0;

export interface MovesRequest {
  readonly entity: string | null;
  readonly from: string | null;
  readonly to: string | null;
  /** Changes of results of rules that leave the level as it is, too. */
  readonly withRules: boolean;
  readonly limit: number;
  readonly after: string | null;
}

export interface Move {
  readonly at: string;
  readonly entity: { readonly identifier: string; readonly title: string | null; readonly exists: boolean };
  readonly from: string | null;
  readonly to: string | null;
  readonly direction: "up" | "down" | "none";
  readonly rules: readonly string[];
}

/** Newest first. @throws AppError `not_found`, `forbidden`, `invalid_request` */
export async function levelMoves(
  ctx: Ctx,
  blueprint: string,
  identifier: string,
  request: MovesRequest,
): Promise<{ moves: Move[]; next: string | null }> {
  const { scorecard, seen } = await opened(ctx, blueprint, identifier);
  const { entity, withRules, limit } = request;
  if (entity !== null) await requireReadable(ctx, { blueprint, identifier: entity });
  const asked = {
    ...{ blueprint, scorecard: identifier, entity, onlyLevels: !withRules, limit: limit + 1 },
    // What was before is of another one that had the name.
    from: new Date(Math.max(createdAt(scorecard), instantOf(request.from, "from")?.getTime() ?? 0)),
    to: instantOf(request.to, "to"),
    after: request.after === null ? null : placeOf(request.after),
  };
  const rows = await limited(ctx, (db) => readMoves(db, ctx.org, asked, seen));
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    moves: shown.map((row) => ({
      at: new Date(row.at).toISOString(),
      entity: { identifier: row.identifier, title: row.title, exists: row.exists },
      ...{ from: row.before, to: row.after, rules: row.turned },
      direction: directionOf(scorecard, row.before, row.after),
    })),
    next: rows.length > limit && last !== undefined ? cursorOf(last) : null,
  };
}

/**
 * A level with none before, the first or one of an entity that was out of the filter, is no way up. To lose one is a way down. Levels that the scorecard has no more are
 * neither above nor below others.
 */
function directionOf({ levels }: ScorecardPlan, from: string | null, to: string | null): Move["direction"] {
  if (from === null || [from, to].some((level) => level !== null && !levels.includes(level))) return "none";
  const place = (level: string | null): number => (level === null ? -1 : levels.indexOf(level));
  const difference = place(to) - place(from);
  if (difference === 0) return "none";
  return difference > 0 ? "up" : "down";
}

function instantOf(text: string | null, field: string): Date | null {
  if (text === null) return null;
  const at = parseInstant(text);
  if (at === null) throw invalid(`${field} ${JSON.stringify(text)} must be an ISO date-time with an offset`);
  return new Date(at);
}

interface Place {
  readonly at: string;
  readonly identifier: string;
}

const cursorOf = ({ at, identifier }: Place): string =>
  Buffer.from(JSON.stringify([at, identifier])).toString("base64url");

function placeOf(cursor: string): Place {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, "base64url").toString("utf8"));
    const [at, identifier] = Array.isArray(value) ? (value as unknown[]) : [];
    const isTime = typeof at === "string" && Number.isFinite(Date.parse(at));
    if (isTime && typeof identifier === "string" && cursorOf({ at, identifier }) === cursor)
      return { at, identifier };
  } catch {
    // Said below.
  }
  throw invalid("after is not a cursor: send the `next` of the page before, unchanged");
}

async function opened(
  ctx: Ctx,
  blueprint: string,
  identifier: string,
): Promise<{ readonly scorecard: ScorecardPlan; readonly seen: Seen | null }> {
  const { plan } = await getDefinition(ctx, blueprint);
  const scorecard = plan.scorecards.find((one) => one.identifier === identifier);
  if (scorecard === undefined) throw notFound("Scorecard", identifier);
  return { scorecard, seen: await visibleOf(ctx, plan) };
}

/** null: all entities of the blueprint may be read. */
async function visibleOf(ctx: Ctx, plan: BlueprintPlan): Promise<Seen | null> {
  const query = await requireVisibleBlueprint(ctx, plan.identifier);
  if (query === "all") return null;
  return seenOf(ctx, plan.identifier, query, await definitionsFor(ctx, plan, [query]));
}
