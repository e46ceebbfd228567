/** What an alert sees of each of its subjects right now. */
import type { Alert, AlertMetric, AlertSource } from "../../model/alert.ts";
import type { Sample } from "../../model/alert-state.ts";
import { planOf } from "../../model/blueprint.ts";
import { readBlueprint } from "../../storage/blueprints.ts";
import {
  newestChange,
  readLevelsOf,
  readNumbersOf,
  readOverdue,
  type SubjectValue,
  teamsOf,
} from "../../storage/alerts.ts";
import type { Ctx } from "../../storage/context.ts";
import { lastHeard } from "../../storage/last-heard.ts";
import type { Scope } from "./alert-watch.ts";
import type { Silence } from "./silence-message.ts";
import type { AlertMeans, MetricQuestion, MetricRow, MetricValue } from "./alert-means.ts";

export interface Subject {
  /** `<blueprint>:<entity>`, a blueprint, or the empty text for the organisation. */
  readonly key: string;
  readonly blueprint: string | null;
  readonly entity: string | null;
  readonly title: string;
  readonly teams: readonly string[];
}

export interface Seen {
  readonly subject: Subject;
  readonly sample: Sample;
  /** The number as it is shown, its observations, its window. */
  readonly shown: string;
  readonly observations: string | null;
  readonly window: { readonly from: string; readonly to: string } | null;
  /** Of a source that may go silent, once there was something. */
  readonly silence?: Silence;
}

const NOTHING: Sample = { value: null, rank: null, isWorse: null };
const TIERS = ["elite", "high", "medium", "low"];
const HOUR_MS = 3_600_000;

/** @param scope entities that are looked at, where it is about entities */
export async function readSamples(ctx: Ctx, alert: Alert, means: AlertMeans, scope: Scope): Promise<Seen[]> {
  const { source, entity } = alert;
  const among = entity !== null ? [entity] : scope === "all" ? null : [...scope];
  switch (source.type) {
    case "metric":
      return metricSeen(ctx, alert, source, means);
    case "property": {
      const rows = await readNumbersOf(ctx.db, ctx.org, source.blueprint, source.property, among);
      return rows.map((row) => ({
        ...{ subject: subjectOf(source.blueprint, row), ...numberSample(row.value) },
        ...{ observations: null, window: null },
      }));
    }
    case "scorecard": {
      const levels = await levelsOf(ctx, source.blueprint, source.scorecard);
      const rows = await readLevelsOf(ctx.db, ctx.org, source.blueprint, source.scorecard, among);
      return rows.map((row) => ({
        ...{ subject: subjectOf(source.blueprint, row), ...levelSample(levels, row.level) },
        ...{ observations: null, window: null },
      }));
    }
    case "silence": {
      const { blueprint } = source;
      const newest = await newestChange(ctx.db, ctx.org, blueprint);
      const hours = newest === null ? null : (ctx.now().getTime() - newest.getTime()) / HOUR_MS;
      const title = (await readBlueprint(ctx.db, ctx.org, blueprint))?.document["title"];
      return [
        {
          subject: {
            key: blueprint,
            blueprint,
            entity: null,
            title: typeof title === "string" ? title : blueprint,
            teams: [],
          },
          sample: { ...NOTHING, value: hours },
          shown: hours === null ? "nothing yet" : `${plain(hours)} hours`,
          ...{ observations: null, window: null },
          ...(newest !== null && { silence: { from: "blueprint", at: newest, failure: null } }),
        },
      ];
    }
    case "dataSource":
      return sourceSample(ctx, source.dataSource);
    default: {
      const now = ctx.now().getTime();
      const rows = await readOverdue(ctx.db, ctx.org, source.blueprint, source.property, among);
      return rows.map((row) => {
        // What waits is less than nothing overdue: a new value ends the alert.
        const hours = row.due_at === null ? -1 : (now - row.due_at.getTime()) / HOUR_MS;
        return {
          ...{ subject: subjectOf(source.blueprint, row), sample: { ...NOTHING, value: hours } },
          shown: hours < 0 ? "not overdue" : `${plain(hours)} hours overdue`,
          ...{ observations: null, window: null },
        };
      });
    }
  }
}

/** @param as `asOf`: as it was at that instant */
export async function metricSeen(
  ctx: Ctx,
  { rule, entity, minimum }: Alert,
  { metric, window, per, environment }: Extract<AlertSource, { type: "metric" }>,
  means: Pick<AlertMeans, "metrics">,
  as: Pick<MetricQuestion, "asOf"> = {},
): Promise<Seen[]> {
  const isTierAsked = rule.type === "fall";
  const rows = await means.metrics(ctx, {
    ...{ metric, isTierAsked, last: window, ...as },
    // Tests whether a difference is more than chance are most of what a question costs.
    ...(rule.type === "regression" ? { compare: "previous" } : {}),
    ...(per === null ? {} : { blueprint: per }),
    ...(per === null || entity === null ? {} : { entity }),
    ...(environment === null ? {} : { environment }),
  });
  return metricSamples(ctx, rows, { metric, minimum, isTierAsked });
}

