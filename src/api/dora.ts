/** Wire contract of the DORA routes (our own extension of `/v1`). */
import Type, { type Static } from "typebox";

const Sha = Type.String({ pattern: "^[0-9a-f]{7,64}$", description: "hex, lower case" });
const DateTime = Type.String({ format: "date-time" });
/** Written out, so that a commit of any repository can be stored in a bounded row. */
const MESSAGE_LIMIT = 65_536;

export const Commit = Type.Object(
  {
    repository: Type.String({ minLength: 1, maxLength: 500 }),
    sha: Sha,
    parents: Type.Array(Sha, { maxItems: 512 }),
    authoredAt: DateTime,
    committedAt: DateTime,
    author: Type.String({ maxLength: 1000 }),
    patchId: Type.Optional(Type.Union([Sha, Type.Null()])),
    message: Type.String({ maxLength: MESSAGE_LIMIT }),
    paths: Type.Optional(
      Type.Union([Type.Array(Type.String({ maxLength: 4096 }), { maxItems: 50_000 }), Type.Null()]),
    ),
  },
  { additionalProperties: false },
);
export type Commit = Static<typeof Commit>;

export const CommitsRequest = Type.Object(
  { commits: Type.Array(Commit, { minItems: 1, maxItems: 5000 }) },
  { additionalProperties: false },
);

export const CommitsResponse = Type.Object({
  ok: Type.Literal(true),
  deliveryId: Type.String(),
  status: Type.Union([Type.Literal("accepted"), Type.Literal("duplicate")]),
  received: Type.Integer(),
});

const Count = Type.Integer({ minimum: 0 });
const Counts = Type.Object(
  { commits: Type.Optional(Count), deployments: Type.Optional(Count), changes: Type.Optional(Count) },
  { additionalProperties: false },
);

export const ImportCreateRequest = Type.Object(
  {
    repository: Type.String({ minLength: 1, maxLength: 500 }),
    source: Type.String({ minLength: 1, maxLength: 50 }),
    services: Type.Array(Type.String({ maxLength: 1000 }), { maxItems: 1000 }),
    options: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
    totals: Type.Optional(Counts),
  },
  { additionalProperties: false },
);
export type ImportCreateRequest = Static<typeof ImportCreateRequest>;

const ImportStatus = Type.Union([Type.Literal("running"), Type.Literal("completed"), Type.Literal("failed")]);

export const ImportUpdateRequest = Type.Object(
  {
    sent: Type.Optional(Counts),
    totals: Type.Optional(Counts),
    status: Type.Optional(ImportStatus),
    heads: Type.Optional(Type.Array(Sha, { maxItems: 100_000 })),
    error: Type.Optional(Type.Union([Type.String({ maxLength: 4000 }), Type.Null()])),
  },
  { additionalProperties: false },
);
export type ImportUpdateRequest = Static<typeof ImportUpdateRequest>;

export const ImportRun = Type.Object({
  id: Type.String(),
  repository: Type.String(),
  source: Type.String(),
  services: Type.Array(Type.String()),
  options: Type.Unknown(),
  totals: Counts,
  sent: Counts,
  status: ImportStatus,
  heads: Type.Union([Type.Array(Type.String()), Type.Null()]),
  error: Type.Union([Type.String(), Type.Null()]),
  startedAt: Type.String(),
  updatedAt: Type.String(),
  finishedAt: Type.Union([Type.String(), Type.Null()]),
});
export type ImportRun = Static<typeof ImportRun>;

export const ImportResponse = Type.Object({ ok: Type.Literal(true), import: ImportRun });
export const ImportsResponse = Type.Object({ ok: Type.Literal(true), imports: Type.Array(ImportRun) });
export const ImportsQuery = Type.Object({
  repository: Type.Optional(Type.String()),
  status: Type.Optional(ImportStatus),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
});

/** Scope, window and reading of a DORA question. Everything is optional. */
export const question = {
  blueprint: Type.Optional(Type.String({ maxLength: 100 })),
  entity: Type.Optional(Type.String({ maxLength: 1000 })),
  query: Type.Optional(
    Type.String({ maxLength: 5000, description: "search query over services, as JSON: {combinator, rules}" }),
  ),
  from: Type.Optional(Type.String({ maxLength: 40 })),
  to: Type.Optional(Type.String({ maxLength: 40 })),
  last: Type.Optional(Type.String({ maxLength: 10, description: "e.g. 90d, 12w, 6m" })),
  interval: Type.Optional(Type.String({ description: "day, week or month" })),
  timezone: Type.Optional(Type.String({ maxLength: 64, description: "IANA name, default UTC" })),
  weekStart: Type.Optional(Type.String({ description: "monday or sunday" })),
  environment: Type.Optional(Type.String({ maxLength: 200 })),
  profile: Type.Optional(
    Type.String({ description: "fairway, devlake, or port for metrics and evidence of one service" }),
  ),
  benchmark: Type.Optional(Type.String({ maxLength: 20, description: "year of a DORA report, e.g. 2023" })),
  asOf: Type.Optional(
    Type.String({ maxLength: 40, description: "as it was at this instant: what ended later was open" }),
  ),
  definition: Type.Optional(
    Type.String({ maxLength: 60, description: "version:settingsHash that must be in force, else 409" }),
  ),
};

