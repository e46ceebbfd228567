/** Many entities over one window, each folded from the services below it while they were its own. */
import { bucketsOf } from "../../dora/calendar.ts";
import { foldEntity, type FoldedEntity, type OwnCells } from "../../dora/columns/fold.ts";
import type { CellsByService, OrganisationColumns } from "../../dora/columns/organisation.ts";
import { foldRows } from "../../dora/fold-rows.ts";
import { rowsWhileOwned, type Span } from "../../dora/ownership.ts";
import type { Ctx } from "../../storage/context.ts";
import { walked, withHeld } from "./organisation.ts";
import { pauses } from "./pauses.ts";
import type { Question } from "./question.ts";
import { type DerivedRows, inputFor, readNumbers } from "./read-input.ts";

/** The services of an entity, and when they were its own. */
export type Owned = ReadonlyMap<string, readonly Span[]>;

/** In the order of the entities; from what is held of the organisation, else from rows: both give the same. */
export async function foldEntities(
  ctx: Ctx,
  question: Question,
  entities: readonly Owned[],
): Promise<readonly FoldedEntity[]> {
  const { window, now, isAsOf } = question;
  const isBounded = entities.some((owned) => !areAlways(owned));
  const fold: Parameters<typeof withHeld<FoldedEntity[]>>[2] = async (columns, pause) => {
    const cells = await walked(columns.byService(window.from, window.to), pause);
    const asked = { window, buckets: bucketsOf(window, now), now };
    const folded: FoldedEntity[] = [];
    for (const owned of entities) {
      const steps = foldEntity(columns, cellsOf(columns, cells, owned), asked, isAsOf ? now : Infinity);
      folded.push(await walked(steps, pause));
      await pause();
    }
    return folded;
  };
  const held = await withHeld(ctx, [question], fold, isBounded);
  return held ?? foldFromRows(question, await readNumbers(ctx, question), entities);
}

function cellsOf(columns: OrganisationColumns, cells: CellsByService, owned: Owned): OwnCells {
  const own = [...owned.keys()].flatMap((service) => {
    const found = cells.get(columns.numberOf(service) ?? -1);
    return found === undefined ? [] : [found];
  });
  return { cells: own, isAsked: areAlways(owned) ? null : columns.isAsked(owned) };
}

const areAlways = (owned: Owned): boolean => [...owned.values()].every((spans) => spans.some(isAlways));

const isAlways = ({ from, to }: Span): boolean => from === null && to === null;

async function foldFromRows(
  question: Question,
  rows: DerivedRows,
  entities: readonly Owned[],
): Promise<FoldedEntity[]> {
  const byService = groupByService(rows);
  const pause = pauses();
  const folded: FoldedEntity[] = [];
  for (const owned of entities) {
    const own = rowsWhileOwned(owned, (service) => byService.get(service));
    const { summary, counts, bucketSummaries } = foldRows(inputFor(question, question.window, own, true));
    folded.push({
      ...{ summary, counts, frequency: bucketSummaries.map(({ count }) => count) },
      lastDeployment: own.deployments.reduce<number | null>(
        (last, { finishedAt }) => (last === null || finishedAt > last ? finishedAt : last),
        null,
      ),
    });
    await pause();
  }
  return folded;
}

interface MutableRows {
  deployments: DerivedRows["deployments"][number][];
  shipments: DerivedRows["shipments"][number][];
  incidents: DerivedRows["incidents"][number][];
}

function groupByService(rows: DerivedRows): Map<string, MutableRows> {
  const groups = new Map<string, MutableRows>();
  const group = (service: string): MutableRows => {
    let found = groups.get(service);
    if (found === undefined) groups.set(service, (found = { deployments: [], shipments: [], incidents: [] }));
    return found;
  };
  for (const d of rows.deployments) group(d.service).deployments.push(d);
  for (const s of rows.shipments) group(s.service).shipments.push(s);
  for (const i of rows.incidents) group(i.service).incidents.push(i);
  return groups;
}
