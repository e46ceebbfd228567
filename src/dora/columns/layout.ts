/** The rows of one service in some environments as numbers, side by side: what whole organisations are folded from. */
import type { DerivedDeployment, DerivedIncident, ExclusionReason, Shipment } from "../derived.ts";

/** Rows of `width` numbers, one after another. Instants and durations in whole milliseconds; what is not known is NaN. */
export interface ServiceColumns {
  readonly changes: Float64Array;
  readonly deployments: Float64Array;
  readonly notes: Float64Array;
  readonly incidents: readonly IncidentRow[];
}

/** `earlier`: when another environment of these got the change before; NaN where none did. */
export const CHANGE = {
  ...{ width: 10, at: 0, lead: 1, coding: 2, pickup: 3, review: 4, deploy: 5, merged: 6, everywhere: 7 },
  ...{ bits: 8, earlier: 9 },
} as const;
/** Above the code of the reason why it is left out. */
export const CHANGE_BITS = { skewed: 1 << 8, hasRegions: 1 << 9 } as const;

/**
 * `previous`: the successful deployment of the service before it; `twin`: one of the same commit to the same place within
 * a minute before it. Both NaN where there is none.
 */
export const DEPLOYMENT = { width: 5, at: 0, bits: 1, restored: 2, previous: 3, twin: 4 } as const;
/** Below the code of the reason why it is left out. */
export const DEPLOYMENT_BITS = {
  ...{ success: 1, counted: 2, failed: 4, status: 8, incident: 16, rollback: 32, hotfix: 64, rework: 128 },
} as const;

/** Something that a deployment says of what it left out. */
export const NOTE = { width: 3, at: 0, reason: 1, count: 2 } as const;

export interface IncidentRow {
  readonly at: number;
  /** Null while open. */
  readonly end: number | null;
  /** Of blueprint and identifier: one that names several services is there for each of them. */
  readonly key: string;
  /** Of title and services: two of one instant are probably one. Null without a title. */
  readonly twin: string | null;
  readonly bits: number;
}
/** Above the code of the reason why it is left out. */
export const INCIDENT_BITS = { linked: 1 << 8, unblamed: 1 << 9, judged: 1 << 10 } as const;

/** A reason's code is its place here, from 1; 0 is none. */
export const REASONS: readonly ExclusionReason[] = [
  ...([
    "status",
    "first_deployment",
    "no_start",
    "negative_span",
    "negative_stage",
    "shallow_history",
  ] as const),
  ...(["unknown_sha", "other_paths", "already_shipped", "not_deployed", "not_linked", "not_caused"] as const),
  "no_end",
];

/** Deployments of one commit to one place that finished within so long of each other are probably one. */
export const TWICE_MS = 60_000;

export const reasonCode = (excluded: { readonly reason: string } | null): number =>
  excluded === null ? 0 : REASONS.findIndex((reason) => reason === excluded.reason) + 1;

export const incidentRow = (incident: DerivedIncident): IncidentRow => ({
  at: incident.startedAt,
  end: incident.endedAt,
  key: JSON.stringify([incident.blueprint, incident.id]),
  twin: incident.title === null ? null : JSON.stringify([incident.title, incident.services]),
  bits:
    reasonCode(incident.excluded) |
    (incident.link.service === null ? 0 : INCIDENT_BITS.linked) |
    (incident.link.deployment === null ? INCIDENT_BITS.unblamed : 0) |
    (incident.link.method === "user" ? INCIDENT_BITS.judged : 0),
});

const ms = (seconds: number | null | undefined): number =>
  typeof seconds === "number" ? Math.round(seconds * 1000) : Number.NaN;

/** The rows of one service in some environments; storage reads the same from its tables. */
export function columnsOf(
  rows: {
    readonly deployments: readonly DerivedDeployment[];
    readonly shipments: readonly Shipment[];
    readonly incidents: readonly DerivedIncident[];
  },
  environments: readonly string[],
): ServiceColumns {
  const deployments = rows.deployments
    .filter((one) => environments.includes(one.environment))
    .sort((left, right) => left.finishedAt - right.finishedAt);
  const shipments = rows.shipments
    .filter((one) => environments.includes(one.environment))
    .sort((left, right) => left.deployedAt - right.deployedAt);
  const last = new Map<string, number>();
  return {
    changes: Float64Array.from(
      shipments.flatMap((one) => {
        const earlier = last.get(one.change) ?? Number.NaN;
        last.set(one.change, one.deployedAt);
        return [...changeRow(one), earlier];
      }),
    ),
    deployments: deploymentColumns(deployments),
    notes: Float64Array.from(
      deployments.flatMap(({ finishedAt, notes }) =>
        notes.flatMap((note) => [finishedAt, reasonCode(note), note.count]),
      ),
    ),
    incidents: rows.incidents.map(incidentRow),
  };
}

const changeRow = (one: Shipment): number[] => [
  ...[one.deployedAt, ms(one.leadSeconds), ms(one.stages.coding), ms(one.stages.pickup)],
  ...[ms(one.stages.review), ms(one.stages.deploy), one.mergedAt ?? Number.NaN],
  ms(one.regions?.everywhereSeconds),
  reasonCode(one.excluded) |
    (one.stageNotes.length > 0 ? CHANGE_BITS.skewed : 0) |
    (one.regions === null ? 0 : CHANGE_BITS.hasRegions),
];

function deploymentColumns(ascending: readonly DerivedDeployment[]): Float64Array {
  let previous = Number.NaN;
  const twins = new Map<string, number>();
  return Float64Array.from(
    ascending.flatMap((one) => {
      const at = one.finishedAt;
      const isSuccess = one.status === "success";
      const row = [at, deploymentBits(one), one.restoredAt ?? Number.NaN, Number.NaN, Number.NaN];
      if (isSuccess && one.excluded === null) {
        row[DEPLOYMENT.previous] = previous;
        previous = at;
      }
      if (isSuccess && one.sha !== null) {
        const key = JSON.stringify([one.environment, one.region, one.sha]);
        const before = twins.get(key);
        if (before !== undefined && at - before <= TWICE_MS) row[DEPLOYMENT.twin] = before;
        twins.set(key, at);
      }
      return row;
    }),
  );
}

function deploymentBits(one: DerivedDeployment): number {
  const causes = one.causes.map(({ cause }) => DEPLOYMENT_BITS[cause]);
  return (
    (one.status === "success" ? DEPLOYMENT_BITS.success : 0) |
    (one.excluded === null ? DEPLOYMENT_BITS.counted : 0) |
    (one.failed ? DEPLOYMENT_BITS.failed : 0) |
    (one.rework.length > 0 ? DEPLOYMENT_BITS.rework : 0) |
    causes.reduce<number>((bits, bit) => bits | bit, 0) |
    (reasonCode(one.excluded) << 8)
  );
}
