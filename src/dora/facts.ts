/**
 * The facts that DORA metrics are derived from. Plain data, already mapped from catalog entities and the commit
 * table by the caller; all times are milliseconds since the epoch (UTC), all shas full lower-case hex,
 * but for those of deployments, which may be abbreviated.
 */

/** Milliseconds since 1970-01-01T00:00:00Z. */
export type Instant = number;

export interface CommitFact {
  readonly repository: string;
  readonly sha: string;
  readonly parents: readonly string[];
  readonly authoredAt: Instant;
  readonly committedAt: Instant;
  readonly author: string;
  /** `git patch-id --stable`, where the importer computed one. */
  readonly patchId: string | null;
  /** The whole message, subject first. */
  readonly message: string;
  /** Paths touched; null when unknown (the commit then belongs to every service of its repository). */
  readonly paths: readonly string[] | null;
}

export interface ReviewFact {
  readonly by: string | null;
  readonly at: Instant;
}

/** A pull or merge request (or any reviewed unit of change) as a catalog entity tells it. */
export interface ChangeFact {
  readonly blueprint: string;
  readonly id: string;
  readonly title: string | null;
  readonly url: string | null;
  readonly repository: string | null;
  readonly number: number | null;
  readonly firstCommitAt: Instant | null;
  readonly openedAt: Instant | null;
  readonly readyForReviewAt: Instant | null;
  readonly firstReviewAt: Instant | null;
  /** All reviews, where the source tells them one by one: then the first by a human other than the author counts. */
  readonly reviews?: readonly ReviewFact[] | null;
  readonly approvedAt: Instant | null;
  readonly mergedAt: Instant | null;
  readonly mergeSha: string | null;
  readonly headSha: string | null;
  readonly author: string | null;
  readonly isBot: boolean;
  readonly labels: readonly string[];
}

export type DeploymentStatus = "success" | "failure" | "ignored" | "unknown";
export type DeploymentTrigger = "normal" | "rollback" | "hotfix";

export interface DeploymentFact {
  readonly blueprint: string;
  readonly id: string;
  readonly title: string | null;
  readonly url: string | null;
  /** Never empty: "no environment given" is Production (dora.md section 11). */
  readonly environment: string;
  readonly startedAt: Instant | null;
  readonly finishedAt: Instant;
  readonly status: DeploymentStatus;
  readonly sha: string | null;
  readonly previousSha: string | null;
  /** Tag or branch that was deployed, e.g. `v1.2.3`. */
  readonly ref: string | null;
  /** Identifiers of ChangeFacts named by an explicit relation. */
  readonly changeIds: readonly string[];
  readonly trigger: DeploymentTrigger | null;
  /** Part of the environment that it went to; absent or null: all of it. */
  readonly region?: string | null;
  /**
   * The commits that the tags of its images name, abbreviated or not, in the order of the images; absent or null: it names
   * no image. Beside images `sha` may be that of a configuration repository.
   */
  readonly imageShas?: readonly string[] | null;
}

export type IncidentStatus = "open" | "resolved" | "ignored" | "unknown";

export interface IncidentFact {
  readonly blueprint: string;
  readonly id: string;
  readonly title: string | null;
  readonly url: string | null;
  readonly severity: string | null;
  /** Services it names; empty = none. */
  readonly services: readonly string[];
  readonly startedAt: Instant;
  readonly detectedAt: Instant | null;
  readonly resolvedAt: Instant | null;
  /** `open` beats an end (it was opened again); `unknown` leaves the decision to `resolvedAt`. */
  readonly status: IncidentStatus;
  /** Deployments that the data names as its cause. */
  readonly causedBy: readonly string[];
  /** What a user decided; null where nobody did. */
  readonly verdict: IncidentVerdict | null;
}

export interface IncidentVerdict {
  /** Null: no deployment caused it. */
  readonly deployment: string | null;
  readonly reason: string;
  readonly by: string;
}

/** A deployment of another service that an incident of this one may be linked to. */
export interface OtherDeployment {
  readonly service: string;
  readonly deployment: DeploymentFact;
}

/** One service with everything its numbers depend on. */
export interface ServiceFacts {
  readonly service: string;
  /** Path globs the service owns; null = the whole repository. `*` in a segment, `**` across, `?` one character. */
  readonly paths: readonly string[] | null;
  readonly deployments: readonly DeploymentFact[];
  readonly changes: readonly ChangeFact[];
  readonly commits: readonly CommitFact[];
  /** Incidents that name the service, and those whose cause is said to be one of its deployments. */
  readonly incidents?: readonly IncidentFact[];
  /** Deployments of the other services those incidents name, and those named as a cause. */
  readonly otherDeployments?: readonly OtherDeployment[];
}

/** How far the first deployment of a service x environment reaches back (dora.md section 2). */
export type Baseline =
  | { readonly policy: "none" }
  | { readonly policy: "all" }
  | { readonly policy: "since"; readonly value: Instant }
  | { readonly policy: "tag"; readonly value: string };

export interface DerivationSettings {
  readonly failureWindowHours: number;
  readonly failureCauses: {
    readonly status: boolean;
    readonly incident: boolean;
    readonly rollback: boolean;
    readonly hotfix: boolean;
  };
  readonly baseline: Baseline;
  /** Exact names; only deployments there are blamed for incidents by the rule of the window. */
  readonly productionEnvironments: readonly string[];
  readonly bots: readonly string[];
  readonly excludeDraftTime: boolean;
  readonly hotfixPatterns: {
    readonly branches: readonly string[];
    readonly labels: readonly string[];
    readonly titles: readonly string[];
  };
}
