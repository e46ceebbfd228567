import { addTo, type Cell, type Choice, type Counts, rowsIn, runOf } from "./cell.ts";
import { DEPLOYMENT, DEPLOYMENT_BITS, NOTE } from "./layout.ts";

const CAUSES = ["status", "incident", "rollback", "hotfix"] as const;

export function deploymentsIn(
  cells: readonly Cell[],
  choice: Choice,
  excluded: { readonly changes: Counts; readonly deployments: Counts },
) {
  const { isAsked, until } = choice;
  const successes: number[] = [];
  const pairs: { readonly previous: number; readonly gap: number }[] = [];
  const recovered: number[] = [];
  const unrecovered: number[] = [];
  const twins: number[] = [];
  const causes = { status: 0, incident: 0, rollback: 0, hotfix: 0 };
  let [total, failed, rework, deployments] = [0, 0, 0, 0];
  let [lastDeployment, lastEnd] = [Number.NaN, -Infinity];
  for (const { deployments: table, notes } of cells) {
    for (const row of rowsIn(notes, choice))
      addTo(excluded.changes, notes.data[row + NOTE.reason] as number, notes.data[row + NOTE.count]);
    const { data } = table;
    for (const row of rowsIn(table, choice)) {
      const value = (column: number): number => data[row + column] as number;
      const [at, bits, restored] = [value(DEPLOYMENT.at), value(DEPLOYMENT.bits), value(DEPLOYMENT.restored)];
      const service = data[row - 1] as number;
      const is = (bit: number): boolean => (bits & bit) !== 0;
      deployments++;
      if (!(lastDeployment >= at)) lastDeployment = at;
      const twin = value(DEPLOYMENT.twin);
      if (!Number.isNaN(twin) && isAsked?.(service, twin) !== false) twins.push(twin);
      if (!is(DEPLOYMENT_BITS.counted)) {
        addTo(excluded.deployments, bits >> 8);
        continue;
      }
      total++;
      if (is(DEPLOYMENT_BITS.rework)) rework++;
      for (const cause of CAUSES) if (is(DEPLOYMENT_BITS[cause])) causes[cause]++;
      if (is(DEPLOYMENT_BITS.failed)) {
        failed++;
        if (restored > lastEnd) lastEnd = restored;
        if (restored <= until) recovered.push(restored - at);
        else unrecovered.push(at);
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
    ...{ lastDeployment, lastEnd },
    successes: Float64Array.from(successes).sort(),
    gaps: gapsByPrevious.toSorted(),
    previous: Float64Array.from(pairs, ({ previous }) => previous),
    recovered: runOf(recovered),
  };
}

/**
 * Between the successful deployments of each service that are asked for, in order: a service that was somebody else's for
 * a while has a gap over that while. @param cells in the order of time
 */
export function gapsBetween(cells: readonly Cell[], choice: Choice): Float64Array {
  const last = new Map<number, number>();
  const gaps: number[] = [];
  for (const { deployments: table } of cells)
    for (const row of rowsIn(table, choice)) {
      const bits = table.data[row + DEPLOYMENT.bits] as number;
      if ((bits & DEPLOYMENT_BITS.counted) === 0 || (bits & DEPLOYMENT_BITS.success) === 0) continue;
      const [service, at] = [table.data[row - 1] as number, table.data[row] as number];
      const before = last.get(service);
      if (before !== undefined) gaps.push(at - before);
      last.set(service, at);
    }
  return Float64Array.from(gaps).sort();
}
