/**
 * The profile `devlake` over its domain tables: our own small ones, and the acceptance tables of DevLake's own tests where
 * they are beside the checkout.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { type DevlakeResults, readDevlakeFolder } from "../../src/dora/devlake/folder.ts";
import { type CsvRow, parseCsv } from "../../src/dora/devlake/parse-csv.ts";

const BESIDE = fileURLToPath(new URL("../../../shared/fixtures/devlake/", import.meta.url));

interface Source {
  readonly name: string;
  readonly read: (path: string) => string;
  readonly expected: Readonly<Record<keyof DevlakeResults, readonly CsvRow[]>>;
}

const MAPPING = "project_name,table,row_id\np,cicd_scopes,s\np,repos,r\np,boards,b\nq,cicd_scopes,t\n";
const DEPLOYMENTS = `id,result,started_date,finished_date,cicd_deployment_id,cicd_scope_id,repo_url,environment,prev_success_deployment_commit_id,commit_sha
1,SUCCESS,2024-01-01 10:00:00,2024-01-01T10:05:00.000+00:00,d1,s,R,PRODUCTION,,c1
2,FAILURE,2024-01-02 10:00:00,2024-01-02T10:05:00.000+00:00,d2,s,R,PRODUCTION,,c2
3,SUCCESS,2024-01-03 10:00:00,2024-01-03T10:05:00.000+00:00,d3,s,R,PRODUCTION,1,c3
4,SUCCESS,2024-01-02 12:00:00,2024-01-02T12:05:00.000+00:00,d4,s,R,STAGING,,c2
5,SUCCESS,2024-01-03 12:00:00,2024-01-03T12:05:00.000+00:00,d5,t,R,PRODUCTION,,c9
`;
const FILES: Readonly<Record<string, string>> = {
  "change_lead_time/project_mapping": MAPPING,
  "change_lead_time/cicd_deployment_commits": DEPLOYMENTS,
  "change_lead_time/commits_diffs": "old_commit_sha,new_commit_sha,commit_sha\nc1,c3,m1\nc1,c3,m2\n,c1,m3\n",
  "change_lead_time/pull_requests": `id,base_repo_id,author_id,merge_commit_sha,created_date,merged_date
pr1,r,ada,m1,2024-01-01 12:00:00,2024-01-02 12:00:01
pr2,r,ada,m2,2024-01-04 00:00:00,2024-01-04 01:00:00
pr3,r,ada,m3,2024-01-01 09:00:00,2024-01-01 09:30:00
pr4,r,ada,m4,2024-01-01 09:00:00,
pr5,elsewhere,ada,m1,2024-01-01 09:00:00,2024-01-01 09:30:00
`,
  "change_lead_time/pull_request_commits": `commit_sha,pull_request_id,commit_authored_date
x2,pr1,2024-01-01 11:30:00
x1,pr1,2024-01-01 11:00:30
y1,pr2,2024-01-04 00:00:20
z1,pr3,2024-01-01 08:00:00
`,
  "change_lead_time/pull_request_comments": `id,pull_request_id,created_date,account_id
k1,pr1,2024-01-01 12:10:00,ada
k2,pr1,2024-01-01 13:00:00,"bob, who reviews"
k3,pr3,2024-01-01 08:59:59,bob
`,
  "connect_incident_to_deployment/raw_tables/project_mapping": MAPPING,
  "connect_incident_to_deployment/raw_tables/incidents": `id,created_date,table,scope_id
i1,2024-06-01 00:00:00,repos,r
i2,2024-01-03 10:05:00,boards,b
i3,2024-01-01 00:00:00,repos,r
i4,2024-06-01 00:00:00,repos,elsewhere
`,
  "connect_incident_to_deployment/prev_success_deployment_commit/cicd_deployment_commits_after": DEPLOYMENTS,
  "prev_success_deployment_commit/cicd_deployment_commits_before": DEPLOYMENTS,
  "deployment_generator/project_mapping": MAPPING,
  "deployment_generator/cicd_pipelines": `id,result,status,type,duration_sec,environment,finished_date,cicd_scope_id
p1,SUCCESS,DONE,DEPLOYMENT,90,,2024-01-01T10:01:30.000+00:00,s
p2,FAILURE,DONE,,0,,2024-01-01T11:00:00.000+00:00,s
p3,SUCCESS,DONE,,0,,2024-01-01T11:00:00.000+00:00,s
p4,SKIPPED,DONE,DEPLOYMENT,0,,2024-01-01T11:00:00.000+00:00,s
p5,SUCCESS,DONE,DEPLOYMENT,0,,2024-01-01T11:00:00.000+00:00,t
`,
  "deployment_generator/cicd_pipeline_commits": `pipeline_id,commit_sha,repo_url
p1,c1,R
p1,c2,S
p2,c3,R
p3,c3,R
p4,c3,R
p5,c3,R
`,
  "deployment_generator/cicd_tasks": `id,pipeline_id,result,type,environment
t1,p2,SUCCESS,DEPLOYMENT,TESTING
t2,p2,SUCCESS,DEPLOYMENT,STAGING
t3,p3,SKIPPED,DEPLOYMENT,PRODUCTION
t4,p3,SUCCESS,TEST,PRODUCTION
`,
  "deployment_commit_diff/project_mapping": MAPPING,
  "deployment_commit_diff/cicd_deployment_commits": DEPLOYMENTS,
  "deployment_commit_diff/commit_parents":
    "commit_sha,parent_commit_sha\nc3,m2\nm2,m1\nm2,side\nside,c1\nm1,c1\nc1,root\nc2,root\n",
};

const at = (day: number, time: string): string => `2024-01-0${day}T${time}.000+00:00`;
const previous = (
  id: string,
  sha: string,
  result: string,
  day: number,
  start: string,
  rest: object,
): CsvRow => ({
  id,
  commit_sha: sha,
  result,
  started_date: at(day, `${start}:00:00`),
  finished_date: at(day, `${start}:05:00`),
  cicd_deployment_id: `d${id}`,
  cicd_scope_id: "s",
  repo_url: "R",
  environment: "PRODUCTION",
  prev_success_deployment_commit_id: "",
  ...rest,
});
const generated = (id: string, sha: string, repository: string, rest: object): CsvRow => ({
  id: `${id}:${repository}`,
  commit_sha: sha,
  cicd_scope_id: "s",
  cicd_deployment_id: id,
  result: "SUCCESS",
  repo_url: repository,
  environment: "",
  started_date: at(1, "10:00:00"),
  finished_date: at(1, "10:01:30"),
  ...rest,
});
const diff = (next: string, old: string, shas: readonly string[]): CsvRow[] =>
  shas.map((sha, index) => ({
    new_commit_sha: next,
    old_commit_sha: old,
    commit_sha: sha,
    sorting_index: String(index + 1),
  }));

const OWN: Source = {
  name: "our own tables",
  read: (path) => FILES[path.replace(/\.csv$/, "")] as string,
  expected: {
    changeLeadTime: [
      {
        id: "pr1",
        project_name: "p",
        first_commit_sha: "x1",
        // 59.5 minutes, up.
        pr_coding_time: "60",
        first_review_id: "k2",
        pr_pickup_time: "60",
        pr_review_time: "1381",
        deployment_commit_id: "3",
        pr_deploy_time: "1325",
        pr_cycle_time: String(60 + 1441 + 1325),
        first_commit_authored_date: at(1, "11:00:30"),
        first_comment_date: at(1, "13:00:00"),
        pr_created_date: at(1, "12:00:00"),
        pr_merged_date: at(2, "12:00:01"),
        pr_deployed_date: at(3, "10:05:00"),
      },
      {
        id: "pr2",
        project_name: "p",
        first_commit_sha: "y1",
        // 20 seconds below zero are rounded up to zero before the sign is looked at.
        pr_coding_time: "0",
        first_review_id: "",
        pr_pickup_time: "",
        pr_review_time: "",
        deployment_commit_id: "3",
        pr_deploy_time: "",
        pr_cycle_time: "60",
        first_commit_authored_date: at(4, "00:00:20"),
        first_comment_date: "",
        pr_created_date: at(4, "00:00:00"),
        pr_merged_date: at(4, "01:00:00"),
        pr_deployed_date: at(3, "10:05:00"),
      },
      {
        id: "pr3",
        project_name: "p",
        first_commit_sha: "z1",
        pr_coding_time: "60",
        first_review_id: "k3",
        pr_pickup_time: "0",
        pr_review_time: "31",
        deployment_commit_id: "",
        pr_deploy_time: "",
        pr_cycle_time: "90",
        first_commit_authored_date: at(1, "08:00:00"),
        first_comment_date: at(1, "08:59:59"),
        pr_created_date: at(1, "09:00:00"),
        pr_merged_date: at(1, "09:30:00"),
        pr_deployed_date: "",
      },
    ],
    incidents: [
      { id: "i1", project_name: "p", deployment_id: "d3" },
      { id: "i2", project_name: "p", deployment_id: "d1" },
    ],
    previousDeployment: [
      previous("1", "c1", "SUCCESS", 1, "10", {}),
      previous("2", "c2", "FAILURE", 2, "10", {}),
      previous("3", "c3", "SUCCESS", 3, "10", { prev_success_deployment_commit_id: "1" }),
      previous("4", "c2", "SUCCESS", 2, "12", { environment: "STAGING" }),
      previous("5", "c9", "SUCCESS", 3, "12", { cicd_scope_id: "t" }),
    ],
    generator: [
      generated("p1", "c1", "R", {}),
      generated("p1", "c2", "S", {}),
      generated("p2", "c3", "R", {
        result: "FAILURE",
        environment: "STAGING",
        started_date: at(1, "11:00:00"),
        finished_date: at(1, "11:00:00"),
      }),
    ],
    commitDiffs: [
      ...diff("c1", "", ["c1", "root"]),
      ...diff("c3", "c1", ["c3", "m2", "m1", "side"]),
      ...diff("c2", "", ["c2", "root"]),
    ],
  },
};

function beside(): Source {
  const read = (path: string): string => readFileSync(join(BESIDE, path), "utf8");
  const rows = (path: string): CsvRow[] => parseCsv(read(path));
  const incidents =
    "connect_incident_to_deployment/snapshot_tables/project_incident_deployment_relationships.csv";
  return {
    name: "the acceptance tables beside the checkout",
    read,
    expected: {
      changeLeadTime: rows("change_lead_time/project_pr_metrics.csv"),
      incidents: rows(incidents),
      previousDeployment: rows("prev_success_deployment_commit/cicd_deployment_commits_after.csv"),
      generator: rows("deployment_generator/cicd_deployment_commits.csv"),
      commitDiffs: rows("deployment_commit_diff/commits_diffs.csv"),
    },
  };
}

const sorted = (rows: readonly CsvRow[]): string[] =>
  rows.map((row) => JSON.stringify(Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1)))).sort();

describe.each([OWN, ...(existsSync(BESIDE) ? [beside()] : [])])("$name", ({ read, expected }) => {
  test.each(Object.keys(expected) as (keyof DevlakeResults)[])("%s: every cell", (step) => {
    expect(sorted(readDevlakeFolder(read, null)[step])).toEqual(sorted(expected[step]));
  });
});

test("a named project instead of the first", () => {
  const { incidents, generator } = readDevlakeFolder(OWN.read, "q");
  expect(incidents).toEqual([]);
  expect(generator.map(({ id }) => id)).toEqual(["p5:R"]);
});

test("CSV: quotes, doubled quotes, line ends inside, a byte order mark; a time that is none is named", () => {
  expect(parseCsv('\uFEFFa,b\r\n"x, ""y""\nz",1\r\n\r\n2\r\n')).toEqual([
    { a: 'x, "y"\nz', b: "1" },
    { a: "2", b: "" },
  ]);
  const broken = (path: string): string => OWN.read(path).replaceAll("2024-01-01 12:00:00", "yesterday");
  expect(() => readDevlakeFolder(broken, null)).toThrow('created_date: "yesterday" is no time');
});
