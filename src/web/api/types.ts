/** The answers the pages read: the public API's JSON, times as ISO 8601 strings, durations in seconds. */

export type Iso = string;

export const METRICS = [
  "deploymentFrequency",
  "changeLeadTime",
  "changeFailureRate",
  "failedDeploymentRecoveryTime",
  "reworkRate",
  "meanTimeToRecovery",
] as const;
export type MetricName = (typeof METRICS)[number];

export type Tier = "elite" | "high" | "medium" | "low";
export type Grain = "day" | "week" | "month";
export type StageName = "coding" | "pickup" | "review" | "deploy";

export interface Band {
  tier: Tier | null;
  benchmark: string;
  note: string | null;
}

export interface Percentiles {
  p50: number | null;
  p75: number | null;
  p90: number | null;
  p95: number | null;
  mean: number | null;
  n: number;
}

interface Compared {
  /** With `compare=previous` only. */
  previous?: { value: number | null; n: number } | null;
  trend?: { delta: number | null; significant: boolean | null; p: number | null } | null;
  /** The share of rows that it rests on, and whether that reaches the floor. */
  coverage?: number | null;
  covered?: boolean | null;
  /** Why there is no value, and in which part of the evidence to look. */
  noValue?: NoValue;
}

export interface NoValue {
  reason: string;
  text: string;
  rows: "counted" | "excluded" | null;
}

interface Headline extends Compared {
  value: number | null;
  few: boolean;
  interval95: readonly [number, number] | null;
  tier: Tier | null;
  band?: Band;
}

export interface Metrics {
  deploymentFrequency: Headline & {
    unit: "per_day";
    count: number;
    days: number;
    daysWithDeployment: number;
    perWeek: number | null;
    perMonth: number | null;
    medianBetween: number | null;
  };
  changeLeadTime: Headline & Percentiles & { unit: "seconds"; stages: Record<StageName, Percentiles> };
  changeFailureRate: Headline & {
    unit: "ratio";
    failed: number;
    total: number;
    causes: { status: number; incident: number; rollback: number; hotfix: number };
  };
  failedDeploymentRecoveryTime: Headline &
    Percentiles & { unit: "seconds"; open: number; atLeast?: number | null };
  meanTimeToRecovery: Compared & {
    value: number | null;
    unit: "seconds";
    mean: number | null;
    p50: number | null;
    p90: number | null;
    n: number;
    open: number;
    /** With open ones: the mean if all of them ended now. */
    atLeast?: number | null;
    few: boolean;
  };
  reworkRate: Headline & { unit: "ratio"; rework: number; total: number };
}

export interface SeriesPoint {
  id: string;
  from: Iso;
  to: Iso;
  value: number | null;
  n: number;
  partial: boolean;
}

export interface WindowInfo {
  from: Iso;
  to: Iso;
  timezone: string;
  interval: Grain;
  weekStart?: "monday" | "sunday";
}

export interface CoverageSource {
  role: string;
  blueprint: string;
  lastEventAt: Iso | null;
  rows: number;
  excluded: number;
  /** Counted up to half a minute ago. */
  isHeld?: true;
}

export interface Coverage {
  mergedChanges: number;
  attributedChanges: number;
  deployments?: number;
  countedDeployments?: number;
  incidents: number;
  linkedIncidents: number;
  /** A user said that no deployment caused them. */
  notCausedIncidents?: number;
  floor?: number;
  pending?: number;
  sources: CoverageSource[];
}

export interface Scope {
  blueprint: string | null;
  entity: string | null;
  title?: string | null;
}

export interface MetricsAnswer {
  scope: Scope | null;
  window: WindowInfo;
  definition?: { profile: string; version?: string | number };
  metrics: Metrics;
  /** The environments that were read: the one asked for, or those that count as production. */
  environments?: string[];
  series: Partial<Record<MetricName, SeriesPoint[]>>;
  /** With `compare=previous` only. */
  previousSeries?: Partial<Record<MetricName, SeriesPoint[]>>;
  previousWindow?: WindowInfo;
  /** The other side of a comparison. */
  comparedWith?: { scope: Scope; window: WindowInfo; metrics: Metrics };
  coverage: Coverage;
}

export interface ServiceRowsAnswer {
  rows: {
    scope: Scope;
    metrics: Metrics;
    series?: { deploymentFrequency?: SeriesPoint[] };
    lastDeploymentAt?: Iso | null;
  }[];
  window: WindowInfo;
  environments?: string[];
}

export interface EntityRef {
  /** Null for what is known from git alone. */
  blueprint: string | null;
  identifier: string;
  title?: string | null;
  url?: string | null;
}

