/** `GET /v1/dora/metrics?profile=port`: the numbers of Port's formulas beside ours, and why they differ. */
import { computeMetrics } from "../../dora/metrics.ts";
import { type PortMetric, type PortMetrics, portMetrics } from "../../dora/port-profile.ts";
import type { MetricName } from "../../dora/results.ts";
import { AppError } from "../../model/error.ts";
import type { Ctx } from "../../storage/context.ts";
import { iso } from "./present.ts";
import { byMetric, type Question } from "./question.ts";
import { readCatalogFacts } from "./read-facts.ts";
import { hasSource, inputFor, readNumbers } from "./read-input.ts";

/** Port's numbers of one service. @throws AppError invalid_request where the scope is not one */
async function readPort(ctx: Ctx, { scope, settings, window }: Question): Promise<PortMetrics> {
  const [service] = scope.services ?? [];
  if (scope.blueprint !== settings.service.blueprint || scope.entity === null || service === undefined)
    throw new AppError("invalid_request", 'profile (value "port") is about one service: name it with entity');
  const facts = await readCatalogFacts(ctx, settings, service);
  // Incidents of others, read because a deployment of this service is blamed for them, are not in Port's count.
  const incidents = facts.incidents.filter(({ services }) => services.includes(service));
  return portMetrics({ ...facts, incidents }, window.to, settings.productionEnvironments);
}

type PortView = Omit<PortMetric, "unit"> & { readonly unit: PortMetric["unit"] | null };

const MISSING: PortView = {
  ...{ value: null, unit: null, n: 0, formula: "none" },
  differences: ["Port's article has no such metric"],
};

const viewOf = (metrics: PortMetrics, name: MetricName): PortView =>
  name === "failedDeploymentRecoveryTime" || name === "reworkRate" ? MISSING : metrics[name];

/** One of its metrics. @throws AppError invalid_request where the scope is not one service */
export async function portBeside(ctx: Ctx, question: Question, name: MetricName): Promise<PortView> {
  return viewOf(await readPort(ctx, question), name);
}

/** @throws AppError invalid_request where the scope is not one service, or a comparison is asked for */
export async function portAnswer(ctx: Ctx, question: Question): Promise<object> {
  const { scope, window } = question;
  if (question.previous !== null)
    throw new AppError("invalid_request", 'compare (value "previous") cannot be given with profile port');
  const [port, rows, isKnown] = await Promise.all([
    readPort(ctx, question),
    readNumbers(ctx, question),
    hasSource(ctx, question),
  ]);
  const ours = computeMetrics(inputFor(question, window, rows, isKnown));
  return {
    scope: { blueprint: scope.blueprint, entity: scope.entity, title: scope.title },
    window: { ...window, from: iso(window.from), to: iso(window.to) },
    definition: question.definition,
    environments: null,
    metrics: byMetric((name) => ({
      ...viewOf(port, name),
      fairway: { value: ours[name].value, unit: ours[name].unit },
    })),
  };
}
