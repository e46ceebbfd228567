/** The statement of a search whose answer is in an order that was asked for. It reads every match, and keeps the first. */
import { sql } from "kysely";
import { isMetaProperty } from "../model/query-nodes.ts";
import type { SortKey, SortType } from "../model/sort.ts";
import type { Db } from "./db.ts";
import { type EntityRow, toEntity } from "./entities.ts";
import { MAX_BYTES, type Place, type Search, selectOf } from "./search.ts";
import { startCompilation } from "./search-compilation.ts";
import { COLUMNS, compile } from "./search-compile.ts";
import { driveOf } from "./search-drive.ts";
import { all, any, property, type Sql } from "./search-values.ts";
import { isOneOf } from "./search-walks.ts";

/** A place in an order that was asked for. */
export interface SortedPlace extends Place {
  /** For each key the value by which the entity stands there, as text; null when it has none. */
  readonly values: readonly (string | null)[];
}

export interface SortedPage {
  readonly limit: number;
  readonly after: SortedPlace | null;
}

interface SortedRow extends EntityRow {
  readonly sort_values: (string | null)[];
}

export interface SortedFound {
  readonly found: readonly { readonly entity: ReturnType<typeof toEntity>; readonly place: SortedPlace }[];
  readonly isCut: boolean;
}

/** What compares, and how a value comes back from its text. */
const TYPES: Readonly<Record<SortType, { readonly cast: Sql; readonly collate: Sql }>> = {
  text: { cast: sql`text`, collate: sql`collate "C"` },
  relation: { cast: sql`text`, collate: sql`collate "C"` },
  boolean: { cast: sql`text`, collate: sql`collate "C"` },
  number: { cast: sql`numeric`, collate: sql`` },
  instant: { cast: sql`timestamptz`, collate: sql`` },
};

/** Longer texts that begin with the same so many characters compare as equal. */
const LENGTH = 200;

function valueOf({ property: id, type, column }: SortKey): Sql {
  const text = (value: Sql): Sql => sql`lower(left(${value}, ${sql.lit(LENGTH)}))`;
  if (isMetaProperty(id)) {
    if (type === "instant") return COLUMNS[id];
    if (id === "$team") return text(sql`e.team[1]`);
    // An entity without a title is shown by its identifier.
    return text(id === "$title" ? sql`coalesce(e.title, e.identifier)` : COLUMNS[id]);
  }
  switch (type) {
    case "number":
      return property.number(id, column);
    case "instant":
      return sql`as_instant(${property.text(id, column)})`;
    case "boolean":
      return property.text(id, column);
    case "relation":
      return text(sql`(e.relations ->> ${id}::text)`);
    default:
      return text(property.text(id, column));
  }
}

/** Entities after the place: by the first key that differs, then by age and identifier. Those without a value are last. */
export function afterPlace(keys: readonly SortKey[], place: SortedPlace): Sql {
  const alternatives: Sql[] = [];
  const same: Sql[] = [];
  for (const [index, key] of keys.entries()) {
    const { cast, collate } = TYPES[key.type];
    const value = valueOf(key);
    const given = place.values[index] ?? null;
    if (given !== null) {
      const operator = key.descending ? sql`<` : sql`>`;
      alternatives.push(
        all([...same, sql`(${value} ${collate} ${operator} ${given}::${cast} or ${value} is null)`]),
      );
      same.push(sql`${value} = ${given}::${cast}`);
    } else same.push(sql`${value} is null`);
  }
  alternatives.push(
    all([
      ...same,
      sql`(e.created_at, e.identifier) > (${place.createdAt}::timestamptz, ${place.identifier})`,
    ]),
  );
  return any(alternatives);
}

/** The order that was asked for; age and identifier come after it. */
export function orderOf(keys: readonly SortKey[]): Sql {
  return sql.join(
    keys.map(
      (key) =>
        sql`${valueOf(key)} ${TYPES[key.type].collate} ${key.descending ? sql`desc` : sql`asc`} nulls last`,
    ),
  );
}

/** As texts, for the place of an entity in that order. */
export function sortValues(keys: readonly SortKey[]): Sql {
  return sql.join(keys.map((key) => sql`(${valueOf(key)})::text`));
}

/** Of one blueprint. @returns the statement, and indexes that it would have liked to have */
export function sortedStatement(search: Search, keys: readonly SortKey[], page: SortedPage) {
  const { scope, columns } = search;
  const compilation = startCompilation(scope);
  const condition = compile(search.query, compilation);
  const ctes = [...compilation.walks.values()].flatMap((walk) => walk.ctes);
  const withClause = ctes.length === 0 ? sql`` : sql`with recursive ${sql.join(ctes, sql`, `)} `;
  const order = orderOf(keys);
  const conditions = all([
    sql`e.org = ${scope.org}`,
    isOneOf(sql`e.blueprint`, [...scope.within]),
    condition,
    ...(page.after === null ? [] : [afterPlace(keys, page.after)]),
  ]);
  const values = sortValues(keys);
  const fits = sql`coalesce(p.before, 0) < ${sql.lit(MAX_BYTES)}`;
  const statement = sql<{ page: string; isCut: boolean }>`${withClause}
    select coalesce(json_agg(p order by p.place) filter (where ${fits}), '[]')::text as page,
      coalesce(bool_or(not (${fits})), false) as "isCut"
    from (
      select ${selectOf(columns)}, k.sort_values, k.place,
        sum(pg_column_size(e.properties) + coalesce(pg_column_size(e.derived), 0)) over (order by k.place rows between unbounded preceding and 1 preceding) as before
      from (
        select s.*, row_number() over () as place from (
          select e.blueprint, e.identifier, array[${values}] as sort_values
          from entity e where ${conditions}
          order by ${order}, e.created_at, e.identifier limit ${page.limit}::int) s) k
      cross join lateral (
        select * from entity e
        where e.org = ${scope.org} and e.blueprint = k.blueprint and e.identifier = k.identifier offset 0) e) p`;
  return {
    statement,
    wishes: driveOf(search.query, compilation, search.indexes).wishes,
  };
}

export async function runSorted(
  db: Db,
  { statement }: ReturnType<typeof sortedStatement>,
): Promise<SortedFound> {
  const { rows } = await statement.execute(db);
  const [row] = rows;
  const found = (JSON.parse(row?.page ?? "[]") as SortedRow[]).map((entity) => ({
    entity: toEntity(entity),
    place: {
      blueprint: entity.blueprint,
      createdAt: String(entity.created_at),
      identifier: entity.identifier,
      values: entity.sort_values,
    },
  }));
  return { found, isCut: row?.isCut ?? false };
}
