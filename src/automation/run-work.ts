/** The queues of runs and who works on them. */
import { CHANGELOGS_QUEUE, RUN_NOTICES_QUEUE, RUN_REPORTS_QUEUE, RUNS_QUEUE } from "../storage/queues.ts";
import { createExecutor } from "./execute-run.ts";
import { createNotifier } from "./notify-approvers.ts";
import { createWatcher } from "./report/watch-run.ts";
import type { RunMeans } from "./run-means.ts";
import { createChangelogSender } from "./send-changelog.ts";

export const runWork = (means: RunMeans) =>
  [
    { queue: RUNS_QUEUE, prepare: createExecutor(means), done: "change" },
    { queue: CHANGELOGS_QUEUE, prepare: createChangelogSender(means), done: "change" },
    { queue: RUN_REPORTS_QUEUE, prepare: createWatcher(means), done: "change" },
    { queue: RUN_NOTICES_QUEUE, prepare: createNotifier(means), done: "change" },
  ] as const;
