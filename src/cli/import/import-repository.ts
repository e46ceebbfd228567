import type { ApiClient, JsonObject } from "../client.ts";
import { usageError } from "../cli-error.ts";
import { missingObjects } from "../git/open-repository.ts";
import type { GitRepository } from "../git/open-repository.ts";
import { readPaths } from "../git/read-paths.ts";
import { countCommits } from "../git/read-commits.ts";
import type { Revisions } from "../git/read-commits.ts";
import type { Reporter } from "../reporter.ts";
import { ensureCatalog, findService, refuseForeign, upsertService } from "./catalog-setup.ts";
import type { CatalogShape } from "./catalog-setup.ts";
import type { ImportOptions } from "./import-options.ts";
import { closeStaleRuns, previousHeads, runOptions, startRun } from "./import-run.ts";
import type { Counts, RunHandle } from "./import-run.ts";
import { repositoryLinks } from "./links.ts";
import { planDeployments } from "./plan-deployments.ts";
import type { DeploymentPlan } from "./plan-deployments.ts";
import { sendDeployments, sendHistory, servicesDeployed } from "./send-history.ts";
import { rowErrors } from "./send-rows.ts";
import type { RowErrors } from "./send-rows.ts";
import { plannedService, planServices } from "./service-plan.ts";
import type { PlannedService } from "./service-plan.ts";
import { shaSet, surveyHistory } from "./survey-history.ts";
import type { HistorySurvey } from "./survey-history.ts";

/** What one import did. */
export interface ImportOutcome {
  readonly repository: string;
  readonly services: readonly PlannedService[];
  readonly sent: Counts;
  /** Commits that the repository holds within the options; null when nothing had to be read. */
  readonly commits: number | null;
  /** One for each service that a tag or merge deploys. */
  readonly deployments: number;
  readonly errors: RowErrors;
  /** Nothing was new: no run was recorded. */
  readonly unchanged: boolean;
  readonly seconds: number;
  /** Newest deployment, else newest commit, in seconds since 1970; null when there is neither. */
  readonly newest: number | null;
  readonly oldestDeployment: number | null;
}

const number = (count: number) => count.toLocaleString("en-US");

/** Reads one repository and sends what the portal does not have yet. */
export async function importRepository(
  client: ApiClient,
  git: GitRepository,
  options: ImportOptions,
  reporter: Reporter,
): Promise<ImportOutcome> {
  const started = performance.now();
  const repository = options.repository ?? git.identity;
  const planned = planServices(options, repository);
  const sent: Counts = { commits: 0, deployments: 0, changes: 0 };
  const errors = rowErrors();
  describe(git, repository, reporter);
  const plan = await planDeployments(git, options);
  for (const note of plan.notes) reporter.note(note);
  const outcome = (rest: Partial<ImportOutcome>): ImportOutcome => ({
    repository,
    services: planned,
    sent,
    commits: null,
    deployments: plan.deployments.length,
    errors,
    unchanged: false,
    newest: plan.deployments.at(-1)?.finishedAt ?? null,
    oldestDeployment: plan.deployments[0]?.finishedAt ?? null,
    ...rest,
    seconds: (performance.now() - started) / 1000,
  });
  if (plan.tips.length === 0) {
    reporter.note("the repository has no commits: nothing to import");
    return outcome({ services: [], unchanged: true });
  }
  const shape = await ensureCatalog(client);
  if (shape.environments !== null && !shape.environments.includes(options.environment))
    throw usageError(
      `--environment: the deployment blueprint knows ${shape.environments.join(", ")}, not "${options.environment}"`,
    );
  const services = await prepareServices(client, planned, repository);
  const stored = runOptions(git, options, services);
  await closeStaleRuns(client, repository, Date.now());
  const not = options.full ? [] : await knownHeads(client, git, repository, stored, reporter);
  const revisions: Revisions = { tips: plan.tips, not, since: options.since };
  const newCommits = await countCommits(git.folder, revisions);
  const touchedBy = await servicesTouched(git, options, services, plan);
  const deployments = countDeployments(plan, services, touchedBy);
  const job: Job = {
    client,
    git,
    repository,
    options,
    services,
    shape,
    plan,
    touchedBy,
    deployments,
    revisions,
    sent,
    errors,
    reporter,
  };
  if (newCommits === 0 && not.length > 0) {
    await sendAllDeployments(job, null);
    return outcome({ services, deployments, unchanged: true });
  }
  const { survey, newChanges } = await readHistory(job, newCommits);
  // Which changes touch the paths of a service is known only when they have been sent.
  const run = await startRun(client, repository, services, stored, {
    commits: newCommits,
    deployments,
    ...(withPaths(services) ? {} : { changes: newChanges }),
  });
  try {
    await sendAll(job, survey, run, newCommits);
    const clean = errors.count === 0;
    // Without heads the next run sends everything again, so that refused rows get another chance.
    await run.complete(sent, clean ? survey.heads : null, clean ? null : `${errors.count} rows were refused`);
  } catch (error) {
    await run.fail(sent, error instanceof Error ? error.message : String(error)).catch(() => {});
    throw error;
  }
  return outcome({
    services,
    deployments,
    commits: survey.commits,
    newest: plan.deployments.at(-1)?.finishedAt ?? survey.newest,
  });
}

/** Which services each merge to the branch touches; null where a tag or merge deploys all that it names. */
type ServicesTouched = ReadonlyMap<string, readonly PlannedService[]> | null;

interface Job {
  readonly client: ApiClient;
  readonly git: GitRepository;
  readonly repository: string;
  readonly options: ImportOptions;
  readonly services: readonly PlannedService[];
  readonly shape: CatalogShape;
  readonly plan: DeploymentPlan;
  readonly touchedBy: ServicesTouched;
  readonly deployments: number;
  readonly revisions: Revisions;
  readonly sent: Counts;
  readonly errors: RowErrors;
  readonly reporter: Reporter;
}

