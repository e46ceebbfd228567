/** Derived rows by chance, as the tables hold them, and windows to ask about them. */
import fc from "fast-check";
import type { DerivedDeployment, DerivedIncident, Shipment } from "../../../src/dora/derived.ts";
import type { MetricsInput } from "../../../src/dora/observations.ts";
import type { Window } from "../../../src/dora/results.ts";
import { HOUR, START } from "./history-arbitrary.ts";

export const SERVICES = ["cart", "search", "shop", ""];

/** Few different instants, so that ties and edges are met; some fall on midnight and on the edges of weeks. */
const instant = fc
  .tuple(fc.integer({ min: -30, max: 1400 }), fc.constantFrom(0, 0, 1, 30_000, 59_999))
  .map(([hours, ms]) => START + hours * HOUR + ms);
const seconds = fc.option(
  fc.integer({ min: 0, max: 5_000_000 }).map((ms) => ms / 1000),
  { nil: null },
);
const service = fc.constantFrom(...SERVICES);
const environment = fc.constantFrom("Production", "Production", "Production", "Staging");
const left = (...reasons: readonly string[]) =>
  fc.option(
    fc.constantFrom(...reasons).map((reason) => ({ reason: reason as "status", detail: "" })),
    {
      nil: null,
      freq: 5,
    },
  );

const deployment: fc.Arbitrary<DerivedDeployment> = fc
  .record({
    service,
    environment,
    finishedAt: instant,
    status: fc.constantFrom("success" as const, "success" as const, "failure" as const),
    region: fc.constantFrom(null, null, "eu"),
    sha: fc.constantFrom(null, "a", "b", "c"),
    failed: fc.boolean(),
    causes: fc.subarray(["status", "incident", "rollback", "hotfix"] as const),
    restoredAfter: fc.option(fc.integer({ min: 0, max: 300 }), { nil: null }),
    isRework: fc.boolean(),
    excluded: left("status", "first_deployment"),
    notes: fc.array(
      fc.record({
        reason: fc.constantFrom(
          "first_deployment" as const,
          "shallow_history" as const,
          "other_paths" as const,
        ),
        detail: fc.constant(""),
        count: fc.integer({ min: 1, max: 9 }),
      }),
      { maxLength: 2 },
    ),
  })
  .map(({ restoredAfter, isRework, causes, ...rest }) => ({
    ...{
      blueprint: "deployment",
      id: "",
      title: null,
      url: null,
      startedAt: null,
      ref: null,
      previous: null,
    },
    ...{ isRollback: false, restoredBy: null, restoredHow: null, changeCount: 0, ...rest },
    causes: causes.map((cause) => ({ cause, by: null, detail: "" })),
    restoredAt: restoredAfter === null ? null : rest.finishedAt + restoredAfter * HOUR,
    rework: isRework ? [{ reason: "hotfix" as const, repairs: null, detail: "" }] : [],
  }));

const MERGES = 60;

const shipment: fc.Arbitrary<Shipment> = fc
  .record({
    service,
    environment,
    change: fc.integer({ min: 0, max: MERGES - 1 }).map(String),
    deployedAt: instant,
    leadSeconds: seconds,
    stages: fc.record({ coding: seconds, pickup: seconds, review: seconds, deploy: seconds }),
    everywhere: fc.option(seconds, { nil: undefined, freq: 3 }),
    excluded: left("no_start", "negative_span"),
    isSkewed: fc.boolean(),
  })
  .map(({ everywhere, isSkewed, ...rest }) => ({
    ...{
      deployment: "",
      mergedAt: null,
      kind: "commit" as const,
      entity: null,
      repository: null,
      number: null,
    },
    ...{
      sha: null,
      commitCount: 1,
      title: "",
      author: null,
      url: null,
      method: "time" as const,
      matchedBy: "",
    },
    ...{ firstCommitAt: null, openedAt: null, firstReviewAt: null, ...rest },
    regions:
      everywhere === undefined
        ? null
        : { of: 2, reached: 1, everywhereAt: null, everywhereSeconds: everywhere },
    stageNotes: isSkewed ? ["a stage ends before it begins"] : [],
  }));

