/** The derived rows of services as numbers side by side: a millionth of a second a row, where objects take five. */
import { sql } from "kysely";
import type { Db } from "./db.ts";
import { prepared } from "./prepared.ts";
import { snapshot } from "./snapshot.ts";

export interface ServiceRevision {
  readonly service: string;
  readonly revision: string;
  /** Of its changes and deployments, in all environments. */
  readonly rows: number;
}

export interface HeldState {
  /** Those of the environments that anything was deployed to; others have no rows. */
  readonly environments: readonly string[];
  /** Another one whenever any derivation was written. */
  readonly digest: string;
  /** Changes, shipped or not, and deployments, of all services and environments: what keeping them would take at least. */
  readonly rows: number;
  /** Of the services asked for; null where all are. */
  readonly revisions: readonly ServiceRevision[] | null;
}

interface StateRow {
  readonly digest: string;
  readonly rows: number;
  /** JSON. */
  readonly environments: string;
  /** JSON. */
  readonly revisions: string | null;
}

const REVISION =
  "json_build_object('service', service, 'revision', revision::text, 'rows', greatest(attributed_changes, merged_changes) + deployments)";

/** $1 organisation, $2 environments, $3 services (null: all). */
const heldState = prepared<StateRow>(
  "dora_held_state",
  `select
    (select coalesce(json_agg(x.environment), '[]') from unnest($2::text[]) as x (environment)
      where exists (select 1 from dora_deployment d where d.org = $1 and d.environment = x.environment))::text as environments,
    s.digest, s.rows,
    case when $3::text[] is null then null else (select coalesce(json_agg(${REVISION}), '[]')
      from dora_service where org = $1 and service = any($3::text[]))::text end as revisions
  from (select count(*) || ' ' || coalesce(sum(revision), 0) as digest,
      coalesce(sum(greatest(attributed_changes, merged_changes) + deployments), 0)::float8 as rows
    from dora_service where org = $1) s`,
);

/** As `HeldState` has it. */
export function digestOf(revisions: readonly ServiceRevision[]): string {
  const sum = revisions.reduce((all, { revision }) => all + BigInt(revision), 0n);
  return `${revisions.length} ${sum}`;
}

/** What is compared with what is held, of one moment. */
export async function readHeldState(
  db: Db,
  org: string,
  environments: readonly string[],
  services: readonly string[] | null,
): Promise<HeldState> {
  const [row] = await heldState(db, org, [...new Set(environments)], services);
  if (row === undefined) throw new Error("a sum has one row");
  return {
    digest: row.digest,
    rows: row.rows,
    environments: (JSON.parse(row.environments) as string[]).sort(),
    revisions: row.revisions === null ? null : (JSON.parse(row.revisions) as ServiceRevision[]),
  };
}

/** $1 organisation, $2 services (null: all). */
const revisions = prepared<{ revisions: string }>(
  "dora_revisions",
  `select coalesce(json_agg(${REVISION}), '[]')::text as revisions
  from dora_service where org = $1 and ($2::text[] is null or service = any($2::text[]))`,
);

/** @param services null: of all */
export async function readRevisions(
  db: Db,
  org: string,
  services: readonly string[] | null = null,
): Promise<readonly ServiceRevision[]> {
  const [row] = await revisions(db, org, services);
  return JSON.parse(row?.revisions ?? "[]") as ServiceRevision[];
}

export interface StoredColumns {
  readonly changes: Float64Array;
  readonly deployments: Float64Array;
  readonly notes: Float64Array;
  /** Merged, and in none of the environments. */
  readonly unshipped: Float64Array;
  /** Whole derived incidents. */
  readonly incidents: readonly unknown[];
}

export interface ColumnCodes {
  /** A reason's code is its place, from 1. */
  readonly reasons: readonly string[];
  readonly change: { readonly skewed: number; readonly hasRegions: number };
  readonly deployment: Readonly<
    Record<
      "success" | "counted" | "failed" | "status" | "incident" | "rollback" | "hotfix" | "rework",
      number
    >
  >;
  readonly twiceMs: number;
}

interface Packed {
  readonly service: string;
  readonly bytes: Uint8Array;
}

/** Of times in whole milliseconds, as all that is derived is: by way of numeric each takes three times as long. */
const millis = (column: string) => sql`round(date_part('epoch', ${sql.ref(column)}) * 1000)`;
/**
 * Numbers one after another, as `doubles` reads them; null is NaN. An array of arrays, sent: put together from bytes, number by
 * number, reading a service took a third longer.
 */
const packed = (...columns: readonly string[]) =>
  sql`array_send(array_agg(array[${sql.join(
    columns.map((column) => sql`coalesce(${sql.ref(column)}::float8, 'NaN')`),
  )}])) as bytes`;

/** What is stored of the services in the environments (incidents have none), by service. */
export async function readColumns(
  db: Db,
  org: string,
  environments: readonly string[],
  services: readonly string[],
  codes: ColumnCodes,
): Promise<ReadonlyMap<string, StoredColumns>> {
  const names = sql`${[...services]}::text[]`;
  const within = sql`org = ${org} and environment = any(${[...environments]}::text[]) and service = any(${names})`;
  // Of one derivation each: one that is written meanwhile shows in all of them or in none.
  const [changes, deployments, notes, unshipped, incidents] = await snapshot(
    db,
    async (one) =>
      [
        await readChanges(one, within, codes),
        await readDeployments(one, within, codes),
        await readNotes(one, within, codes),
        await readUnshipped(one, org, environments, names),
        await sql<{ service: string; row: unknown }>`
      select service, row from dora_incident where org = ${org} and service = any(${names})
      order by service, started_at, id`.execute(one),
      ] as const,
  );
  const incidentsOf = Map.groupBy(incidents.rows, ({ service }) => service);
  const nothing = new Float64Array(0);
  return new Map(
    services.map((service) => [
      service,
      {
        changes: changes.get(service) ?? nothing,
        deployments: deployments.get(service) ?? nothing,
        notes: notes.get(service) ?? nothing,
        unshipped: unshipped.get(service) ?? nothing,
        incidents: (incidentsOf.get(service) ?? []).map(({ row }) => row),
      },
    ]),
  );
}

