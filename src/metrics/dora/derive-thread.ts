/**
 * Derives one service at a time in a thread of its own: a history of 100,000 commits takes seconds, during which the
 * server goes on answering.
 */
import { parentPort } from "node:worker_threads";
import { derive } from "../../dora/derive.ts";
import type { AllStoredHashes, DerivationDifference, FromThread, ToThread } from "./derive-protocol.ts";
import { differenceOf } from "./difference.ts";
import { FactsOfService } from "./facts-of-service.ts";

const port = parentPort;
if (port === null) throw new Error("derive-thread runs as a worker thread only");

const received = new FactsOfService();

function difference(stored: AllStoredHashes): DerivationDifference {
  const { facts, settings } = received.take();
  return differenceOf(derive(facts, settings), stored);
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
