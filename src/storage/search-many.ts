/** Identifiers for many small queries in few statements. */
import { sql } from "kysely";
import type { QueryGroup } from "../model/query-nodes.ts";
import type { Db } from "./db.ts";
import { type SearchScope, startCompilation } from "./search-compilation.ts";
import { compile } from "./search-compile.ts";
import { property, type Sql, textKey } from "./search-values.ts";

interface Lookup {
  readonly blueprint: string;
  readonly query: QueryGroup;
  readonly limit: number;
}

/** Statements grow with the queries in them, and so does the time that PostgreSQL plans them. */
const IN_ONE_STATEMENT = 100;

export async function findMatches(
  db: Db,
  scope: Omit<SearchScope, "within">,
  lookups: readonly Lookup[],
): Promise<string[][]> {
  const answers = new Map<string, string[]>();
  const distinct = new Map(lookups.map((lookup) => [keyOf(lookup), lookup]));
  const groups = new Map<string, { readonly simple: Simple; readonly members: Map<string, Lookup> }>();
  const others: [string, Lookup][] = [];
  for (const [key, lookup] of distinct) {
    const simple = simpleOf(lookup, scope);
    if (simple === null) {
      others.push([key, lookup]);
      continue;
    }
    const name = JSON.stringify([lookup.blueprint, simple.property]);
    const group = groups.get(name) ?? { simple, members: new Map<string, Lookup>() };
    group.members.set(key, lookup);
    groups.set(name, group);
  }
  for (const { simple, members } of groups.values())
    for (const [key, found] of await findByText(db, scope.org, simple.expression, [...members]))
      answers.set(key, found);
  for (let i = 0; i < others.length; i += IN_ONE_STATEMENT)
    for (const [key, found] of await findEach(db, scope, others.slice(i, i + IN_ONE_STATEMENT)))
      answers.set(key, found);
  return lookups.map((lookup) => answers.get(keyOf(lookup)) ?? []);
}

function keyOf({ blueprint, query, limit }: Lookup): string {
  return JSON.stringify([blueprint, limit, query]);
}

interface Simple {
  readonly property: string;
  readonly expression: Sql;
}

/** Longer texts are not whole in the expression that an index has. */
const MAX_TEXT = 199;

/** A query that is one equality of text, the common case by far: a title, a name, an e-mail address. */
function simpleOf({ blueprint, query }: Lookup, scope: Omit<SearchScope, "within">): Simple | null {
  const [rule, ...more] = query.rules;
  if (rule?.kind !== "rule" || more.length > 0 || rule.negated || typeof rule.property !== "string")
    return null;
  if (textOf(query) === null) return null;
  if (rule.property === "$identifier") return { property: rule.property, expression: sql`e.identifier` };
  if (rule.property === "$title") return { property: rule.property, expression: textKey(sql`e.title`) };
  const type = scope.blueprints.get(blueprint)?.properties.get(rule.property)?.type;
  if (type !== "string") return null;
  return { property: rule.property, expression: textKey(property.text(rule.property)) };
}

function textOf(query: QueryGroup): string | null {
  const [rule] = query.rules;
  if (rule?.kind !== "rule" || rule.condition.op !== "equals") return null;
  const [value] = rule.condition.values;
  return typeof value === "string" && value.length <= MAX_TEXT ? value : null;
}

/** One reading of the index, or of the blueprint, for all texts. */
async function findByText(
  db: Db,
  org: string,
  expression: Sql,
  members: readonly (readonly [string, Lookup])[],
): Promise<[string, string[]][]> {
  const [first] = members;
  if (first === undefined) return [];
  const texts = members.map(([, lookup]) => textOf(lookup.query) ?? "");
  const limit = Math.max(...members.map(([, lookup]) => lookup.limit));
  const { rows } = await sql<{ text: string; found: string[] }>`
    select text, array_agg(identifier order by n) as found from (
      select ${expression} as text, e.identifier,
        row_number() over (partition by ${expression} order by e.created_at, e.identifier) as n
      from entity e
      where e.org = ${org} and e.blueprint = ${first[1].blueprint} and ${expression} = any(${[...new Set(texts)]}::text[])) m
    where n <= ${limit}::int group by text`.execute(db);
  const found = new Map(rows.map((row) => [row.text, row.found]));
  return members.map(([key, lookup], i) => [key, (found.get(texts[i] ?? "") ?? []).slice(0, lookup.limit)]);
}

async function findEach(
  db: Db,
  scope: Omit<SearchScope, "within">,
  members: readonly (readonly [string, Lookup])[],
): Promise<[string, string[]][]> {
  const ctes: Sql[] = [];
  let names = 0;
  const selects = members.map(([, { blueprint, query, limit }], i) => {
    const compilation = {
      ...startCompilation({ ...scope, within: new Set([blueprint]) }),
      newName: () => sql.raw(`walk${++names}`),
    };
    const condition = compile(query, compilation);
    ctes.push(...[...compilation.walks.values()].flatMap((walk) => walk.ctes));
    return sql`(select ${sql.lit(i)} as i, array(
      select e.identifier from entity e where e.org = ${scope.org} and e.blueprint = ${blueprint} and ${condition}
      order by e.created_at, e.identifier limit ${limit}::int) as found)`;
  });
  const withClause = ctes.length === 0 ? sql`` : sql`with recursive ${sql.join(ctes, sql`, `)} `;
  const { rows } = await sql<{ i: number; found: string[] }>`
    ${withClause}select * from (${sql.join(selects, sql` union all `)}) m`.execute(db);
  return rows.map((row) => [members[row.i]?.[0] ?? "", row.found]);
}
