import { ladderOf, type TieredMetric } from "../../dora/benchmarks.ts";
import type { Limits } from "../../dora/thresholds.ts";
import type { DoraSettings } from "./settings.ts";

/** What the DORA scorecard asks for: the thresholds that somebody set, else those of the report that values are compared with. */
export function scorecardLimits({ thresholds }: DoraSettings): Readonly<Record<TieredMetric, Limits>> {
  const report = ladderOf(thresholds.benchmark);
  return {
    deploymentFrequency: thresholds.deploymentFrequency ?? report.deploymentFrequency,
    changeLeadTime: thresholds.changeLeadTime ?? report.changeLeadTime,
    changeFailureRate: thresholds.changeFailureRate ?? report.changeFailureRate,
    failedDeploymentRecoveryTime:
      thresholds.failedDeploymentRecoveryTime ?? report.failedDeploymentRecoveryTime,
  };
}
