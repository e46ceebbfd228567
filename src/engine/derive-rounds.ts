/** One look after the other at the change feed and at what is due, and how long is rested between them. */
import { lockDefinitions } from "../storage/blueprints.ts";
import type { Ctx } from "../storage/context.ts";
import { nextDirty, type Turn } from "../storage/derived-queue.ts";
import { finishRebuilds, markNext, rebuildProgress, syncUnits } from "../storage/derived-units.ts";
import { DERIVATION_ACTOR } from "../model/actor.ts";
import { countWritten } from "../storage/feed.ts";
import type { Looks } from "../storage/look.ts";
import { transact } from "../storage/transact.ts";
import { derivationLag } from "./derivation-lag.ts";
import { areOutdated, currentDerivations, type Derivations } from "./derivations.ts";
import { deriveBatch } from "./derive-batch.ts";
import { DERIVE_READER, type FollowOptions, followDerivations, type Look } from "./derive-follow.ts";
import { LookTimes, patienceFor, restAfter } from "./derive-rests.ts";
import { shareOf, WorkShare } from "./derive-share.ts";
import { FeedPressure, FULL, WINDOW_MS } from "./feed-pressure.ts";

/** Entities of a rebuild that wait at once: changes meanwhile need not wait longer than for these. */
const CHUNK = 500;
/** Batches between two looks at the change feed. */
const BATCHES = 8;
/** Looks that find more than one can take, before a batch: what is read together is computed once. */
const LOOKS = 8;

/** Changes follow each other this closely in bursts. */
const USUAL: FollowOptions = { delayMs: 100 };
/** While it leaves room to writers, it looks again whether they still need it. */
export const LOOK_AGAIN_MS = 250;

/** Of one process and organisation. */
export class Derivation {
  readonly #ctx: Ctx;
  readonly #options: FollowOptions;
  #synced: Derivations | null = null;
  /** The last look at the change feed that found all there was: when it ended, and how long it took. */
  #looked = { at: Number.NEGATIVE_INFINITY, tookMs: 0 };
  readonly #lookTimes = new LookTimes();
  /** When everything in the feed was written that has been read, of the clock of changes; null: another process reads, and the feed tells. */
  #readUpTo: number | null;
  readonly #pressure = new FeedPressure();
  readonly #share = new WorkShare();
  /** Under pressure, looks at the feed and batches take turns. */
  #isBatchNext = false;
  /** Looks since the last batch. */
  #looks = 0;
  #turn: Turn = "late";
  readonly #shared: Looks | null;
  /** When it takes over, by a steady clock, unless who follows the changes goes on; null: it follows them, or there is nothing to follow. */
  #takesOverAt: number | null = null;
  /** Changes so far, at the last look at what there is to do. */
  #changes: number | null = null;

  /** @param looks tells whether another process follows the changes; null: there is none */
  constructor(ctx: Ctx, looks: Looks | null = null, options: FollowOptions = USUAL) {
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

  /** Milliseconds until it should look whether another process is gone; null: it does not stand by. */
  get takesOverIn(): number | null {
    return this.#takesOverAt === null ? null : Math.max(0, this.#takesOverAt - performance.now());
  }

  /** Milliseconds that are left to those who write, as it seems now: after `LOOK_AGAIN_MS` ask again. */
  async owed(): Promise<number> {
    if (!this.#share.owes) return 0;
    await this.#countWritten();
    const { value } = this.#pressure;
    const share = value === 0 ? 1 : shareOf(value, await this.waitedMs());
    return this.#share.restMs(share, performance.now());
  }

  /** One look at everything. @returns true when there is more to do now */
  async round(): Promise<boolean> {
    const ctx = this.#ctx;
    // Of one look: a round that fails before its own must not end the sleep after it.
    this.#takesOverAt = null;
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
    const now = performance.now();
    const patience = patienceFor(this.#lookTimes.longestMs(now), this.#pressure.value);
    const readIn = look.readIn(DERIVE_READER, patience);
    const isOurs = readIn === 0;
    this.#pressure.noted(look.changes, now);
    this.#takesOverAt = readIn === null || isOurs ? null : now + readIn;
    if (!isOurs) {
      // How hard it is written counts here too: batches are shared.
      this.#pressure.found(look.changes - (this.#changes ?? look.changes));
      this.#readUpTo = readIn === null ? began : null;
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
    if (look.changes > 0) this.#lookTimes.note(now - started, now);
    // There may be more than one look could take.
    this.#looked = look.mayBeMore
      ? { at: Number.NEGATIVE_INFINITY, tookMs: 0 }
      : { at: now, tookMs: now - started };
    // Where another process reads right now, nothing is found.
    const isAll = look.changes > 0 || this.#shared === null;
    this.#readUpTo = look.mayBeMore && look.upTo !== null ? look.upTo.getTime() : isAll ? began : null;
    return look;
  }

  /** How long the oldest change waits that has not been read, or not been computed though it is due. */
  async waitedMs(): Promise<number> {
    if (this.#readUpTo === null) return derivationLag(this.#ctx);
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
