/** Derives services one after another and keeps what lies in a window, in a thread that lives as long as one preview. */
import { parentPort } from "node:worker_threads";
import { asOf } from "../../dora/as-of.ts";
import { derive } from "../../dora/derive.ts";
import type { DerivedDeployment, DerivedIncident, Shipment } from "../../dora/derived.ts";
import { computeMetrics } from "../../dora/metrics.ts";
import { isOwned, type Span } from "../../dora/ownership.ts";
import type { MetricsInput } from "../../dora/observations.ts";
import type { Metrics, Window } from "../../dora/results.ts";
import { type SourceTally, talliedRows, tallySources } from "../../dora/tally.ts";
import type { Thresholds } from "../../dora/thresholds.ts";
import type { FactsMessage } from "./derive-protocol.ts";
import { FactsOfService } from "./facts-of-service.ts";

const port = parentPort;
if (port === null) throw new Error("preview-thread runs as a worker thread only");

export type ToPreview =
  | FactsMessage
  /** Ends the facts of a service. */
  | {
      readonly kind: "derive";
      readonly window: Window;
      readonly environments: readonly string[];
      /** When the service belonged to the scope; null = always. */
      readonly spans: readonly Span[] | null;
    }
  | {
      readonly kind: "conclude";
      readonly window: Window;
      readonly environments: readonly string[];
      readonly thresholds: Thresholds;
      readonly now: number;
      readonly isAsOf: boolean;
    };

export type FromPreview =
  | { readonly kind: "derived" }
  | { readonly kind: "concluded"; readonly metrics: Metrics; readonly sources: readonly SourceTally[] }
  | { readonly kind: "failed"; readonly message: string };

const received = new FactsOfService();
const deployments: DerivedDeployment[] = [];
const shipments: Shipment[] = [];
const incidents: DerivedIncident[] = [];
let hasSource = false;

function keep({ window, environments, spans }: Extract<ToPreview, { kind: "derive" }>): void {
  const { facts, settings } = received.take();
  const derived = derive(facts, settings);
  hasSource ||= derived.deployments.length > 0;
  const isThen = (at: number): boolean =>
    at >= window.from && at < window.to && (spans === null || isOwned(spans, at));
  const isIn = (environment: string, at: number): boolean => environments.includes(environment) && isThen(at);
  for (const one of derived.deployments) if (isIn(one.environment, one.finishedAt)) deployments.push(one);
  for (const one of derived.shipments) if (isIn(one.environment, one.deployedAt)) shipments.push(one);
  for (const one of derived.incidents) if (isThen(one.startedAt)) incidents.push(one);
}

function answerTo(message: Exclude<ToPreview, FactsMessage>): FromPreview {
  if (message.kind === "derive") {
    keep(message);
    return { kind: "derived" };
  }
  const { window, environments, thresholds, now, isAsOf } = message;
  const rows = { deployments, shipments, incidents };
  const known = isAsOf ? asOf(rows, now) : rows;
  const input: MetricsInput = { ...known, window, environments, hasSource, now };
  return {
    kind: "concluded",
    metrics: computeMetrics(input, thresholds),
    sources: tallySources(talliedRows(input)),
  };
}

port.on("message", (message: ToPreview) => {
  if (message.kind === "start" || message.kind === "commits") return received.add(message);
  try {
    port.postMessage(answerTo(message));
  } catch (error) {
    port.postMessage({ kind: "failed", message: (error as Error).message } satisfies FromPreview);
  }
});
