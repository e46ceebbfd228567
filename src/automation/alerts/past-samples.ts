/** What an alert would have seen over the last days, of each subject: metrics as they were then, histories of numbers and levels. */
import type { Alert, AlertSource } from "../../model/alert.ts";
import type { PastSample } from "../../model/alert-replay.ts";
import { pastLevels, pastNumbers, type PastMove, type PastSubject } from "../../storage/alert-past.ts";
import type { Ctx } from "../../storage/context.ts";
import type { AlertMeans } from "./alert-means.ts";
import {
  levelSample,
  levelsOf,
  metricSeen,
  numberSample,
  type Seen,
  type Subject,
  subjectOf,
} from "./alert-samples.ts";

export interface PastPoint extends PastSample {
  readonly subject: Subject;
  /** The number as it is shown. */
  readonly shown: string;
}

export interface Past {
  /** Ascending, by subject. */
  readonly tracks: readonly (readonly PastPoint[])[];
  /** Days between two looks; null: every change. */
  readonly everyDays: number | null;
}

const DAY_MS = 86_400_000;
/** A metric of many subjects is looked at on fewer days; tests of differences cost ten times as much as numbers. */
const MAX_LOOKS = { threshold: 30_000, fall: 30_000, regression: 3000 } as const;
const LEAST_LOOKS = 4;
/** Rows of history: some megabytes. */
const MAX_MOVES = 50_000;

/** @returns the reason where nothing is kept that would tell. @param now what is seen now: so many subjects there are */
export async function pastSamples(
  ctx: Ctx,
  alert: Alert,
  means: Pick<AlertMeans, "metrics">,
  days: number,
  now: readonly Seen[],
): Promise<Past | string> {
  const { source, entity } = alert;
  const from = ctx.now().getTime() - days * DAY_MS;
  switch (source.type) {
    case "metric":
      return metricPast(ctx, alert, source, means, { days, subjects: now.length });
    case "property": {
      const asked = { blueprint: source.blueprint, entity, since: new Date(from), limit: MAX_MOVES };
      const { subjects, moves } = await pastNumbers(ctx.db, ctx.org, source.property, asked);
      if (moves.length >= MAX_MOVES) return TOO_MANY;
      return { tracks: tracksOf(source.blueprint, subjects, moves, from, numberSample), everyDays: null };
    }
    case "scorecard": {
      const levels = await levelsOf(ctx, source.blueprint, source.scorecard);
      const asked = { blueprint: source.blueprint, entity, since: new Date(from), limit: MAX_MOVES };
      const { subjects, moves } = await pastLevels(ctx.db, ctx.org, source.scorecard, asked);
      if (moves.length >= MAX_MOVES) return TOO_MANY;
      const sampleOf = (level: string | null) => levelSample(levels, level);
      return { tracks: tracksOf(source.blueprint, subjects, moves, from, sampleOf), everyDays: null };
    }
    case "timer":
      return "When timers passed is not kept by what they were set to";
    default:
      return "How long it was silent is known for now only";
  }
}

const TOO_MANY = `More than ${MAX_MOVES} changes in this time`;

async function metricPast(
  ctx: Ctx,
  alert: Alert,
  source: Extract<AlertSource, { type: "metric" }>,
  means: Pick<AlertMeans, "metrics">,
  { days, subjects }: { readonly days: number; readonly subjects: number },
): Promise<Past> {
  const most = Math.floor(MAX_LOOKS[alert.rule.type] / Math.max(1, subjects));
  const looks = Math.min(days, Math.max(LEAST_LOOKS, most));
  const everyDays = Math.ceil(days / looks);
  const now = ctx.now().getTime();
  const tracks = new Map<string, PastPoint[]>();
  for (let ago = Math.floor(days / everyDays) * everyDays; ago >= 0; ago -= everyDays) {
    const at = now - ago * DAY_MS;
    // As it was then: what came to be known later would not have fired.
    const seen = await metricSeen(ctx, alert, source, means, { asOf: new Date(at).toISOString() });
    for (const { subject, sample, shown } of seen) {
      const track = tracks.get(subject.key) ?? [];
      track.push({ at, sample, subject, shown });
      tracks.set(subject.key, track);
    }
  }
  return { tracks: [...tracks.values()], everyDays };
}

/** From the beginning, or from when the entity came, to now. */
function tracksOf<T>(
  blueprint: string,
  subjects: readonly PastSubject<T>[],
  moves: readonly PastMove<T>[],
  from: number,
  sampleOf: (value: T | null) => Pick<PastPoint, "sample" | "shown">,
): PastPoint[][] {
  const byEntity = Map.groupBy(moves, ({ identifier }) => identifier);
  return subjects.map((row) => {
    const subject = subjectOf(blueprint, row);
    // Another entity may have had the name before.
    const own = (byEntity.get(row.identifier) ?? []).filter(({ at }) => at >= row.created_at);
    const first = own[0] === undefined ? row.value : own[0].before;
    const start = Math.max(from, row.created_at.getTime());
    return [
      { at: start, subject, ...sampleOf(first) },
      ...own.map(({ at, after }) => ({ at: at.getTime(), subject, ...sampleOf(after) })),
    ];
  });
}
