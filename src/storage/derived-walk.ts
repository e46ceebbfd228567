/** Ways of derivations as SQL: from many entities at once, forward with their root, backward to the roots. */
import { type RawBuilder, sql } from "kysely";
import type { Hop } from "../model/derive-nodes.ts";
import type { Db } from "./db.ts";
import { type DirtyUnit, markDirty } from "./derived-queue.ts";

type Sql = RawBuilder<unknown>;

/** Keeps the planner from turning look-ups into a join over all relations, as in search-walks.ts. */
const ROW_BY_ROW = sql.raw("offset 0");

/** What the step leads to from `w.id`, as a lateral query of `id`. */
function ahead({ relation, holder, target, direction }: Hop, org: string): Sql {
  if (relation === "$team")
    return direction === "up"
      ? sql`(select t.id from entity e cross join unnest(e.team) t (id)
          where e.org = ${org} and e.blueprint = ${holder} and e.identifier = w.id ${ROW_BY_ROW})`
      : sql`(select e.identifier as id from entity e
          where e.org = ${org} and e.blueprint = ${holder} and e.team <> '{}' and e.team @> array[w.id] ${ROW_BY_ROW})`;
  return direction === "up"
    ? sql`(select r.target as id from entity_relation r
        where r.org = ${org} and r.blueprint = ${holder} and r.identifier = w.id and r.relation = ${relation} ${ROW_BY_ROW})`
    : sql`(select r.identifier as id from entity_relation r
        where r.org = ${org} and r.target_blueprint = ${target} and r.target = w.id and r.blueprint = ${holder}
          and r.relation = ${relation} ${ROW_BY_ROW})`;
}

function opposite(hop: Hop): Hop {
  return { ...hop, direction: hop.direction === "up" ? "down" : "up" };
}

/** Pairs (root, id): what each way leads to from the roots, once for each root. */
export function pairsOf(org: string, roots: readonly string[], ways: readonly (readonly Hop[])[]): Sql {
  const start = sql`select k.id as root, k.id from unnest(${[...roots]}::text[]) k (id)`;
  const ends = ways.map((way) => {
    let at = start;
    way.forEach((hop, i) => {
      // Several paths to one entity meet here; the last step is made distinct below.
      const distinct = i > 0 && i < way.length - 1 ? sql`distinct` : sql``;
      at = sql`select ${distinct} w.root, n.id from (${at}) w cross join lateral ${ahead(hop, org)} n`;
    });
    return at;
  });
  const [only, ...others] = ends;
  if (only === undefined) return sql`select null::text as root, null::text as id where false`;
  if (others.length === 0)
    return (ways[0]?.length ?? 0) > 1 || ways[0]?.[0]?.relation === "$team"
      ? sql`select distinct root, id from (${only}) p`
      : only;
  return sql.join(ends, sql` union `);
}

/**
 * From what is at the end of `hops` back to what they begin at.
 * @param ends selects `id`, and what is kept. @param kept columns of `w`
 */
export function backOver(org: string, ends: Sql, hops: readonly Hop[], kept: Sql | null): Sql {
  let at = ends;
  const others = kept === null ? sql`` : sql`${kept}, `;
  for (const hop of [...hops].reverse())
    at = sql`select distinct ${others}n.id from (${at}) w cross join lateral ${ahead(opposite(hop), org)} n`;
  return at;
}

/** From what is at the end of `hops` back to what they begin at: `id`, some perhaps twice. */
function rootsOf(org: string, ends: readonly string[], hops: readonly Hop[]): Sql {
  return backOver(org, sql`select k.id from unnest(${[...ends]}::text[]) k (id)`, hops, null);
}

/** Marks the entities from which `hops` lead to one of `ends`, without hops these themselves: all is to be read again. */
export function markRoots(
  db: Db,
  org: string,
  unit: DirtyUnit,
  ends: readonly string[],
  hops: readonly Hop[],
  at: Date,
): Promise<void> {
  return ends.length === 0 ? Promise.resolve() : markDirty(db, org, unit, rootsOf(org, ends, hops), at);
}
