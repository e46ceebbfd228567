/** The one statement of a search, and its answer (data-model.md §5.1). */
import { type RawBuilder, sql } from "kysely";
import type { Entity } from "../model/entity.ts";
import type { QueryGroup } from "../model/query-nodes.ts";
import type { Db } from "./db.ts";
import { ENTITY_COLUMNS, type EntityRow, toEntity } from "./entities.ts";
import { freshBudget, type SearchScope, startCompilation } from "./search-compilation.ts";
import { compile } from "./search-compile.ts";
import { driveOf, type IndexKey, type Indexes } from "./search-drive.ts";
import { all, type Sql } from "./search-values.ts";
import { isOneOf, type Walk } from "./search-walks.ts";

/** A place in the order of answers: blueprint, age, identifier. */
export interface Place {
  readonly blueprint: string;
  /** As PostgreSQL writes it, to the microsecond. */
  readonly createdAt: string;
  readonly identifier: string;
}

export interface Page {
  readonly limit: number;
  /** The last entity of the page before, in a search of one blueprint. */
  readonly after: Place | null;
}

/** What of an entity is read; the rest is empty. */
export interface Columns {
  readonly properties: boolean;
  readonly relations: boolean;
}

export const EVERY_COLUMN: Columns = { properties: true, relations: true };

export interface Search {
  readonly query: QueryGroup;
  readonly scope: SearchScope;
  /** True when `within` is every blueprint that there is. */
  readonly everywhere: boolean;
  readonly indexes: Indexes;
  readonly columns: Columns;
  readonly few?: Few;
}

/** How many rows a stage takes before it leaves the answer to the next. */
export interface Few {
  readonly indexed: number;
  readonly walked: number;
}

export interface Found {
  readonly entity: Entity;
  readonly place: Place;
}

/**
 * So many matches are collected and sorted by age. When there are more, they are dense enough that reading in the
 * order of age meets the first page soon: of a blueprint with n entities, a page of 200 is met after n × 200 / matches.
 */
const FEW: Few = { indexed: 5000, walked: 10_000 };

/**
 * Always true, and lets an index by age be partial on it. Such an index serves these queries only; a full one is
 * preferred to the primary key for look-ups as long as there are no statistics, and then reads a whole blueprint for
 * each (measured: 1,000 instead of 6,000 new entities a second).
 */
const BY_AGE = sql.raw("e.created_at > '-infinity'");

interface PageRow {
  readonly page: string;
  readonly isCut: boolean;
}

export type SearchStatement = RawBuilder<PageRow>;

/** Stored bytes of one page; texts are stored compressed, so it may be ten times as much in an answer. */
export const MAX_BYTES = 4_194_304;

/** @returns the statement, and indexes that it would have liked to have */
export function searchStatement(
  search: Search,
  page: Page,
): { readonly statement: SearchStatement; readonly wishes: readonly IndexKey[] } {
  const { scope, columns, few = FEW } = search;
  const compilation = startCompilation(scope);
  const condition = compile(search.query, compilation);
  const drive = driveOf(search.query, compilation, search.indexes);
  const within = [...scope.within];
  const base = [
    sql`e.org = ${scope.org}`,
    ...(search.everywhere ? [] : [isOneOf(sql`e.blueprint`, within)]),
    ...(page.after === null
      ? []
      : [
          sql`(e.created_at, e.identifier) > (${page.after.createdAt}::timestamptz, ${page.after.identifier})`,
        ]),
  ];
  const conditions = [...base, condition];
  const order = within.length === 1 ? sql`created_at, identifier` : sql`blueprint, created_at, identifier`;
  const limit = sql`limit ${page.limit}::int`;
  const select = selectOf(columns);
  const ctes = [...compilation.walks.values()].flatMap((walk) => walk.ctes);
  const [driver] = drive.walks;
  const stages: Stage[] = [];
  if (driver !== undefined) {
    const others = compile(search.query, {
      ...compilation,
      fulfilled: driver.rule,
      budget: freshBudget(),
    });
    stages.push(walkStage(driver.walk, few.walked, scope.org, [...base, others]));
  }
  if (drive.isIndexed && driver?.walk.isBounded !== true) stages.push(indexStage(conditions, few.indexed));
  const branches: Sql[] = [];
  const guards: Sql[] = [];
  for (const { name, overflow, definition } of stages) {
    ctes.push(definition(guards));
    const isEnough = overflow === null ? guards : [...guards, sql`not (${overflow})`];
    branches.push(sql`(
      select ${select} from (
        select distinct f.blueprint, f.created_at, f.identifier from ${name} f
        where ${all(isEnough)} order by ${order} ${limit}) f
      cross join lateral (
        select * from entity e
        where e.org = ${scope.org} and e.blueprint = f.blueprint and e.identifier = f.identifier offset 0) e)`);
    if (overflow !== null) guards.push(sql`(${overflow})`);
  }
  if (guards.length === stages.length)
    branches.push(sql`(
    select ${select} from entity e
    where ${all([...conditions, BY_AGE, ...guards])}
    order by ${order} ${limit})`);
  const withClause = ctes.length === 0 ? sql`` : sql`with recursive ${sql.join(ctes, sql`, `)} `;
  const rows =
    stages.length === 0
      ? sql`${branches[0]}`
      : sql`(select * from (${sql.join(branches, sql` union all `)}) e order by ${order} ${limit})`;
  const before = sql`sum(pg_column_size(p.properties) + coalesce(pg_column_size(p.derived), 0)) over (
    order by ${order} rows between unbounded preceding and 1 preceding)`;
  const fits = sql`coalesce(p.before, 0) < ${sql.lit(MAX_BYTES)}`;
  return {
    statement: sql<PageRow>`${withClause}select coalesce(json_agg(p) filter (where ${fits}), '[]')::text as page,
      coalesce(bool_or(not (${fits})), false) as "isCut"
      from (select p.*, ${before} as before from ${rows} p) p`,
    wishes: driver?.walk.isBounded === true ? [] : drive.wishes,
  };
}

