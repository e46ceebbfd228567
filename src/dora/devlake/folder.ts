/** The five steps of the profile `devlake` over tables as CSV files, laid out one folder a step. */
import { commitDiffs } from "./commit-diffs.ts";
import { generateDeployments } from "./generate-deployments.ts";
import { leadTimes } from "./lead-times.ts";
import { linkProjectIncidents } from "./link-incidents.ts";
import { type CsvRow, parseCsv } from "./parse-csv.ts";
import { previousDeployments } from "./previous-deployment.ts";
import { cell, type Table } from "./tables.ts";

export interface DevlakeResults {
  readonly changeLeadTime: readonly CsvRow[];
  readonly incidents: readonly CsvRow[];
  readonly previousDeployment: readonly CsvRow[];
  readonly generator: readonly CsvRow[];
  readonly commitDiffs: readonly CsvRow[];
}

/**
 * @param read the text of a file by its path below the folder. @param project null: the first that each mapping names.
 * @throws what `read` throws; RangeError for a time that is none
 */
export function readDevlakeFolder(read: (path: string) => string, project: string | null): DevlakeResults {
  const table = (path: string): Table => parseCsv(read(`${path}.csv`));
  const projectOf = (mapping: Table): string =>
    project ?? (mapping[0] === undefined ? "" : cell(mapping[0], "project_name"));
  const leadTime = "change_lead_time";
  const incident = "connect_incident_to_deployment";
  const generator = "deployment_generator";
  const diff = "deployment_commit_diff";
  const mappings = {
    leadTime: table(`${leadTime}/project_mapping`),
    incident: table(`${incident}/raw_tables/project_mapping`),
    generator: table(`${generator}/project_mapping`),
    diff: table(`${diff}/project_mapping`),
  };
  return {
    changeLeadTime: leadTimes(
      {
        pullRequests: table(`${leadTime}/pull_requests`),
        pullRequestCommits: table(`${leadTime}/pull_request_commits`),
        comments: table(`${leadTime}/pull_request_comments`),
        deployments: table(`${leadTime}/cicd_deployment_commits`),
        commitDiffs: table(`${leadTime}/commits_diffs`),
        mapping: mappings.leadTime,
      },
      projectOf(mappings.leadTime),
    ),
    incidents: linkProjectIncidents(
      {
        incidents: table(`${incident}/raw_tables/incidents`),
        deployments: table(`${incident}/prev_success_deployment_commit/cicd_deployment_commits_after`),
        mapping: mappings.incident,
      },
      projectOf(mappings.incident),
    ),
    previousDeployment: previousDeployments(
      table("prev_success_deployment_commit/cicd_deployment_commits_before"),
    ),
    generator: generateDeployments(
      {
        pipelines: table(`${generator}/cicd_pipelines`),
        pipelineCommits: table(`${generator}/cicd_pipeline_commits`),
        tasks: table(`${generator}/cicd_tasks`),
        mapping: mappings.generator,
      },
      projectOf(mappings.generator),
    ),
    commitDiffs: commitDiffs(
      {
        deployments: table(`${diff}/cicd_deployment_commits`),
        commitParents: table(`${diff}/commit_parents`),
        mapping: mappings.diff,
      },
      projectOf(mappings.diff),
    ),
  };
}
