/**
 * The article's aggregations and its calculation at service, team, system and domain level over a small hand-made data
 * set, and what each of ten single changes makes of them. All numbers are worked out by hand; the comments say how.
 */
import {
  AGGREGATIONS,
  CALCULATIONS,
  DEPLOYMENT,
  INCIDENT,
  PULL_REQUEST,
} from "../../support/article-model.ts";

type Definition = Readonly<Record<string, unknown>>;

export interface Write {
  readonly blueprint: string;
  readonly identifier: string;
  readonly team?: readonly string[];
  readonly properties?: Definition;
  readonly relations?: Readonly<Record<string, string | null>>;
}

export interface Step {
  readonly what: string;
  readonly write?: Write;
  readonly remove?: { readonly blueprint: string; readonly identifier: string };
  /** By `blueprint/identifier`: values that differ from before. */
  readonly values: Readonly<Record<string, Values>>;
}

/** `df`: deployments a month by time of ingestion, `byEvent`: by their own time, `cfr` in percent, `mttr` in minutes. */
interface Values {
  readonly df?: number | null;
  readonly byEvent?: number | null;
  readonly lead?: number | null;
  readonly incidents?: number;
  readonly cfr?: number | null;
  readonly mttr?: number | null;
  readonly leadTimeHours?: number | null;
}

/** The properties that a short name stands for. */
const PROPERTIES: Readonly<Record<keyof Values, readonly string[]>> = {
  df: ["deployment_frequency", "total_deployments"],
  byEvent: ["frequency_by_event"],
  lead: ["lead_time_for_change"],
  incidents: ["total_incidents"],
  cfr: ["changeFailureRate"],
  mttr: ["mean_time_to_recovery"],
  leadTimeHours: ["leadTimeHours"],
};

const DERIVED = {
  aggregationProperties: {
    ...AGGREGATIONS,
    frequency_by_event: {
      ...AGGREGATIONS.deployment_frequency,
      calculationSpec: { ...AGGREGATIONS.deployment_frequency.calculationSpec, measureTimeBy: "createdAt" },
    },
  },
  calculationProperties: CALCULATIONS,
};

const bare = (identifier: string, relations: Definition = {}): Definition => ({
  identifier,
  title: identifier,
  schema: { properties: {}, required: [] },
  relations,
});
const to = (target: string): Definition => ({ target, required: false, many: false });

/** In the order in which they can be created; `_team` is there already. */
export const BLUEPRINTS: readonly Definition[] = [
  bare("domain"),
  bare("system", { domain: to("domain") }),
  { ...bare("service", { system: to("system") }), ownership: { type: "Direct" } },
  { ...PULL_REQUEST, relations: { service: to("service") } },
  DEPLOYMENT,
  INCIDENT,
];

/** Blueprints that get the article's definitions afterwards. */
export const LEVELS: readonly string[] = ["service", "system", "domain", "_team"];
export const LEVEL_DEFINITIONS: Definition = DERIVED;

