/**
 * A catalog of a million entities for bench/queries.ts, made by SQL alone: the same rows every time, in half a minute.
 * Twenty thousand services with their deployments, pull requests, incidents and workloads; titles, times and relations
 * spread as in a catalog that grew over a year.
 */
import { sql } from "kysely";
import { parseBlueprint } from "../src/model/blueprint.ts";
import { insertBlueprint } from "../src/storage/blueprints.ts";
import type { Database, Db } from "../src/storage/db.ts";

export const BENCH_ORG = "org_bench";
export const START = "2024-01-01T00:00:00Z";

const string = { type: "string" };
const time = { type: "string", format: "date-time" };

interface Kind {
  readonly identifier: string;
  readonly properties: Readonly<Record<string, object>>;
  readonly relations?: Readonly<Record<string, object>>;
  readonly ownership?: object;
  /** Entities when the catalog has a million. */
  readonly rows: number;
  /** SQL expressions over `i`, the number of the entity. */
  readonly title: string;
  readonly values: string;
  readonly related: string;
  readonly team: string;
  readonly datasource: string;
  /** SQL interval between two entities. */
  readonly every: string;
}

/** A number below `n` that depends on the entity and on `salt` alone. */
const random = (salt: number, n: string | number): string =>
  `((hashint8extended(i, ${salt}) & 2147483647) % ${n})::int`;
const pick = (salt: number, list: readonly string[]): string =>
  `(array[${list.map((item) => `'${item}'`).join(",")}])[1 + ${random(salt, list.length)}]`;
const one = (blueprint: string, salt: number, n: number): string =>
  `'${blueprint}-' || (1 + ${random(salt, n)})`;
const instant = (every: string): string =>
  `to_char((timestamptz '${START}' + i * interval '${every}') at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`;
const NO_TEAM = "'{}'::text[]";
const OCEAN = "'port-ocean/github/0.1.0/gh-main/exporter'";
const EMPTY = "'{}'::jsonb";

const BASE = {
  properties: {},
  values: EMPTY,
  related: EMPTY,
  team: NO_TEAM,
  datasource: "null",
  every: "1 hour",
};

