/** What belonged to a scope, and when (dora.md section 4: ownership is as of the event's day). */
import type { DerivedDeployment, DerivedIncident, Shipment } from "./derived.ts";
import type { Instant } from "./facts.ts";

/** Half-open; null = without end. */
export interface Span {
  readonly from: Instant | null;
  readonly to: Instant | null;
}

export const isOwned = (spans: readonly Span[], at: Instant): boolean =>
  spans.some(({ from, to }) => (from === null || at >= from) && (to === null || at < to));

export interface ServiceRows {
  readonly deployments: readonly DerivedDeployment[];
  readonly shipments: readonly Shipment[];
  readonly incidents: readonly DerivedIncident[];
}

/** The rows of services while they belonged to the scope. */
export function rowsWhileOwned(
  owned: ReadonlyMap<string, readonly Span[]>,
  rowsOf: (service: string) => ServiceRows | undefined,
): ServiceRows {
  const deployments: DerivedDeployment[] = [];
  const shipments: Shipment[] = [];
  const incidents: DerivedIncident[] = [];
  for (const [service, spans] of owned) {
    const rows = rowsOf(service);
    if (rows === undefined) continue;
    for (const row of rows.deployments) if (isOwned(spans, row.finishedAt)) deployments.push(row);
    for (const row of rows.shipments) if (isOwned(spans, row.deployedAt)) shipments.push(row);
    for (const row of rows.incidents) if (isOwned(spans, row.startedAt)) incidents.push(row);
  }
  return { deployments, shipments, incidents };
}
