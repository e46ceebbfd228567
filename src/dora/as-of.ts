import type { DerivedDeployment, DerivedIncident } from "./derived.ts";
import type { Instant } from "./facts.ts";

interface Rows {
  readonly deployments: readonly DerivedDeployment[];
  readonly incidents: readonly DerivedIncident[];
}

/**
 * What ended after the instant was open then. An answer as of an instant does not depend on when it is asked; what was
 * found later about things before it (a repair that shows a failure) counts all the same.
 */
export function asOf<R extends Rows>(rows: R, instant: Instant): R {
  return {
    ...rows,
    deployments: rows.deployments.map((one) =>
      one.restoredAt === null || one.restoredAt <= instant
        ? one
        : { ...one, restoredAt: null, restoredBy: null, restoredHow: null },
    ),
    incidents: rows.incidents.map((one) =>
      one.endedAt === null || one.endedAt <= instant ? one : { ...one, endedAt: null },
    ),
  };
}
