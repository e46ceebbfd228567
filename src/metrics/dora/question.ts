/** Parses what is asked (scope, window, reading) from query parameters; every refusal names the parameter. */
import { BENCHMARK_YEARS } from "../../dora/benchmarks.ts";
import type { MetricName, Window } from "../../dora/results.ts";
import type { Thresholds } from "../../dora/thresholds.ts";
import { AppError } from "../../model/error.ts";
import type { Sight } from "../../model/sight.ts";
import type { Ctx } from "../../storage/context.ts";
import { parseScope, type Scope, type ScopeInput } from "./scope.ts";
import { DEFINITION_VERSION, type DoraSettings, isTimeZone, loadSettings } from "./settings.ts";
import { requireSources } from "./within-sight.ts";

export interface QuestionInput extends ScopeInput {
  readonly from?: string;
  readonly to?: string;
  readonly last?: string;
  readonly interval?: string;
  readonly timezone?: string;
  readonly weekStart?: string;
  readonly environment?: string;
  readonly profile?: string;
  readonly compare?: string;
  readonly benchmark?: string;
  /** The answer as it was at this instant. */
  readonly asOf?: string;
  /** `version:settingsHash` that the answer must be computed under. */
  readonly definition?: string;
}

export interface Question {
  readonly scope: Scope;
  readonly window: Window;
  /** The window of equal length before, when a comparison is asked for. */
  readonly previous: Window | null;
  readonly environments: readonly string[];
  readonly settings: DoraSettings;
  readonly thresholds: Thresholds;
  readonly definition: {
    readonly profile: "fairway" | "port" | "devlake";
    readonly version: number;
    readonly settingsHash: string;
  };
  readonly now: number;
  /** Asked for as of `now`, not as of the clock. */
  readonly isAsOf: boolean;
}

export const METRICS: readonly MetricName[] = [
  "deploymentFrequency",
  "changeLeadTime",
  "changeFailureRate",
  "failedDeploymentRecoveryTime",
  "meanTimeToRecovery",
  "reworkRate",
];

/** One value for each metric. */
export const byMetric = <T>(make: (name: MetricName) => T): Record<MetricName, T> =>
  Object.fromEntries(METRICS.map((name) => [name, make(name)])) as Record<MetricName, T>;

const DAY_MS = 86_400_000;
const UNIT_DAYS: Readonly<Record<string, number>> = { d: 1, w: 7, m: 30, y: 365 };
const INTERVAL_DAYS = { day: 1, week: 7, month: 28 } as const;
const DEFAULT_LAST = "90d";
/** Earlier instants are written otherwise by JavaScript than PostgreSQL reads them. */
const FIRST_INSTANT = Date.parse("0001-01-01T00:00:00Z");
/** More points than any screen shows, and a bound on the work of one request. */
const MAX_BUCKETS = 2000;

function refuse(parameter: string, value: unknown, rule: string): never {
  throw new AppError("invalid_request", `${parameter} (value ${JSON.stringify(value)}) ${rule}`);
}

/**
 * @param given other settings than those in force
 * @throws AppError not_found for an unknown scope, forbidden, invalid_request for anything else
 */
export async function parseQuestion(
  ctx: Ctx,
  input: QuestionInput,
  sight: Sight | null,
  given?: DoraSettings,
): Promise<Question> {
  for (const [name, value] of Object.entries(input))
    if (typeof value === "string" && value.includes("\u0000")) refuse(name, value, "must not contain NUL");
  const settings = given ?? (await loadSettings(ctx));
  requireSources(settings, sight);
  const profile = input.profile ?? "fairway";
  if (profile !== "fairway" && profile !== "port" && profile !== "devlake")
    refuse("profile", profile, "must be fairway, port or devlake");
  if (input.compare !== undefined && !["previous", "none", ""].includes(input.compare))
    refuse("compare", input.compare, "must be previous");
  const clock = ctx.now().getTime();
  const now = input.asOf === undefined ? clock : instant("asOf", input.asOf);
  if (now > clock) refuse("asOf", input.asOf, "must not be in the future");
  const window = parseWindow(input, settings, now);
  if (input.asOf !== undefined && window.to > now) refuse("to", input.to, "must not be later than asOf");
  requireDefinition(input.definition, settings);
  const previous =
    input.compare === "previous"
      ? { ...window, from: window.from - (window.to - window.from), to: window.from }
      : null;
  if ((previous ?? window).from < FIRST_INSTANT)
    refuse("from", new Date(window.from).toISOString(), "reaches back beyond the year 1");
  return {
    scope: await parseScope(ctx, input, settings.service.blueprint, window.timezone, sight),
    window,
    previous,
    environments: input.environment ? [input.environment] : settings.productionEnvironments,
    settings,
    thresholds: thresholdsOf(input.benchmark, settings.thresholds),
    definition: { profile, version: DEFINITION_VERSION, settingsHash: settings.hash },
    now,
    isAsOf: input.asOf !== undefined,
  };
}