/** @param now milliseconds */
export function firstWrites(now: number): Write[] {
  const daysAgo = (days: number): string => new Date(now - days * 86_400_000 + 3_600_000).toISOString();
  const pull = (identifier: string, service: string, status: string, leadTimeHours: number): Write => ({
    ...{ blueprint: "githubPullRequest", identifier },
    properties: { status, leadTimeHours },
    relations: { service },
  });
  const deployment = (
    identifier: string,
    service: string,
    days: number,
    deploymentStatus: string,
  ): Write => ({
    ...{ blueprint: "deployment", identifier },
    properties: { createdAt: daysAgo(days), environment: "Production", deploymentStatus },
    relations: { service, pullRequest: identifier === "d2" ? "p1" : null },
  });
  const incident = (
    identifier: string,
    service: string,
    status: string,
    recoveryTime: number | null,
  ): Write => ({
    ...{ blueprint: "pagerdutyIncident", identifier },
    properties: { status, recoveryTime },
    relations: { gitHubRepository: service },
  });
  return [
    { blueprint: "_team", identifier: "red" },
    { blueprint: "_team", identifier: "blue" },
    { blueprint: "domain", identifier: "pay" },
    { blueprint: "system", identifier: "cart", relations: { domain: "pay" } },
    { blueprint: "system", identifier: "bill", relations: { domain: "pay" } },
    { blueprint: "system", identifier: "lone" },
    { blueprint: "service", identifier: "api", team: ["red"], relations: { system: "cart" } },
    { blueprint: "service", identifier: "web", team: ["blue"], relations: { system: "cart" } },
    { blueprint: "service", identifier: "pay", team: ["red"], relations: { system: "bill" } },
    pull("p1", "api", "merged", 10),
    pull("p2", "api", "merged", 20),
    pull("p3", "api", "open", 99),
    pull("p4", "web", "merged", 6),
    pull("p5", "pay", "merged", 36),
    deployment("d1", "api", 45, "Success"),
    deployment("d2", "api", 20, "Success"),
    deployment("d3", "api", 1, "Success"),
    deployment("d4", "api", 2, "Failed"),
    deployment("d5", "web", 10, "Success"),
    deployment("d6", "pay", 70, "Success"),
    deployment("d7", "pay", 5, "Success"),
    incident("i1", "api", "resolved", 30),
    incident("i2", "api", "resolved", 90),
    incident("i3", "api", "triggered", null),
    incident("i4", "pay", "resolved", 60),
  ];
}

/** What holds after the first writes. Everything was ingested just now, so a month by that is one period. */
const FIRST: Step["values"] = {
  // 3 successful, the oldest 45 days ago: 2 periods. 3 incidents; the article's MTTR is a total of the month.
  "service/api": { df: 3, byEvent: 1.5, lead: 15, incidents: 3, cfr: 100, mttr: 120 },
  "service/web": { df: 1, byEvent: 1, lead: 6, incidents: 0, cfr: 0, mttr: null },
  // 70 days: 3 periods.
  "service/pay": { df: 2, byEvent: 2 / 3, lead: 36, incidents: 1, cfr: 50, mttr: 60 },
  // Rows of both services: 4 in 2 periods, (10 + 20 + 6) / 3.
  "system/cart": { df: 4, byEvent: 2, lead: 12, incidents: 3, cfr: 75, mttr: 120 },
  "system/bill": { df: 2, byEvent: 2 / 3, lead: 36, incidents: 1, cfr: 50, mttr: 60 },
  // Nothing: averages are null, and 0 / null is an error of the calculation.
  "system/lone": { df: null, byEvent: null, lead: null, incidents: 0, cfr: null, mttr: null },
  "domain/pay": { df: 6, byEvent: 2, lead: 18, incidents: 4, cfr: (4 / 6) * 100, mttr: 180 },
  "_team/red": { df: 5, byEvent: 5 / 3, lead: 22, incidents: 4, cfr: 80, mttr: 180 },
  "_team/blue": { df: 1, byEvent: 1, lead: 6, incidents: 0, cfr: 0, mttr: null },
  "deployment/d2": { leadTimeHours: 10 },
  "deployment/d1": { leadTimeHours: null },
};

