/** Pipelines → deployments, one per commit of the pipeline. */
import type { CsvRow } from "./parse-csv.ts";
import { byText, cell, mapped, type Table, timeOf, timeText } from "./tables.ts";

const RESULTS = new Set(["SUCCESS", "FAILURE"]);
/** The highest first. */
const ENVIRONMENTS = ["PRODUCTION", "STAGING", "TESTING"];

/**
 * Pipelines with a result of success or failure that are typed as deployment, or own a deployment task that was not
 * skipped. Environment: the pipeline's, else the highest among those tasks; a missing start is finish − duration.
 */
export function generateDeployments(
  tables: {
    readonly pipelines: Table;
    readonly pipelineCommits: Table;
    readonly tasks: Table;
    readonly mapping: Table;
  },
  project: string,
): CsvRow[] {
  const scopes = mapped(tables.mapping, project, "cicd_scopes");
  const tasks = new Map<string, CsvRow[]>();
  for (const task of tables.tasks) {
    if (cell(task, "result") === "SKIPPED" || cell(task, "type") !== "DEPLOYMENT") continue;
    const pipeline = cell(task, "pipeline_id");
    tasks.set(pipeline, [...(tasks.get(pipeline) ?? []), task]);
  }
  const pipelines = new Map<string, CsvRow>();
  for (const pipeline of tables.pipelines) {
    const isDeployment = cell(pipeline, "type") === "DEPLOYMENT" || tasks.has(cell(pipeline, "id"));
    if (isDeployment && RESULTS.has(cell(pipeline, "result")) && scopes.has(cell(pipeline, "cicd_scope_id")))
      pipelines.set(cell(pipeline, "id"), pipeline);
  }
  return tables.pipelineCommits
    .flatMap((commit): CsvRow[] => {
      const pipeline = pipelines.get(cell(commit, "pipeline_id"));
      if (pipeline === undefined) return [];
      const id = cell(pipeline, "id");
      const finished = timeOf(pipeline, "finished_date");
      const duration = Number(cell(pipeline, "duration_sec") || "0");
      const started =
        timeOf(pipeline, "started_date") ?? (finished === null ? null : finished - duration * 1000);
      const repository = cell(commit, "repo_url");
      return [
        {
          id: `${id}:${repository}`,
          commit_sha: cell(commit, "commit_sha"),
          cicd_scope_id: cell(pipeline, "cicd_scope_id"),
          cicd_deployment_id: id,
          result: cell(pipeline, "result"),
          repo_url: repository,
          environment: cell(pipeline, "environment") || highest(tasks.get(id) ?? []),
          started_date: timeText(started),
          finished_date: timeText(finished),
        },
      ];
    })
    .sort(byText("id"));
}

function highest(tasks: Table): string {
  const found = new Set(tasks.map((task) => cell(task, "environment")));
  return ENVIRONMENTS.find((environment) => found.has(environment)) ?? "";
}
