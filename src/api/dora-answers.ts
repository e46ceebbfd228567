/**
 * What the DORA routes answer, for /openapi.json (dora.md section 5). Documentation only: the routes write their
 * answers with JSON.stringify, so that a field that is not listed here is not lost.
 */
import Type, { type TSchema } from "typebox";
import { Incident } from "./dora-incidents.ts";

const open = { additionalProperties: true } as const;
const text = Type.String();
const time = Type.String({ format: "date-time" });
const count = Type.Integer({ minimum: 0 });
const nullable = (type: "number" | "string" | "boolean", description?: string): TSchema =>
  Type.Unsafe({ type: [type, "null"], ...(description !== undefined && { description }) });
const number = nullable("number", "null where there is nothing to measure, never 0");
const nullableTime = Type.Unsafe({ type: ["string", "null"], format: "date-time" });
const map = (value: TSchema): TSchema => Type.Record(text, value);
const answer = (properties: Record<string, TSchema>) =>
  Type.Unsafe<object>(Type.Object({ ok: Type.Literal(true), ...properties }, open));

const Scope = Type.Object({
  blueprint: nullable("string"),
  entity: nullable("string"),
  title: text,
});

const Window = Type.Object({
  from: time,
  to: time,
  timezone: text,
  interval: Type.Union([Type.Literal("day"), Type.Literal("week"), Type.Literal("month")]),
  weekStart: Type.Union([Type.Literal("monday"), Type.Literal("sunday")]),
});

const Definition = Type.Object({ profile: text, version: Type.Integer(), settingsHash: text });

const headline = {
  value: number,
  unit: text,
  few: Type.Boolean({ description: "fewer than ten observations" }),
  interval95: Type.Unsafe({
    type: ["array", "null"],
    items: { type: "number" },
    minItems: 2,
    maxItems: 2,
    description: "95 % interval [low, high]",
  }),
  tier: nullable("string", "elite, high, medium or low, of the benchmark that band names"),
  band: Type.Object({ tier: nullable("string"), benchmark: text, note: nullable("string") }, open),
};
/** With compare or compareEntity: of the other window or scope. */
const comparison = {
  previous: Type.Optional(Type.Object({ value: number, n: count })),
  trend: Type.Optional(
    Type.Object({ delta: number, significant: nullable("boolean"), p: nullable("number") }),
  ),
};
const percentiles = { p50: number, p75: number, p90: number, p95: number, mean: number, n: count };
const noValue = Type.Optional(
  Type.Object(
    {
      reason: Type.String({
        description:
          "no_source, none_in_window, all_left_out, none_succeeded, not_deployed, no_changes_known, none_failed or still_open",
      }),
      text,
      rows: nullable("string", "counted or excluded: the part of the evidence to look at"),
    },
    { description: "why value is null" },
  ),
);
const covered = {
  coverage: Type.Optional(
    nullable("number", "share of the rows that it rests on; null where there are none"),
  ),
  covered: Type.Optional(nullable("boolean", "the share reaches coverageFloor of the settings")),
  noValue,
};
const metric = (fields: Record<string, TSchema>): TSchema =>
  Type.Object({ ...fields, ...comparison, ...covered }, open);

export const metricsAnswer = Type.Object({
  deploymentFrequency: metric({
    ...headline,
    count,
    days: Type.Number(),
    daysWithDeployment: count,
    perWeek: number,
    perMonth: number,
    medianBetween: nullable("number", "seconds"),
  }),
  changeLeadTime: metric({
    ...headline,
    ...percentiles,
    stages: Type.Object({
      coding: Type.Object(percentiles),
      pickup: Type.Object(percentiles),
      review: Type.Object(percentiles),
      deploy: Type.Object(percentiles),
    }),
    allRegions: Type.Unsafe({
      anyOf: [Type.Object({ ...percentiles, open: count }), { type: "null" }],
      description: "to the last region of each change; null where no environment has several",
    }),
  }),
  changeFailureRate: metric({
    ...headline,
    failed: count,
    total: count,
    causes: Type.Object({ status: count, incident: count, rollback: count, hotfix: count }),
  }),
  failedDeploymentRecoveryTime: metric({ ...headline, ...percentiles, open: count, atLeast: number }),
  meanTimeToRecovery: metric({
    value: number,
    unit: text,
    mean: number,
    p50: number,
    p90: number,
    n: count,
    open: count,
    atLeast: nullable("number", "with open ones: the mean if all of them ended now"),
    few: Type.Boolean(),
  }),
  reworkRate: metric({ ...headline, rework: count, total: count }),
});

/** With profile=port or devlake: the formula's number, ours beside it, and why they differ. */
const OtherMetrics = map(
  Type.Object(
    {
      value: number,
      unit: nullable("string"),
      n: count,
      formula: text,
      differences: Type.Array(text),
      fairway: Type.Object({ value: number, unit: text }),
    },
    open,
  ),
);

const Series = map(
  Type.Array(
    Type.Object({
      id: Type.String({ description: "2026-08-03, 2026-W32 or 2026-08" }),
      from: time,
      to: time,
      value: number,
      n: count,
      partial: Type.Boolean({ description: "cut by the window, or not over yet" }),
    }),
  ),
);