type Within = ReturnType<typeof sql>;

async function readChanges(db: Db, within: Within, { reasons, change }: ColumnCodes) {
  const { rows } = await sql<Packed>`
    select service, ${packed("at", "lead", "coding", "pickup", "review", "deploy", "merged", "everywhere", "bits", "earlier")}
    from (
      select service, ${millis("deployed_at")} as at, round(lead_seconds * 1000) as lead,
        round(coding_seconds * 1000) as coding, round(pickup_seconds * 1000) as pickup,
        round(review_seconds * 1000) as review, round(deploy_seconds * 1000) as deploy,
        ${millis("merged_at")} as merged, round(everywhere_seconds * 1000) as everywhere,
        (coalesce(array_position(${[...reasons]}::text[], excluded), 0)
          + case when skewed then ${change.skewed}::int else 0 end
          + case when regions is null then 0 else ${change.hasRegions}::int end)::float8 as bits,
        lag(${millis("deployed_at")}) over (partition by service, change order by deployed_at) as earlier
      from dora_shipment where ${within} order by service, deployed_at, change) t
    group by service`.execute(db);
  return byService(rows);
}

async function readDeployments(db: Db, within: Within, codes: ColumnCodes) {
  const bit = (name: keyof ColumnCodes["deployment"], condition: Within) =>
    sql`case when ${condition} then ${codes.deployment[name]}::int else 0 end`;
  const cause = (name: "status" | "incident" | "rollback" | "hotfix") =>
    bit(name, sql`row -> 'causes' @> ${JSON.stringify([{ cause: name }])}::jsonb`);
  const { rows } = await sql<Packed>`
    select service, ${packed("at", "bits", "restored", "previous", "twin")}
    from (
      select service, at, bits, restored,
        case when is_counted then lag(at) over (partition by service, is_counted order by at) end as previous,
        case when is_told and at - lag(at) over same <= ${codes.twiceMs}::float8 then lag(at) over same end as twin
      from (
        select service, ${millis("finished_at")} as at, round((row ->> 'restoredAt')::float8) as restored,
          row ->> 'status' = 'success' and row ->> 'excluded' is null as is_counted,
          row ->> 'status' = 'success' and row ->> 'sha' is not null as is_told,
          environment, row ->> 'region' as region, row ->> 'sha' as sha,
          (${bit("success", sql`row ->> 'status' = 'success'`)} + ${bit("counted", sql`row ->> 'excluded' is null`)}
            + ${bit("failed", sql`(row ->> 'failed')::boolean`)} + ${bit("rework", sql`row -> 'rework' <> '[]'`)}
            + ${cause("status")} + ${cause("incident")} + ${cause("rollback")} + ${cause("hotfix")}
            + 256 * coalesce(array_position(${[...codes.reasons]}::text[], row -> 'excluded' ->> 'reason'), 0)
          )::float8 as bits
        from dora_deployment where ${within}) d
      window same as (partition by service, is_told, environment, region, sha order by at)
      order by service, at) t
    group by service`.execute(db);
  return byService(rows);
}

async function readNotes(db: Db, within: Within, { reasons }: ColumnCodes) {
  const { rows } = await sql<Packed>`
    select service, ${packed("at", "reason", "count")}
    from (
      select service, ${millis("finished_at")} as at,
        array_position(${[...reasons]}::text[], note ->> 'reason')::float8 as reason,
        (note ->> 'count')::float8 as count
      from dora_deployment, jsonb_array_elements(row -> 'notes') note
      where ${within} and row -> 'notes' <> '[]' order by service, finished_at, id) t
    group by service`.execute(db);
  return byService(rows);
}

async function readUnshipped(db: Db, org: string, environments: readonly string[], names: Within) {
  const wanted = sql`${[...environments]}::text[]`;
  const { rows } = await sql<Packed>`
    select service, ${packed("at", "is_left_out")}
    from (
      select service, ${millis("merged_at")} as at, (left_out_in && ${wanted})::int as is_left_out
      from dora_unshipped where org = ${org} and service = any(${names}) and not shipped_in && ${wanted}) t
    group by service`.execute(db);
  return byService(rows);
}

const byService = (rows: readonly Packed[]): ReadonlyMap<string, Float64Array> =>
  new Map(rows.map(({ service, bytes }) => [service, doubles(bytes)]));

/** Of an array of two dimensions: their number, whether there are nulls, the type, two pairs of length and lower bound. */
const HEADER = 28;
/** Each number has its length, 8, before it. */
const STRIDE = 12;

/** As `array_send` has them: the higher byte first. */
function doubles(bytes: Uint8Array): Float64Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const numbers = new Float64Array((bytes.byteLength - HEADER) / STRIDE);
  for (let n = 0; n < numbers.length; n++) numbers[n] = view.getFloat64(HEADER + n * STRIDE + 4);
  return numbers;
}
