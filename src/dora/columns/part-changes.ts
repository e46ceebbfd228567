import type { Stage } from "../derived.ts";
import { addTo, type Cell, type Choice, type Counts, rowsIn, runOf } from "./cell.ts";
import { CHANGE, CHANGE_BITS, reasonCode } from "./layout.ts";

const SPAN = reasonCode({ reason: "negative_span" });
const STAGE = reasonCode({ reason: "negative_stage" });

/** Of the changes that were shipped. */
export function changesIn(
  cells: readonly Cell[],
  choice: Choice,
  { changes: excluded }: { readonly changes: Counts },
) {
  const lead: number[] = [];
  const reached: number[] = [];
  const unreached: number[] = [];
  const stages = { coding: [], pickup: [], review: [], deploy: [] } as Record<keyof Stage, number[]>;
  const merged: number[] = [];
  const again: number[] = [];
  let inRegions = 0;
  let skewed = 0;
  const keep = (list: number[], value: number): void => {
    if (!Number.isNaN(value)) list.push(value);
  };
  for (const { changes } of cells) {
    const { data } = changes;
    for (const row of rowsIn(changes, choice)) {
      const value = (column: number): number => data[row + column] as number;
      const bits = value(CHANGE.bits);
      const code = bits & 0xff;
      const isSkewed = (bits & CHANGE_BITS.skewed) !== 0;
      keep(merged, value(CHANGE.merged));
      const earlier = value(CHANGE.earlier);
      if (!Number.isNaN(earlier) && !Number.isNaN(value(CHANGE.merged)))
        again.push(earlier, value(CHANGE.merged));
      if (code > 0) addTo(excluded, code);
      if (isSkewed) addTo(excluded, STAGE);
      if (isSkewed || code === SPAN || code === STAGE) skewed++;
      const took = value(CHANGE.lead);
      if (code > 0 || Number.isNaN(took)) continue;
      lead.push(took);
      keep(stages.coding, value(CHANGE.coding));
      keep(stages.pickup, value(CHANGE.pickup));
      keep(stages.review, value(CHANGE.review));
      keep(stages.deploy, value(CHANGE.deploy));
      const hasRegions = (bits & CHANGE_BITS.hasRegions) !== 0;
      if (hasRegions) inRegions++;
      const everywhere = hasRegions ? value(CHANGE.everywhere) : took;
      if (Number.isNaN(everywhere)) unreached.push(value(CHANGE.at), took);
      else reached.push(everywhere);
    }
  }
  const leads = runOf(lead);
  return {
    lead: leads,
    stages: {
      coding: runOf(stages.coding),
      pickup: runOf(stages.pickup),
      review: runOf(stages.review),
      deploy: runOf(stages.deploy),
    },
    merged: Float64Array.from(merged).sort(),
    ...{ inRegions, skewed, unreached, again },
    reached: inRegions === 0 ? leads : runOf(reached),
  };
}