function describe(git: GitRepository, repository: string, reporter: Reporter): void {
  reporter.note(`${repository} (${git.folder})`);
  if (git.shallow)
    reporter.note(
      "this clone is shallow: history ends where it was cut, and what was shipped before cannot be counted; git fetch --unshallow completes it",
    );
}

async function prepareServices(
  client: ApiClient,
  planned: readonly PlannedService[],
  repository: string,
): Promise<PlannedService[]> {
  const links = repositoryLinks(repository);
  const found = await Promise.all(
    planned.map(async (service) => ({ service, existing: await findService(client, service.identifier) })),
  );
  for (const { service, existing } of found) refuseForeign(service, existing, repository);
  const services: PlannedService[] = [];
  for (const { service, existing } of found) {
    await upsertService(client, service, repository, links);
    // Paths given in the portal count as well as those given here.
    const paths = service.paths ?? existing?.paths ?? null;
    services.push(paths === service.paths ? service : plannedService(service.title, paths));
  }
  return services;
}

/** Heads of an earlier import from which history can be continued; none when they are gone. */
async function knownHeads(
  client: ApiClient,
  git: GitRepository,
  repository: string,
  stored: JsonObject,
  reporter: Reporter,
): Promise<readonly string[]> {
  const heads = await previousHeads(client, repository, stored);
  if (heads === null) return [];
  if ((await missingObjects(git.folder, heads)).length === 0) return heads;
  reporter.note("the history was rewritten since the last import: everything is sent again");
  return [];
}

function withPaths(services: readonly PlannedService[]): boolean {
  return services.some((service) => service.paths !== null);
}

function countDeployments(
  { deployments }: DeploymentPlan,
  services: readonly PlannedService[],
  touchedBy: ServicesTouched,
): number {
  return deployments.reduce((sum, one) => sum + servicesDeployed(one, { services, touchedBy }).length, 0);
}

/** `newChanges`: those that an earlier import has not sent, in all paths. */
async function readHistory(
  job: Job,
  newCommits: number,
): Promise<{ readonly survey: HistorySurvey; readonly newChanges: number }> {
  job.reporter.phase("Reading history", 0);
  const incremental = (job.revisions.not ?? []).length > 0;
  const fresh = incremental ? await shaSet(job.git, job.revisions) : null;
  const survey = await surveyHistory(job.git, job.revisions, fresh === null ? null : (sha) => fresh.has(sha));
  job.reporter.done();
  const known = survey.commits - newCommits;
  const newChanges =
    fresh === null
      ? survey.changes.size
      : [...survey.changes.values()].filter((sha) => fresh.has(sha)).length;
  const elsewhere = withPaths(job.services) ? " (those of other paths are not sent)" : "";
  job.reporter.note(
    `${number(survey.commits)} commits${incremental ? ` (${number(known)} imported before)` : ""}, ${number(job.deployments)} deployments, ${number(survey.changes.size)} changes${elsewhere}`,
  );
  if (survey.badDates > 0)
    job.reporter.note(
      `${number(survey.badDates)} commits have an unreadable date; their other date stands in`,
    );
  if (survey.cutMessages > 0)
    job.reporter.note(
      `${number(survey.cutMessages)} commit messages over 64 KiB are sent without their middle`,
    );
  for (const note of survey.notes) job.reporter.note(note);
  return { survey, newChanges };
}

async function sendAll(job: Job, survey: HistorySurvey, run: RunHandle, newCommits: number): Promise<void> {
  const { client, git, repository, services, shape, sent, errors, reporter } = job;
  const total = newCommits + job.deployments;
  reporter.phase("Sending", total);
  const onProgress = async () => {
    reporter.progress(Math.min(total, sent.commits + sent.deployments));
    await run.report(sent);
  };
  await sendHistory(
    { client, repository, sent, errors, onProgress },
    {
      git,
      revisions: job.revisions,
      survey,
      services,
      withPaths: withPaths(services),
      changeContext: { repository, links: repositoryLinks(repository), serviceMany: shape.changeServiceMany },
    },
  );
  await sendAllDeployments(job, onProgress);
  reporter.done();
}

async function sendAllDeployments(job: Job, onProgress: (() => Promise<void>) | null): Promise<void> {
  const { client, repository, services, shape, sent, errors, plan, touchedBy } = job;
  await sendDeployments(
    { client, repository, sent, errors, onProgress: onProgress ?? (async () => {}) },
    {
      deployments: plan.deployments,
      services,
      context: {
        environment: job.options.environment,
        links: repositoryLinks(repository),
        serviceMany: shape.deploymentServiceMany,
      },
      touchedBy,
    },
  );
  if (touchedBy !== null && job.deployments === 0)
    job.reporter.note("no merge touches the paths of these services: no deployments");
}

async function servicesTouched(
  git: GitRepository,
  options: ImportOptions,
  services: readonly PlannedService[],
  plan: DeploymentPlan,
): Promise<ServicesTouched> {
  if (options.merges === null || !withPaths(services)) return null;
  const wanted = new Set(plan.deployments.map(({ sha }) => sha));
  const touched = new Map<string, readonly PlannedService[]>();
  const tips = plan.deployments.slice(-1).map(({ sha }) => sha);
  for await (const { sha, paths } of readPaths(git.folder, { tips, since: options.since, firstParent: true }))
    if (wanted.has(sha))
      touched.set(
        sha,
        services.filter((service) => git.boundary.has(sha) || service.touches(paths)),
      );
  return touched;
}
