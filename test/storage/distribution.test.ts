/**
 * Citus's rules over the schema and every statement as they are written: the distribution column (`org`) in every key,
 * foreign key and condition. What does not satisfy them stands in docs/scale.md, and nothing else may.
 */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { readStatements, statementsOf } from "./distribution/read-statements.ts";
import { schemaTables } from "./distribution/schema-keys.ts";
import { tableReferences } from "./distribution/table-references.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const read = (path: string): string => readFileSync(`${ROOT}${path}`, "utf8");
const tables = schemaTables(read("migrations/schema.sql"));
const distributed = new Set(tables.filter(({ columns }) => columns.includes("org")).map(({ name }) => name));
const statements = readStatements(ROOT, ["src/storage", "src/access"]);

/** First cells of the rows under a heading of docs/scale.md, without backquotes. */
function listed(heading: string, cells: number): string[] {
  const [, part = ""] = read("docs/scale.md").split(`### ${heading}\n`);
  const [section = ""] = part.split(/^#/m);
  return section
    .split("\n")
    .filter((line) => line.startsWith("| `"))
    .map((line) =>
      line
        .split("|")
        .slice(1, cells + 1)
        .map((cell) => cell.trim().replaceAll("`", ""))
        .join(" "),
    )
    .sort();
}

/** `src/storage/queue.ts job 3`: so many references in the file to a table whose organisation nothing names. */
function unbound(): string[] {
  const counts = new Map<string, number>();
  for (const { path, text, kind } of statements) {
    // Rows that the builder inserts have an organisation by their type.
    const [, verb = "", table = ""] = /\.(\w+)\(\s*"(\w+)/.exec(kind === "builder" ? text : "") ?? [];
    const isBuilt = kind === "builder" && verb !== "insertInto" && distributed.has(table);
    const found =
      kind === "builder"
        ? isBuilt && !/"(?:\w+\.)?org"/.test(text)
          ? [table]
          : []
        : tableReferences(text, distributed)
            .filter(({ isBound }) => !isBound)
            .map((one) => one.table);
    for (const name of found) counts.set(`${path} ${name}`, (counts.get(`${path} ${name}`) ?? 0) + 1);
  }
  return [...counts].map(([key, count]) => `${key} ${count}`).sort();
}

describe("the schema", () => {
  test("has the organisation in every table but two", () => {
    const without = tables.map(({ name }) => name).filter((name) => !distributed.has(name));
    expect(distributed.size).toBeGreaterThan(60);
    expect(without).toEqual(["organization", "schema_migration"]);
    expect(listed("Tables without the organisation", 1)).toEqual(without);
  });

  test("has it first in every primary and unique key, but for those that are listed", () => {
    const keys = tables
      .filter(({ name }) => distributed.has(name))
      .flatMap(({ name, keys: own }) =>
        own.filter(({ columns }) => columns[0] !== "org").map((key) => `${name} ${key.name}`),
      );
    expect(tables.every(({ keys: own }) => own.length > 0)).toBe(true);
    expect(listed("Keys without the organisation", 2)).toEqual(keys.sort());
  });

  test("has it first on both sides of every foreign key; those that change with their target are listed", () => {
    const foreign = tables.flatMap((table) =>
      table.foreignKeys.map((key) => ({ table: table.name, ...key })),
    );
    expect(foreign.length).toBeGreaterThan(30);
    for (const { name, columns, target, targetColumns } of foreign)
      expect([name, columns[0], targetColumns[0]]).toEqual([
        name,
        "org",
        target === "organization" ? "id" : "org",
      ]);
    const cascading = foreign
      .filter(({ actions }) => actions.includes("on update"))
      .map(({ table, name }) => `${table} ${name}`);
    expect(listed("Foreign keys that change with their target", 2)).toEqual(cascading.sort());
  });
});

describe("the statements", () => {
  test("name the organisation of every table, but for those that are listed", () => {
    const all = statements.flatMap(({ text, kind }) =>
      kind === "text" ? tableReferences(text, distributed) : [],
    );
    expect(all.length).toBeGreaterThan(500);
    expect(listed("Statements that name no organisation", 3)).toEqual(unbound());
  });
});

describe("the check bites", () => {
  const check = (source: string): string[] =>
    statementsOf("x.ts", source)
      .flatMap(({ text }) => tableReferences(text, distributed))
      .map(({ table, isBound }) => `${table} ${String(isBound)}`);

  test.each([
    ["sql`select * from entity where org = ${org}`", ["entity true"]],
    ["sql`select * from entity e where e.identifier = ${id}`", ["entity false"]],
    [
      "sql`select * from entity e join change c on c.org = e.org where e.org = ${o}`",
      ["entity true", "change true"],
    ],
    ["sql`select * from entity e, change c where e.org = ${o}`", ["entity true", "change false"]],
    ["sql`select * from entity e join change using (org, blueprint)`", ["entity true", "change true"]],
    [
      "sql`select 1 from entity where org = ${o} and exists (select 1 from change c where c.seq = 1)`",
      ["entity true", "change false"],
    ],
    [
      "sql`select 1 from entity where org = ${o} union select 2 from change`",
      ["entity true", "change false"],
    ],
    [
      "sql`delete from inbox where ctid = any(array(select ctid from inbox where org = ${o}))`",
      ["inbox false", "inbox true"],
    ],
    ["sql`insert into job (org, queue) select org, queue from incoming`", ["job true"]],
    ["sql`insert into job (queue) values (${q})`", ["job false"]],
    ["sql`with picked as (select 1) update job set a = 1 from picked p where job.org = p.org`", ["job true"]],
    ["sql`select 1 from job where not (org = any(${list}))`", ["job false"]],
    ["const OF = sql`e.org = ${o}`; sql`select 1 from entity e where ${OF} and true`", ["entity true"]],
    ["const of = (o) => sql`e.org = ${o}`; sql`select 1 from entity e where ${of(1)}`", ["entity true"]],
    ["prepared('x', `select 1 from entity where identifier = $1`)", ["entity false"]],
    ["sql`select 1 from jsonb_to_recordset(${x}) as r (org text) cross join unnest(${y}) k`", []],
    ["sql`select a is distinct from entity from job j where j.org = ${o}`", ["job true"]],
  ])("%s", (source, found) => {
    expect(check(source)).toEqual(found);
  });
});
