/** Entities that were created: whether their mirrors, which came with them, are by now what their writers saw. */
import { sql } from "kysely";
import type { Hop, MirrorDefinition } from "../model/derive-nodes.ts";
import type { Db } from "./db.ts";
import { type FeedRange, rowsIn } from "./feed-range.ts";
import { any, type Sql } from "./search-values.ts";

/** Mirrors that one statement can compare: over relations with one target each, of a value that is stored. */
export function areComparable(mirrors: readonly MirrorDefinition[]): boolean {
  return mirrors.every(
    ({ path, leaf }) =>
      path?.length !== 0 &&
      (path ?? []).every(({ many, direction }) => !many && direction === "up") &&
      leaf.kind !== "meta",
  );
}

/**
 * @param mirrors comparable ones
 * @returns identifiers of entities of the blueprint that were created in the range with other values than the mirrors have now
 */
export async function changedSinceCreated(
  db: Db,
  org: string,
  blueprint: string,
  mirrors: readonly MirrorDefinition[],
  range: FeedRange,
  exceptActor: string,
): Promise<string[]> {
  if (mirrors.length === 0) return [];
  const places = new Map<string, { readonly name: string; readonly path: readonly Hop[] }>();
  const differ = mirrors.map(({ id, path, leaf, isCyclic }) => {
    const written = sql`nullif(c.properties -> ${id}::text, 'null')`;
    if (path === null || isCyclic || leaf.kind === "none") return sql`${written} is not null`;
    const key = JSON.stringify(path);
    const { name } = places.get(key) ?? { name: `p${places.size}` };
    places.set(key, { name, path });
    const column = sql.ref(`${name}.${leaf.kind === "derived" ? "derived" : "properties"}`);
    return sql`${written} is distinct from ${column} -> ${leaf.id}::text`;
  });
  const joins = [...places.values()].map(({ name, path }) => endOf(org, name, path));
  const { rows } = await sql<{ identifier: string }>`
    select c.identifier from (
      select identifier, after -> 'properties' as properties, after -> 'relations' as relations
      from ${rowsIn(org, range, exceptActor)} c
      where kind = 'entity' and action = 'CREATE' and blueprint = ${blueprint} offset 0) c
    ${sql.join(joins, sql` `)} where ${any(differ)}`.execute(db);
  return rows.map(({ identifier }) => identifier);
}

/** What the path leads to, each step looked up by the primary key. */
function endOf(org: string, name: string, path: readonly Hop[]): Sql {
  const steps = path.map((_, i) => (i === path.length - 1 ? name : `${name}_${i}`));
  return sql.join(
    path.map(({ relation, target }, i) => {
      const from = sql.ref(`${i === 0 ? "c" : steps[i - 1]}.relations`);
      return sql`left join lateral (
        select e.properties, e.derived, e.relations from entity e
        where e.org = ${org} and e.blueprint = ${target} and e.identifier = ${from} ->> ${relation}::text offset 0) ${sql.ref(steps[i] ?? name)} on true`;
    }),
    sql` `,
  );
}