export interface EvidenceRow {
  entity: EntityRef;
  service: string | null;
  value: number | null;
  unit: string;
  why: string;
  open?: boolean;
  timestamps: Record<string, Iso | null>;
  links?: { deployment?: string | null; sha?: string | null; repository?: string | null };
}

export interface ExcludedRow {
  entity: EntityRef;
  service: string | null;
  reason: string;
  detail: string;
  /** How many things the row stands for. */
  count?: number;
  at?: Iso;
  timestamps?: Record<string, Iso | null>;
}

export interface EvidenceAnswer {
  rows: EvidenceRow[];
  excluded: ExcludedRow[];
  total: number;
  excludedTotal: number;
  next: string | null;
}

export interface Deployment {
  blueprint: string;
  id: string;
  service: string;
  environment: string;
  title: string | null;
  url: string | null;
  status: string;
  startedAt: Iso | null;
  finishedAt: Iso;
  sha: string | null;
  ref: string | null;
  previous: string | null;
  isRollback: boolean;
  failed: boolean;
  causes: { cause: string; by: string | null; detail: string }[];
  restoredAt: Iso | null;
  restoredBy: string | null;
  rework: { reason: string; repairs: string | null; detail: string }[];
  changeCount: number;
  excluded: { reason: string; detail: string } | null;
  notes: { reason: string; detail: string; count: number }[];
}

export interface Shipment {
  change: string;
  /** In the catalogue; null for what is known from git alone. */
  entity: { blueprint: string; identifier: string } | null;
  kind: "pull_request" | "commit";
  repository: string | null;
  number: number | null;
  sha: string | null;
  commitCount: number;
  title: string;
  author: string | null;
  url: string | null;
  method: string;
  matchedBy: string;
  firstCommitAt: Iso | null;
  openedAt: Iso | null;
  firstReviewAt: Iso | null;
  mergedAt: Iso | null;
  deployedAt: Iso;
  leadSeconds: number | null;
  stages: Record<StageName, number | null>;
  excluded: { reason: string; detail: string } | null;
  stageNotes: string[];
}

export interface LinkedIncident {
  entity: { blueprint: string; identifier: string; title: string | null; url: string | null };
  startedAt: Iso;
  endedAt: Iso | null;
  isOpen: boolean;
  link: { method: string; confidence: string | null; reason: string };
}

export interface DeploymentAnswer {
  deployment: Deployment;
  changes: Shipment[];
  /** Those that it caused. */
  incidents: LinkedIncident[];
  previous: string | { id: string } | null;
  next: string | { id: string } | null;
}

export interface Commit {
  repository: string;
  sha: string;
  parents: string[];
  authoredAt: Iso;
  committedAt: Iso;
  author: string;
  message: string;
  paths?: string[] | null;
}

export interface ImportRun {
  id: string;
  repository: string;
  source: string;
  services: string[];
  totals: Partial<Record<ImportPart, number>> | null;
  sent: Partial<Record<ImportPart, number>> | null;
  status: "running" | "completed" | "failed";
  error: string | null;
  startedAt: Iso;
  updatedAt: Iso;
  finishedAt: Iso | null;
}
export type ImportPart = "commits" | "deployments" | "changes";

export interface DoraStatus {
  pending: { inbox: number; derivations: number; changes: number };
  counts: Counts;
  settled: boolean;
}

export interface Counts {
  services: number;
  deployments: number;
  changes: number;
  commits: number;
}

export interface Setup {
  empty: boolean;
  counts: Counts;
  importCommand: string;
  demo: { available: boolean; status: "none" | "running" | "completed" | "failed"; progress: number };
}

export interface Me {
  user: { email: string; name?: string | null; role?: string };
  /** Blueprints that they look after. */
  moderates?: readonly string[];
  /** Nothing else is answered before. */
  mustSetUpSecondFactor?: boolean;
  methods?: SignInMethods;
}

/** The ways in. */
export interface SignInMethods {
  readonly password: boolean;
  /** By e-mail. */
  readonly passwordReset: boolean;
  /** false: passwords and links are for one administrator only. */
  readonly isLocalOpen: boolean;
  /** null: there is no single sign-on. */
  readonly sso: { readonly name: string } | null;
}

export interface CatalogEntity {
  identifier: string;
  title?: string | null;
}

/** What the settings say of the data model that the metrics read. */
export interface DoraModel {
  service: { blueprint: string };
  roles: Record<
    "deployment" | "change" | "incident",
    { blueprint: string; fields: Partial<Record<string, string>> }[]
  >;
}
export interface BlueprintInfo {
  identifier: string;
  title?: string | null;
  schema?: { properties?: Record<string, { enum?: unknown[] }> };
}
