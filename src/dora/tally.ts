/** What each source gives to the numbers of a window: rows, how many of them count, and why the others do not. */
import type { ExclusionReason } from "./derived.ts";
import { incidentsIn, type MetricsInput } from "./observations.ts";

export interface SourceTally {
  readonly role: "deployment" | "change" | "incident";
  /** Null: commits that no entity stands for. */
  readonly blueprint: string | null;
  /** Of deployments and shipments in the environments asked for, of incidents that began in the window. */
  readonly rows: number;
  readonly counted: number;
  readonly excluded: Readonly<Partial<Record<ExclusionReason, number>>>;
}

/** One kind of row of one source. */
export interface TalliedRow {
  readonly blueprint: string | null;
  readonly reason: ExclusionReason | null;
  readonly n: number;
}

/** The rows of each role, as `talliedRows` makes them or counted elsewhere. */
export interface Tallied {
  readonly deployments: readonly TalliedRow[];
  readonly shipments: readonly TalliedRow[];
  readonly incidents: readonly TalliedRow[];
}

export const tallySources = ({ deployments, shipments, incidents }: Tallied): SourceTally[] => [
  ...tally("deployment", deployments),
  ...tally("change", shipments),
  ...tally("incident", incidents),
];

export function talliedRows(input: MetricsInput): Tallied {
  const { window, environments } = input;
  const deployments = input.deployments.filter(
    (d) => environments.includes(d.environment) && isWithin(window, d.finishedAt),
  );
  const rowOf = (one: {
    readonly blueprint: string;
    readonly excluded: { readonly reason: ExclusionReason } | null;
  }): TalliedRow => ({ blueprint: one.blueprint, reason: one.excluded?.reason ?? null, n: 1 });
  return {
    deployments: deployments.map(rowOf),
    shipments: talliedShipments(input),
    incidents: incidentsIn(input).map(rowOf),
  };
}

function talliedShipments({ shipments, environments, window }: MetricsInput): TalliedRow[] {
  return shipments
    .filter((s) => environments.includes(s.environment) && isWithin(window, s.deployedAt))
    .map(({ entity, excluded, leadSeconds }) => ({
      blueprint: entity?.blueprint ?? null,
      reason: excluded?.reason ?? (leadSeconds === null ? "no_start" : null),
      n: 1,
    }));
}

const isWithin = ({ from, to }: { from: number; to: number }, at: number): boolean => at >= from && at < to;

function tally(role: SourceTally["role"], rows: readonly TalliedRow[]): SourceTally[] {
  const groups = new Map<string | null, TalliedRow[]>();
  for (const row of rows) {
    const group = groups.get(row.blueprint);
    if (group === undefined) groups.set(row.blueprint, [row]);
    else group.push(row);
  }
  return [...groups]
    .map(([blueprint, group]): SourceTally => {
      const excluded: Partial<Record<ExclusionReason, number>> = {};
      for (const { reason, n } of group) if (reason !== null) excluded[reason] = (excluded[reason] ?? 0) + n;
      const sum = (list: readonly TalliedRow[]): number => list.reduce((total, { n }) => total + n, 0);
      return {
        ...{ role, blueprint, rows: sum(group), excluded },
        counted: sum(group.filter(({ reason }) => reason === null)),
      };
    })
    .sort((left, right) => ((left.blueprint ?? "") < (right.blueprint ?? "") ? -1 : 1));
}