export const STEPS: readonly Step[] = [
  {
    what: "a failed deployment succeeds",
    write: { blueprint: "deployment", identifier: "d4", properties: { deploymentStatus: "Success" } },
    values: {
      "service/api": { df: 4, byEvent: 2, cfr: 75 },
      "system/cart": { df: 5, byEvent: 2.5, cfr: 60 },
      "domain/pay": { df: 7, byEvent: 7 / 3, cfr: (4 / 7) * 100 },
      "_team/red": { df: 6, byEvent: 2, cfr: (4 / 6) * 100 },
    },
  },
  {
    what: "a pull request is merged",
    write: {
      blueprint: "githubPullRequest",
      identifier: "p3",
      properties: { status: "merged", leadTimeHours: 30 },
    },
    values: {
      "service/api": { lead: 20 },
      "system/cart": { lead: 66 / 4 },
      "domain/pay": { lead: 102 / 5 },
      "_team/red": { lead: 24 },
    },
  },
  {
    what: "an incident is resolved",
    write: {
      blueprint: "pagerdutyIncident",
      identifier: "i3",
      properties: { status: "resolved", recoveryTime: 60 },
    },
    values: {
      "service/api": { mttr: 180 },
      "system/cart": { mttr: 180 },
      "domain/pay": { mttr: 240 },
      "_team/red": { mttr: 240 },
    },
  },
  {
    what: "an incident moves to another service",
    write: { blueprint: "pagerdutyIncident", identifier: "i4", relations: { gitHubRepository: "web" } },
    values: {
      "service/pay": { incidents: 0, cfr: 0, mttr: null },
      "system/bill": { incidents: 0, cfr: 0, mttr: null },
      "service/web": { incidents: 1, cfr: 100, mttr: 60 },
      "system/cart": { incidents: 4, cfr: 80, mttr: 240 },
      "_team/red": { incidents: 3, cfr: 50, mttr: 180 },
      "_team/blue": { incidents: 1, cfr: 100, mttr: 60 },
    },
  },
  {
    what: "a service moves to another system",
    write: { blueprint: "service", identifier: "web", relations: { system: "bill" } },
    values: {
      "system/cart": { df: 4, byEvent: 2, lead: 20, incidents: 3, cfr: 75, mttr: 180 },
      "system/bill": { df: 3, byEvent: 1, lead: 21, incidents: 1, cfr: (1 / 3) * 100, mttr: 60 },
    },
  },
  {
    what: "a service gets a second owner",
    write: { blueprint: "service", identifier: "web", team: ["blue", "red"] },
    values: {
      "_team/red": { df: 7, byEvent: 7 / 3, lead: 102 / 5, incidents: 4, cfr: (4 / 7) * 100, mttr: 240 },
    },
  },
  {
    what: "a system leaves its domain",
    write: { blueprint: "system", identifier: "bill", relations: { domain: null } },
    values: { "domain/pay": { df: 4, byEvent: 2, lead: 20, incidents: 3, cfr: 75, mttr: 180 } },
  },
  {
    what: "the oldest deployment goes: its service has one period",
    remove: { blueprint: "deployment", identifier: "d1" },
    values: {
      "service/api": { df: 3, byEvent: 3, cfr: 100 },
      "system/cart": { df: 3, byEvent: 3, cfr: 100 },
      "domain/pay": { df: 3, byEvent: 3, cfr: 100 },
      "_team/red": { df: 6, byEvent: 2, cfr: (4 / 6) * 100 },
    },
  },
  {
    what: "the lead time of a pull request is corrected",
    write: { blueprint: "githubPullRequest", identifier: "p1", properties: { leadTimeHours: 40 } },
    values: {
      "deployment/d2": { leadTimeHours: 40 },
      "service/api": { lead: 30 },
      "system/cart": { lead: 30 },
      "domain/pay": { lead: 30 },
      "_team/red": { lead: 132 / 5 },
    },
  },
  {
    what: "a service goes",
    remove: { blueprint: "service", identifier: "api" },
    values: {
      "system/cart": { df: null, byEvent: null, lead: null, incidents: 0, cfr: null, mttr: null },
      "domain/pay": { df: null, byEvent: null, lead: null, incidents: 0, cfr: null, mttr: null },
      // pay and web: 3 deployments in 3 periods, (36 + 6) / 2.
      "_team/red": { df: 3, byEvent: 1, lead: 21, incidents: 1, cfr: (1 / 3) * 100, mttr: 60 },
    },
  },
];

/** What holds after a step: what it changed over what held before. `at.property` of each value. */
export function after(steps: readonly Step[]): Map<string, number | null> {
  const known = new Map<string, number | null>();
  for (const values of [FIRST, ...steps.map((step) => step.values)])
    for (const [entity, changed] of Object.entries(values))
      for (const [name, value] of Object.entries(changed) as [keyof Values, number | null][])
        for (const property of PROPERTIES[name]) known.set(`${entity}.${property}`, value);
  const gone = new Set(
    steps.flatMap(({ remove }) =>
      remove === undefined ? [] : [`${remove.blueprint}/${remove.identifier}.`],
    ),
  );
  for (const key of [...known.keys()])
    if ([...gone].some((prefix) => key.startsWith(prefix))) known.delete(key);
  return known;
}
