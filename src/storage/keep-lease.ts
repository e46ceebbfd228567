/** Holds what a worker claimed, and lets go of it soon after the process died. */
import type { Ctx } from "./context.ts";

/**
 * How long what a killed process held waits for another one. Extended three times as often, so that work may take as long
 * as it needs; a process that stalls for longer loses the lease, which undoes its work and nothing else.
 */
const LEASE_SECONDS = 6;
/**
 * On the embedded database nobody else would take it, and a start gives back what a killed process held: a long statement
 * or copy, which everybody waits for, must not end leases. As long as what failed waits at most.
 */
export const ALONE_LEASE_SECONDS = 300;

/** How long what is claimed with it is held. */
export const leaseSecondsOf = ({ leaseSeconds }: Ctx): number => leaseSeconds ?? LEASE_SECONDS;

/** Extends a lease while its holder is at work. @returns what ends that */
export function keepLease(
  ctx: Ctx,
  fields: object,
  extend: (leaseSeconds: number) => Promise<void>,
): () => void {
  const leaseSeconds = leaseSecondsOf(ctx);
  let isAsking = false;
  const timer = setInterval(
    () => {
      if (isAsking) return;
      isAsking = true;
      void extend(leaseSeconds)
        .catch((error: unknown) => ctx.log.warn({ err: error, ...fields }, "lease not extended"))
        .finally(() => (isAsking = false));
    },
    (leaseSeconds * 1000) / 3,
  );
  timer.unref();
  return () => clearInterval(timer);
}
