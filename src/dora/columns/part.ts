/** Everything that is folded from the rows of one span of time: ascending values and counts. */
import type { FailureCause, Stage } from "../derived.ts";
import type { Reach } from "../summary.ts";
import {
  CHANGE,
  CHANGE_BITS,
  DEPLOYMENT,
  DEPLOYMENT_BITS,
  INCIDENT_BITS,
  NOTE,
  REASONS,
  reasonCode,
} from "./layout.ts";
import type { Table } from "./table.ts";

/** One day (of UTC) of an organisation. */
export interface Cell {
  /** Rises with each change. */
  stamp: number;
  readonly changes: Table;
  readonly deployments: Table;
  readonly notes: Table;
  /** at, end, key, twin, bits */
  readonly incidents: Table;
}
export const INCIDENT = { width: 5, at: 0, end: 1, key: 2, twin: 3, bits: 4 } as const;

/** Ascending, with their sum. */
export interface Run {
  readonly values: Float64Array;
  readonly sum: number;
}

export interface Part {
  readonly lead: Run;
  readonly stages: Readonly<Record<keyof Stage, Run>>;
  /** When they were merged, of all changes shipped. */
  readonly merged: Float64Array;
  /** Changes that count, of environments with several regions. */
  readonly inRegions: number;
  /** When successful deployments finished. */
  readonly successes: Float64Array;
  readonly gaps: Float64Array;
  /** The same deployments in the order of the one before each. */
  readonly previous: Float64Array;
  readonly gapsByPrevious: Float64Array;
  readonly total: number;
  readonly failed: number;
  readonly rework: number;
  readonly causes: Readonly<Record<FailureCause, number>>;
  readonly recovered: Run;
  /** When those finished that are not recovered from. */
  readonly unrecovered: readonly number[];
  readonly ended: Run;
  /** When those began that have not ended. */
  readonly unended: readonly number[];
  readonly deployments: number;
  /** When the first of each pair finished that is probably one. */
  readonly twins: readonly number[];
  readonly incidents: number;
  readonly linked: number;
  readonly judgedUncaused: number;
  readonly incidentTwins: number;
  readonly skewed: number;
  /** By the code of the reason. */
  readonly excluded: readonly number[];
}

const CODE = {
  status: reasonCode({ reason: "status" }),
  span: reasonCode({ reason: "negative_span" }),
  stage: reasonCode({ reason: "negative_stage" }),
  linked: reasonCode({ reason: "not_linked" }),
  caused: reasonCode({ reason: "not_caused" }),
} as const;

function runOf(values: readonly number[]): Run {
  const sorted = Float64Array.from(values).sort();
  let sum = 0;
  for (const value of sorted) sum += value;
  return { values: sorted, sum };
}

/** The rows of the table in [from, to), as the place of their first number. */
function* rowsIn(table: Table, from: number, to: number): Generator<number> {
  const { data, width } = table;
  for (let row = 1; row < data.length; row += width)
    if ((data[row] as number) >= from && (data[row] as number) < to) yield row;
}

const add = (counts: number[], code: number, count = 1): void => {
  counts[code] = (counts[code] as number) + count;
};

/** @param nameOf of a service's number: an incident of several counts as that of the first name */
export function partOf(
  cells: readonly Cell[],
  from: number,
  to: number,
  nameOf: (service: number) => string,
): Part {
  const excluded = Array.from({ length: REASONS.length + 1 }, () => 0);
  const changes = changesIn(cells, from, to, excluded);
  const incidents = incidentsIn(cells, from, to, excluded, nameOf);
  return {
    ...changes,
    ...deploymentsIn(cells, from, to, excluded),
    ...incidents,
    skewed: changes.skewed + incidents.skewed,
    excluded,
  };
}

function changesIn(cells: readonly Cell[], from: number, to: number, excluded: number[]) {
  const lead: number[] = [];
  const stages = { coding: [], pickup: [], review: [], deploy: [] } as Record<keyof Stage, number[]>;
  const merged: number[] = [];
  let inRegions = 0;
  let skewed = 0;
  const keep = (list: number[], value: number): void => {
    if (!Number.isNaN(value)) list.push(value);
  };
  for (const { changes } of cells)
    for (const row of rowsIn(changes, from, to)) {
      const { data } = changes;
      const value = (column: number): number => data[row + column] as number;
      const bits = value(CHANGE.bits);
      const code = bits & 0xff;
      const isSkewed = (bits & CHANGE_BITS.skewed) !== 0;
      keep(merged, value(CHANGE.merged));
      if (code > 0) add(excluded, code);
      if (isSkewed) add(excluded, CODE.stage);
      if (isSkewed || code === CODE.span || code === CODE.stage) skewed++;
      if (code > 0 || Number.isNaN(value(CHANGE.lead))) continue;
      lead.push(value(CHANGE.lead));
      keep(stages.coding, value(CHANGE.coding));
      keep(stages.pickup, value(CHANGE.pickup));
      keep(stages.review, value(CHANGE.review));
      keep(stages.deploy, value(CHANGE.deploy));
      if ((bits & CHANGE_BITS.hasRegions) !== 0) inRegions++;
    }
  return {
    lead: runOf(lead),
    stages: {
      coding: runOf(stages.coding),
      pickup: runOf(stages.pickup),
      review: runOf(stages.review),
      deploy: runOf(stages.deploy),
    },
    merged: Float64Array.from(merged).sort(),
    inRegions,
    skewed,
  };
}

