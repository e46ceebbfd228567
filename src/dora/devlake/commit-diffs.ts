/** Which commits each deployment brought: reachable from its commit and not from that of the success before it. */
import type { CsvRow } from "./parse-csv.ts";
import { cell, mapped, type Table } from "./tables.ts";

export function commitDiffs(
  tables: { readonly deployments: Table; readonly commitParents: Table; readonly mapping: Table },
  project: string,
): CsvRow[] {
  const scopes = mapped(tables.mapping, project, "cicd_scopes");
  const parents = new Map<string, string[]>();
  for (const row of tables.commitParents) {
    const sha = cell(row, "commit_sha");
    parents.set(sha, [...(parents.get(sha) ?? []), cell(row, "parent_commit_sha")]);
  }
  const byId = new Map(tables.deployments.map((row) => [cell(row, "id"), row]));
  const pairs = new Map<string, readonly [string, string]>();
  for (const row of tables.deployments) {
    if (cell(row, "result") !== "SUCCESS" || !scopes.has(cell(row, "cicd_scope_id"))) continue;
    const previous = byId.get(cell(row, "prev_success_deployment_commit_id"));
    const pair = [
      cell(row, "commit_sha"),
      previous === undefined ? "" : cell(previous, "commit_sha"),
    ] as const;
    pairs.set(JSON.stringify(pair), pair);
  }
  return [...pairs.values()].flatMap(([next, old]) => {
    const known = new Set(old === "" ? [] : breadthFirst(old, parents, new Set()));
    return breadthFirst(next, parents, known).map((sha, index) => ({
      new_commit_sha: next,
      old_commit_sha: old,
      commit_sha: sha,
      sorting_index: String(index + 1),
    }));
  });
}

/** Commits from here backwards, nearest first, but for those known. */
function breadthFirst(
  from: string,
  parents: ReadonlyMap<string, readonly string[]>,
  known: ReadonlySet<string>,
): string[] {
  const found = new Set(known.has(from) ? [] : [from]);
  for (const sha of found)
    for (const parent of parents.get(sha) ?? []) if (!known.has(parent)) found.add(parent);
  return [...found];
}
