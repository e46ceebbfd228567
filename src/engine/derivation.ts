/** Keeps derived values up to date: follows changes, computes what is dirty, rebuilds what was defined anew. */
import { lockDefinitions } from "../storage/blueprints.ts";
import type { Ctx } from "../storage/context.ts";
import type { Database } from "../storage/db.ts";
import { pullForward } from "../storage/derived-clock.ts";
import { countDirty, nextDirty, releaseDirtyLeases, type Turn } from "../storage/derived-queue.ts";
import {
  countRebuilding,
  finishRebuilds,
  markNext,
  rebuildProgress,
  syncUnits,
} from "../storage/derived-units.ts";
import { DERIVATION_ACTOR } from "../model/actor.ts";
import { countWritten, feedLag } from "../storage/feed.ts";
import type { Looks } from "../storage/look.ts";
import { transact } from "../storage/transact.ts";
import { areOutdated, currentDerivations, type Derivations } from "./derivations.ts";
import { deriveBatch } from "./derive-batch.ts";
import { DERIVE_READER, type FollowOptions, followDerivations, type Look } from "./derive-follow.ts";
import { shareOf, WorkShare } from "./derive-share.ts";
import { FeedPressure, FULL, WINDOW_MS } from "./feed-pressure.ts";

/** A hint wakes the loop at once; this is how long it may sleep when hints get lost. */
const POLL_MS = 500;
/** Entities of a rebuild that wait at once: changes meanwhile need not wait longer than for these. */
const CHUNK = 500;
/** Batches between two looks at the change feed. */
const BATCHES = 8;
/** Looks that find more than one can take, before a batch: what is read together is computed once. */
const LOOKS = 8;

/** Changes follow each other this closely in bursts. */
const USUAL: FollowOptions = { delayMs: 100 };
/**
 * Between two looks at the change feed at least, and so many times as long as the last one took: what is read together
 * marks each unit once, whether one entity changed or a hundred.
 */
const REST_MS = 50;
const REST_TIMES = 3;
const MAX_REST_MS = 1000;
/** … where writes come at full speed: of ten changes of a root that are read together, one row is kept. */
const PRESSED_REST_MS = 2500;
/** So much longer than another process may rest, what it follows is left to it. */
const PATIENCE_MS = 250;
/** While it leaves room to writers, it looks again whether they still need it. */
const LOOK_AGAIN_MS = 250;

/** So often it is looked for what a clock that was wrong has put off. */
const LOOK_AT_CLOCKS_MS = 10_000;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** @param pressure from 0 to 1 */
function restAfter(tookMs: number, pressure: number): number {
  return Math.max(REST_MS, Math.min(MAX_REST_MS, tookMs * REST_TIMES), pressure * PRESSED_REST_MS);
}

class Derivation {
  readonly #ctx: Ctx;
  readonly #options: FollowOptions;
  #synced: Derivations | null = null;
  /** The last look at the change feed that found all there was: when it ended, and how long it took. */
  #looked = { at: Number.NEGATIVE_INFINITY, tookMs: 0 };
  /** When everything in the feed was written that has been read; of the clock of changes. */
  #readUpTo: number;
  readonly #pressure = new FeedPressure();
  readonly #share = new WorkShare();
  /** Under pressure, looks at the feed and batches take turns. */
  #isBatchNext = false;
  /** Looks since the last batch. */
  #looks = 0;
  #turn: Turn = "late";
  readonly #shared: Looks | null;
  /** Changes so far, at the last look at what there is to do. */
  #changes: number | null = null;

  /** @param looks tells whether another process follows the changes; null: there is none */
  constructor(ctx: Ctx, options: FollowOptions = USUAL, looks: Looks | null = null) {
    this.#ctx = ctx;
    this.#options = options;
    this.#shared = looks;
    this.#readUpTo = ctx.now().getTime();
  }

  /** Milliseconds until the change feed is read again, as it seems now: after `LOOK_AGAIN_MS` ask again. */
  async rest(): Promise<number> {
    await this.#countWritten();
    return this.#restMs;
  }

