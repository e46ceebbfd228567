/**
 * What DevLake's dashboards ask of PostgreSQL, and its change-lead-time step, over the same rows; written from the
 * documentation of its metrics (devlake.apache.org, Metrics: DeploymentFrequency, LeadTimeForChanges, CFR,
 * FailedDeploymentRecoveryTime) for PostgreSQL, and for this benchmark only.
 */
import { sql } from "kysely";
import type { Db } from "../../src/storage/db.ts";

const WINDOW = sql.raw("between now() - interval '1 year' and now()");
const PRODUCTION = sql.raw(`
  select cdc.cicd_deployment_id as deployment_id, max(cdc.finished_date) as finished_date
  from devlake.cicd_deployment_commits cdc
  join devlake.project_mapping pm on cdc.cicd_scope_id = pm.row_id and pm.kind = 'cicd_scopes'
  where pm.project_name = 'all' and cdc.result = 'SUCCESS' and cdc.environment = 'PRODUCTION'
  group by 1 having max(cdc.finished_date) between now() - interval '1 year' and now()`);
const BLAMED = sql`
  select d.deployment_id, d.finished_date, count(distinct case when i.id is not null then d.deployment_id end) as failed
  from deployments d left join devlake.project_incident_deployment_relationships r on d.deployment_id = r.deployment_id
    left join devlake.incidents i on r.id = i.id group by 1, 2`;

const PANELS: Readonly<Record<string, ReturnType<typeof sql>>> = {
  "deployment frequency": sql`
    with deployments as (${PRODUCTION}),
    weeks as (select date_trunc('week', finished_date) as week, count(distinct date(finished_date)) as days
      from deployments group by 1),
    ranked as (select days, percent_rank() over (order by days) as rank from weeks)
    select max(days) from ranked where rank <= 0.5`,
  "lead time": sql`
    with changes as (select distinct pr.id, m.pr_cycle_time from devlake.pull_requests pr
      join devlake.project_pr_metrics m on m.id = pr.id
      join devlake.project_mapping pm on pr.base_repo_id = pm.row_id and pm.kind = 'repos'
      join devlake.cicd_deployment_commits cdc on m.deployment_commit_id = cdc.id
      where pm.project_name = 'all' and pr.merged_date is not null and m.pr_cycle_time is not null
        and cdc.finished_date ${WINDOW}),
    ranked as (select pr_cycle_time, percent_rank() over (order by pr_cycle_time) as rank from changes)
    select max(pr_cycle_time) from ranked where rank <= 0.5`,
  "failure rate by month": sql`
    with deployments as (${PRODUCTION}), blamed as (${BLAMED}),
    rates as (select date_trunc('month', finished_date) as month, sum(failed) / count(deployment_id) as rate from blamed group by 1)
    select m.month, r.rate from generate_series(date_trunc('month', now() - interval '1 year'), now(), interval '1 month') m (month)
    left join rates r on r.month = m.month`,
  recovery: sql`
    with deployments as (${PRODUCTION}),
    found as (select extract(epoch from i.resolution_date - d.finished_date) / 60 as minutes from devlake.incidents i
      left join devlake.project_incident_deployment_relationships r on i.id = r.id
      join deployments d on r.deployment_id = d.deployment_id where i.resolution_date ${WINDOW}),
    ranked as (select minutes, percent_rank() over (order by minutes) as rank from found)
    select max(minutes) from ranked where rank <= 0.5`,
  "failure rate": sql`
    with deployments as (${PRODUCTION}), blamed as (${BLAMED}),
    rate as (select sum(failed) / count(deployment_id) as rate from blamed),
    collected as (select case when count(i.id) = 0 then 'no incidents' when count(cdc.id) = 0 then 'no deployments' end as told
      from (select 1) one left join devlake.incidents i on true left join devlake.cicd_deployment_commits cdc on true)
    select rate, told from rate, collected`,
};

const STEP = sql`
  insert into devlake.project_pr_metrics (id, project_name, first_commit_sha, pr_coding_time, pr_pickup_time, pr_review_time,
    deployment_commit_id, pr_deploy_time, pr_cycle_time)
  select pr.id, 'all', first.commit_sha,
    ceil(extract(epoch from pr.created_date - first.authored_date) / 60),
    ceil(extract(epoch from review.created_date - pr.created_date) / 60),
    ceil(extract(epoch from pr.merged_date - review.created_date) / 60),
    deployed.id, ceil(extract(epoch from deployed.finished_date - pr.merged_date) / 60),
    ceil(extract(epoch from deployed.finished_date - first.authored_date) / 60)
  from devlake.pull_requests pr
  left join lateral (select c.commit_sha, c.authored_date from devlake.pull_request_commits c
    where c.pull_request_id = pr.id order by c.authored_date limit 1) first on true
  left join lateral (select c.created_date from devlake.pull_request_comments c
    where c.pull_request_id = pr.id and c.account_id <> pr.author_id order by c.created_date limit 1) review on true
  left join lateral (select dc.id, dc.finished_date from devlake.commits_diffs cd
    join devlake.cicd_deployment_commits dc on dc.commit_sha = cd.new_commit_sha
    join devlake.cicd_deployment_commits p on p.id = dc.prev_success_deployment_commit_id and p.commit_sha = cd.old_commit_sha
    join devlake.project_mapping pm on pm.kind = 'cicd_scopes' and pm.row_id = dc.cicd_scope_id and pm.project_name = 'all'
    where cd.commit_sha = pr.merge_commit_sha and dc.environment = 'PRODUCTION' and dc.result = 'SUCCESS'
    order by dc.started_date limit 1) deployed on true
  where pr.merged_date is not null`;

