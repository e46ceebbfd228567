/** The profile `port` of one service: `GET /v1/dora/metrics` and `/evidence` with `profile=port`. */
import { type PortMetric, type PortMetrics, portMetrics } from "../../dora/port-profile.ts";
import { type PortExclusion, type PortFacts, portFactsAsOf, portRows } from "../../dora/port-rows.ts";
import type { MetricName } from "../../dora/results.ts";
import { AppError } from "../../model/error.ts";
import type { Ctx } from "../../storage/context.ts";
import type { EvidenceView, ExclusionView } from "./evidence.ts";
import { ownMetrics } from "./own-metrics.ts";
import { iso, isoAll } from "./present.ts";
import { byMetric, type Question } from "./question.ts";
import { readCatalogFacts } from "./read-facts.ts";

interface ServiceFacts {
  readonly service: string;
  readonly facts: PortFacts;
}

/** @throws AppError invalid_request where the scope is not one service */
async function readFacts(ctx: Ctx, { scope, settings, isAsOf, now }: Question): Promise<ServiceFacts> {
  const [service] = scope.services ?? [];
  if (scope.blueprint !== settings.service.blueprint || scope.entity === null || service === undefined)
    throw new AppError("invalid_request", 'profile (value "port") is about one service: name it with entity');
  const facts = await readCatalogFacts(ctx, settings, service);
  // Incidents of others, read because a deployment of this service is blamed for them, are not in Port's count.
  const incidents = facts.incidents.filter(({ services }) => services.includes(service));
  const own = { ...facts, incidents };
  return { service, facts: isAsOf ? portFactsAsOf(own, now) : own };
}

/** Port's numbers of one service. @throws AppError invalid_request where the scope is not one */
async function readPort(ctx: Ctx, question: Question): Promise<PortMetrics> {
  const { facts } = await readFacts(ctx, question);
  return portMetrics(facts, question.window.to, question.settings.productionEnvironments);
}

/**
 * The rows of a formula and what it leaves out, newest first; none for a metric that Port's article has not.
 * @throws AppError invalid_request where the scope is not one service
 */
export async function portEvidence(
  ctx: Ctx,
  question: Question,
  name: MetricName,
): Promise<{ readonly rows: readonly EvidenceView[]; readonly excluded: readonly ExclusionView[] }> {
  const { service, facts } = await readFacts(ctx, question);
  if (name === "failedDeploymentRecoveryTime" || name === "reworkRate") return { rows: [], excluded: [] };
  const { counted, excluded } = portRows(facts, question.window.to)[name];
  const shown = ({ subject, at, timestamps }: Pick<PortExclusion, "subject" | "at" | "timestamps">) => {
    const { blueprint, id, title, url } = subject;
    const entity = { blueprint, identifier: id, title, url };
    return { entity, service, at: iso(at), timestamps: isoAll(timestamps) };
  };
  return {
    rows: counted.map((row) => {
      const { value, unit, why, environment, subject } = row;
      return {
        ...shown(row),
        value,
        unit,
        why,
        links: environment === null ? {} : { deployment: subject.id },
      };
    }),
    excluded: excluded.map((row) => ({
      ...shown(row),
      ...{ reason: row.reason, detail: row.detail, count: 1 },
    })),
  };
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
  if (question.compared !== null)
    throw new AppError("invalid_request", "compare and compareEntity cannot be given with profile port");
  const [port, ours] = await Promise.all([readPort(ctx, question), ownMetrics(ctx, question)]);
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
