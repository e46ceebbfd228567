/** How long tests wait before they say that something does not come. Who passes never waits for it. */

/** A machine that runs everything at once, and may be a slow one, gets more time. */
const FACTOR = process.env["CI"] === "true" ? 3 : 1;

/** @param ms what is plenty on a quiet machine */
export const patient = (ms: number): number => ms * FACTOR;

/** For one step on a page. */
export const STEP_MS = patient(10_000);

/** For what follows from a write, which on a quiet machine takes about a second. */
export const SOON = { timeout: patient(20_000) };
