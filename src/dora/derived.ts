/** What attribution and failure detection derive from the facts of one service; stored row by row, folded into metrics. */
import type { DeploymentStatus, IncidentStatus, Instant } from "./facts.ts";

export type FailureCause = "status" | "incident" | "rollback" | "hotfix";
export type ReworkReason = "rollback" | "hotfix" | "revert" | "incident";
export type AttributionMethod = "git graph" | "explicit relation" | "time";

/** Machine-readable reason why something takes no part in a number. */
export type ExclusionReason =
  | "status"
  | "first_deployment"
  | "no_start"
  | "negative_span"
  | "negative_stage"
  | "shallow_history"
  | "unknown_sha"
  | "other_paths"
  | "already_shipped"
  | "not_deployed"
  | "not_linked"
  | "not_caused"
  | "no_end";

/** The end of the last linked incident, the deployment that repaired it, or the next successful one. */
export type RestoredHow = "incident" | "repair" | "next success";

export interface CauseDetail {
  readonly cause: FailureCause;
  /** The deployment (or incident) that shows the failure; null for `status`. */
  readonly by: string | null;
  /** One sentence a person can check, e.g. `v1.2.4 reverts 3f2a91c, shipped by v1.2.3`. */
  readonly detail: string;
}

export interface ReworkDetail {
  readonly reason: ReworkReason;
  /** The deployment that was repaired, where known. */
  readonly repairs: string | null;
  readonly detail: string;
}

/** One deployment that takes part in the numbers, or is listed with the reason it does not. */
export interface DerivedDeployment {
  readonly blueprint: string;
  readonly id: string;
  readonly service: string;
  readonly environment: string;
  readonly title: string | null;
  readonly url: string | null;
  readonly status: DeploymentStatus;
  readonly startedAt: Instant | null;
  readonly finishedAt: Instant;
  readonly sha: string | null;
  readonly ref: string | null;
  /** Identifier of the successful deployment before it in the same service x environment. */
  readonly previous: string | null;
  readonly isRollback: boolean;
  readonly region: string | null;
  readonly failed: boolean;
  readonly causes: readonly CauseDetail[];
  /** Only for failed ones: when service was restored; null while open. */
  readonly restoredAt: Instant | null;
  /** Identifier of the incident or deployment that `restoredHow` names. */
  readonly restoredBy: string | null;
  readonly restoredHow: RestoredHow | null;
  readonly rework: readonly ReworkDetail[];
  /** Shipments that count towards lead time. */
  readonly changeCount: number;
  /** Set when the deployment takes no part in any metric. */
  readonly excluded: { readonly reason: ExclusionReason; readonly detail: string } | null;
  /** Things worth saying about its contents, e.g. history left out as `first_deployment` or `shallow_history`. */
  readonly notes: readonly {
    readonly reason: ExclusionReason;
    readonly detail: string;
    readonly count: number;
  }[];
}

/** How far a change has come where the environment has several regions. */
export interface RegionReach {
  /** Regions that were deployed to when the change reached the first of them. */
  readonly of: number;
  readonly reached: number;
  /** When it had reached all of them; null while it has not. */
  readonly everywhereAt: Instant | null;
  /** From its start to there; null also where its start is not known. */
  readonly everywhereSeconds: number | null;
}

/** A merged change that no deployment of at least one environment has shipped. */
export interface UnshippedChange {
  readonly service: string;
  readonly change: string;
  readonly kind: "pull_request" | "commit";
  readonly entity: { readonly blueprint: string; readonly identifier: string } | null;
  readonly repository: string | null;
  readonly number: number | null;
  readonly sha: string | null;
  readonly title: string;
  readonly author: string | null;
  readonly url: string | null;
  readonly firstCommitAt: Instant | null;
  readonly openedAt: Instant | null;
  readonly firstReviewAt: Instant | null;
  readonly mergedAt: Instant;
  /** Environments that have it all the same. */
  readonly shippedIn: readonly string[];
  /** Environments in whose left-out history (`first_deployment`) it is. */
  readonly leftOutIn: readonly string[];
}

