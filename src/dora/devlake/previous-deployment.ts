/** Deployments with the successful one before each. */
import type { CsvRow } from "./parse-csv.ts";
import { byText, cell, type Table, timeOf, timeText } from "./tables.ts";

const COLUMNS = [
  "id",
  "commit_sha",
  "result",
  "started_date",
  "finished_date",
  "cicd_deployment_id",
  "cicd_scope_id",
  "repo_url",
  "environment",
] as const;

/**
 * The previous success in the same scope, repository and environment by finish time; only successes in some
 * environment have one.
 */
export function previousDeployments(deployments: Table): CsvRow[] {
  const previous = new Map<CsvRow, string>();
  const groups = new Map<string, CsvRow[]>();
  for (const row of deployments) {
    if (cell(row, "result") !== "SUCCESS" || cell(row, "environment") === "") continue;
    const key = JSON.stringify(
      ["cicd_scope_id", "repo_url", "environment"].map((column) => cell(row, column)),
    );
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  const order = byText("id");
  for (const group of groups.values()) {
    group.sort(
      (a, b) => (timeOf(a, "finished_date") ?? 0) - (timeOf(b, "finished_date") ?? 0) || order(a, b),
    );
    for (let index = 1; index < group.length; index++)
      previous.set(group[index] as CsvRow, cell(group[index - 1] as CsvRow, "id"));
  }
  return [...deployments].sort(order).map((row) => ({
    ...Object.fromEntries(COLUMNS.map((column) => [column, cell(row, column)])),
    started_date: timeText(timeOf(row, "started_date")),
    finished_date: timeText(timeOf(row, "finished_date")),
    prev_success_deployment_commit_id: previous.get(row) ?? "",
  }));
}