export const numberSample = (value: number | null): Pick<Seen, "sample" | "shown"> => ({
  sample: { ...NOTHING, value },
  shown: value === null ? "empty" : plain(value),
});

/** @param levels of the scorecard, from the base level up */
export function levelSample(levels: readonly string[], level: string | null): Pick<Seen, "sample" | "shown"> {
  const place = level === null ? -1 : levels.indexOf(level);
  const rank = place < 0 ? null : levels.length - 1 - place;
  return { sample: { ...NOTHING, rank }, shown: level ?? "none" };
}

/** One that is gone is not looked at any more. */
async function sourceSample(ctx: Ctx, id: string): Promise<Seen[]> {
  const heard = await lastHeard(ctx.db, ctx.org, id);
  if (heard === null) return [];
  const hours = (ctx.now().getTime() - heard.at.getTime()) / HOUR_MS;
  return [
    {
      subject: { key: `source:${id}`, blueprint: null, entity: null, title: heard.title, teams: [] },
      sample: { ...NOTHING, value: hours },
      shown: `${plain(hours)} hours`,
      ...{ observations: null, window: null },
      silence: { from: heard.kind, at: heard.at, failure: heard.failure },
    },
  ];
}

export async function levelsOf(ctx: Ctx, blueprint: string, scorecard: string): Promise<readonly string[]> {
  const found = await readBlueprint(ctx.db, ctx.org, blueprint);
  if (found === null) return [];
  return planOf(found.document).scorecards.find(({ identifier }) => identifier === scorecard)?.levels ?? [];
}

export function subjectOf(
  blueprint: string,
  row: Pick<SubjectValue, "identifier" | "title" | "team">,
): Subject {
  const { identifier, title, team } = row;
  // Teams own themselves.
  const teams = blueprint === "_team" ? [identifier] : team;
  return {
    key: `${blueprint}:${identifier}`,
    blueprint,
    entity: identifier,
    title: title ?? identifier,
    teams,
  };
}

async function metricSamples(
  ctx: Ctx,
  rows: readonly MetricRow[],
  { metric, minimum, isTierAsked }: { metric: AlertMetric; minimum: number; isTierAsked: boolean },
): Promise<Seen[]> {
  const blueprint = rows.find(({ scope }) => scope.blueprint !== null)?.scope.blueprint ?? null;
  const names = rows.flatMap(({ scope }) => scope.entity ?? []);
  const teams =
    blueprint === null ? new Map<string, string[]>() : await teamsOf(ctx.db, ctx.org, blueprint, names);
  return rows.map(({ scope, metrics, window }) => {
    const found: MetricValue = metrics[metric] ?? { value: null };
    const observations = observationsOf(found);
    const isEnough = observations === null || observations >= minimum;
    const tier = isTierAsked ? tierOf(found) : null;
    const subject: Subject =
      scope.blueprint === null || scope.entity === null
        ? { key: "", blueprint: null, entity: null, title: scope.title ?? "The organisation", teams: [] }
        : subjectOf(scope.blueprint, {
            ...{ identifier: scope.entity, title: scope.title, team: teams.get(scope.entity) ?? [] },
          });
    return {
      ...{ subject, window },
      sample: isEnough
        ? {
            value: found.value,
            rank: tier === null ? null : TIERS.indexOf(tier),
            isWorse: worseOf(metric, found),
          }
        : NOTHING,
      shown: tier === null ? show(metric, found) : `${show(metric, found)} (${tier})`,
      observations: observations === null ? null : counted(metric, found, observations),
    };
  });
}

/** None where the number rests on too little, as on the pages. */
function tierOf({ tier, few, covered }: MetricValue): string | null {
  return few === true || covered === false || !TIERS.includes(tier ?? "") ? null : (tier ?? null);
}

function observationsOf({ total, n, count }: MetricValue): number | null {
  return total ?? n ?? count ?? null;
}

function counted(metric: AlertMetric, { failed, rework }: MetricValue, of: number): string {
  if (metric === "changeFailureRate") return `${failed ?? 0} of ${of} deployments`;
  if (metric === "reworkRate") return `${rework ?? 0} of ${of} deployments`;
  return `${of} observations`;
}

function worseOf(metric: AlertMetric, { trend }: MetricValue): boolean | null {
  const delta = trend?.delta ?? null;
  if (delta === null) return null;
  const isWorse = metric === "deploymentFrequency" ? delta < 0 : delta > 0;
  if (!isWorse) return false;
  return trend?.significant === true ? true : null;
}

function show(metric: AlertMetric, { value }: MetricValue): string {
  if (value === null) return "not measured";
  if (metric === "changeFailureRate" || metric === "reworkRate") return `${plain(value * 100)} %`;
  return metric === "deploymentFrequency" ? `${plain(value)} per day` : duration(value);
}

function duration(seconds: number): string {
  if (seconds < 3600) return `${plain(seconds / 60)} minutes`;
  return seconds < 2 * 86_400 ? `${plain(seconds / 3600)} hours` : `${plain(seconds / 86_400)} days`;
}

/** At most two digits behind the point. */
const plain = (value: number): string => String(Math.round(value * 100) / 100);