export interface Stage {
  readonly coding: number | null;
  readonly pickup: number | null;
  readonly review: number | null;
  readonly deploy: number | null;
}

/** One change shipped by one deployment. Durations in seconds. */
export interface Shipment {
  readonly service: string;
  readonly environment: string;
  readonly deployment: string;
  readonly deployedAt: Instant;
  /** Stable identity within the service: `pr:<repository>#<number>`, `entity:<blueprint>/<id>`, or `commit:<sha>`. */
  readonly change: string;
  readonly kind: "pull_request" | "commit";
  /** Catalog entity of the change, where there is one. */
  readonly entity: { readonly blueprint: string; readonly identifier: string } | null;
  readonly repository: string | null;
  readonly number: number | null;
  /** The commit a reader opens: merge/squash commit of a pull request, or the commit itself. */
  readonly sha: string | null;
  readonly commitCount: number;
  readonly title: string;
  readonly author: string | null;
  readonly url: string | null;
  readonly method: AttributionMethod;
  /** How the commits were recognised as this change, e.g. `Merge pull request #12`, `(#12)`, `commit`. */
  readonly matchedBy: string;
  readonly firstCommitAt: Instant | null;
  readonly openedAt: Instant | null;
  readonly firstReviewAt: Instant | null;
  readonly mergedAt: Instant | null;
  readonly leadSeconds: number | null;
  readonly stages: Stage;
  /** Null where the environment has one region. */
  readonly regions: RegionReach | null;
  /** Set when the change takes no part in lead time. */
  readonly excluded: { readonly reason: ExclusionReason; readonly detail: string } | null;
  /** Stages left out one by one (negative), with the reason. */
  readonly stageNotes: readonly string[];
}

/** How an incident came to its deployment: a user's verdict, its own data, or the window before it; or not at all. */
export type LinkMethod = "user" | "data" | "window" | "none";

export interface IncidentLink {
  /** Null where it is linked to none. */
  readonly deployment: string | null;
  /** Of that deployment; null where it is not known (named, but not there). */
  readonly service: string | null;
  readonly environment: string | null;
  readonly method: LinkMethod;
  /** `certain`: a user said so; `stated`: its data say so; `likely`: the only candidate; `possible`: the latest of several. */
  readonly confidence: "certain" | "stated" | "likely" | "possible" | null;
  /** One sentence a person can check. */
  readonly reason: string;
}

export interface LinkCandidate {
  readonly deployment: string;
  readonly service: string;
  readonly environment: string;
  readonly finishedAt: Instant;
}

/** One incident as one of its services sees it; a scope of several services counts it once (blueprint and id). */
export interface DerivedIncident {
  readonly blueprint: string;
  readonly id: string;
  readonly service: string;
  readonly services: readonly string[];
  readonly title: string | null;
  readonly url: string | null;
  readonly severity: string | null;
  readonly status: IncidentStatus;
  readonly startedAt: Instant;
  readonly detectedAt: Instant | null;
  /** When it ended; null while open, or where the end is not known (then `excluded` says so). */
  readonly endedAt: Instant | null;
  readonly excluded: { readonly reason: ExclusionReason; readonly detail: string } | null;
  readonly link: IncidentLink;
  /** Deployments the rule of the window could blame, latest first; at most five. */
  readonly candidates: readonly LinkCandidate[];
  readonly candidateCount: number;
}

export interface ServiceDerivation {
  readonly deployments: readonly DerivedDeployment[];
  /** Incidents that name the service (or none, for the service without a name). */
  readonly incidents: readonly DerivedIncident[];
  readonly shipments: readonly Shipment[];
  /** Shas of deployments that no known commit has: the caller re-derives when they arrive. */
  readonly unknownShas: readonly string[];
  /** Merged changes that are not deployed everywhere. */
  readonly unshipped: readonly UnshippedChange[];
  /** Merged changes known from commits or entities, shipped or not (for coverage). */
  readonly mergedChanges: number;
}
