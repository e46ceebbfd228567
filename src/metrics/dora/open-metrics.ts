/** Headlines in the text format of OpenMetrics 1.0. */
import type { MetricName, Metrics } from "../../dora/results.ts";
import type { Sight } from "../../model/sight.ts";
import type { Ctx } from "../../storage/context.ts";
import { doraMetrics } from "./query.ts";
import type { Question, QuestionInput } from "./question.ts";

interface Sample {
  readonly labels: string;
  readonly metrics: Metrics;
}

/** Names with their unit as the format asks for: the name ends in it. */
const FAMILIES: Readonly<Record<MetricName, { name: string; unit: string; help: string }>> = {
  deploymentFrequency: {
    name: "fairway_dora_deployments_per_day",
    unit: "",
    help: "Successful production deployments per day",
  },
  changeLeadTime: {
    name: "fairway_dora_change_lead_time_seconds",
    unit: "seconds",
    help: "Median from first commit to deployed",
  },
  changeFailureRate: {
    name: "fairway_dora_change_failure_ratio",
    unit: "ratio",
    help: "Share of production deployments that failed",
  },
  failedDeploymentRecoveryTime: {
    name: "fairway_dora_failed_deployment_recovery_time_seconds",
    unit: "seconds",
    help: "Median from failed deployment to restored",
  },
  meanTimeToRecovery: {
    name: "fairway_dora_mean_time_to_recovery_seconds",
    unit: "seconds",
    help: "Mean from start to end of incidents",
  },
  reworkRate: {
    name: "fairway_dora_rework_ratio",
    unit: "ratio",
    help: "Share of production deployments made to repair",
  },
};

/** Of one entity, of each entity of a blueprint, or of the organisation and each of its services. */
export async function openMetrics(
  ctx: Ctx,
  input: QuestionInput,
  metrics: readonly MetricName[],
  sight: Sight | null,
  question: Question,
): Promise<string> {
  const { from, to } = question.window;
  const samples = await samplesOf(ctx, input, sight, question);
  const lines = [
    "# TYPE fairway_dora_window_seconds gauge",
    "# UNIT fairway_dora_window_seconds seconds",
    "# HELP fairway_dora_window_seconds Length of the window that the other values are about",
    `fairway_dora_window_seconds ${(to - from) / 1000}`,
  ];
  for (const metric of metrics) {
    const { name, unit, help } = FAMILIES[metric];
    lines.push(`# TYPE ${name} gauge`);
    if (unit !== "") lines.push(`# UNIT ${name} ${unit}`);
    lines.push(`# HELP ${name} ${help}`);
    for (const sample of samples) {
      const { value } = sample.metrics[metric];
      if (value !== null) lines.push(`${name}${sample.labels} ${value}`);
    }
  }
  return `${lines.join("\n")}\n# EOF\n`;
}

async function samplesOf(
  ctx: Ctx,
  input: QuestionInput,
  sight: Sight | null,
  { scope, settings }: Question,
): Promise<Sample[]> {
  if (scope.blueprint !== null && scope.entity !== null) {
    const { metrics } = (await doraMetrics(ctx, input, sight)) as { metrics: Metrics };
    return [{ labels: labelsOf(scope.blueprint, scope.entity), metrics }];
  }
  const blueprint = scope.blueprint ?? settings.service.blueprint;
  const whole =
    scope.blueprint === null ? ((await doraMetrics(ctx, input, sight)) as { metrics: Metrics }) : null;
  const { rows } = (await doraMetrics(ctx, { ...input, blueprint }, sight)) as {
    rows: readonly { scope: { entity: string }; metrics: Metrics }[];
  };
  return [
    ...(whole === null ? [] : [{ labels: "", metrics: whole.metrics }]),
    ...rows.map(({ scope: { entity }, metrics }) => ({ labels: labelsOf(blueprint, entity), metrics })),
  ];
}

const labelsOf = (blueprint: string, entity: string): string =>
  `{blueprint="${escaped(blueprint)}",entity="${escaped(entity)}"}`;

const escaped = (text: string): string =>
  text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
