/**
 * What changes of entities mean to the roots that count them, worked out from the change feed in one statement: what is read of an
 * entity before and after, the roots that count it, one row for each of these. Nothing of it passes through the process.
 */
import { sql } from "kysely";
import type { Hop, Leaf } from "../model/derive-nodes.ts";
import { leavesOf } from "../model/derive-plan.ts";
import type { OwnRead } from "../model/fold-own.ts";
import type { PropertyType } from "../model/property.ts";
import type { Db } from "./db.ts";
import { type Counting, valuesBy } from "./derived-aggregate.ts";
import type { StateUnit } from "./derived-state.ts";
import { backOver } from "./derived-walk.ts";
import { type FeedRange, rowsIn } from "./feed-range.ts";
import type { Sql } from "./search-values.ts";

/** Of one root in one row: what waits is read a few rows at a time. */
const PARTS_OF_ROW = 500;

const SCALARS: ReadonlySet<PropertyType> = new Set(["string", "number", "boolean"]);

/** Changes of entities of the target that are looked at. */
export interface DeltaSource {
  readonly range: FeedRange;
  /** Whose changes are not looked at. */
  readonly exceptActor: string;
  /** All creations … */
  readonly creations: boolean;
  /** … and rows with these numbers. */
  readonly seqs: readonly number[];
}

/** Roots for which something changed. */
interface Changed {
  /** Those that have a state, to which it waits to be applied. */
  readonly stated: readonly string[];
  /** Of these everything is to be read anyway. */
  readonly others: readonly string[];
}

/**
 * Appends what roots that have a state are to apply to it; call in the transaction that moves the reader of the change
 * feed. Of a root without one everything is to be read anyway: `markDirty` it in the same transaction, for a count that
 * is under way may have begun before these changes. Where a step between moved meanwhile, the roots that are found are not
 * those of then; its own change has all of them read again.
 */
export async function appendDeltas(
  db: Db,
  counting: Counting,
  reads: readonly OwnRead[],
  { blueprint, unit }: StateUnit,
  hash: string,
  source: DeltaSource,
): Promise<Changed> {
  const { org, now, ways } = counting;
  if (ways.length === 0) return { stated: [], others: [] };
  const side = (column: Sql, isBefore: boolean): Sql =>
    sql`(array_agg(${column}) filter (where e.is_before = ${sql.lit(isBefore)}))[1]`;
  // Texts put together: functions that build JSON look up the types of their arguments each time, which took half of it all.
  const head = `{"hash":${JSON.stringify(hash)},"clock":${now.getTime()},"changes":[`;
  const { rows } = await sql<Changed>`
    with sides as materialized (${sidesOf(counting, reads, source)}),
    ends as (${sql.join(
      ways.map((way) => rootsOf(org, way)),
      sql` union all `,
    )}),
    parts as (
      select e.root, e.xid, e.seq, ${side(sql`e.found`, true)} as before, ${side(sql`e.found`, false)} as after,
        ${side(sql`e.next`, true)} as was_next, ${side(sql`e.next`, false)} as next
      from ends e group by e.root, e.xid, e.seq),
    lists as (
      select root, array_agg(xid::text) as xids, array_agg(concat('["', xid::text, '",', coalesce(next::text, 'null'), ',',
        coalesce(before, 'null'), ',', coalesce(after, 'null'), ']')) as list
      from parts where before is distinct from after or next is distinct from was_next group by root),
    deltas as materialized (
      select root, (select max(x::bigint) from unnest(xids[i:i + ${sql.lit(PARTS_OF_ROW - 1)}]) x)::text::xid8 as xid,
        concat(${head}::text, array_to_string(list[i:i + ${sql.lit(PARTS_OF_ROW - 1)}], ','), ']}')::json as delta
      from lists cross join lateral generate_series(1, cardinality(list), ${sql.lit(PARTS_OF_ROW)}) i),
    appended as (
      insert into derived_delta (org, blueprint, unit, identifier, xid, delta)
      select ${org}, ${blueprint}, ${unit}, d.root, d.xid, d.delta from deltas d cross join lateral (
        select 1 from derived_state s where s.org = ${org} and s.blueprint = ${blueprint} and s.unit = ${unit}
          and s.identifier = d.root offset 0) s
      returning identifier)
    select to_json(array(select distinct identifier from appended)) as stated, to_json(array(
      select distinct root from deltas where root not in (select identifier from appended))) as others`.execute(
    db,
  );
  return rows[0] ?? { stated: [], others: [] };
}

