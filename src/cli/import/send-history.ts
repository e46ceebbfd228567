import type { ApiClient } from "../client.ts";
import { CliError, exitCode } from "../cli-error.ts";
import type { GitCommit } from "../git/commit.ts";
import type { GitRepository } from "../git/open-repository.ts";
import { readCommits, readNamedCommits } from "../git/read-commits.ts";
import type { Revisions } from "../git/read-commits.ts";
import { readPaths } from "../git/read-paths.ts";
import { GitError } from "../git/run-git.ts";
import { recogniseChange } from "../git/recognise-change.ts";
import { commitRow, reducePaths } from "./commit-row.ts";
import { changeRow, deploymentRow } from "./entity-rows.ts";
import type { ChangeRowContext, DeploymentRowContext, PendingChange } from "./entity-rows.ts";
import type { Counts } from "./import-run.ts";
import { createPipeline } from "./pipeline.ts";
import type { PlannedDeployment } from "./plan-deployments.ts";
import { postCommits, postEntities } from "./post-rows.ts";
import { createChunker, createRowSender } from "./send-rows.ts";
import type { Row, RowErrors } from "./send-rows.ts";
import { servicesOfTag } from "./service-plan.ts";
import type { PlannedService } from "./service-plan.ts";
import type { HistorySurvey } from "./survey-history.ts";

const COMMITS_PER_REQUEST = 1000;
const COMMIT_BYTES = 4 * 1024 * 1024 - 1024;
const ENTITIES_PER_REQUEST = 500;
const ENTITY_BYTES = 900 * 1000;
const IN_FLIGHT = 2;

export interface Sending {
  readonly client: ApiClient;
  readonly repository: string;
  readonly sent: Counts;
  readonly errors: RowErrors;
  /** Called after every request. */
  readonly onProgress: () => Promise<void>;
}

export interface HistoryToSend {
  readonly git: GitRepository;
  readonly revisions: Revisions;
  readonly survey: HistorySurvey;
  readonly services: readonly PlannedService[];
  /** Paths are read only for services that own some. */
  readonly withPaths: boolean;
  readonly changeContext: ChangeRowContext;
}

/** Sends commits, oldest first, and the changes that they bring in. */
export async function sendHistory(sending: Sending, history: HistoryToSend): Promise<void> {
  const { git, survey, services } = history;
  const pipeline = createPipeline(IN_FLIGHT);
  const commits = createChunker(COMMITS_PER_REQUEST, COMMIT_BYTES);
  const sendCommits = createRowSender("commit", sending.errors, (rows) => postCommits(sending.client, rows));
  const patchesLeft = new Set(survey.patchIds.keys());
  let changes: PendingChange[] = [];

  async function dispatch(rows: readonly Row[]): Promise<void> {
    if (rows.length === 0) return;
    await pipeline.push(async () => {
      // Not `+= await`: that reads the sum before the wait and loses what the other request adds meanwhile.
      const taken = await sendCommits(rows);
      sending.sent.commits += taken;
      await sending.onProgress();
    });
  }
  const sendChanges = createRowSender("change", sending.errors, (rows) =>
    postEntities(sending.client, sending.errors, { kind: "change", blueprint: "change" }, rows),
  );
  async function dispatchChanges(): Promise<void> {
    const pending = changes;
    changes = [];
    const authors = await changeAuthors(git, pending);
    const chunks = createChunker(ENTITIES_PER_REQUEST, ENTITY_BYTES);
    const ready = pending
      .map((change) => chunks.add(changeRow(change, authors(change), history.changeContext)))
      .filter((rows) => rows !== null);
    for (const rows of [...ready, chunks.flush()])
      await pipeline.push(async () => {
        const taken = await sendChanges(rows);
        sending.sent.changes += taken;
        await sending.onProgress();
      });
  }
  async function take(commit: GitCommit, touched: readonly string[] | null): Promise<void> {
    patchesLeft.delete(commit.sha);
    // Beyond a shallow boundary git compares with nothing, and every file looks new: unknown is the honest answer.
    const paths = git.boundary.has(commit.sha) ? null : touched;
    const sentPaths = paths === null ? null : reducePaths(paths, services);
    const row = commitRow(sending.repository, commit, survey.patchIds.get(commit.sha), sentPaths);
    const full = commits.add(row);
    if (full !== null) await dispatch(full);
    const change = recogniseChange(commit);
    if (change === null || survey.changes.get(change.number) !== commit.sha) return;
    const owners = paths === null ? services : services.filter((service) => service.touches(paths));
    if (owners.length === 0) return;
    changes.push({ commit, change, services: owners });
    if (changes.length >= ENTITIES_PER_REQUEST) await dispatchChanges();
  }

  const touched = history.withPaths ? readPaths(git.folder, history.revisions) : null;
  try {
    for await (const batch of readCommits(git.folder, history.revisions))
      for (const commit of batch) {
        const next = await touched?.next();
        if (next !== undefined && (next.done === true || next.value.sha !== commit.sha))
          throw new CliError(
            exitCode.failure,
            "git_failed",
            "the repository changed while it was read",
            "run it again",
          );
        await take(commit, next?.done === false ? next.value.paths : null);
      }
  } catch (error) {
    if (error instanceof GitError && git.partial && history.withPaths)
      throw new CliError(
        exitCode.failure,
        "partial_clone",
        `this clone lacks the trees that tell which paths a commit touches (${error.stderr.trim().split("\n")[0] ?? ""})`,
        "clone it with --filter=blob:none or in full, or leave --paths out",
      );
    throw error;
  } finally {
    await touched?.return(undefined);
  }
  // Copies of new commits that were sent by an earlier import, then without a patch id.
  for await (const batch of readNamedCommits(git.folder, [...patchesLeft]))
    for (const commit of batch) {
      const full = commits.add(commitRow(sending.repository, commit, survey.patchIds.get(commit.sha), null));
      if (full !== null) await dispatch(full);
    }
  await dispatch(commits.flush());
  if (changes.length > 0) await dispatchChanges();
  await pipeline.drain();
}