async function fill(db: Db, org: string): Promise<void> {
  const at = (field: string) => sql`(properties ->> ${field})::timestamptz`;
  const run = async (statement: ReturnType<typeof sql>): Promise<void> => void (await statement.execute(db));
  await run(sql`create schema devlake`);
  await run(sql`create table devlake.project_mapping as
    select 'all' as project_name, kind, identifier as row_id from entity, (values ('repos'), ('cicd_scopes')) t (kind)
    where org = ${org} and blueprint = 'service'`);
  await run(sql`create table devlake.pull_requests as
    select identifier as id, relations ->> 'service' as base_repo_id, 'ada' as author_id, ${at("openedAt")} as created_date,
      ${at("mergedAt")} as merged_date, ${at("firstReviewAt")} as reviewed, ${at("firstCommitAt")} as begun,
      properties ->> 'mergeSha' as merge_commit_sha
    from entity where org = ${org} and blueprint = 'change'`);
  await run(sql`create table devlake.pull_request_comments as
    select id as pull_request_id, reviewed as created_date, 'bob' as account_id from devlake.pull_requests`);
  await run(sql`create table devlake.pull_request_commits as
    select pr.id as pull_request_id, md5(pr.id || n) as commit_sha, pr.begun + n * interval '1 minute' as authored_date
    from devlake.pull_requests pr, generate_series(0, 2) n`);
  await run(sql`create table devlake.cicd_deployment_commits as
    select d.*, lag(case when result = 'SUCCESS' then id end) over w as previous,
      (select null::text) as prev_success_deployment_commit_id
    from (select identifier as id, identifier as cicd_deployment_id, relations ->> 'service' as cicd_scope_id,
      case when properties ->> 'deploymentStatus' = 'Success' then 'SUCCESS' else 'FAILURE' end as result,
      'PRODUCTION' as environment, ${at("createdAt")} as started_date, ${at("createdAt")} as finished_date,
      properties ->> 'sha' as commit_sha from entity where org = ${org} and blueprint = 'deployment') d
    window w as (partition by cicd_scope_id, result order by finished_date)`);
  await run(
    sql`update devlake.cicd_deployment_commits set prev_success_deployment_commit_id = previous where result = 'SUCCESS'`,
  );
  await run(sql`create table devlake.commits_diffs as
    select dc.commit_sha as new_commit_sha, p.commit_sha as old_commit_sha, pr.merge_commit_sha as commit_sha
    from devlake.cicd_deployment_commits dc
    join devlake.cicd_deployment_commits p on p.id = dc.prev_success_deployment_commit_id
    join devlake.pull_requests pr on pr.base_repo_id = dc.cicd_scope_id and pr.merged_date <= dc.finished_date
      and pr.merged_date > p.finished_date - interval '2 hours'`);
  await run(sql`create table devlake.incidents as
    select identifier as id, ${at("startedAt")} as created_date, ${at("resolvedAt")} as resolution_date
    from entity where org = ${org} and blueprint = 'incident'`);
  await run(sql`create table devlake.project_incident_deployment_relationships as
    select i.id, 'all' as project_name, d.cicd_deployment_id as deployment_id from devlake.incidents i
    cross join lateral (select cicd_deployment_id from devlake.cicd_deployment_commits
      where result = 'SUCCESS' and finished_date < i.created_date order by finished_date desc limit 1) d`);
  await run(sql`create table devlake.project_pr_metrics (id text primary key, project_name text, first_commit_sha text,
    pr_coding_time float8, pr_pickup_time float8, pr_review_time float8, deployment_commit_id text, pr_deploy_time float8,
    pr_cycle_time float8)`);
  for (const [table, columns] of [
    ["pull_requests", "id"],
    ["pull_request_comments", "pull_request_id"],
    ["pull_request_commits", "pull_request_id"],
    ["cicd_deployment_commits", "id"],
    ["cicd_deployment_commits", "commit_sha"],
    ["cicd_deployment_commits", "finished_date"],
    ["commits_diffs", "commit_sha"],
    ["incidents", "id"],
    ["project_incident_deployment_relationships", "deployment_id"],
    ["project_incident_deployment_relationships", "id"],
  ] as const)
    await run(sql`create index on ${sql.table(`devlake.${table}`)} (${sql.ref(columns)})`);
  await run(sql`analyze`);
}

/** One line for each panel: the time that PostgreSQL itself took, the least of three runs (one for the slowest). */
export async function devlakeTwin(db: Db, org: string): Promise<string[]> {
  await fill(db, org);
  const timed = async (name: string, statement: ReturnType<typeof sql>, runs: number): Promise<string> => {
    const times: number[] = [];
    let plan: readonly string[] = [];
    for (let run = 0; run < runs; run++) {
      const { rows } = await sql<{
        "QUERY PLAN": string;
      }>`explain (analyze, timing off) ${statement}`.execute(db);
      const lines = rows.map((row) => row["QUERY PLAN"]);
      times.push(Number(/Execution Time: ([\d.]+)/.exec(lines.at(-1) ?? "")?.[1]));
      plan = lines.filter((line) => / (Join|Loop|Scan|Sort|Aggregate|WindowAgg)/.test(line)).slice(0, 6);
    }
    return [
      `DevLake, ${name}: ${Math.min(...times).toFixed(0)} ms`,
      ...plan.map((line) => `    ${line.trim()}`),
    ].join("\n");
  };
  const lines = [await timed("change-lead-time step", STEP, 1)];
  for (const [name, panel] of Object.entries(PANELS))
    lines.push(await timed(name, panel, name === "failure rate" ? 1 : 3));
  await sql`drop schema devlake cascade`.execute(db);
  return lines;
}
