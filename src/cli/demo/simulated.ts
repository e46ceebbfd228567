/** What the simulation of one repository gives; times in milliseconds since 1970, whole seconds. */
import type { Commit } from "../../api/dora.ts";

export interface SimulatedChange {
  readonly repository: string;
  readonly number: number;
  readonly title: string;
  readonly services: readonly string[];
  readonly author: string;
  readonly isBot: boolean;
  readonly labels: readonly string[];
  readonly firstCommitAt: number;
  readonly openedAt: number;
  readonly firstReviewAt: number | null;
  readonly approvedAt: number | null;
  readonly mergedAt: number | null;
  readonly mergeSha: string | null;
  readonly headSha: string | null;
}

export interface SimulatedDeployment {
  readonly id: string;
  readonly title: string;
  readonly service: string;
  readonly environment: "Production" | "Staging";
  readonly succeeded: boolean;
  readonly startedAt: number;
  readonly finishedAt: number;
  readonly sha: string;
  readonly previousSha: string | null;
  readonly ref: string;
  readonly trigger: "normal" | "rollback" | "hotfix" | null;
  /** Number of the pipeline run, for its address. */
  readonly run: number;
}

export type FailureKind = "status" | "rollback" | "repair";
export type RepairKind = "rollback" | "hotfix" | "revert";

/** What was made to go wrong on purpose, by deployment: the measurement has to find exactly this. */
export interface Injected {
  readonly failed: Map<string, FailureKind>;
  readonly rework: Map<string, RepairKind>;
}

export interface SimulatedRepository {
  readonly repository: string;
  readonly services: readonly string[];
  readonly commits: readonly Commit[];
  readonly changes: readonly SimulatedChange[];
  readonly deployments: readonly SimulatedDeployment[];
  readonly injected: Injected;
}
