/** Keeps derived values up to date: follows changes, computes what is dirty, rebuilds what was defined anew. */
import type { Ctx } from "../storage/context.ts";
import type { Database } from "../storage/db.ts";
import { pullForward } from "../storage/derived-clock.ts";
import { countDirty, nextDirty, releaseDirtyLeases } from "../storage/derived-queue.ts";
import { countRebuilding } from "../storage/derived-units.ts";
import { feedLag } from "../storage/feed.ts";
import type { Looks } from "../storage/look.ts";
import { DERIVE_READER } from "./derive-follow.ts";
import { Derivation, LOOK_AGAIN_MS } from "./derive-rounds.ts";

/** A hint wakes the loop at once; this is how long it may sleep when hints get lost. */
const POLL_MS = 500;

/** So often it is looked for what a clock that was wrong has put off. */
const LOOK_AT_CLOCKS_MS = 10_000;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Works until nothing is due. @throws after so many rounds */
export async function settleDerivations(ctx: Ctx, maxRounds = 10_000): Promise<void> {
  const derivation = new Derivation(ctx, null, { delayMs: 0 });
  for (let round = 0; round < maxRounds; round++) {
    if (await derivation.round()) continue;
    if ((await pendingDerivations(ctx)).isSettled) return;
    await pause(5);
  }
  throw new Error(`derived values do not settle within ${maxRounds} rounds`);
}

export interface Pending {
  /** Entities and changes that wait, counted up to a thousand each. */
  readonly waiting: number;
  /** Units of definitions that are being applied. */
  readonly rebuilding: number;
  readonly isSettled: boolean;
}

const CAP = 1000;

export async function pendingDerivations(ctx: Ctx): Promise<Pending> {
  const { db, org } = ctx;
  const lag = await feedLag(db, org, DERIVE_READER, CAP);
  const waiting = lag + (await countDirty(db, org, ctx.now(), CAP));
  const rebuilding = await countRebuilding(db, org);
  return { waiting, rebuilding, isSettled: waiting === 0 && rebuilding === 0 };
}

export interface DerivationLoop {
  /** Waits for the batch at hand. */
  stop(): Promise<void>;
}

/** @param looks null: no other process follows changes */
export async function startDerivation(
  database: Database,
  ctx: Ctx,
  looks: Looks | null = null,
): Promise<DerivationLoop> {
  if (database.kind === "embedded") await releaseDirtyLeases(ctx.db);
  const derivation = new Derivation(ctx, looks);
  let stopped = false;
  let hinted = false;
  let wake: (() => void) | null = null;
  database.onHint((topic) => {
    if (topic !== "change") return;
    hinted = true;
    wake?.();
  });
  let clocksAt = performance.now();
  const lookAtClocks = async (): Promise<void> => {
    if (performance.now() < clocksAt + LOOK_AT_CLOCKS_MS) return;
    clocksAt = performance.now();
    const entities = await pullForward(ctx.db, ctx.org, ctx.now());
    if (entities > 0) ctx.log.warn({ entities }, "derived values were put off by a clock that was wrong");
  };
  const sleep = async (): Promise<void> => {
    const next = await nextDirty(ctx.db, ctx.org).catch(() => null);
    const due = next === null ? POLL_MS : next.getTime() - ctx.now().getTime();
    const takesOverIn = derivation.takesOverIn ?? POLL_MS;
    await new Promise<void>((resolve) => {
      if (hinted || stopped) return resolve();
      const timer = setTimeout(resolve, Math.max(5, Math.min(POLL_MS, due, takesOverIn)));
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    wake = null;
  };
  const wait = async (left: () => Promise<number>): Promise<void> => {
    for (let ms = await left(); ms > 0 && !stopped; ms = await left())
      await pause(Math.min(ms, LOOK_AGAIN_MS));
  };
  const loop = async (): Promise<void> => {
    let worked = false;
    while (!stopped) {
      hinted = false;
      let more = false;
      try {
        await wait(() => derivation.owed());
        if (stopped) break;
        hinted = false;
        await lookAtClocks();
        more = await derivation.round();
      } catch (error) {
        if (!stopped) ctx.log.error({ err: error }, "derivation round failed");
      }
      if (more) worked = true;
      else if (worked) {
        worked = false;
        // Pages that wait see the values: what a new definition says first is in no change.
        database.hint("derived");
      }
      if (!more && !hinted && !stopped) await sleep();
      if (!more && !stopped) await wait(() => derivation.rest()).catch(() => undefined);
    }
  };
  const running = loop();
  return {
    stop: async () => {
      stopped = true;
      wake?.();
      await running;
    },
  };
}
