/** The commit table: facts in bulk, idempotent by repository and sha. */
import { sql } from "kysely";
import type { Db } from "./db.ts";
import { prepared } from "./prepared.ts";

export interface CommitInput {
  readonly repository: string;
  readonly sha: string;
  readonly parents: readonly string[];
  readonly authoredAt: string;
  readonly committedAt: string;
  readonly author: string;
  readonly patchId?: string | null;
  readonly message: string;
  readonly paths?: readonly string[] | null;
}

export interface CommitRow {
  readonly repository: string;
  readonly sha: string;
  readonly parents: string[];
  readonly authored_at: Date;
  readonly committed_at: Date;
  readonly author: string;
  readonly patch_id: string | null;
  readonly message: string;
  readonly paths: string[] | null;
}

/**
 * Writes the commits that are new, and patch ids or paths that were unknown; what a sha stands for cannot change
 * otherwise. One statement. @returns how many rows were written, and the repositories they are in
 */
export async function upsertCommits(
  db: Db,
  org: string,
  commits: readonly CommitInput[],
): Promise<{ inserted: number; updated: number; repositories: string[] }> {
  const result = await sql<{ repository: string; inserted: boolean }>`
    insert into git_commit as c (org, repository, sha, parents, authored_at, committed_at, author, patch_id, message, paths)
    select distinct on (x.repository, x.sha) ${org}, x.repository, x.sha, x.parents, x."authoredAt", x."committedAt",
      x.author, x."patchId", x.message, x.paths
    from jsonb_to_recordset(${JSON.stringify(commits)}::jsonb) as x (repository text, sha text, parents text[],
      "authoredAt" timestamptz, "committedAt" timestamptz, author text, "patchId" text, message text, paths text[])
    order by x.repository, x.sha, x."patchId" nulls last, x.paths nulls last
    on conflict (org, repository, sha) do update
      set patch_id = coalesce(c.patch_id, excluded.patch_id), paths = coalesce(c.paths, excluded.paths)
      where (c.patch_id is null and excluded.patch_id is not null) or (c.paths is null and excluded.paths is not null)
    returning repository, (xmax = 0) as inserted`.execute(db);
  const inserted = result.rows.filter((row) => row.inserted).length;
  return {
    inserted,
    updated: result.rows.length - inserted,
    repositories: [...new Set(result.rows.map((row) => row.repository))].sort(),
  };
}

/** Advisory locks of writers (shared) and readers of commits; any constant of our own. */
const LOCK = 4_020_773;

/** Within a transaction that writes commits: until it ends, no derivation begins to read them. */
export async function announceCommits(db: Db, org: string): Promise<void> {
  await sql`select pg_advisory_xact_lock_shared(${LOCK}::int, hashtext(${org}))`.execute(db);
}

/** Outside a transaction: waits for those that write commits at this moment. */
export async function awaitCommits(db: Db, org: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(${LOCK}::int, hashtext(${org}))`.execute(db);
}

/** What JSON text of a page of commits holds, one after another. Instants in milliseconds. */
export type PackedCommit = readonly [
  repository: string,
  sha: string,
  parents: readonly string[],
  authoredAt: number,
  committedAt: number,
  author: string,
  patchId: string | null,
  message: string,
  paths: readonly string[] | null,
];

export interface CommitPage {
  /** A list of `PackedCommit`. */
  readonly json: string;
  readonly count: number;
  readonly last: { readonly repository: string; readonly sha: string } | null;
}

/** $1 organisation, $2 repositories, $3 and $4 the last row of the page before, $5 how many. */
const page = prepared<{ json: string; count: number; last: [string, string] | null }>(
  "commit_page",
  `select coalesce(json_agg(json_build_array(repository, sha, parents,
      floor(extract(epoch from authored_at) * 1000), floor(extract(epoch from committed_at) * 1000),
      author, patch_id, message, paths)), '[]')::text as json,
    count(*)::int as count, max(array[repository, sha]) as last
  from (
    select repository, sha, parents, authored_at, committed_at, author, patch_id, message, paths from git_commit
    where org = $1 and repository = any($2::text[]) and (repository, sha) > ($3, $4)
    order by repository, sha limit $5::int) c`,
);

/**
 * A page of the commits of the repositories, in (repository, sha) order; `after` is the last row of the page before. As one
 * text, for a thread that takes it apart: as rows, making objects of lists and dates and handing these over was a third of
 * deriving a service.
 */
export async function readCommitPage(
  db: Db,
  org: string,
  repositories: readonly string[],
  after: CommitPage["last"],
  limit: number,
): Promise<CommitPage> {
  const [row] = await page(db, org, repositories, after?.repository ?? "", after?.sha ?? "", limit);
  const [repository, sha] = row?.last ?? [];
  return {
    json: row?.json ?? "[]",
    count: row?.count ?? 0,
    last: repository === undefined || sha === undefined ? null : { repository, sha },
  };
}

/** The repositories that hold any of the shas. */
export async function repositoriesOfShas(db: Db, org: string, shas: readonly string[]): Promise<string[]> {
  if (shas.length === 0) return [];
  const result = await sql<{ repository: string }>`
    select distinct repository from git_commit where org = ${org} and sha = any(${[...shas]}::text[])
    order by repository`.execute(db);
  return result.rows.map((row) => row.repository);
}

export async function findCommit(
  db: Db,
  org: string,
  sha: string,
  repository: string | null,
): Promise<CommitRow | null> {
  let query = db.selectFrom("git_commit").selectAll().where("org", "=", org).where("sha", "=", sha);
  if (repository !== null) query = query.where("repository", "=", repository);
  return (await query.orderBy("repository").executeTakeFirst()) ?? null;
}

/** Services whose numbers depend on these repositories, or wait for any of the shas now known. */
export async function servicesTouchedByCommits(
  db: Db,
  org: string,
  repositories: readonly string[],
  shas: readonly string[],
): Promise<string[]> {
  const result = await sql<{ service: string }>`
    select service from dora_service_repository
      where org = ${org} and repository = any(${[...repositories]}::text[])
    union
    select service from dora_unknown_sha where org = ${org} and sha = any(${[...shas]}::text[])`.execute(db);
  return result.rows.map((row) => row.service).sort();
}
