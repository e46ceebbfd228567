/** Lead time of pull requests and its stages, in minutes rounded up. */
import type { CsvRow } from "./parse-csv.ts";
import {
  byText,
  cell,
  mapped,
  minutesUp,
  productionSuccesses,
  type Table,
  timeOf,
  timeText,
} from "./tables.ts";

export interface LeadTimeTables {
  readonly pullRequests: Table;
  readonly pullRequestCommits: Table;
  readonly comments: Table;
  readonly deployments: Table;
  readonly commitDiffs: Table;
  readonly mapping: Table;
}

/** One row per merged pull request of the project's repositories. */
export function leadTimes(tables: LeadTimeTables, project: string): CsvRow[] {
  const repositories = mapped(tables.mapping, project, "repos");
  const commits = groupBy(tables.pullRequestCommits, "pull_request_id");
  const comments = groupBy(tables.comments, "pull_request_id");
  const deployedBy = deploymentOfCommits(tables, project);
  return tables.pullRequests
    .filter((row) => repositories.has(cell(row, "base_repo_id")) && cell(row, "merged_date") !== "")
    .sort(byText("id"))
    .map((row) => {
      const id = cell(row, "id");
      const author = cell(row, "author_id");
      const opened = timeOf(row, "created_date");
      const merged = timeOf(row, "merged_date");
      const first = earliest(commits.get(id) ?? [], "commit_authored_date");
      const others = (comments.get(id) ?? []).filter((one) => cell(one, "account_id") !== author);
      const comment = earliest(others, "created_date");
      const deployment = deployedBy.get(cell(row, "merge_commit_sha"));
      const authored = first && timeOf(first, "commit_authored_date");
      const commented = comment && timeOf(comment, "created_date");
      const deployed = deployment === undefined ? null : timeOf(deployment, "finished_date");
      const coding = minutesUp(authored, opened);
      const deploy = minutesUp(merged, deployed);
      const cycle = (coding ?? 0) + (minutesUp(opened, merged) ?? 0) + (deploy ?? 0);
      return {
        id,
        project_name: project,
        first_commit_sha: first === null ? "" : cell(first, "commit_sha"),
        pr_coding_time: text(coding),
        first_review_id: comment === null ? "" : cell(comment, "id"),
        pr_pickup_time: text(minutesUp(opened, commented)),
        pr_review_time: text(minutesUp(commented, merged)),
        deployment_commit_id: deployment === undefined ? "" : cell(deployment, "id"),
        pr_deploy_time: text(deploy),
        pr_cycle_time: text(cycle),
        first_commit_authored_date: timeText(authored),
        first_comment_date: timeText(commented),
        pr_created_date: timeText(opened),
        pr_merged_date: timeText(merged),
        pr_deployed_date: timeText(deployed),
      };
    });
}

const text = (minutes: number | null): string => (minutes === null ? "" : String(minutes));

/** Each commit's earliest-started production success that brought it; those without a success before are skipped. */
function deploymentOfCommits(tables: LeadTimeTables, project: string): ReadonlyMap<string, CsvRow> {
  const byId = new Map(tables.deployments.map((row) => [cell(row, "id"), row]));
  const brought = new Map<string, string[]>();
  const key = (next: string, old: string): string => JSON.stringify([next, old]);
  for (const row of tables.commitDiffs) {
    const pair = key(cell(row, "new_commit_sha"), cell(row, "old_commit_sha"));
    const list = brought.get(pair);
    if (list === undefined) brought.set(pair, [cell(row, "commit_sha")]);
    else list.push(cell(row, "commit_sha"));
  }
  const found = new Map<string, CsvRow>();
  const successes = productionSuccesses(tables.deployments, tables.mapping, project).sort(
    (a, b) => (timeOf(a, "started_date") ?? 0) - (timeOf(b, "started_date") ?? 0) || byText("id")(a, b),
  );
  for (const row of successes) {
    const previous = byId.get(cell(row, "prev_success_deployment_commit_id"));
    if (previous === undefined) continue;
    for (const sha of brought.get(key(cell(row, "commit_sha"), cell(previous, "commit_sha"))) ?? [])
      if (!found.has(sha)) found.set(sha, row);
  }
  return found;
}

/** The first of them by time; of equal ones the one that comes first in the table. */
function earliest(rows: Table, column: string): CsvRow | null {
  let best: CsvRow | null = null;
  let time = Infinity;
  for (const row of rows) {
    const at = timeOf(row, column);
    if (at === null || at >= time) continue;
    best = row;
    time = at;
  }
  return best;
}

function groupBy(rows: Table, column: string): ReadonlyMap<string, CsvRow[]> {
  const groups = new Map<string, CsvRow[]>();
  for (const row of rows) {
    const list = groups.get(cell(row, column));
    if (list === undefined) groups.set(cell(row, column), [row]);
    else list.push(row);
  }
  return groups;
}