export const MetricsQuery = Type.Object({
  ...question,
  compare: Type.Optional(
    Type.String({
      maxLength: 81,
      description: "previous (the window of equal length before), none, or any other window as from/to",
    }),
  ),
  compareEntity: Type.Optional(
    Type.String({ maxLength: 1000, description: "another scope to compare with, in the window of compare" }),
  ),
  compareBlueprint: Type.Optional(
    Type.String({ maxLength: 100, description: "of compareEntity; default that of the question" }),
  ),
});
export type MetricsQuery = Static<typeof MetricsQuery>;

export const EvidenceQuery = Type.Object({
  ...question,
  metric: Type.String({ maxLength: 50 }),
  bucket: Type.Optional(Type.String({ maxLength: 20 })),
  reason: Type.Optional(
    Type.String({ maxLength: 40, description: "of what was left out only that for this reason" }),
  ),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })),
  from_cursor: Type.Optional(Type.String({ maxLength: 100 })),
});
export type EvidenceQuery = Static<typeof EvidenceQuery>;

export const ExplainQuery = Type.Object({ ...question, metric: Type.String({ maxLength: 50 }) });

const positive = Type.Number({ minimum: 0, maximum: 1e12 });
/** null: back to the report. */
const Limits = Type.Union([
  Type.Object(
    { elite: positive, high: positive, medium: positive },
    { additionalProperties: false, description: "per day, seconds or ratio" },
  ),
  Type.Null(),
]);

export const SettingsRequest = Type.Object(
  {
    roles: Type.Optional(Type.Unknown()),
    productionEnvironments: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: 200 }), { minItems: 1, maxItems: 50 }),
    ),
    failureWindowHours: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 8760 })),
    failureCauses: Type.Optional(
      Type.Object(
        {
          status: Type.Optional(Type.Boolean()),
          incident: Type.Optional(Type.Boolean()),
          rollback: Type.Optional(Type.Boolean()),
          hotfix: Type.Optional(Type.Boolean()),
        },
        { additionalProperties: false },
      ),
    ),
    baseline: Type.Optional(
      Type.Object(
        {
          policy: Type.Union([
            Type.Literal("none"),
            Type.Literal("all"),
            Type.Literal("since"),
            Type.Literal("tag"),
          ]),
          value: Type.Optional(Type.String({ maxLength: 300 })),
        },
        { additionalProperties: false },
      ),
    ),
    timezone: Type.Optional(Type.String({ maxLength: 64 })),
    weekStart: Type.Optional(Type.Union([Type.Literal("monday"), Type.Literal("sunday")])),
    bots: Type.Optional(Type.Array(Type.String({ maxLength: 300 }), { maxItems: 1000 })),
    excludeDraftTime: Type.Optional(Type.Boolean()),
    coverageFloor: Type.Optional(
      Type.Number({ minimum: 0, maximum: 1, description: "share below which a metric says covered: false" }),
    ),
    thresholds: Type.Optional(
      Type.Object(
        {
          benchmark: Type.Optional(
            Type.Union(
              [2019, 2021, 2022, 2023, 2024].map((year) => Type.Literal(year)),
              { description: "the DORA report that values are compared with" },
            ),
          ),
          deploymentFrequency: Type.Optional(Limits),
          changeLeadTime: Type.Optional(Limits),
          changeFailureRate: Type.Optional(Limits),
          failedDeploymentRecoveryTime: Type.Optional(Limits),
          reworkRate: Type.Optional(Limits),
        },
        { additionalProperties: false },
      ),
    ),
    hotfixPatterns: Type.Optional(
      Type.Object(
        {
          branches: Type.Optional(Type.Array(Type.String({ maxLength: 300 }), { maxItems: 100 })),
          labels: Type.Optional(Type.Array(Type.String({ maxLength: 300 }), { maxItems: 100 })),
          titles: Type.Optional(Type.Array(Type.String({ maxLength: 300 }), { maxItems: 100 })),
        },
        { additionalProperties: false },
      ),
    ),
  },
  { additionalProperties: false },
);
export type SettingsRequest = Static<typeof SettingsRequest>;

export const ExportQuery = Type.Object({
  ...question,
  format: Type.Optional(
    Type.String({ maxLength: 20, description: "csv (default), json, parquet or openmetrics" }),
  ),
  metric: Type.Optional(Type.String({ maxLength: 50, description: "one metric instead of all" })),
});