/** @throws AppError conflict: what is asked for again would not be the same */
function requireDefinition(wanted: string | undefined, { hash }: DoraSettings): void {
  const present = `${DEFINITION_VERSION}:${hash}`;
  if (wanted === undefined || wanted === "" || wanted === present) return;
  throw new AppError(
    "conflict",
    `definition (value ${JSON.stringify(wanted)}) is not the one in force, ${present}: its settings or its version changed`,
  );
}

/** A report named in the question is compared with as it is; without one, what the settings say. */
function thresholdsOf(benchmark: string | undefined, set: Thresholds): Thresholds {
  if (benchmark === undefined || benchmark === "") return set;
  const year = BENCHMARK_YEARS.find((one) => String(one) === benchmark.replace(/^dora-/, ""));
  return year === undefined
    ? refuse("benchmark", benchmark, `must be one of ${BENCHMARK_YEARS.join(", ")}`)
    : { benchmark: year };
}

/** Rows are those of our own definition. @throws AppError invalid_request for another profile */
export function ownProfile(question: Question): Question {
  const { profile } = question.definition;
  return profile === "fairway" ? question : refuse("profile", profile, "must be fairway here");
}

/** Unknown metric names are refused with the list of the known. */
export function parseMetric(name: string): MetricName {
  return (
    METRICS.find((metric) => metric === name) ??
    refuse("metric", name, `must be one of ${METRICS.join(", ")}`)
  );
}

/** @throws AppError invalid_request */
export function parseWindow(input: QuestionInput, settings: DoraSettings, now: number): Window {
  const timezone = input.timezone ?? settings.timezone;
  if (!isTimeZone(timezone)) refuse("timezone", timezone, "must be an IANA time zone");
  const weekStart = input.weekStart ?? settings.weekStart;
  if (weekStart !== "monday" && weekStart !== "sunday")
    refuse("weekStart", weekStart, "must be monday or sunday");
  const interval = input.interval ?? "week";
  if (interval !== "day" && interval !== "week" && interval !== "month")
    refuse("interval", interval, "must be day, week or month");
  const to = input.to === undefined ? now : instant("to", input.to);
  const last = input.last ?? DEFAULT_LAST;
  if (input.last !== undefined && input.from !== undefined)
    refuse("last", last, "and from cannot be given together");
  const from = input.from === undefined ? to - duration(last) : instant("from", input.from);
  if (to <= from) refuse("to", input.to ?? new Date(to).toISOString(), "must be later than from");
  if ((to - from) / DAY_MS / INTERVAL_DAYS[interval] > MAX_BUCKETS)
    refuse("interval", interval, `gives more than ${MAX_BUCKETS} points in this window; choose a longer one`);
  return { from, to, timezone, interval, weekStart };
}

function instant(parameter: string, value: string): number {
  const time = /^\d{4}-\d\d-\d\d/.test(value) ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(time)) refuse(parameter, value, "must be an ISO date and time");
  return time;
}

function duration(last: string): number {
  const [, count, unit] = /^(\d{1,5})([dwmy])$/.exec(last) ?? [];
  const days = Number(count) * (UNIT_DAYS[unit ?? ""] ?? Number.NaN);
  if (!(days > 0) || days > 36_500)
    refuse(
      "last",
      last,
      "must be a number of days, weeks, months (30 d) or years (365 d), e.g. 90d, 12w, 6m, 1y",
    );
  return days * DAY_MS;
}
