/**
 * What a careful hand would write without Fairway: the same rows (entity, relation, audit) into tables with the same
 * columns, indexes and foreign keys, one statement each, one transaction.
 */
import { sql } from "kysely";
import type { Db } from "../../src/storage/db.ts";
import { type Artifact, SERVICES } from "./artifacts.ts";

/** Fills the tables of the catalog with `existing` artifacts, and the tables of the twin with the same. */
export async function fill(db: Db, org: string, existing: number): Promise<void> {
  for (let from = 0; from < existing; from += 50_000) {
    const to = Math.min(existing, from + 50_000);
    await sql`
      insert into entity (org, blueprint, identifier, title, properties, relations, created_at, created_by, updated_at, updated_by)
      select ${org}, 'artifact', 'old@v1.' || n, 'Deployment ' || n,
        jsonb_build_object('createdAt', '2026-01-01T00:00:00Z', 'environment', 'Production', 'deploymentStatus', 'Success',
          'sha', lpad(to_hex(n), 40, '0'), 'url', 'https://git.example.com/d/' || n, 'trigger', 'normal'),
        jsonb_build_object('service', 'service-' || n % ${SERVICES}::int),
        '2026-01-01'::timestamptz + n * interval '1 second', 'bench', now(), 'bench'
      from generate_series(${from}::int, ${to - 1}::int) n`.execute(db);
    await sql`
      insert into entity_relation (org, blueprint, identifier, relation, target_blueprint, target, position)
      select ${org}, 'artifact', 'old@v1.' || n, 'service', 'service', 'service-' || n % ${SERVICES}::int, 0
      from generate_series(${from}::int, ${to - 1}::int) n`.execute(db);
    await sql`
      insert into change (org, xid, kind, action, blueprint, identifier, after, actor, at)
      select org, '1'::xid8, 'entity', 'CREATE', blueprint, identifier, properties, created_by, created_at from entity
      where org = ${org} and blueprint = 'artifact'
        and identifier = any(array(select 'old@v1.' || n from generate_series(${from}::int, ${to - 1}::int) n))`.execute(
      db,
    );
  }
  for (const table of ["entity", "entity_relation", "change"]) {
    const twin = sql.table(`raw_${table}`);
    await sql`create table ${twin} (like ${sql.table(table)} including all)`.execute(db);
    await sql`insert into ${twin} overriding system value select * from ${sql.table(table)}`.execute(db);
    for (const filled of [table, `raw_${table}`]) await sql`analyze ${sql.table(filled)}`.execute(db);
  }
  await sql`
    alter table raw_entity add foreign key (org, blueprint) references blueprint (org, identifier) on update cascade`.execute(
    db,
  );
  await sql`
    alter table raw_entity_relation
      add foreign key (org, blueprint, identifier) references raw_entity (org, blueprint, identifier)
        on update cascade on delete cascade,
      add foreign key (org, target_blueprint, target) references raw_entity (org, blueprint, identifier)
        on update cascade`.execute(db);
}

export async function rawUpsert(db: Db, org: string, rows: readonly Artifact[]): Promise<void> {
  const json = JSON.stringify(rows);
  await db.transaction().execute(async (trx) => {
    await sql`
      insert into raw_entity (org, blueprint, identifier, title, properties, relations, created_at, created_by, updated_at, updated_by, changed_at)
      select ${org}, 'artifact', r.identifier, r.title, r.properties, r.relations, now(), 'bench', now(), 'bench', now()
      from jsonb_to_recordset(${json}::jsonb) as r (identifier text, title text, properties jsonb, relations jsonb)
      on conflict (org, blueprint, identifier) do update set title = excluded.title, properties = excluded.properties,
        relations = excluded.relations, updated_at = excluded.updated_at, updated_by = excluded.updated_by,
        changed_at = excluded.changed_at`.execute(trx);
    await sql`
      insert into raw_entity_relation (org, blueprint, identifier, relation, target_blueprint, target, position)
      select ${org}, 'artifact', r.identifier, 'service', 'service', r.relations ->> 'service', 0
      from jsonb_to_recordset(${json}::jsonb) as r (identifier text, relations jsonb)
      on conflict (org, blueprint, identifier, relation, target) do update set position = excluded.position`.execute(
      trx,
    );
    await sql`
      insert into raw_change (org, kind, action, blueprint, identifier, after, actor, at)
      select ${org}, 'entity', 'CREATE', 'artifact', r ->> 'identifier', r, 'bench', now()
      from jsonb_array_elements(${json}::jsonb) r`.execute(trx);
  });
}