/** Authors of changes: of a squash commit its own, of a merge that of the branch's last commit. */
async function changeAuthors(
  git: GitRepository,
  pending: readonly PendingChange[],
): Promise<(change: PendingChange) => string | null> {
  const heads = pending.map(({ change }) => change.headSha).filter((sha) => sha !== null);
  const byHead = new Map<string, string>();
  for await (const batch of readNamedCommits(git.folder, heads))
    for (const commit of batch) byHead.set(commit.sha, commit.authorName);
  return ({ commit, change }) =>
    change.headSha === null ? commit.authorName : (byHead.get(change.headSha) ?? null);
}

export interface DeploymentsToSend {
  readonly deployments: readonly PlannedDeployment[];
  readonly services: readonly PlannedService[];
  readonly context: DeploymentRowContext;
  /** With several services a merge deploys those that it touches. */
  readonly touchedBy: ReadonlyMap<string, readonly PlannedService[]> | null;
}

/** Which services a planned deployment stands for. */
export function servicesDeployed(
  deployment: PlannedDeployment,
  plan: Pick<DeploymentsToSend, "services" | "touchedBy">,
): readonly PlannedService[] {
  if (deployment.kind === "tag") return servicesOfTag(plan.services, deployment.prefix);
  return plan.touchedBy === null ? plan.services : (plan.touchedBy.get(deployment.sha) ?? []);
}

/** Sends every deployment; those that the portal knows already change nothing there. */
export async function sendDeployments(sending: Sending, plan: DeploymentsToSend): Promise<void> {
  const chunks = createChunker(ENTITIES_PER_REQUEST, ENTITY_BYTES);
  const send = createRowSender("deployment", sending.errors, (rows) =>
    postEntities(sending.client, sending.errors, { kind: "deployment", blueprint: "deployment" }, rows),
  );
  async function dispatch(rows: readonly Row[]): Promise<void> {
    const taken = await send(rows);
    sending.sent.deployments += taken;
    await sending.onProgress();
  }
  for (const deployment of plan.deployments)
    for (const service of servicesDeployed(deployment, plan)) {
      const full = chunks.add(deploymentRow(deployment, service, plan.context));
      if (full !== null) await dispatch(full);
    }
  await dispatch(chunks.flush());
}
