/** What derivation gives against what is stored: only rows that differ are written. */
import { createHash } from "node:crypto";
import type { ServiceDerivation } from "../../dora/derived.ts";
import { deploymentKey, shipmentKey } from "../../storage/dora-derived.ts";
import { incidentKey } from "../../storage/dora-incidents.ts";
import type { AllStoredHashes, DerivationDifference } from "./derive-protocol.ts";

const hash = (json: string): string => createHash("sha1").update(json).digest("base64");
const iso = (instant: number): string => new Date(instant).toISOString();

/** @param stored is emptied of what is still derived: what is left of it is gone */
export function differenceOf(derived: ServiceDerivation, stored: AllStoredHashes): DerivationDifference {
  const deployments: DerivationDifference["deployments"][number][] = [];
  const shipments: DerivationDifference["shipments"][number][] = [];
  for (const d of derived.deployments) {
    const json = JSON.stringify(d);
    const row = {
      environment: d.environment,
      id: d.id,
      finishedAt: iso(d.finishedAt),
      hash: hash(json),
      json,
    };
    const key = deploymentKey(row);
    if (stored.deployments.get(key) !== row.hash) deployments.push(row);
    stored.deployments.delete(key);
  }
  for (const s of derived.shipments) {
    const json = JSON.stringify(s);
    const row = {
      environment: s.environment,
      deployment: s.deployment,
      change: s.change,
      deployedAt: iso(s.deployedAt),
      lead: s.leadSeconds,
      ...s.stages,
      mergedAt: s.mergedAt === null ? null : iso(s.mergedAt),
      skewed: s.stageNotes.length > 0,
      everywhere: s.regions?.everywhereSeconds ?? null,
      regions: s.regions?.of ?? null,
      excluded: s.excluded?.reason ?? null,
      hash: hash(json),
      json,
    };
    const key = shipmentKey(row);
    if (stored.shipments.get(key) !== row.hash) shipments.push(row);
    stored.shipments.delete(key);
  }
  const incidents: DerivationDifference["incidents"][number][] = [];
  for (const one of derived.incidents) {
    const json = JSON.stringify(one);
    const { blueprint, id } = one;
    const row = {
      blueprint,
      id,
      startedAt: iso(one.startedAt),
      deployment: one.link.deployment,
      hash: hash(json),
      json,
    };
    const key = incidentKey(row);
    if (stored.incidents.get(key) !== row.hash) incidents.push(row);
    stored.incidents.delete(key);
  }
  const unshipped: DerivationDifference["unshipped"][number][] = [];
  for (const one of derived.unshipped) {
    const json = JSON.stringify(one);
    const { change, shippedIn, leftOutIn } = one;
    const row = { change, mergedAt: iso(one.mergedAt), shippedIn, leftOutIn, hash: hash(json), json };
    if (stored.unshipped.get(change) !== row.hash) unshipped.push(row);
    stored.unshipped.delete(change);
  }
  return {
    deployments,
    shipments,
    incidents,
    unshipped,
    goneUnshipped: [...stored.unshipped.keys()],
    goneIncidents: [...stored.incidents.keys()],
    goneDeployments: [...stored.deployments.keys()],
    goneShipments: [...stored.shipments.keys()],
    counts: {
      deployments: derived.deployments.length,
      mergedChanges: derived.mergedChanges,
      attributedChanges: new Set(derived.shipments.map((s) => s.change)).size,
    },
    unknownShas: derived.unknownShas,
  };
}
