/** Holds what a worker claimed, and lets go of it soon after the process died. */
import type { Ctx } from "./context.ts";

/**
 * How long what a killed process held waits for another one. Extended three times as often, so that work may take as long
 * as it needs; a process that stalls for longer loses the lease, which undoes its work and nothing else.
 */
export const LEASE_SECONDS = 6;

/** Extends a lease while its holder is at work. @returns what ends that */
export function keepLease(
  ctx: Ctx,
  fields: object,
  extend: (leaseSeconds: number) => Promise<void>,
): () => void {
  let isAsking = false;
  const timer = setInterval(
    () => {
      if (isAsking) return;
      isAsking = true;
      void extend(LEASE_SECONDS)
        .catch((error: unknown) => ctx.log.warn({ err: error, ...fields }, "lease not extended"))
        .finally(() => (isAsking = false));
    },
    (LEASE_SECONDS * 1000) / 3,
  );
  timer.unref();
  return () => clearInterval(timer);
}
