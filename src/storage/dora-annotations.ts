/** Rows of dated notes on DORA charts. */
import { sql } from "kysely";
import type { AnnotationScope } from "../model/dora-annotation.ts";
import type { Db } from "./db.ts";

export interface AnnotationRow {
  readonly identifier: string;
  readonly day: string;
  readonly text: string;
  readonly url: string | null;
  /** Null, as `entity`: of the whole organisation. */
  readonly blueprint: string | null;
  readonly entity: string | null;
  /** Of the entity; null where it has none, or is gone. */
  readonly title: string | null;
  readonly created_at: Date;
  readonly created_by: string;
  readonly updated_at: Date;
  readonly updated_by: string;
}

/** Days of the calendar that a window touches in its time zone. */
export interface DayWindow {
  readonly from: number;
  readonly to: number;
  readonly timezone: string;
}

const COLUMNS =
  sql.raw(`a.identifier, to_char(a.day, 'YYYY-MM-DD') as day, a.text, a.url, a.blueprint, a.entity,
  e.title, a.created_at, a.created_by, a.updated_at, a.updated_by`);
const FROM = sql.raw(`dora_annotation a left join entity e
  on e.org = a.org and e.blueprint = a.blueprint and e.identifier = a.entity`);

function within({ from, to, timezone }: DayWindow) {
  const dayOf = (at: number) =>
    sql`(${new Date(at).toISOString()}::timestamptz at time zone ${timezone})::date`;
  return sql`a.day between ${dayOf(from)} and ${dayOf(to - 1)}`;
}

/** What the notes of a window are about. */
export async function annotatedScopes(db: Db, org: string, window: DayWindow): Promise<AnnotationScope[]> {
  const { rows } = await sql<AnnotationScope>`
    select distinct a.blueprint, a.entity from dora_annotation a
    where a.org = ${org} and a.blueprint is not null and ${within(window)}
    order by 1, 2`.execute(db);
  return rows;
}

/** Newest day first; those of the organisation, and of these scopes. */
export async function listAnnotations(
  db: Db,
  org: string,
  window: DayWindow,
  scopes: readonly AnnotationScope[],
  limit: number,
): Promise<{ readonly rows: readonly AnnotationRow[]; readonly total: number }> {
  const { rows } = await sql<AnnotationRow & { total: number }>`
    select ${COLUMNS}, (count(*) over ())::int as total from ${FROM}
    where a.org = ${org} and ${within(window)} and (a.blueprint is null or (a.blueprint, a.entity) in (
      select x.blueprint, x.entity from jsonb_to_recordset(${JSON.stringify(scopes)}::jsonb)
        as x (blueprint text, entity text)))
    order by a.day desc, a.created_at desc, a.identifier limit ${limit}::int`.execute(db);
  return { rows, total: rows[0]?.total ?? 0 };
}

/** @param lock against other writers, until the end of the transaction */
export async function readAnnotation(
  db: Db,
  org: string,
  identifier: string,
  lock = false,
): Promise<AnnotationRow | null> {
  const { rows } = await sql<AnnotationRow>`
    select ${COLUMNS} from ${FROM} where a.org = ${org} and a.identifier = ${identifier}
    ${lock ? sql`for update of a` : sql``}`.execute(db);
  return rows[0] ?? null;
}

export interface AnnotationWrite {
  readonly identifier: string;
  readonly day: string;
  readonly text: string;
  readonly url: string | null;
  readonly scope: AnnotationScope | null;
  readonly at: Date;
  readonly by: string;
}

/** @returns false when the identifier is taken */
export async function insertAnnotation(db: Db, org: string, note: AnnotationWrite): Promise<boolean> {
  const { identifier, day, text, url, scope, by } = note;
  const at = note.at.toISOString();
  const { rows } = await sql`
    insert into dora_annotation (org, identifier, day, text, url, blueprint, entity, created_at, created_by,
      updated_at, updated_by)
    values (${org}, ${identifier}, ${day}::date, ${text}, ${url}, ${scope?.blueprint ?? null},
      ${scope?.entity ?? null}, ${at}::timestamptz, ${by}, ${at}::timestamptz, ${by})
    on conflict do nothing returning identifier`.execute(db);
  return rows.length > 0;
}

export async function updateAnnotation(db: Db, org: string, note: AnnotationWrite): Promise<void> {
  const { identifier, day, text, url, scope, by } = note;
  await sql`
    update dora_annotation set day = ${day}::date, text = ${text}, url = ${url},
      blueprint = ${scope?.blueprint ?? null}, entity = ${scope?.entity ?? null},
      updated_at = ${note.at.toISOString()}::timestamptz, updated_by = ${by}
    where org = ${org} and identifier = ${identifier}`.execute(db);
}

export async function deleteAnnotation(db: Db, org: string, identifier: string): Promise<void> {
  await sql`delete from dora_annotation where org = ${org} and identifier = ${identifier}`.execute(db);
}

/** Notes about these, which are gone: removed. */
export async function removeAnnotationsAbout(
  db: Db,
  org: string,
  keys: readonly { readonly blueprint: string; readonly identifier: string }[],
): Promise<readonly Omit<AnnotationRow, "title">[]> {
  const { rows } = await sql<Omit<AnnotationRow, "title">>`
    delete from dora_annotation a using jsonb_to_recordset(${JSON.stringify(
      keys.map(({ blueprint, identifier }) => ({ blueprint, entity: identifier })),
    )}::jsonb) as x (blueprint text, entity text)
    where a.org = ${org} and a.blueprint = x.blueprint and a.entity = x.entity
    returning a.identifier, to_char(a.day, 'YYYY-MM-DD') as day, a.text, a.url, a.blueprint, a.entity,
      a.created_at, a.created_by, a.updated_at, a.updated_by`.execute(db);
  return rows;
}

export async function countAnnotations(db: Db, org: string): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from dora_annotation where org = ${org}`.execute(db);
  return rows[0]?.n ?? 0;
}

/** Notes follow what they are about into its new name. */
export async function renameInAnnotations(
  db: Db,
  org: string,
  rename: { readonly blueprint: string; readonly from: string; readonly to: string },
): Promise<void> {
  await sql`update dora_annotation set entity = ${rename.to}
    where org = ${org} and blueprint = ${rename.blueprint} and entity = ${rename.from}`.execute(db);
}

export async function renameBlueprintInAnnotations(
  db: Db,
  org: string,
  from: string,
  to: string,
): Promise<void> {
  await sql`update dora_annotation set blueprint = ${to}
    where org = ${org} and blueprint = ${from}`.execute(db);
}
