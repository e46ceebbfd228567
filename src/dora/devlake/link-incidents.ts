/** Incident → deployment: project-wide, without a limit of time. */
import type { CsvRow } from "./parse-csv.ts";
import { byText, cell, mapped, productionSuccesses, type Table, timeOf } from "./tables.ts";

/** Each incident of the project with the latest production success anywhere in it that finished before its creation. */
export function linkProjectIncidents(
  tables: { readonly incidents: Table; readonly deployments: Table; readonly mapping: Table },
  project: string,
): CsvRow[] {
  const successes = productionSuccesses(tables.deployments, tables.mapping, project)
    .map((row) => ({ row, finished: timeOf(row, "finished_date") ?? Infinity }))
    .sort((a, b) => b.finished - a.finished || byText("id")(b.row, a.row));
  return tables.incidents
    .filter((row) => mapped(tables.mapping, project, cell(row, "table")).has(cell(row, "scope_id")))
    .flatMap((row) => {
      const created = timeOf(row, "created_date");
      const blamed = successes.find(({ finished }) => created !== null && finished < created);
      if (blamed === undefined) return [];
      const deployment = cell(blamed.row, "cicd_deployment_id");
      return [{ id: cell(row, "id"), project_name: project, deployment_id: deployment }];
    })
    .sort(byText("id"));
}
