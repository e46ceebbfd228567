/**
 * Derives one service at a time in a thread of its own: a history of 100,000 commits takes seconds, during which the
 * server goes on answering.
 */
import { createHash } from "node:crypto";
import { parentPort } from "node:worker_threads";
import { derive } from "../../dora/derive.ts";
import { deploymentKey, shipmentKey } from "../../storage/dora-derived.ts";
import { incidentKey } from "../../storage/dora-incidents.ts";
import type { AllStoredHashes, DerivationDifference, FromThread, ToThread } from "./derive-protocol.ts";
import { FactsOfService } from "./facts-of-service.ts";

const port = parentPort;
if (port === null) throw new Error("derive-thread runs as a worker thread only");

const received = new FactsOfService();

const hash = (json: string): string => createHash("sha1").update(json).digest("base64");
const iso = (instant: number): string => new Date(instant).toISOString();

function difference(stored: AllStoredHashes): DerivationDifference {
  const { facts, settings } = received.take();
  const derived = derive(facts, settings);
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
  return {
    deployments,
    shipments,
    incidents,
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

port.on("message", (message: ToThread) => {
  if (message.kind !== "finish") return received.add(message);
  let answer: FromThread;
  try {
    answer = { kind: "done", difference: difference(message.stored) };
  } catch (error) {
    const e = error as Error;
    answer = { kind: "failed", message: e.message, stack: e.stack ?? "" };
  }
  port.postMessage(answer);
});
