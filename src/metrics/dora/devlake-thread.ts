/** Folds the profile `devlake` in a thread of its own: the walk over 100,000 commits takes about a second. */
import { parentPort } from "node:worker_threads";
import { type DevlakeInput, type DevlakeMetrics, devlakeMetrics } from "../../dora/devlake-profile.ts";
import type { ThreadAnswer, ThreadMessage } from "./thread-calls.ts";

const port = parentPort;
if (port === null) throw new Error("devlake-thread runs as a worker thread only");

export type ToDevlake =
  | { readonly kind: "commits"; readonly commits: DevlakeInput["commits"] }
  /** Ends the commits of a question. */
  | { readonly kind: "fold"; readonly input: Omit<DevlakeInput, "commits"> };

const received = new Map<number, DevlakeInput["commits"][number][]>();

port.on("message", ({ id, message }: ThreadMessage<ToDevlake>) => {
  const commits = received.get(id) ?? [];
  if (message.kind === "commits") {
    received.set(id, commits);
    for (const one of message.commits) commits.push(one);
    return;
  }
  received.delete(id);
  port.postMessage({
    id,
    answer: devlakeMetrics({ ...message.input, commits }),
  } satisfies ThreadAnswer<DevlakeMetrics>);
});
