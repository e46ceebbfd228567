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

/** Commits of one repository, as texts for a thread that takes them apart. */
export interface CommitPage {
  readonly repository: string;
  /** A line for each: sha, authored and committed in milliseconds, patch id or `-`, parents. */
  readonly lines: string;
  /** JSON: for each line its author, message, and list of paths or null; null: no paths are known of any. */
  readonly authors: string;
  readonly messages: string;
  readonly paths: string | null;
}

/**
 * In whole milliseconds. By way of double precision: numeric takes three times as long. Exact for whole seconds, as git has
 * them, and until 2106 for milliseconds; of later ones one in eighty is told a millisecond early.
 */
const millis = (column: string): string =>
  `floor(round(date_part('epoch', ${column}) * 1000000) / 1000)::bigint`;

/**
 * $1 organisation, $2 repository, $3 the last sha of the page before, $4 how many. What can hold no blank and no quote is put
 * together as text: as JSON, nine values for each commit, 2,000 of them took 9 ms instead of 4.6.
 */
const page = prepared<{
  lines: string | null;
  authors: string;
  messages: string;
  paths: string | null;
  count: number;
  last: string;
}>(
  "commit_page",
  `select string_agg(concat_ws(' ', sha, ${millis("authored_at")}, ${millis("committed_at")}, coalesce(patch_id, '-'),
      array_to_string(parents, ' ')), e'\n') as lines,
    json_agg(author)::text as authors, json_agg(message)::text as messages,
    case when count(paths) > 0 then json_agg(paths)::text end as paths, count(*)::int as count, max(sha) as last
  from (
    select sha, parents, authored_at, committed_at, author, patch_id, message, paths from git_commit
    where org = $1 and repository = $2 and sha > $3 order by sha limit $4::int) c`,
);

/**
 * A page of the commits of a repository, in the order of their shas; `after` is the last one of the page before, at first "".
 * As texts: as rows, making objects of lists and dates and handing these over was a third of deriving a service.
 * @returns `last` null: there are no more
 */
export async function readCommitPage(
  db: Db,
  org: string,
  repository: string,
  after: string,
  limit: number,
): Promise<{ readonly page: CommitPage | null; readonly count: number; readonly last: string | null }> {
  const [row] = await page(db, org, repository, after, limit);
  if (row === undefined || row.lines === null) return { page: null, count: 0, last: null };
  const { lines, authors, messages, paths, count, last } = row;
  return { page: { repository, lines, authors, messages, paths }, count, last: count < limit ? null : last };
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
