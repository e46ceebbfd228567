/** Of jobs and derived values as of alerts, which know nothing of the engine. */
export { keepLease, LEASE_SECONDS } from "../storage/keep-lease.ts";
