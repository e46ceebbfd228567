/** Everything that a portal says about deliveries, as one value to compare. */
import type { EvidenceExclusion, EvidenceRow } from "../../../src/dora/evidence.ts";
import type { MetricName } from "../../../src/dora/results.ts";
import type { Portal } from "./portal.ts";

export const METRICS: readonly MetricName[] = [
  "deploymentFrequency",
  "changeLeadTime",
  "changeFailureRate",
  "failedDeploymentRecoveryTime",
  "meanTimeToRecovery",
  "reworkRate",
];

type WireTimes<T> = Omit<T, "at" | "timestamps"> & {
  readonly at: string;
  readonly timestamps: Readonly<Record<string, string>>;
};
export interface EvidencePages {
  readonly rows: readonly WireTimes<EvidenceRow>[];
  readonly excluded: readonly WireTimes<EvidenceExclusion>[];
  readonly total: number;
  readonly excludedTotal: number;
}

/** All pages of the evidence of a question. @param query e.g. `metric=reworkRate&last=90d` */
export async function readEvidence(portal: Portal, query: string, limit = 200): Promise<EvidencePages> {
  const rows: EvidencePages["rows"][number][] = [];
  const excluded: EvidencePages["excluded"][number][] = [];
  for (let cursor = ""; ;) {
    const page = await portal.get<EvidencePages & { next: string | null }>(
      `/v1/dora/evidence?${query}&limit=${limit}${cursor}`,
    );
    rows.push(...page.rows);
    excluded.push(...page.excluded);
    if (page.next === null) return { rows, excluded, total: page.total, excludedTotal: page.excludedTotal };
    cursor = `&from_cursor=${page.next}`;
  }
}

type Entity = Record<string, unknown> & { identifier: string };

/** @param window e.g. `from=…&to=…` */
export async function snapshot(portal: Portal, window: string): Promise<Record<string, unknown>> {
  const metrics: unknown[] = [];
  for (const scope of ["", "&blueprint=service&entity=shop"])
    for (const interval of ["day", "week", "month"])
      metrics.push(
        withoutInstant(
          await portal.get(`/v1/dora/metrics?${window}${scope}&interval=${interval}&compare=previous`),
        ),
      );
  const evidence: Record<string, unknown> = {};
  for (const metric of METRICS) evidence[metric] = await readEvidence(portal, `metric=${metric}&${window}`);
  const entities: Record<string, Entity[]> = {};
  for (const blueprint of ["service", "change", "deployment"]) {
    const answer = await portal.get<{ entities: Entity[] }>(`/v1/blueprints/${blueprint}/entities`);
    entities[blueprint] = answer.entities
      // When it was written is the only thing that may differ.
      .map((entity): Entity => ({ ...entity, createdAt: null, updatedAt: null }))
      .sort((a, b) => (a.identifier < b.identifier ? -1 : 1));
  }
  const deployments: unknown[] = [];
  for (const { identifier } of entities["deployment"] ?? [])
    deployments.push(await portal.get(`/v1/dora/deployments/${encodeURIComponent(identifier)}`));
  const { counts } = await portal.get<{ counts: unknown }>("/v1/dora/status");
  return { metrics, evidence, entities, deployments, counts };
}

/** Without the instant of asking. */
const withoutInstant = (answer: Record<string, unknown>): object => ({ ...answer, asOf: null });
