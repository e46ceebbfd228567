/** Facts of size M (dora.md section 6), made by SQL alone, and derived rows of size L, copied from those of M. */
import { sql } from "kysely";
import type { Db } from "../../src/storage/db.ts";

/** Of one year. Each change has three commits and its merge. */
export const SIZE_M = {
  services: 200,
  changes: 100_000,
  commits: 400_000,
  deployments: 20_000,
  incidents: 10_000,
};
/** Incidents grow fivefold from M to L, everything else tenfold. */
const COPIES_L = { all: 10, incidents: 5 };

const PER_SERVICE = {
  changes: SIZE_M.changes / SIZE_M.services,
  deployments: SIZE_M.deployments / SIZE_M.services,
  incidents: SIZE_M.incidents / SIZE_M.services,
};

const text = { type: "string" };
const time = { type: "string", format: "date-time" };
const toService = (many: boolean): object => ({
  service: { title: "service", target: "service", required: false, many },
});

/** Each owns twenty services, and has owned twenty others that went to the next team a hundred days ago. */
const TEAMS = 10;

export async function defineModel(post: (path: string, body: unknown) => Promise<unknown>): Promise<void> {
  for (let team = 0; team < TEAMS; team++) await post("/v1/teams", { name: `team-${team}` });
  const define = (identifier: string, properties: object, relations: object = {}): Promise<unknown> =>
    post("/v1/blueprints", {
      ...{ identifier, title: identifier, schema: { properties, required: [] }, relations },
    });
  await define("service", { repository: text });
  await define(
    "change",
    {
      mergedAt: time,
      openedAt: time,
      firstCommitAt: time,
      firstReviewAt: time,
      number: { type: "number" },
      mergeSha: text,
    },
    toService(false),
  );
  await define(
    "deployment",
    { createdAt: time, environment: text, deploymentStatus: text, sha: text },
    toService(false),
  );
  await define("incident", { startedAt: time, resolvedAt: time }, toService(true));
}

/** A number below `n` that depends on the row and on `salt` alone. */
const random = (salt: number, n: number) =>
  sql`((hashtextextended(s || '-' || k, ${salt}::bigint) & 2147483647) % ${n}::bigint)::int`;
const sha = (part: number) =>
  sql`left(md5(s || '-' || k || '-' || ${part}::int) || md5(s || '+' || k || '+' || ${part}::int), 40)`;
const shaOf = (k: ReturnType<typeof sql>, part: number) =>
  sql`left(md5(s || '-' || ${k} || '-' || ${part}::int) || md5(s || '+' || ${k} || '+' || ${part}::int), 40)`;
const json = (instant: ReturnType<typeof sql>) =>
  sql`to_char((${instant}) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`;

export async function fillM(db: Db, org: string): Promise<void> {
  const { services } = SIZE_M;
  const step = sql`interval '1 year' / ${PER_SERVICE.changes + 1}::int`;
  const merged = (k: ReturnType<typeof sql>) =>
    sql`(date_trunc('minute', now()) - interval '1 year' + ${k}::int * ${step} + s * interval '7 minutes')`;
  const entities = (
    blueprint: string,
    from: ReturnType<typeof sql>,
    properties: ReturnType<typeof sql>,
    relations: ReturnType<typeof sql>,
  ) => sql`
    insert into entity (org, blueprint, identifier, title, properties, relations, created_at, created_by, updated_at, updated_by)
    select ${org}, ${blueprint}, ${blueprint} || '-' || s || '-' || k, ${blueprint} || ' ' || k, ${properties}, ${relations},
      now(), 'bench', now(), 'bench' from ${from}`;
  const rows = (count: number) =>
    sql`generate_series(1, ${services}::int) s, generate_series(1, ${count}::int) k`;
  await sql`
    insert into entity (org, blueprint, identifier, title, properties, team, created_at, created_by, updated_at, updated_by)
    select ${org}, 'service', 'service-' || s, 'Service ' || s, jsonb_build_object('repository', 'acme/' || s),
      array['team-' || s % ${TEAMS}::int], now(), 'bench', now(), 'bench'
    from generate_series(1, ${services}::int) s`.execute(db);
  await sql`
    insert into dora_ownership (org, service, at, before, after)
    select ${org}, 'service-' || s, now() - interval '100 days', array['team-' || (s + 9) % ${TEAMS}::int],
      array['team-' || s % ${TEAMS}::int]
    from generate_series(1, ${services}::int) s where s % 2 = 0`.execute(db);
  await entities(
    "change",
    rows(PER_SERVICE.changes),
    sql`jsonb_build_object('number', k, 'mergeSha', ${sha(3)}, 'mergedAt', ${json(merged(sql`k`))},
      'firstReviewAt', ${json(sql`${merged(sql`k`)} - ${random(1, 600)} * interval '1 minute'`)},
      'openedAt', ${json(sql`${merged(sql`k`)} - (600 + ${random(2, 6000)}) * interval '1 minute'`)},
      'firstCommitAt', ${json(sql`${merged(sql`k`)} - (6600 + ${random(3, 9000)}) * interval '1 minute'`)})`,
    sql`jsonb_build_object('service', 'service-' || s)`,
  ).execute(db);
  // Every fifth merge is deployed.
  const every = PER_SERVICE.changes / PER_SERVICE.deployments;
  const finished = sql`(${merged(sql`(k * ${every}::int)`)} + (20 + ${random(4, 100)}) * interval '1 minute')`;
  await entities(
    "deployment",
    rows(PER_SERVICE.deployments),
    sql`jsonb_build_object('environment', 'Production', 'sha', ${shaOf(sql`(k * ${every}::int)`, 3)},
      'deploymentStatus', case when k % 15 = 0 then 'Failed' else 'Success' end, 'createdAt', ${json(finished)})`,
    sql`jsonb_build_object('service', 'service-' || s)`,
  ).execute(db);
  // After every second deployment one, some still open.
  const started = sql`(${merged(sql`(k * 2 * ${every}::int)`)} + (200 + ${random(5, 300)}) * interval '1 minute')`;
  await entities(
    "incident",
    rows(PER_SERVICE.incidents),
    sql`jsonb_build_object('startedAt', ${json(started)}) || case when k > 48 then '{}'::jsonb else
      jsonb_build_object('resolvedAt', ${json(sql`${started} + (5 + ${random(6, 900)}) * interval '1 minute'`)}) end`,
    sql`jsonb_build_object('service', jsonb_build_array('service-' || s))`,
  ).execute(db);
  await sql`
    insert into entity_relation (org, blueprint, identifier, relation, target_blueprint, target, position)
    select org, blueprint, identifier, 'service', 'service', coalesce(relations -> 'service' ->> 0, relations ->> 'service'), 0
    from entity where org = ${org} and relations ? 'service'`.execute(db);
  const commits = (part: number) => sql`
    insert into git_commit (org, repository, sha, parents, authored_at, committed_at, author, patch_id, message, paths)
    select ${org}, 'acme/' || s, ${sha(part)},
      ${part === 3 ? sql`array[${shaOf(sql`(k - 1)`, 3)}, ${sha(2)}]` : part === 0 ? sql`array[${shaOf(sql`(k - 1)`, 3)}]` : sql`array[${sha(part - 1)}]`},
      c.at, c.at, 'Dev ' || ${random(7, 40)} || ' <dev@example.org>', null,
      ${part === 3 ? sql`'Merge pull request #' || k || ' from acme/topic-' || k` : sql`'feat: part of ' || k`},
      array['src/part-' || ${random(8, 50)} || '.ts']
    from ${rows(PER_SERVICE.changes)}, lateral (
      select ${part === 3 ? merged(sql`k`) : sql`${merged(sql`k`)} - (6600 + ${random(3, 9000)} - ${part}::int) * interval '1 minute'`} as at) c`;
  for (const part of [0, 1, 2, 3]) await commits(part).execute(db);
  await sql`analyze`.execute(db);
}