/** An entity as it was or came to be: what is read of it, where it counts, and when the clock moves it. */
function sidesOf(counting: Counting, reads: readonly OwnRead[], source: DeltaSource): Sql {
  const { org, target, aggregations } = counting;
  const { creations, seqs } = source;
  const told = sql`${creations ? sql`action = 'CREATE' or` : sql``} seq = any(${seqs.map(String)}::bigint[])`;
  // Documents have a null for every property without a value, which entities as they are stored have not. For numbers and
  // texts it makes no difference.
  const isScalar = (leaf: Leaf): boolean =>
    leaf.kind !== "derived" && (leaf.kind !== "stored" || SCALARS.has(leaf.type));
  const properties = aggregations.flatMap(leavesOf).every(isScalar)
    ? sql`d.properties`
    : sql`(select jsonb_object_agg(k, v) from jsonb_each(d.properties) p (k, v) where v <> 'null')`;
  // One step for each `offset 0`: what is stored outside the row is unpacked as often as it is looked at.
  const entities = (columns: Sql): Sql => sql`
    select e.xid, e.seq, e.is_before, e.identifier, e.relations, e.owners${columns} from (
      select ${org}::text as org, d.*, array(select jsonb_array_elements_text(${listOf(sql`d.owners`)})) as team, d.own as properties, d.own as derived
      from (
        select d.xid, d.seq, d.is_before, d.relations, d.owners, d.identifier, d.blueprint, d.title, d.icon, d.created_at,
          d.created_by, d.updated_at, d.updated_by, ${properties} as own
        from (
          select c.xid, c.seq, s.is_before, s.one -> 'properties' as properties, s.one -> 'relations' as relations,
            s.one -> 'team' as owners, s.one ->> 'identifier' as identifier, s.one ->> 'blueprint' as blueprint,
            s.one ->> 'title' as title, s.one ->> 'icon' as icon, (s.one ->> 'createdAt')::timestamptz as created_at,
            s.one ->> 'createdBy' as created_by, (s.one ->> 'updatedAt')::timestamptz as updated_at,
            s.one ->> 'updatedBy' as updated_by
          from (
            select xid, seq, before, after from ${rowsIn(org, source.range, source.exceptActor)} c
            where kind = 'entity' and blueprint = ${target} and (${told}) offset 0) c
          cross join lateral (values (true, c.before), (false, c.after)) s (is_before, one)
          where jsonb_typeof(s.one) = 'object' offset 0) d offset 0) d offset 0) e
    offset 0`;
  return valuesBy(counting, reads, entities, [
    "xid",
    "seq",
    "is_before",
    "identifier",
    "relations",
    "owners",
  ]);
}

/** The roots that count each side: over its own last step as it says, over the others as they are now. */
function rootsOf(org: string, way: readonly Hop[]): Sql {
  const last = way.at(-1);
  const isDown = last?.direction === "down";
  const pointed =
    last?.relation === "$team" ? sql`s.owners` : sql`(s.relations -> ${last?.relation ?? ""}::text)`;
  const end = ((): Sql => {
    if (!isDown) return sql`(select s.identifier)`;
    if (last.many) return sql`jsonb_array_elements_text(${listOf(pointed)})`;
    // It had several targets before it was defined anew, for which everything is computed again.
    return sql`(select case when jsonb_typeof(${pointed}) = 'string' then ${pointed} #>> '{}' end)`;
  })();
  const kept = (of: string): Sql =>
    sql.raw(["xid", "seq", "is_before", "found", "next"].map((name) => `${of}.${name}`).join(", "));
  const ends = sql`select ${kept("s")}, t.id from sides s cross join lateral ${end} t (id)`;
  const starts = backOver(org, ends, isDown ? way.slice(0, -1) : way, kept("w"));
  return sql`select ${kept("r")}, r.id as root from (${starts}) r where r.id is not null`;
}

/** One text is a list of it. */
const listOf = (value: Sql): Sql =>
  sql`case jsonb_typeof(${value}) when 'array' then ${value} when 'string' then jsonb_build_array(${value}) else '[]' end`;
