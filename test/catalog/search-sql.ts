/** SQL of searches as text that people can read: parameters in their places, a line for each part. */
import {
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type RawBuilder,
} from "kysely";
import { parseBlueprint } from "../../src/model/blueprint.ts";
import { parseQuery } from "../../src/model/query.ts";
import { NOBODY, type PersonValues } from "../../src/catalog/search-person.ts";
import { type SearchScope, startCompilation } from "../../src/storage/search-compilation.ts";
import { compile } from "../../src/storage/search-compile.ts";
import { EVERY_COLUMN, type Page, type Search, searchStatement } from "../../src/storage/search.ts";

const db = new Kysely<never>({
  dialect: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (on) => new PostgresIntrospector(on),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
});

const text = { type: "string" };
const definitions = [
  {
    identifier: "service",
    properties: {
      s: text,
      n: { type: "number" },
      b: { type: "boolean" },
      l: { type: "array" },
      o: { type: "object" },
      at: { type: "string", format: "date-time" },
      mail: { type: "string", format: "email" },
      owner: { type: "string", format: "email" },
    },
    relations: { domain: { target: "domain" }, dependsOn: { target: "service", many: true } },
  },
  {
    identifier: "deployment",
    properties: { s: { type: "number" } },
    relations: { service: { target: "service", required: true } },
  },
  { identifier: "domain", properties: { mail: { type: "string", format: "email" } }, relations: {} },
];
export const BLUEPRINTS = new Map(
  definitions.map(({ identifier, properties, relations }) => [
    identifier,
    parseBlueprint({ identifier, title: identifier, schema: { properties }, relations }),
  ]),
);

const ASKER: PersonValues = {
  person: ({ context, property }) =>
    context === "user"
      ? property === "$identifier"
        ? ["ann@example.org"]
        : []
      : property === "$identifier"
        ? ["red", "blue"]
        : [],
  personRange: () => null,
};

function scopeOf(within: readonly string[], asks: boolean): SearchScope {
  return {
    org: "org",
    now: new Date("2024-06-15T12:00:00Z"),
    blueprints: BLUEPRINTS,
    within: new Set(within),
    ...(asks ? ASKER : NOBODY),
  };
}

export interface Options {
  readonly within?: readonly string[];
  /** A person asks, not a machine. */
  readonly asks?: boolean;
}

/** The condition on `e` of one rule or group, with the definitions that it needs. */
export function conditionText(rule: object, { within = ["service"], asks = false }: Options = {}): string {
  const query = parseQuery({ combinator: "and", rules: [rule] }, "query");
  const compilation = startCompilation(scopeOf(within, asks));
  const condition = readable(compile(query, compilation));
  const ctes = [...compilation.walks.values()]
    .flatMap((walk) => walk.ctes)
    .map((cte) => `with ${readable(cte)}`);
  return [...ctes, `where ${condition}`].join("\n");
}

/** The whole statement. */
export function statementText(
  query: object,
  page: Page,
  {
    within = ["service"],
    indexed = false,
    columns = EVERY_COLUMN,
  }: Options & { indexed?: boolean; columns?: Search["columns"] } = {},
): string {
  const { statement } = searchStatement(
    {
      query: parseQuery(query, "query"),
      scope: scopeOf(within, false),
      everywhere: within.length === BLUEPRINTS.size,
      indexes: { has: () => indexed },
      columns,
    },
    page,
  );
  return readable(statement);
}

function readable(part: RawBuilder<unknown>): string {
  const { sql, parameters } = part.compile(db);
  const inlined = sql.replaceAll(/\$(\d+)/g, (_all, n: string) => literal(parameters[Number(n) - 1]));
  return broken(inlined.replaceAll(/\s+/g, " ").trim());
}

function literal(value: unknown): string {
  if (Array.isArray(value)) return `'{${value.map((item) => String(item)).join(",")}}'`;
  return typeof value === "number" ? String(value) : `'${String(value)}'`;
}

/** A line for each clause, indented by the parentheses that hold a query. */
function broken(sql: string): string {
  const lines: string[] = [];
  const open: boolean[] = [];
  let line = "";
  const flush = (): void => {
    if (line.trim() !== "") lines.push("  ".repeat(open.filter(Boolean).length) + line.trim());
    line = "";
  };
  const clause = /^(from|where|union all|union|order by|limit|cross join|join|group by) /;
  for (let i = 0; i < sql.length; i++) {
    const rest = sql.slice(i);
    if (sql[i] === "'") {
      const end = sql.indexOf("'", i + 1);
      line += sql.slice(i, end + 1);
      i = end;
    } else if (sql[i] === "(") {
      line += "(";
      const isQuery = /^\( ?(select|\( ?select|with)/.test(rest);
      if (isQuery) flush();
      open.push(isQuery);
    } else if (sql[i] === ")") {
      if (open.at(-1) === true) flush();
      open.pop();
      line += ")";
    } else {
      if (
        line.trim() !== "" &&
        sql[i - 1] === " " &&
        open.at(-1) !== false &&
        clause.test(rest) &&
        !line.endsWith("cross ")
      )
        flush();
      line += sql[i] ?? "";
    }
  }
  flush();
  return lines.join("\n");
}
