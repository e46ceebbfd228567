/** `GET /v1/dora/metrics?profile=port`: the numbers of Port's formulas beside ours, and why they differ. */
import { computeMetrics } from "../../dora/metrics.ts";
import { portMetrics } from "../../dora/port-profile.ts";
import { AppError } from "../../model/error.ts";
import type { Ctx } from "../../storage/context.ts";
import { servicesWithDeployments } from "../../storage/dora-derived.ts";
import { iso } from "./present.ts";
import type { Question } from "./question.ts";
import { readCatalogFacts } from "./read-facts.ts";
import { inputFor, readNumbers } from "./read-input.ts";

/** @throws AppError invalid_request where the scope is not one service, or a comparison is asked for */
export async function portAnswer(ctx: Ctx, question: Question): Promise<object> {
  const { scope, settings, window } = question;
  const [service] = scope.services ?? [];
  if (scope.blueprint !== settings.service.blueprint || scope.entity === null || service === undefined)
    throw new AppError("invalid_request", 'profile (value "port") is about one service: name it with entity');
  if (question.previous !== null)
    throw new AppError("invalid_request", 'compare (value "previous") cannot be given with profile port');
  const [facts, rows, withSource] = await Promise.all([
    readCatalogFacts(ctx, settings, service),
    readNumbers(ctx, question),
    servicesWithDeployments(ctx.db, ctx.org),
  ]);
  // Incidents of others, read because a deployment of this service is blamed for them, are not in Port's count.
  const incidents = facts.incidents.filter(({ services }) => services.includes(service));
  const port = portMetrics({ ...facts, incidents }, window.to, settings.productionEnvironments);
  const ours = computeMetrics(inputFor(question, window, rows, withSource.includes(service)));
  const beside = (name: keyof typeof port): object => ({
    ...port[name],
    fairway: { value: ours[name].value, unit: ours[name].unit },
  });
  const missing = (name: "failedDeploymentRecoveryTime" | "reworkRate"): object => ({
    value: null,
    unit: null,
    n: 0,
    formula: "none",
    differences: ["Port's article has no such metric"],
    fairway: { value: ours[name].value, unit: ours[name].unit },
  });
  return {
    scope: { blueprint: scope.blueprint, entity: scope.entity, title: scope.title },
    window: { ...window, from: iso(window.from), to: iso(window.to) },
    definition: question.definition,
    environments: null,
    metrics: {
      deploymentFrequency: beside("deploymentFrequency"),
      changeLeadTime: beside("changeLeadTime"),
      changeFailureRate: beside("changeFailureRate"),
      failedDeploymentRecoveryTime: missing("failedDeploymentRecoveryTime"),
      meanTimeToRecovery: beside("meanTimeToRecovery"),
      reworkRate: missing("reworkRate"),
    },
  };
}