/** Changes that count, as their regions see them. */
export function* reachesIn(cells: readonly Cell[], from: number, to: number): Generator<Reach> {
  for (const { changes } of cells)
    for (const row of rowsIn(changes, from, to)) {
      const value = (column: number): number => changes.data[row + column] as number;
      const [bits, lead] = [value(CHANGE.bits), value(CHANGE.lead)];
      if ((bits & 0xff) > 0 || Number.isNaN(lead)) continue;
      const everywhere = value(CHANGE.everywhere);
      yield {
        at: value(CHANGE.at),
        leadSeconds: lead / 1000,
        regions:
          (bits & CHANGE_BITS.hasRegions) === 0
            ? null
            : { everywhereSeconds: Number.isNaN(everywhere) ? null : everywhere / 1000 },
      };
    }
}

function deploymentsIn(cells: readonly Cell[], from: number, to: number, excluded: number[]) {
  const successes: number[] = [];
  const pairs: { readonly previous: number; readonly gap: number }[] = [];
  const recovered: number[] = [];
  const unrecovered: number[] = [];
  const twins: number[] = [];
  const causes = { status: 0, incident: 0, rollback: 0, hotfix: 0 };
  let [total, failed, rework, deployments] = [0, 0, 0, 0];
  for (const { deployments: table, notes } of cells) {
    for (const row of rowsIn(notes, from, to))
      add(excluded, notes.data[row + NOTE.reason] as number, notes.data[row + NOTE.count]);
    for (const row of rowsIn(table, from, to)) {
      const value = (column: number): number => table.data[row + column] as number;
      const [at, bits, restored] = [value(DEPLOYMENT.at), value(DEPLOYMENT.bits), value(DEPLOYMENT.restored)];
      const is = (bit: number): boolean => (bits & bit) !== 0;
      deployments++;
      if (!Number.isNaN(value(DEPLOYMENT.twin))) twins.push(value(DEPLOYMENT.twin));
      if (!is(DEPLOYMENT_BITS.counted)) {
        add(excluded, bits >> 8);
        continue;
      }
      total++;
      if (is(DEPLOYMENT_BITS.rework)) rework++;
      for (const cause of ["status", "incident", "rollback", "hotfix"] as const)
        if (is(DEPLOYMENT_BITS[cause])) causes[cause]++;
      if (is(DEPLOYMENT_BITS.failed)) {
        failed++;
        if (Number.isNaN(restored)) unrecovered.push(at);
        else recovered.push(restored - at);
      }
      if (!is(DEPLOYMENT_BITS.success)) continue;
      successes.push(at);
      const previous = value(DEPLOYMENT.previous);
      if (!Number.isNaN(previous)) pairs.push({ previous, gap: at - previous });
    }
  }
  pairs.sort((left, right) => left.previous - right.previous);
  const gapsByPrevious = Float64Array.from(pairs, ({ gap }) => gap);
  return {
    ...{ total, failed, rework, causes, deployments, unrecovered, twins, gapsByPrevious },
    successes: Float64Array.from(successes).sort(),
    gaps: gapsByPrevious.toSorted(),
    previous: Float64Array.from(pairs, ({ previous }) => previous),
    recovered: runOf(recovered),
  };
}

function incidentsIn(
  cells: readonly Cell[],
  from: number,
  to: number,
  excluded: number[],
  nameOf: (service: number) => string,
) {
  const ended: number[] = [];
  const unended: number[] = [];
  const twins = new Map<string, number>();
  let [incidents, linked, judgedUncaused, skewed] = [0, 0, 0, 0];
  for (const { data, row } of distinctIncidents(cells, from, to, nameOf)) {
    const value = (column: number): number => data[row + column] as number;
    const [at, end, bits] = [value(INCIDENT.at), value(INCIDENT.end), value(INCIDENT.bits)];
    const is = (bit: number): boolean => (bits & bit) !== 0;
    const code = bits & 0xff;
    if (value(INCIDENT.twin) >= 0) {
      const key = `${value(INCIDENT.twin)} ${at}`;
      twins.set(key, (twins.get(key) ?? 0) + 1);
    }
    const isUncaused = is(INCIDENT_BITS.unblamed) && is(INCIDENT_BITS.judged);
    if (code === CODE.status) add(excluded, code);
    else {
      incidents++;
      if (is(INCIDENT_BITS.linked)) linked++;
      if (isUncaused) judgedUncaused++;
      if (is(INCIDENT_BITS.unblamed)) add(excluded, isUncaused ? CODE.caused : CODE.linked);
      else if (!is(INCIDENT_BITS.linked)) add(excluded, CODE.linked);
      if (code > 0) add(excluded, code);
    }
    if (code === CODE.span || code === CODE.stage) skewed++;
    if (code > 0) continue;
    if (Number.isNaN(end)) unended.push(at);
    else ended.push(end - at);
  }
  let incidentTwins = 0;
  for (const count of twins.values()) incidentTwins += count - 1;
  return { ended: runOf(ended), unended, incidents, linked, judgedUncaused, incidentTwins, skewed };
}

/** One that names several services once: as the first of them by name sees it. */
function distinctIncidents(
  cells: readonly Cell[],
  from: number,
  to: number,
  nameOf: (service: number) => string,
): Iterable<{ readonly data: Float64Array; readonly row: number }> {
  const found = new Map<number, { readonly data: Float64Array; readonly row: number }>();
  const nameAt = ({ data, row }: { readonly data: Float64Array; readonly row: number }): string =>
    nameOf(data[row - 1] as number);
  for (const { incidents } of cells)
    for (const row of rowsIn(incidents, from, to)) {
      const { data } = incidents;
      const key = data[row + INCIDENT.key] as number;
      const one = { data, row };
      const other = found.get(key);
      if (other === undefined || nameAt(one) < nameAt(other)) found.set(key, one);
    }
  return found.values();
}
