import type { Commit } from "../../api/dora.ts";
import type { GitCommit } from "../git/commit.ts";
import type { PlannedService } from "./service-plan.ts";
import type { Row } from "./send-rows.ts";

/** Commits that touch more paths are reduced to what tells which services they touch. */
const MAX_PATHS = 2000;
const PATHS_PER_SERVICE = 100;
const MAX_PATH_LENGTH = 4096;
const MAX_AUTHOR_LENGTH = 1000;

export function isoTime(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}

/** All paths of an ordinary commit; of a huge one (vendored code) the first ones and, per service, some that it owns. */
export function reducePaths(paths: readonly string[], services: readonly PlannedService[]): string[] {
  const usable = paths.filter((path) => path.length <= MAX_PATH_LENGTH);
  if (usable.length <= MAX_PATHS) return usable;
  const kept = new Set(usable.slice(0, MAX_PATHS));
  for (const service of services) {
    if (service.paths === null) continue;
    let found = 0;
    for (const path of usable) {
      if (found >= PATHS_PER_SERVICE) break;
      if (!service.touches([path])) continue;
      kept.add(path);
      found += 1;
    }
  }
  return [...kept];
}

/** A commit as `POST /v1/dora/commits` takes it. */
export function commitRow(
  repository: string,
  commit: GitCommit,
  patchId: string | undefined,
  paths: readonly string[] | null,
): Row {
  const body: Commit = {
    repository,
    sha: commit.sha,
    parents: [...commit.parents],
    authoredAt: isoTime(commit.authoredAt),
    committedAt: isoTime(commit.committedAt),
    author: commit.author.slice(0, MAX_AUTHOR_LENGTH),
    ...(patchId === undefined ? {} : { patchId }),
    message: commit.message,
    ...(paths === null ? {} : { paths: [...paths] }),
  };
  return { id: commit.sha, json: JSON.stringify(body) };
}
