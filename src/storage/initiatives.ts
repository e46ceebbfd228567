/** Rows of initiatives, and how far they had come. */
import { sql } from "kysely";
import type { JsonObject } from "../model/json.ts";
import type { Db } from "./db.ts";

export interface InitiativeRow {
  readonly identifier: string;
  readonly blueprint: string;
  readonly scorecard: string;
  readonly document: JsonObject;
  readonly created_at: Date;
  readonly created_by: string;
  readonly updated_at: Date;
  readonly updated_by: string;
  readonly total: number | null;
  readonly done: number | null;
  readonly counted_at: Date | null;
  readonly reminded_at: Date;
  readonly reached_at: Date | null;
}

const COLUMNS = sql.raw(
  "identifier, blueprint, scorecard, document, created_at, created_by, updated_at, updated_by, total, done, counted_at, reminded_at, reached_at",
);

export async function listInitiatives(db: Db, org: string): Promise<readonly InitiativeRow[]> {
  const { rows } = await sql<InitiativeRow>`
    select ${COLUMNS} from initiative where org = ${org} order by created_at, identifier`.execute(db);
  return rows;
}

export async function readInitiative(
  db: Db,
  org: string,
  identifier: string,
  lock = false,
): Promise<InitiativeRow | null> {
  const { rows } = await sql<InitiativeRow>`
    select ${COLUMNS} from initiative where org = ${org} and identifier = ${identifier}
    ${lock ? sql`for update` : sql``}`.execute(db);
  return rows[0] ?? null;
}

interface Write {
  readonly identifier: string;
  readonly blueprint: string;
  readonly scorecard: string;
  readonly document: JsonObject;
  readonly at: Date;
  readonly by: string;
}

/** Moments before it was made are reminded of nobody. @returns false when the identifier is taken */
export async function insertInitiative(
  db: Db,
  org: string,
  { identifier, blueprint, scorecard, document, at, by }: Write,
): Promise<boolean> {
  const time = at.toISOString();
  const { rows } = await sql`
    insert into initiative (org, identifier, blueprint, scorecard, document, created_at, created_by, updated_at, updated_by, reminded_at)
    values (${org}, ${identifier}, ${blueprint}, ${scorecard}, ${JSON.stringify(document)}::json, ${time}::timestamptz, ${by},
      ${time}::timestamptz, ${by}, ${time}::timestamptz)
    on conflict do nothing returning identifier`.execute(db);
  return rows.length > 0;
}

/** @param isOther what is counted is something else now: what was counted says nothing of it */
export async function updateInitiative(
  db: Db,
  org: string,
  { identifier, blueprint, scorecard, document, at, by }: Write,
  isOther: boolean,
): Promise<void> {
  const time = at.toISOString();
  await sql`
    update initiative set blueprint = ${blueprint}, scorecard = ${scorecard}, document = ${JSON.stringify(document)}::json,
      updated_at = ${time}::timestamptz, updated_by = ${by}, reminded_at = greatest(reminded_at, ${time}::timestamptz)
      ${isOther ? sql`, total = null, done = null, counted_at = null, reached_at = null` : sql``}
    where org = ${org} and identifier = ${identifier}`.execute(db);
  if (isOther)
    await sql`delete from initiative_progress where org = ${org} and initiative = ${identifier}`.execute(db);
}

/** What it names is called otherwise now: nobody changed it. */
export async function writeInitiativeDocument(
  db: Db,
  org: string,
  identifier: string,
  document: JsonObject,
): Promise<void> {
  await sql`update initiative set document = ${JSON.stringify(document)}::json
    where org = ${org} and identifier = ${identifier}`.execute(db);
}

export async function deleteInitiative(db: Db, org: string, identifier: string): Promise<void> {
  await sql`delete from initiative where org = ${org} and identifier = ${identifier}`.execute(db);
}

/** Initiatives follow a scorecard that got another identifier. */
export async function renameInitiativeScorecard(
  db: Db,
  org: string,
  blueprint: string,
  from: string,
  to: string,
): Promise<void> {
  await sql`update initiative set scorecard = ${to}
    where org = ${org} and blueprint = ${blueprint} and scorecard = ${from}`.execute(db);
}

const SLOT_MS = 900_000;

/** What was counted, where it is something else than before. */
export async function keepProgress(
  db: Db,
  org: string,
  identifier: string,
  { total, done }: { readonly total: number; readonly done: number },
  at: Date,
): Promise<void> {
  const slot = new Date(Math.floor(at.getTime() / SLOT_MS) * SLOT_MS).toISOString();
  const time = at.toISOString();
  await sql`
    with counted as (
      update initiative set total = ${total}::int, done = ${done}::int, counted_at = ${time}::timestamptz
      where org = ${org} and identifier = ${identifier} returning org, identifier)
    insert into initiative_progress as p (org, initiative, slot, at, total, done)
    select org, identifier, ${slot}::timestamptz, ${time}::timestamptz, ${total}::int, ${done}::int from counted
    on conflict (org, initiative, slot) do update set at = excluded.at, total = excluded.total, done = excluded.done
    where excluded.at >= p.at`.execute(db);
}

export interface ProgressRow {
  readonly at: Date;
  readonly total: number;
  readonly done: number;
}

/** Oldest first: the first, and of more than `limit` as many that are evenly spread, with the last. */
export async function readProgress(
  db: Db,
  org: string,
  identifier: string,
  limit: number,
): Promise<readonly ProgressRow[]> {
  const { rows } = await sql<ProgressRow>`
    select at, total, done from (
      select at, total, done, slot, row_number() over (order by slot) - 1 as n, count(*) over () as points
      from initiative_progress where org = ${org} and initiative = ${identifier}) p
    where n = 0 or points <= ${limit}::int or n * ${limit}::int / points < (n + 1) * ${limit}::int / points
    order by slot`.execute(db);
  return rows;
}

/** @returns true when there may be more */
export async function forgetProgress(db: Db, org: string, before: Date, limit: number): Promise<boolean> {
  const { numAffectedRows } = await sql`
    delete from initiative_progress where org = ${org} and ctid = any(array(
      select ctid from initiative_progress where org = ${org} and at < ${before.toISOString()}::timestamptz
      limit ${limit}::int))`.execute(db);
  return Number(numAffectedRows ?? 0) >= limit;
}

/** Under the lock of the row. */
export async function noteReminded(
  db: Db,
  org: string,
  identifier: string,
  remindedAt: Date,
  reachedAt: Date | null,
): Promise<void> {
  await sql`update initiative set reminded_at = ${remindedAt.toISOString()}::timestamptz,
    reached_at = ${reachedAt?.toISOString() ?? null}::timestamptz
    where org = ${org} and identifier = ${identifier}`.execute(db);
}
