/** Keeps what numbers of entities were, and who moved between levels: from the change feed, and from values that change without a row in it. */
import { setTimeout as sleep } from "node:timers/promises";
import { isObject, type JsonObject } from "../model/json.ts";
import type { Ctx } from "../storage/context.ts";
import { advanceFeed, type FeedRow, readFeedPage } from "../storage/feed.ts";
import {
  forgetNumbers,
  keepBeginnings,
  keepEnds,
  keepNumbers,
  type NumberChange,
  renameNumbers,
} from "../storage/number-history.ts";
import { transact } from "../storage/transact.ts";
import { forgetProgress } from "../storage/initiatives.ts";
import { forgetMoves } from "../storage/level-history.ts";
import { currentDerivations, type Derivations } from "./derivations.ts";
import { followLevels } from "./keep-levels.ts";
import type { Outcome } from "./derive-values.ts";

const READER = "history";
const BATCH = { rows: 500, bytes: 8_000_000 };

/** Properties of the blueprint that are numbers, stored and derived. */
function numbersOf({ blueprints, plan }: Derivations, blueprint: string): string[] {
  const stored = [...(blueprints.get(blueprint)?.properties.values() ?? [])];
  const derived = [...(plan.definitions.get(blueprint)?.values() ?? [])];
  return [
    ...stored.filter(({ type }) => type === "number").map(({ identifier }) => identifier),
    ...derived.filter(({ type }) => type === "number").map(({ id }) => id),
  ];
}

/** Reads on in the change feed. @returns true when there may be more */
export async function followNumbers(ctx: Ctx): Promise<boolean> {
  const derivations = await currentDerivations(ctx);
  const numbers = new Map<string, string[]>();
  for (const blueprint of derivations.blueprints.keys()) {
    const some = numbersOf(derivations, blueprint);
    if (some.length > 0) numbers.set(blueprint, some);
  }
  return transact(ctx, async (tx) => {
    const page = await readFeedPage(tx.db, tx.org, READER, BATCH, [...numbers.keys()]);
    const last = page?.rows.at(-1);
    if (page === null || last === undefined) return false;
    // What comes, goes or gets another name stands between other changes: the order of these runs counts.
    let run: Change[] = [];
    for (const row of page.rows) {
      const properties = row.kind === "entity" ? numbers.get(row.blueprint ?? "") : undefined;
      if (properties === undefined) continue;
      const change = { row, kind: kindOf(row), numbers: changesOf(row, properties) };
      if (run[0] !== undefined && run[0].kind !== change.kind) {
        await keepRun(tx, run);
        run = [];
      }
      run.push(change);
    }
    await keepRun(tx, run);
    await advanceFeed(tx.db, tx.org, READER, last);
    return page.mayBeMore;
  });
}

interface Change {
  readonly row: FeedRow;
  /** As the feed says, or RENAME. */
  readonly kind: string;
  readonly numbers: readonly NumberChange[];
}

function kindOf({ action, before, identifier }: FeedRow): string {
  return action === "UPDATE" && objectOf(before)["identifier"] !== identifier ? "RENAME" : action;
}

/** @param run all of one kind */
async function keepRun({ db, org }: Ctx, run: readonly Change[]): Promise<void> {
  const numbers = run.flatMap((one) => one.numbers);
  switch (run[0]?.kind) {
    case "CREATE":
      return keepBeginnings(db, org, numbers);
    case "DELETE":
      return keepEnds(
        db,
        org,
        run.flatMap(({ row, numbers: own }) => {
          const createdAt = new Date(String(objectOf(row.before)["createdAt"]));
          return own.map((change) => ({ change, createdAt }));
        }),
      );
    case "RENAME":
      for (const { row, numbers: own } of run) {
        const { blueprint, identifier, before, at } = row;
        if (blueprint === null || identifier === null) continue;
        const name = String(objectOf(before)["identifier"]);
        await renameNumbers(db, org, { blueprint, identifier: name }, identifier, at);
        await keepNumbers(db, org, own);
      }
      return;
    default:
      return keepNumbers(db, org, numbers);
  }
}

function changesOf(row: FeedRow, properties: readonly string[]): NumberChange[] {
  const { blueprint, identifier, at } = row;
  if (blueprint === null || identifier === null) return [];
  const [was, is] = [row.before, row.after].map((state) => objectOf(objectOf(state)["properties"]));
  return properties.flatMap((property): NumberChange[] => {
    const [before, after] = [numberIn(was, property), numberIn(is, property)];
    return before === after ? [] : [{ blueprint, identifier, property, at, before, after }];
  });
}

/** Values that changed without a row in the change feed, in the transaction that writes them. */
export async function keepQuietNumbers(
  { db, org }: Ctx,
  derivations: Derivations,
  blueprint: string,
  done: readonly Outcome[],
  at: Date,
): Promise<void> {
  const numbers = new Set(numbersOf(derivations, blueprint));
  const changes = done
    .filter(({ change }) => change === null)
    .flatMap(({ changed, derived, versioned: { entity } }) =>
      changed
        .filter((id) => numbers.has(id))
        .map((property): NumberChange => {
          const [before, after] = [numberIn(entity.derived, property), numberIn(derived, property)];
          return { blueprint, identifier: entity.identifier, property, at, before, after };
        }),
    );
  // The first value of a new definition is what it is since the entity came: a million rows would say no more.
  await keepNumbers(
    db,
    org,
    changes.filter(({ before, after }) => before !== null && before !== after),
  );
}

function objectOf(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}

function numberIn(values: Readonly<Record<string, unknown>> | null | undefined, id: string): number | null {
  const value = values !== null && values !== undefined && Object.hasOwn(values, id) ? values[id] : null;
  return typeof value === "number" ? value : null;
}

/** Charts show what is now from the entity itself. */
const POLL_MS = 5000;
const FORGET_MS = 3_600_000;
const FORGET_AT_ONCE = 5000;
const DAY_MS = 86_400_000;

/** @param days that history is kept. @returns what stops it; waits for the batch at hand */
export function startNumberHistory(ctx: Ctx, days: number): () => Promise<void> {
  const stop = new AbortController();
  let forgotten = 0;
  const round = async (): Promise<void> => {
    while (!stop.signal.aborted && (await followNumbers(ctx)));
    while (!stop.signal.aborted && (await followLevels(ctx)));
    const now = ctx.now().getTime();
    if (now - forgotten < FORGET_MS) return;
    const before = new Date(now - days * DAY_MS);
    while (!stop.signal.aborted && (await forgetNumbers(ctx.db, ctx.org, before, FORGET_AT_ONCE)));
    while (!stop.signal.aborted && (await forgetMoves(ctx.db, ctx.org, before, FORGET_AT_ONCE)));
    while (!stop.signal.aborted && (await forgetProgress(ctx.db, ctx.org, before, FORGET_AT_ONCE)));
    forgotten = now;
  };
  const run = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      await round().catch((error: unknown) => {
        if (!stop.signal.aborted) ctx.log.error({ err: error }, "keeping the history of numbers failed");
      });
      await sleep(POLL_MS, undefined, { signal: stop.signal, ref: false }).catch(() => undefined);
    }
  };
  const running = run();
  return async () => {
    stop.abort();
    await running;
  };
}
