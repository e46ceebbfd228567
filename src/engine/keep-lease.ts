/** Of jobs and derived values as of alerts, which know nothing of the engine. */
export { keepLease, leaseSecondsOf } from "../storage/keep-lease.ts";
