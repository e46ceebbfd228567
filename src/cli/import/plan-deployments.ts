import type { GitCommit } from "../git/commit.ts";
import { branchCommit } from "../git/open-repository.ts";
import type { GitRepository } from "../git/open-repository.ts";
import { readCommits, readNamedCommits } from "../git/read-commits.ts";
import { readTags } from "../git/read-tags.ts";
import type { GitTag } from "../git/read-tags.ts";
import { recogniseChange } from "../git/recognise-change.ts";
import { classifyTag, tagGlob } from "../git/version-tag.ts";
import { usageError } from "../cli-error.ts";
import { namesOfPrefix } from "./service-plan.ts";
import type { ImportOptions } from "./import-options.ts";

export interface PlannedDeployment {
  /** The part of the identifier after `<service>@`: the tag, or the first 12 digits of the merge. */
  readonly key: string;
  /** Tag or branch. */
  readonly ref: string;
  readonly kind: "tag" | "merge";
  readonly sha: string;
  /** Seconds since 1970. */
  readonly finishedAt: number;
  /** What stands before the version in a tag. */
  readonly prefix: string;
}

export interface DeploymentPlan {
  readonly deployments: readonly PlannedDeployment[];
  /** Commits to read history from. */
  readonly tips: readonly string[];
  /** Sentences for the user: what was left out, and what was looked for. */
  readonly notes: readonly string[];
}

function list(names: readonly string[]): string {
  const shown = names.slice(0, 3).join(", ");
  return names.length > 3 ? `${shown}, …` : shown;
}

function plural(count: number, noun: string): string {
  return `${count.toLocaleString("en-US")} ${noun}${count === 1 ? "" : "s"}`;
}

/** Which tags or merges of the repository are deployments. */
export async function planDeployments(
  repository: GitRepository,
  options: ImportOptions,
): Promise<DeploymentPlan> {
  return options.merges === null
    ? fromTags(repository, options)
    : fromMerges(repository, options, options.merges);
}

async function fromTags(repository: GitRepository, options: ImportOptions): Promise<DeploymentPlan> {
  const notes: string[] = [];
  const { tags, notCommits } = await readTags(repository.folder);
  const globs = options.tags.map(tagGlob);
  const kinds = tags.map((tag) => ({ tag, ...classifyTag(tag.name) }));
  const chosen = kinds.filter(({ tag, kind }) =>
    globs.length > 0 ? globs.some((glob) => glob.test(tag.name)) : kind === "release",
  );
  if (notCommits.length > 0)
    notes.push(
      `${plural(notCommits.length, "tag")} stand for no commit here and are no deployments (${list(notCommits)})`,
    );
  const previews = kinds.filter(({ kind }) => kind === "prerelease").map(({ tag }) => tag.name);
  if (globs.length === 0 && previews.length > 0)
    notes.push(
      `${plural(previews.length, "pre-release tag")} left out (${list(previews)}); --tags GLOB takes what matches`,
    );
  if (chosen.length === 0)
    notes.push(
      globs.length > 0
        ? `none of ${plural(tags.length, "tag")} matches ${options.tags.map((glob) => `'${glob}'`).join(" or ")}: no deployments`
        : `no version tags (such as v1.2.3, 1.2, release-1.2.3, api@1.2.3) among ${plural(tags.length, "tag")}: no deployments; --tags GLOB names others, --merges main takes merges to a branch`,
    );
  const prefixes = [...new Set(chosen.map(({ prefix }) => prefix))].filter((prefix) => prefix !== "");
  if (globs.length === 0 && options.paths.length === 0 && prefixes.length > 1)
    notes.push(
      `the tags name ${prefixes.length} different things (${list(prefixes)}); --tags GLOB picks one, --paths makes them services`,
    );
  const services = new Set(options.paths.map(({ service }) => service.toLowerCase()));
  const strangers = prefixes.filter((prefix) => !namesOfPrefix(prefix).some((name) => services.has(name)));
  if (globs.length === 0 && services.size > 0 && strangers.length > 0)
    notes.push(
      `tags that name no service of --paths (${list(strangers)}) deploy all of them; --tags GLOB picks those that count`,
    );
  const commits = await committedTimes(
    repository,
    chosen.map(({ tag }) => tag),
  );
  const since = options.since === null ? null : Date.parse(options.since) / 1000;
  const kept = chosen.filter(({ tag }) => since === null || (commits.get(tag.sha) ?? 0) >= since);
  if (kept.length < chosen.length)
    notes.push(`${plural(chosen.length - kept.length, "tag")} of commits before --since left out`);
  const deployments = kept.map(({ tag, prefix }): PlannedDeployment => ({
    key: tag.name,
    ref: tag.name,
    kind: "tag",
    sha: tag.sha,
    finishedAt: tag.taggedAt ?? commits.get(tag.sha) ?? 0,
    prefix,
  }));
  const tips = [...new Set([...repository.heads, ...deployments.map(({ sha }) => sha)])];
  return { deployments: deployments.sort((a, b) => a.finishedAt - b.finishedAt), tips, notes };
}

async function committedTimes(
  repository: GitRepository,
  tags: readonly GitTag[],
): Promise<Map<string, number>> {
  const times = new Map<string, number>();
  const shas = [...new Set(tags.map((tag) => tag.sha))];
  for await (const batch of readNamedCommits(repository.folder, shas))
    for (const commit of batch) times.set(commit.sha, commit.committedAt);
  return times;
}

function isDeployment(commit: GitCommit): boolean {
  return commit.parents.length > 1 || recogniseChange(commit) !== null;
}

async function fromMerges(
  repository: GitRepository,
  options: ImportOptions,
  branch: string,
): Promise<DeploymentPlan> {
  const found = await branchCommit(repository.folder, branch);
  if (found === null) {
    throw usageError(`--merges: there is no branch "${branch}", here or at origin`);
  }
  const notes: string[] = [];
  const deployments: PlannedDeployment[] = [];
  let others = 0;
  const revisions = { tips: [found.sha], since: options.since, firstParent: true };
  for await (const batch of readCommits(repository.folder, revisions))
    for (const commit of batch) {
      if (!isDeployment(commit)) {
        others += 1;
        continue;
      }
      deployments.push({
        key: commit.sha.slice(0, 12),
        ref: branch,
        kind: "merge",
        sha: commit.sha,
        finishedAt: commit.committedAt,
        prefix: "",
      });
    }
  if (others > 0)
    notes.push(
      `${plural(others, "commit")} on ${branch} came in without a merge or a "(#12)" and ${others === 1 ? "is no deployment" : "are no deployments"}`,
    );
  return { deployments, tips: [...new Set([...repository.heads, found.sha])], notes };
}
