/** Parses what is asked (scope, window, reading) from query parameters; every refusal names the parameter. */
import { BENCHMARK_YEARS } from "../../dora/benchmarks.ts";
import type { MetricName, Window } from "../../dora/results.ts";
import type { Thresholds } from "../../dora/thresholds.ts";
import { AppError } from "../../model/error.ts";
import type { Sight } from "../../model/sight.ts";
import type { Ctx } from "../../storage/context.ts";
import { parseScope, type Scope, type ScopeInput } from "./scope.ts";
import { DEFINITION_VERSION, type DoraSettings, loadSettings } from "./settings.ts";
import { instant, parseComparedWindow, parseWindow, refuse, type WindowInput } from "./window.ts";
import { requireSources } from "./within-sight.ts";

export interface QuestionInput extends ScopeInput, WindowInput {
  readonly environment?: string;
  readonly profile?: string;
  /** `previous`, `none`, or another window as `<from>/<to>`. */
  readonly compare?: string;
  /** Another scope to compare with, in the window of `compare`, else in that of the question. */
  readonly compareEntity?: string;
  readonly compareBlueprint?: string;
  readonly benchmark?: string;
  /** The answer as it was at this instant. */
  readonly asOf?: string;
  /** `version:settingsHash` that the answer must be computed under. */
  readonly definition?: string;
}

export interface Question {
  readonly scope: Scope;
  readonly window: Window;
  /** The same question about what the answer is compared with: another window, another scope, or both. */
  readonly compared: Question | null;
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
  const clock = ctx.now().getTime();
  const now = input.asOf === undefined ? clock : instant("asOf", input.asOf);
  if (now > clock) refuse("asOf", input.asOf, "must not be in the future");
  const window = parseWindow(input, settings, now);
  if (input.asOf !== undefined && window.to > now) refuse("to", input.to, "must not be later than asOf");
  requireDefinition(input.definition, settings);
  const question: Question = {
    scope: await parseScope(ctx, input, settings.service.blueprint, window.timezone, sight),
    ...{ window, compared: null },
    environments: input.environment ? [input.environment] : settings.productionEnvironments,
    settings,
    thresholds: thresholdsOf(input.benchmark, settings.thresholds),
    definition: { profile, version: DEFINITION_VERSION, settingsHash: settings.hash },
    now,
    isAsOf: input.asOf !== undefined,
  };
  return { ...question, compared: await parseCompared(ctx, input, sight, question) };
}

/** @throws AppError not_found (compareEntity), forbidden, invalid_request */
async function parseCompared(
  ctx: Ctx,
  input: QuestionInput,
  sight: Sight | null,
  question: Question,
): Promise<Question | null> {
  const { scope, window, now, isAsOf, settings } = question;
  const { compare, compareEntity, compareBlueprint } = input;
  const other = parseComparedWindow(compare, window);
  if (isAsOf && other !== null && other.to > now) refuse("compare", compare, "must not end later than asOf");
  if (compareEntity === undefined || compareEntity === "") {
    if (compareBlueprint) refuse("compareBlueprint", compareBlueprint, "needs compareEntity");
    return other === null ? null : { ...question, window: other };
  }
  if (scope.blueprint !== null && scope.entity === null)
    refuse("compareEntity", compareEntity, "needs entity: with blueprint alone each entity has its own row");
  const blueprint = compareBlueprint || scope.blueprint || settings.service.blueprint;
  const asked = {
    blueprint,
    entity: compareEntity,
    ...(input.query !== undefined && { query: input.query }),
  };
  return {
    ...question,
    scope: await parseScope(ctx, asked, settings.service.blueprint, window.timezone, sight),
    window: other ?? window,
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