  get #restMs(): number {
    if (this.#options.delayMs === 0) return 0;
    const { at, tookMs } = this.#looked;
    return Math.max(0, at + restAfter(tookMs, this.#pressure.value) - performance.now());
  }

  /** Milliseconds that are left to those who write, as it seems now: after `LOOK_AGAIN_MS` ask again. */
  async owed(): Promise<number> {
    if (!this.#share.owes) return 0;
    await this.#countWritten();
    const { value } = this.#pressure;
    const share = value === 0 ? 1 : shareOf(value, await this.#waitedMs());
    return this.#share.restMs(share, performance.now());
  }

  /** One look at everything. @returns true when there is more to do now */
  async round(): Promise<boolean> {
    const ctx = this.#ctx;
    await this.#countWritten();
    const started = performance.now();
    const derivations = await currentDerivations(ctx);
    if (derivations !== this.#synced) {
      // They changed again: another process may have begun to apply what is newer.
      if (!(await this.#sync(derivations))) return true;
      this.#synced = derivations;
    }
    const isPressed = this.#isPressed;
    let more = false;
    let most = isPressed ? 1 : BATCHES;
    const isLook = this.#restMs === 0 && !(isPressed && this.#isBatchNext) && (await this.#isOurs());
    if (isLook) {
      const { changes, mayBeMore } = await this.#look(derivations);
      more = mayBeMore;
      if (isPressed ? changes > 0 : mayBeMore && this.#looks < LOOKS) {
        most = 0;
        more = true;
      }
      this.#looks = most === 0 ? this.#looks + 1 : 0;
    }
    this.#isBatchNext = isLook;
    let batches = 0;
    while (batches < most && (await deriveBatch(ctx, derivations, this.#turn))) {
      batches++;
      this.#turn = this.#turn === "late" ? "lowest" : "late";
      await this.#countWritten();
      if (this.#isPressed) break;
    }
    more ||= batches > 0;
    const { waiting, isMarked, isFinished } = await rebuildProgress(ctx.db, ctx.org, ctx.now(), CHUNK);
    if (waiting < CHUNK && !isFinished) {
      const levelOf = (blueprint: string, unit: string): number | null =>
        derivations.units.get(blueprint)?.get(unit)?.level ?? null;
      const marked =
        !isMarked && (await transact(ctx, (tx) => markNext(tx.db, tx.org, levelOf, CHUNK, tx.now())));
      if (marked) more = true;
      else await finishRebuilds(ctx.db, ctx.org, ctx.now());
    }
    const ended = performance.now();
    if (this.#isPressed) this.#share.worked(ended - started, ended);
    return more;
  }

  /** Whether there are changes to follow that no other process follows. */
  async #isOurs(): Promise<boolean> {
    if (this.#shared === null) return true;
    const began = this.#ctx.now().getTime();
    const look = await this.#shared.now();
    const patience = restAfter(0, this.#pressure.value) + PATIENCE_MS;
    const isOurs = look.readIn(DERIVE_READER, patience) === 0;
    if (!isOurs) {
      // How hard it is written counts here too: batches are shared.
      this.#pressure.found(look.changes - (this.#changes ?? look.changes));
      this.#readUpTo = began;
    }
    this.#changes = look.changes;
    return isOurs;
  }

  async #look(derivations: Derivations): Promise<Look> {
    const ctx = this.#ctx;
    const began = ctx.now().getTime();
    const started = performance.now();
    const pressure = this.#pressure.value;
    const look = await followDerivations(ctx, derivations, { ...this.#options, pressure });
    const now = performance.now();
    this.#pressure.found(look.changes);
    // There may be more than one look could take.
    this.#looked = look.mayBeMore
      ? { at: Number.NEGATIVE_INFINITY, tookMs: 0 }
      : { at: now, tookMs: now - started };
    this.#readUpTo = look.mayBeMore && look.upTo !== null ? look.upTo.getTime() : began;
    return look;
  }

  /** How long the oldest change waits that has not been read, or not been computed though it is due. */
  async #waitedMs(): Promise<number> {
    const { db, org } = this.#ctx;
    const due = await nextDirty(db, org);
    const now = this.#ctx.now().getTime();
    return now - Math.min(this.#readUpTo, due?.getTime() ?? now);
  }

  /** Nobody waits for those who settle everything at once. */
  get #isPressed(): boolean {
    return this.#options.delayMs > 0 && this.#pressure.value > 0;
  }

  async #countWritten(): Promise<void> {
    if (this.#options.delayMs === 0 || !this.#pressure.isToBeCounted(performance.now())) return;
    const { db, org } = this.#ctx;
    const now = this.#ctx.now().getTime();
    // Clocks of those who write may be ahead a little.
    const window = { since: new Date(now - WINDOW_MS), until: new Date(now + WINDOW_MS) };
    // Derived values are written where writes leave room for it.
    const changes = await countWritten(db, org, window, DERIVATION_ACTOR.id, FULL);
    this.#pressure.counted(changes, performance.now());
  }

  async #sync(derivations: Derivations): Promise<boolean> {
    const stored = [...derivations.units.values()].flatMap((own) =>
      [...own.values()].map(({ blueprint, name, hash, level }) => ({ blueprint, unit: name, hash, level })),
    );
    return transact(this.#ctx, async (tx) => {
      await lockDefinitions(tx.db, tx.org);
      if (await areOutdated(tx, derivations)) return false;
      await syncUnits(tx.db, tx.org, stored, tx.now());
      return true;
    });
  }
}

/** Works until nothing is due. @throws after so many rounds */
export async function settleDerivations(ctx: Ctx, maxRounds = 10_000): Promise<void> {
  const derivation = new Derivation(ctx, { delayMs: 0 });
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
  const derivation = new Derivation(ctx, USUAL, looks);
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
    await new Promise<void>((resolve) => {
      if (hinted || stopped) return resolve();
      const timer = setTimeout(resolve, Math.max(5, Math.min(POLL_MS, due)));
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
        // Pages that wait see the values.
        database.hint("dora");
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