const coverage = {
  mergedChanges: Type.Integer({ minimum: 0, description: "merged in the window" }),
  attributedChanges: Type.Integer({ minimum: 0, description: "of these, shipped by now" }),
  deployments: count,
  countedDeployments: count,
  incidents: count,
  linkedIncidents: count,
  notCausedIncidents: count,
  excluded: map(count),
  clockSkew: count,
  duplicates: Type.Object({ deployments: count, incidents: count }),
  shares: Type.Object({ changes: number, deployments: number, incidents: number }),
  floor: Type.Number(),
};

const Coverage = Type.Object(
  {
    ...coverage,
    pending: count,
    sources: Type.Array(
      Type.Object(
        {
          ...{ role: text, blueprint: text, lastEventAt: nullableTime, rows: count, excluded: count },
          isHeld: Type.Optional(
            Type.Literal(true, { description: "its time is derived: counted up to half a minute ago" }),
          ),
        },
        open,
      ),
    ),
  },
  open,
);

/** One scope, or with `blueprint` alone a row for each of its entities. */
export const MetricsAnswer = answer({
  window: Window,
  definition: Definition,
  asOf: Type.Optional(time),
  environments: Type.Unsafe({ type: ["array", "null"], items: { type: "string" }, description: "null: all" }),
  scope: Type.Optional(Scope),
  metrics: Type.Optional(Type.Union([metricsAnswer, OtherMetrics])),
  series: Type.Optional(Series),
  previousWindow: Type.Optional(Window),
  previousSeries: Type.Optional(Series),
  comparedWith: Type.Optional(Type.Object({ scope: Scope, window: Window, metrics: metricsAnswer }, open)),
  coverage: Type.Optional(Coverage),
  rows: Type.Optional(
    Type.Array(
      Type.Object(
        {
          ...{ scope: Scope, metrics: metricsAnswer, series: Series, lastDeploymentAt: nullableTime },
          coverage: Type.Object(coverage, open),
        },
        open,
      ),
      { description: "with blueprint alone; scope, metrics, series and coverage are then absent" },
    ),
  ),
});

const Entity = Type.Object({
  blueprint: nullable("string", "null for a change known from git alone"),
  identifier: text,
  title: nullable("string"),
  url: nullable("string"),
});

export const EvidenceAnswer = answer({
  scope: Scope,
  window: Window,
  definition: Definition,
  metric: text,
  rows: Type.Array(
    Type.Object(
      {
        entity: Entity,
        service: text,
        value: Type.Number(),
        unit: text,
        why: text,
        open: Type.Optional(Type.Literal(true)),
        at: time,
        timestamps: map(time),
        links: map(text),
      },
      open,
    ),
  ),
  excluded: Type.Array(
    Type.Object(
      {
        entity: Entity,
        service: text,
        reason: text,
        detail: text,
        count,
        at: time,
        timestamps: map(time),
      },
      open,
    ),
  ),
  total: count,
  excludedTotal: count,
  next: nullable("string", "from_cursor of the next page"),
});

export const ExplainAnswer = answer({
  metric: text,
  scope: Scope,
  window: Window,
  environments: Type.Array(text),
  definition: Type.Object({
    profile: text,
    version: Type.Integer(),
    settingsHash: text,
    words: Type.String({ description: "with the settings in force" }),
  }),
  value: number,
  unit: text,
  few: Type.Boolean(),
  noValue,
  rows: Type.Object({
    in: count,
    out: Type.Array(Type.Object({ reason: text, count, meaning: text })),
  }),
  profiles: Type.Array(
    Type.Object({
      profile: text,
      value: number,
      unit: nullable("string"),
      comparable: nullable("number", "the value in the unit of ours"),
      n: count,
      formula: text,
      differences: Type.Array(text),
    }),
  ),
});

export const DeploymentAnswer = answer({
  deployment: Type.Object({ entity: Entity, finishedAt: time, startedAt: nullableTime }, open),
  changes: Type.Array(Type.Object({ change: text, deployedAt: time, method: text }, open)),
  incidents: Type.Array(Incident),
  previous: nullable("string"),
  next: nullable("string"),
});

export const CommitAnswer = answer({
  commit: Type.Object({
    repository: text,
    sha: text,
    parents: Type.Array(text),
    authoredAt: time,
    committedAt: time,
    author: text,
    message: text,
    paths: Type.Unsafe({ type: ["array", "null"], items: { type: "string" } }),
  }),
});

const Counts = Type.Object({ services: count, deployments: count, changes: count, commits: count });

export const StatusAnswer = answer({
  pending: Type.Object({ inbox: count, derivations: count, changes: count }),
  counts: Counts,
  settled: Type.Boolean({ description: "everything acknowledged so far is in the numbers" }),
});

export const SettingsAnswer = answer({
  settings: Type.Object(
    {
      roles: map(Type.Array(Type.Unknown())),
      detected: map(Type.Array(Type.Unknown())),
      sources: Type.Array(Type.Unknown()),
      settingsHash: text,
    },
    open,
  ),
});
