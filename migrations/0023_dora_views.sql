-- What the DORA numbers are made of, for SQL clients (docs/sql-views.md). Columns stay; new ones may come at the end.
-- Each begins with a common table expression, so that nothing can be written through it; conditions still reach the
-- indexes of the tables.
create schema fairway_dora;

create view fairway_dora.deployments as
with d as (select * from dora_deployment)
select d.org, d.service, d.environment, d.id as deployment, d.row ->> 'blueprint' as blueprint,
  d.row ->> 'title' as title, d.row ->> 'url' as url, d.row ->> 'status' as status,
  to_timestamp((d.row ->> 'startedAt')::float8 / 1000) as started_at, d.finished_at,
  d.row ->> 'sha' as sha, d.row ->> 'ref' as ref, d.row ->> 'previous' as previous_deployment,
  d.row -> 'excluded' = 'null' as is_counted, d.row -> 'excluded' ->> 'reason' as excluded_reason,
  (d.row ->> 'isRollback')::boolean as is_rollback, (d.row ->> 'failed')::boolean as is_failed,
  d.row -> 'causes' @> '[{"cause": "status"}]' as failed_by_status,
  d.row -> 'causes' @> '[{"cause": "incident"}]' as failed_by_incident,
  d.row -> 'causes' @> '[{"cause": "rollback"}]' as failed_by_rollback,
  d.row -> 'causes' @> '[{"cause": "hotfix"}]' as failed_by_hotfix,
  to_timestamp((d.row ->> 'restoredAt')::float8 / 1000) as restored_at,
  d.row ->> 'restoredBy' as restored_by, d.row ->> 'restoredHow' as restored_how,
  jsonb_array_length(d.row -> 'rework') > 0 as is_rework, (d.row ->> 'changeCount')::integer as changes
from d;

create view fairway_dora.changes as
with s as (select * from dora_shipment)
select s.org, s.service, s.environment, s.deployment, s.deployed_at, s.change, s.row ->> 'kind' as kind,
  s.row -> 'entity' ->> 'blueprint' as blueprint, s.row -> 'entity' ->> 'identifier' as identifier,
  s.row ->> 'repository' as repository, (s.row ->> 'number')::bigint as number, s.row ->> 'sha' as sha,
  s.row ->> 'title' as title, s.row ->> 'author' as author, s.row ->> 'url' as url,
  (s.row ->> 'commitCount')::integer as commits, s.row ->> 'method' as method, s.row ->> 'matchedBy' as matched_by,
  to_timestamp((s.row ->> 'firstCommitAt')::float8 / 1000) as first_commit_at,
  to_timestamp((s.row ->> 'openedAt')::float8 / 1000) as opened_at,
  to_timestamp((s.row ->> 'firstReviewAt')::float8 / 1000) as first_review_at,
  to_timestamp((s.row ->> 'mergedAt')::float8 / 1000) as merged_at,
  s.excluded is null and s.lead_seconds is not null as is_counted, s.excluded as excluded_reason,
  s.lead_seconds, s.coding_seconds, s.pickup_seconds, s.review_seconds, s.deploy_seconds
from s;

-- One row for each incident, however many services it names.
create view fairway_dora.incidents as
with i as (
  select * from dora_incident o where service collate "C" = (
    select min(n.service collate "C") from dora_incident n
    where n.org = o.org and n.blueprint = o.blueprint and n.id = o.id))
select i.org, i.blueprint, i.id as incident,
  array(select jsonb_array_elements_text(i.row -> 'services')) as services, i.row ->> 'title' as title,
  i.row ->> 'url' as url, i.row ->> 'severity' as severity, i.row ->> 'status' as status, i.started_at,
  to_timestamp((i.row ->> 'detectedAt')::float8 / 1000) as detected_at,
  to_timestamp((i.row ->> 'endedAt')::float8 / 1000) as ended_at,
  i.row -> 'excluded' = 'null' as is_counted, i.row -> 'excluded' ->> 'reason' as excluded_reason,
  i.row -> 'excluded' = 'null' and i.row -> 'endedAt' = 'null' as is_open,
  (extract(epoch from to_timestamp((i.row ->> 'endedAt')::float8 / 1000) - i.started_at))::float8 as recovery_seconds
from i;

create view fairway_dora.incident_links as
with i as (
  select * from dora_incident o where service collate "C" = (
    select min(n.service collate "C") from dora_incident n
    where n.org = o.org and n.blueprint = o.blueprint and n.id = o.id))
select i.org, i.blueprint, i.id as incident, i.started_at, i.row -> 'link' ->> 'deployment' as deployment,
  i.row -> 'link' ->> 'service' as service, i.row -> 'link' ->> 'environment' as environment,
  i.row -> 'link' ->> 'method' as method, i.row -> 'link' ->> 'confidence' as confidence,
  i.row -> 'link' ->> 'reason' as reason, (i.row ->> 'candidateCount')::integer as candidates
from i;

create view fairway_dora.failures as
with d as (select * from dora_deployment)
select d.org, d.service, d.environment, d.id as deployment, d.finished_at, c ->> 'cause' as cause,
  c ->> 'by' as shown_by, c ->> 'detail' as detail
from d cross join lateral jsonb_array_elements(d.row -> 'causes') c;

create view fairway_dora.rework as
with d as (select * from dora_deployment)
select d.org, d.service, d.environment, d.id as deployment, d.finished_at, r ->> 'reason' as reason,
  r ->> 'repairs' as repairs, r ->> 'detail' as detail
from d cross join lateral jsonb_array_elements(d.row -> 'rework') r;