const KINDS: readonly Kind[] = [
  {
    ...BASE,
    identifier: "_team",
    rows: 400,
    relations: { parent: { target: "_team" } },
    title: "'Team ' || i",
    related: "case when i > 20 then jsonb_build_object('parent', '_team-' || (i / 20)) else '{}' end",
  },
  {
    ...BASE,
    identifier: "_user",
    rows: 2000,
    properties: { status: string },
    ownership: { type: "Direct" },
    title: "'User ' || i",
    values: "jsonb_build_object('status', 'Active')",
    team: `array[${one("_team", 1, 400)}]`,
  },
  { ...BASE, identifier: "domain", rows: 20, title: "'Domain ' || i" },
  { ...BASE, identifier: "environment", rows: 10, title: "'Environment ' || i" },
  {
    ...BASE,
    identifier: "cluster",
    rows: 50,
    relations: { environment: { target: "environment" } },
    title: "'Cluster ' || i",
    related: `jsonb_build_object('environment', ${one("environment", 1, 10)})`,
  },
  {
    ...BASE,
    identifier: "service",
    rows: 20_000,
    ownership: { type: "Direct" },
    properties: {
      language: string,
      tier: { type: "number" },
      repository: { type: "string", format: "url" },
      labels: { type: "array", items: string },
      onCall: { type: "string", format: "user" },
      readme: { type: "string", format: "markdown" },
    },
    relations: { domain: { target: "domain" }, dependsOn: { target: "service", many: true } },
    title: `${pick(1, ["Checkout", "Cart", "Orders", "Payments", "Search", "Ledger", "Mailer", "Gateway"])} || ' service ' || i`,
    values: `jsonb_build_object('language', ${pick(2, ["Go", "Java", "TypeScript", "Python", "Rust"])}, 'tier', 1 + ${random(3, 4)},
      'repository', 'https://git.example.org/acme/service-' || i, 'labels', to_jsonb(array['label-' || ${random(4, 500)}, 'label-' || ${random(5, 500)}]),
      'onCall', 'user' || ${random(6, 2000)} || '@example.org', 'readme', repeat('Lorem ipsum dolor sit amet ', 8))`,
    // Systems of 50 services that depend on earlier ones of the same system, and on one of 100 that all depend on.
    related: `jsonb_build_object('domain', ${one("domain", 7, 20)}, 'dependsOn', case
      when i > 100 and i % 50 > 1 then to_jsonb(array['service-' || ((i / 50) * 50 + ${random(8, "(i % 50)")}), 'service-' || (1 + ${random(9, 100)})])
      when i > 100 then to_jsonb(array['service-' || (1 + ${random(9, 100)})]) else '[]' end)`,
    team: `array[${one("_team", 10, 400)}]`,
    datasource: OCEAN,
  },
  {
    ...BASE,
    identifier: "deployment",
    rows: 400_000,
    properties: {
      createdAt: time,
      environment: { type: "string", enum: ["Production", "Staging", "Testing"] },
      deploymentStatus: { type: "string", enum: ["Success", "Failed"] },
      sha: string,
      minutes: { type: "number" },
      url: { type: "string", format: "url" },
    },
    relations: { service: { target: "service" } },
    title: "'Deployment ' || i",
    values: `jsonb_build_object('createdAt', ${instant("1 minute")}, 'environment', ${pick(2, ["Production", "Production", "Staging", "Testing"])},
      'deploymentStatus', case when ${random(3, 50)} = 0 then 'Failed' else 'Success' end, 'sha', md5('d' || i) || substr(md5('e' || i), 1, 8),
      'minutes', ${random(4, 10_000)} / 10.0, 'url', 'https://ci.example.org/runs/' || i)`,
    related: `jsonb_build_object('service', ${one("service", 5, 20_000)})`,
    datasource: OCEAN,
    every: "1 minute",
  },
  {
    ...BASE,
    identifier: "pullRequest",
    rows: 320_000,
    properties: {
      number: { type: "number" },
      author: { type: "string", format: "user" },
      mergedAt: time,
      status: string,
      labels: { type: "array" },
      isBot: { type: "boolean" },
    },
    relations: { service: { target: "service" } },
    title: `${pick(1, ["fix", "feat", "chore", "docs"])} || ': change ' || md5('t' || i)`,
    values: `jsonb_build_object('number', i, 'author', 'user' || ${random(2, 2000)} || '@example.org', 'status', ${pick(3, ["open", "merged", "merged", "merged", "closed"])},
      'labels', to_jsonb(array['area-' || ${random(4, 2000)}]), 'isBot', ${random(5, 500)} = 0)
      || case when ${random(3, 5)} > 0 then jsonb_build_object('mergedAt', ${instant("1 minute")}) else '{}' end`,
    related: `jsonb_build_object('service', ${one("service", 6, 20_000)})`,
    datasource: OCEAN,
    every: "1 minute",
  },
  {
    ...BASE,
    identifier: "incident",
    rows: 40_000,
    ownership: { type: "Direct" },
    properties: {
      severity: { type: "string", enum: ["low", "medium", "high", "critical"] },
      openedAt: time,
      minutes: { type: "number" },
      slaUntil: { type: "string", format: "timer" },
    },
    relations: { service: { target: "service" } },
    title: "'Incident ' || i",
    values: `jsonb_build_object('severity', ${pick(2, ["low", "medium", "high", "critical"])}, 'openedAt', ${instant("10 minutes")},
      'minutes', ${random(4, 100_000)}, 'slaUntil', ${instant("11 minutes")})`,
    related: `jsonb_build_object('service', ${one("service", 6, 20_000)})`,
    team: `array[${one("_team", 10, 400)}]`,
    datasource: "'port-ocean/pagerduty/0.1.0/pd-eu/exporter'",
    every: "10 minutes",
  },
  {
    ...BASE,
    identifier: "workload",
    rows: 217_520,
    properties: { image: string, replicas: { type: "number" }, healthy: { type: "boolean" } },
    relations: { service: { target: "service" }, cluster: { target: "cluster" } },
    title: "'Workload ' || i",
    values: `jsonb_build_object('image', 'images.example.org/app-' || ${random(2, 20_000)} || ':' || i, 'replicas', ${random(3, 12)}, 'healthy', ${random(4, 1000)} > 0)`,
    related: `jsonb_build_object('service', ${one("service", 6, 20_000)}, 'cluster', ${one("cluster", 7, 50)})`,
    datasource: `'port-k8s-exporter/^0.3.4 (statekey/prod-' || ${random(7, 50)} || ')'`,
    every: "2 minutes",
  },
];

