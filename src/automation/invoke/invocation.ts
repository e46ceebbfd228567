/** What carrying out a run can come to, and what each method gets. */
import type { JsonObject } from "../../model/json.ts";
import type { Run } from "../../model/run.ts";
import type { Ctx } from "../../storage/context.ts";
import type { RenderedInvocation } from "../render-invocation.ts";
import type { RunMeans } from "../run-means.ts";
import type { RunChange } from "../change-run.ts";

export interface Invocation extends RenderedInvocation {
  readonly run: Run;
  /** Templates see this; the payload unless the action says otherwise. Without secrets. */
  readonly context: JsonObject;
  readonly means: RunMeans;
  readonly secrets: Readonly<Record<string, string>>;
  readonly now: Date;
}

export interface Outcome {
  readonly change: RunChange;
  readonly logs: readonly string[];
  /** Somebody else carries it out, by claiming the run. */
  readonly isHandedOver?: boolean;
  /** What was started goes on elsewhere, and is asked for its end (`report/watch-run.ts`). */
  readonly isWatched?: boolean;
  /** Done in the transaction that settles the run; what it gives is added to the change. @throws AppError: the run fails */
  readonly write?: (tx: Ctx) => Promise<RunChange>;
  /** Takes secrets out of what `write` is refused with. */
  readonly mask?: <T>(value: T) => T;
}

/** @throws CallFailed when trying again may help; AppError, InvocationError when it does not */
export type Invoke = (ctx: Ctx, invocation: Invocation) => Promise<Outcome>;

/** There was no answer, or one that asks to come again: the run is tried again later, with the same idempotency key. */
export class CallFailed extends Error {
  override readonly name = "CallFailed";
  /** Who answered asks not to come again before; null: nothing was said. */
  readonly waitMs: number | null;
  /** The receiver has all of it, and did not answer in time. */
  readonly wasSent: boolean;

  constructor(message: string, waitMs: number | null = null, wasSent = false) {
    super(message);
    this.waitMs = waitMs;
    this.wasSent = wasSent;
  }
}