/** Ten of everything that a question reads, but for incidents. Times stay as they are. */
export async function copyToL(db: Db, org: string): Promise<void> {
  const copies = (count: number) => sql`generate_series(2, ${count}::int) n`;
  const named = sql`service || '-' || n`;
  const renamed = sql`jsonb_set(row, '{service}', to_jsonb(${named}))`;
  await sql`insert into dora_service select org, ${named}, deployments, merged_changes, attributed_changes, derived_at,
    settings_hash, revision from dora_service, ${copies(COPIES_L.all)} where org = ${org} and service <> ''`.execute(
    db,
  );
  await sql`insert into dora_deployment select org, ${named}, environment, id || '-' || n, finished_at, hash, ${renamed}
    from dora_deployment, ${copies(COPIES_L.all)} where org = ${org}`.execute(db);
  await sql`insert into dora_shipment (org, service, environment, deployment, change, deployed_at, lead_seconds,
      coding_seconds, pickup_seconds, review_seconds, deploy_seconds, merged_at, skewed, everywhere_seconds, regions,
      excluded, hash, row)
    select org, ${named}, environment, deployment || '-' || n, change, deployed_at, lead_seconds, coding_seconds,
      pickup_seconds, review_seconds, deploy_seconds, merged_at, skewed, everywhere_seconds, regions, excluded, hash, ${renamed}
    from dora_shipment, ${copies(COPIES_L.all)} where org = ${org}`.execute(db);
  await sql`insert into dora_incident select org, ${named}, blueprint, id || '-' || n, started_at, deployment, hash,
      jsonb_set(${renamed}, '{id}', to_jsonb(id || '-' || n))
    from dora_incident, ${copies(COPIES_L.incidents)} where org = ${org}`.execute(db);
  await sql`insert into dora_unshipped select org, ${named}, change, merged_at, shipped_in, left_out_in, hash, ${renamed}
    from dora_unshipped, ${copies(COPIES_L.all)} where org = ${org}`.execute(db);
  await sql`insert into dora_ownership select org, ${named}, at, before, after
    from dora_ownership, ${copies(COPIES_L.all)} where org = ${org}`.execute(db);
  await sql`insert into entity (org, blueprint, identifier, title, properties, relations, team, created_at, created_by, updated_at,
      updated_by)
    select org, blueprint, identifier || '-' || n, title, properties,
      case when relations ? 'service' then '{}'::jsonb else relations end, team, created_at, created_by, updated_at, updated_by
    from entity, ${copies(COPIES_L.all)}
    where org = ${org} and blueprint in ('service', 'change', 'deployment', 'incident')
      and (blueprint <> 'incident' or n <= ${COPIES_L.incidents}::int)`.execute(db);
  await sql`vacuum analyze`.execute(db);
}
