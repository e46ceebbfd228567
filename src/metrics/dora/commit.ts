import { AppError } from "../../model/error.ts";
import type { Sight } from "../../model/sight.ts";
import { findCommit } from "../../storage/commits.ts";
import type { Ctx } from "../../storage/context.ts";
import { loadSettings } from "./settings.ts";
import { isRepositoryInSight, requireSources } from "./within-sight.ts";

export interface CommitDetail {
  readonly repository: string;
  readonly sha: string;
  readonly parents: readonly string[];
  readonly authoredAt: string;
  readonly committedAt: string;
  readonly author: string;
  readonly message: string;
  readonly paths: readonly string[] | null;
}

/** One commit by its full sha. @throws AppError not_found, forbidden */
export async function commitDetail(
  ctx: Ctx,
  sha: string,
  repository: string | null,
  sight: Sight | null,
): Promise<CommitDetail> {
  const settings = await loadSettings(ctx);
  requireSources(settings, sight);
  const row = /^[0-9a-f]{7,64}$/.test(sha) ? await findCommit(ctx.db, ctx.org, sha, repository) : null;
  if (row === null || !(await isRepositoryInSight(ctx, sight, settings, row.repository)))
    throw new AppError("not_found", `commit ${sha.slice(0, 64)} was not found`);
  return {
    repository: row.repository,
    sha: row.sha,
    parents: row.parents,
    authoredAt: row.authored_at.toISOString(),
    committedAt: row.committed_at.toISOString(),
    author: row.author,
    message: row.message,
    paths: row.paths,
  };
}