/** Several rows of one incident, one for each of its services. */
const incident: fc.Arbitrary<DerivedIncident[]> = fc
  .record({
    services: fc.subarray(SERVICES, { minLength: 1 }),
    title: fc.constantFrom(null, "down", "slow"),
    startedAt: instant,
    endsAfter: fc.option(fc.integer({ min: 0, max: 90 }), { nil: null }),
    excluded: left("status", "no_end", "negative_span"),
    link: fc.constantFrom(
      { deployment: "d", service: "shop", method: "window" },
      { deployment: "gone", service: null, method: "data" },
      { deployment: null, service: null, method: "none" },
      { deployment: null, service: null, method: "user" },
    ),
  })
  .map(({ services, endsAfter, link, ...rest }) =>
    services.map((name) => ({
      // One incident begins at one instant, whatever service tells of it.
      ...{
        blueprint: "incident",
        id: String(rest.startedAt),
        service: name,
        services,
        url: null,
        severity: null,
      },
      ...{ status: "resolved" as const, detectedAt: null, candidates: [], candidateCount: 0, ...rest },
      endedAt: endsAfter === null ? null : rest.startedAt + endsAfter * HOUR,
      link: { environment: null, confidence: null, reason: "", ...link } as DerivedIncident["link"],
    })),
  );

export interface Rows {
  readonly deployments: readonly DerivedDeployment[];
  readonly shipments: readonly Shipment[];
  readonly incidents: readonly DerivedIncident[];
}
export const rows: fc.Arbitrary<Rows> = fc
  .record({
    deployments: fc.array(deployment, { maxLength: 60, size: "max" }),
    // In one environment a change ships once.
    shipments: fc.uniqueArray(shipment, {
      ...{ maxLength: 80, size: "max" },
      selector: (one) => JSON.stringify([one.service, one.environment, one.change]),
    }),
    incidents: fc
      .uniqueArray(incident, { maxLength: 20, size: "max", selector: ([one]) => one?.id })
      .map((all) => all.flat()),
    merges: fc.array(fc.option(instant, { nil: null }), { minLength: MERGES, maxLength: MERGES }),
  })
  .map(({ merges, shipments, ...rest }) => ({
    ...rest,
    // It was merged once, wherever it went.
    shipments: shipments.map((one) => ({ ...one, mergedAt: merges[Number(one.change)] ?? null })),
  }));

const ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu"];
export const question = fc
  .record({
    from: fc.integer({ min: -40, max: 900 }),
    length: fc.integer({ min: 1, max: 1200 }),
    timezone: fc.constantFrom(...ZONES),
    interval: fc.constantFrom<Window["interval"]>("day", "week", "month"),
    weekStart: fc.constantFrom<Window["weekStart"]>("monday", "sunday"),
  })
  .map(({ from, length, ...rest }): Window => ({
    from: START + from * HOUR,
    to: START + (from + length) * HOUR,
    ...rest,
  }));

export const ofService = (all: Rows, service: string): Rows => ({
  deployments: all.deployments.filter((one) => one.service === service),
  shipments: all.shipments.filter((one) => one.service === service),
  incidents: all.incidents.filter((one) => one.service === service),
});

/** As the tables are read for a window. */
export function inputOf(
  all: Rows,
  window: Window,
  now: number,
  environments: readonly string[] = ["Production"],
): MetricsInput {
  const isIn = (at: number): boolean => at >= window.from && at < window.to;
  return {
    deployments: all.deployments.filter((one) => isIn(one.finishedAt)),
    shipments: all.shipments.filter((one) => isIn(one.deployedAt)),
    incidents: all.incidents.filter((one) => isIn(one.startedAt)),
    ...{ window, environments, hasSource: true, now },
  };
}
