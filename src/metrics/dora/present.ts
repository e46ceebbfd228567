/** Derived rows as the API shows them: instants become ISO text. */
import type { DerivedDeployment, DerivedIncident, Shipment } from "../../dora/derived.ts";

export const iso = (instant: number | null): string | null =>
  instant === null ? null : new Date(instant).toISOString();

/** A record of instants as ISO text. */
export function isoAll(times: Readonly<Record<string, number>>): Record<string, string> {
  return Object.fromEntries(Object.entries(times).map(([name, at]) => [name, new Date(at).toISOString()]));
}

export function presentDeployment(d: DerivedDeployment): object {
  return {
    ...d,
    entity: { blueprint: d.blueprint, identifier: d.id, title: d.title, url: d.url },
    startedAt: iso(d.startedAt),
    finishedAt: iso(d.finishedAt),
    restoredAt: iso(d.restoredAt),
  };
}

export function presentShipment(s: Shipment): object {
  return {
    ...s,
    deployedAt: iso(s.deployedAt),
    firstCommitAt: iso(s.firstCommitAt),
    openedAt: iso(s.openedAt),
    firstReviewAt: iso(s.firstReviewAt),
    mergedAt: iso(s.mergedAt),
  };
}

export function presentIncident(i: DerivedIncident): object {
  const { service: _, blueprint, id, title, url, ...rest } = i;
  return {
    ...rest,
    entity: { blueprint, identifier: id, title, url },
    startedAt: iso(i.startedAt),
    detectedAt: iso(i.detectedAt),
    endedAt: iso(i.endedAt),
    isOpen: i.endedAt === null && i.excluded === null,
    candidates: i.candidates.map((one) => ({ ...one, finishedAt: iso(one.finishedAt) })),
  };
}