/** Fills an empty, migrated database. @param scale 1 for a million entities */
export async function generateCatalog(database: Database, scale = 1): Promise<number> {
  const { kysely } = database;
  await sql`insert into organization (id, name) values (${BENCH_ORG}, 'Bench')`.execute(kysely);
  let rows = 0;
  await kysely.transaction().execute(async (db) => {
    // The rows agree with each other by construction; looking every relation up twice takes longer than making them.
    await sql`set local session_replication_role = replica`.execute(db);
    for (const kind of KINDS) rows += await generate(db, kind, scale);
    await relate(db);
  });
  await sql`vacuum analyze entity`.execute(kysely);
  await sql`vacuum analyze entity_relation`.execute(kysely);
  return rows;
}

async function generate(db: Db, kind: Kind, scale: number): Promise<number> {
  const { identifier, properties, relations = {}, ownership } = kind;
  const body = {
    identifier: identifier.replace(/^_/, "x"),
    title: identifier,
    schema: { properties },
    relations,
    ownership,
  };
  const { document } = parseBlueprint(body);
  await insertBlueprint(db, BENCH_ORG, {
    identifier,
    document: { ...document, identifier },
    at: new Date(START),
    by: "bench",
  });
  const rows = kind.rows < 1000 ? kind.rows : Math.ceil(kind.rows * scale);
  // Texts of this file, nothing from outside.
  await sql`
    insert into entity (org, blueprint, identifier, title, team, properties, relations, datasource,
      created_at, created_by, updated_at, updated_by)
    select ${BENCH_ORG}, ${identifier}, ${`${identifier}-`} || i, ${sql.raw(kind.title)}, ${sql.raw(kind.team)},
      ${sql.raw(kind.values)}, ${sql.raw(kind.related)}, ${sql.raw(kind.datasource)},
      timestamptz '2024-01-01' + i * ${kind.every}::interval, 'client',
      timestamptz '2024-01-01' + i * ${kind.every}::interval + ${sql.raw(random(99, 1000))} * interval '1 hour', 'client'
    from generate_series(1, ${rows}::int) i`.execute(db);
  return rows;
}

/** One row for each relation value, as writes would have made them. */
async function relate(db: Db): Promise<void> {
  await sql`
    insert into entity_relation (org, blueprint, identifier, relation, target_blueprint, target, position)
    select distinct on (e.blueprint, e.identifier, r.key, t.value)
      e.org, e.blueprint, e.identifier, r.key, b.document -> 'relations' -> r.key ->> 'target', t.value, t.ord - 1
    from entity e join blueprint b on b.org = e.org and b.identifier = e.blueprint
    cross join jsonb_each(e.relations) r
    cross join lateral jsonb_array_elements_text(
      case jsonb_typeof(r.value) when 'array' then r.value else jsonb_build_array(r.value) end)
      with ordinality t (value, ord)
    where e.org = ${BENCH_ORG}`.execute(db);
}