export function selectOf({ properties, relations }: Columns): Sql {
  if (properties && relations) return ENTITY_COLUMNS;
  const some = (column: string, isRead: boolean): string =>
    isRead ? `e.${column}` : `'{}'::jsonb as ${column}`;
  const derived = properties ? "e.derived" : "null::jsonb as derived";
  return sql.raw(
    `e.blueprint, e.identifier, e.title, e.icon, e.team, ${some("properties", properties)}, ${some("relations", relations)}, ${derived}, e.datasource, e.created_at, e.created_by, e.updated_at, e.updated_by, e.changed_at`,
  );
}

interface Stage {
  readonly name: Sql;
  /** There were too many: the next stage has to answer. null: there never are. */
  readonly overflow: Sql | null;
  /** @param guards what must hold for this stage to be needed */
  readonly definition: (guards: readonly Sql[]) => Sql;
}

const KEYS = sql.raw("e.blueprint, e.created_at, e.identifier");

/** Begins at the rows of a walk, when they are few. */
function walkStage(walk: Walk, few: number, org: string, conditions: readonly Sql[]): Stage {
  const isBounded = walk.isBounded === true;
  const limit = isBounded ? sql`` : sql` limit ${sql.lit(few + 1)}`;
  const walked = sql`walked (blueprint, identifier) as materialized (${walk.rows}${limit})`;
  return {
    name: sql`few_walked`,
    overflow: isBounded ? null : sql`(select count(*) from walked) > ${sql.lit(few)}`,
    definition: () => sql`${walked},
      few_walked as materialized (
        select ${KEYS} from walked w cross join lateral (
          select * from entity e
          where e.org = ${org} and e.blueprint = w.blueprint and e.identifier = w.identifier offset 0) e
        where ${all(conditions)})`,
  };
}

/** Begins at an index on a property, when it finds few. */
function indexStage(conditions: readonly Sql[], few: number): Stage {
  return {
    name: sql`few`,
    overflow: sql`(select count(*) from few) > ${sql.lit(few)}`,
    definition: (guards) => sql`few as materialized (
      select ${KEYS} from entity e where ${all([...guards, ...conditions])} limit ${sql.lit(few + 1)})`,
  };
}

export interface FoundPage {
  /** In order: by age within a blueprint, blueprint by blueprint. */
  readonly found: readonly Found[];
  /** There is more, although there are fewer than asked for: the page would have been too large. */
  readonly isCut: boolean;
}

export async function runSearch(db: Db, statement: SearchStatement): Promise<FoundPage> {
  const { rows } = await statement.execute(db);
  const [row] = rows;
  const found = (JSON.parse(row?.page ?? "[]") as EntityRow[]).map((entity) => ({
    entity: toEntity(entity),
    place: {
      blueprint: entity.blueprint,
      createdAt: String(entity.created_at),
      identifier: entity.identifier,
    },
  }));
  return { found, isCut: row?.isCut ?? false };
}
