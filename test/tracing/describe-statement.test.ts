import { expect, test } from "vitest";
import { describeStatement } from "../../src/tracing/describe-statement.ts";

test.each([
  ["select * from entity where org = $1", "select entity", "select * from entity where org = $1"],
  [
    "insert into change (a) values ($1, 'received')",
    "insert change",
    "insert into change (a) values ($1, ?)",
  ],
  [
    "with picked as (select 1 from job limit 5) update job set a = b",
    "update job",
    "with picked as (select ? from job limit ?) update job set a = b",
  ],
  [
    "delete from inbox where x = any($2::text[])",
    "delete inbox",
    "delete from inbox where x = any($2::text[])",
  ],
  [
    "with picked as (select key from job for update skip locked) update job set a = $1",
    "update job",
    "with picked as (select key from job for update skip locked) update job set a = $1",
  ],
  ["begin", "begin", "begin"],
  ["select 1 as ok", "select", "select ? as ok"],
  [
    "select k.id from unnest($1::text[]) k (id) join entity e on e.identifier = k.id",
    "select entity",
    "select k.id from unnest($1::text[]) k (id) join entity e on e.identifier = k.id",
  ],
  ["select e.title from entity e for update", "select entity", "select e.title from entity e for update"],
  ["select 'it''s', E'a\\'b', 12.5, t1.x2 from t1", "select t1", "select ?, ?, ?, t1.x2 from t1"],
  [
    "select a from t where b like $1 escape '\\\\' or c = 'hidden'",
    "select t",
    "select a from t where b like $1 escape ? or c = ?",
  ],
  ["select U&'d\\\\0061t', N'x' from t", "select t", "select ?, ? from t"],
  ["select 1 -- don't\n from t where a = 'b'", "select t", "select ? from t where a = ?"],
  ['select "it\'s", "a1" from t where a = 2', "select t", 'select "it\'s", "a1" from t where a = ?'],
  ["select $$se'cret$$, $tag$se$cret$tag$ from a", "select a", "select ?, ? from a"],
  [
    "select properties ->> 'password'\n  from   entity",
    "select entity",
    "select properties ->> ? from entity",
  ],
])("%s", (text, summary, masked) => {
  expect(describeStatement(text)).toMatchObject({ summary, masked });
});

test("texts without end are cut, and a quote that nobody closes hides what is behind it", () => {
  expect(describeStatement(`select ${"a, ".repeat(2000)} b from t`).masked).toHaveLength(2000);
  expect(describeStatement("select a from t where b = 'hidden").masked).toBe("select a from t where b = ?");
});
