import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { dumpSchema } from "../../tools/dump-schema.ts";
import { openTestDatabase, type TestDatabase } from "../support/database.ts";

let t: TestDatabase;
beforeAll(async () => {
  t = await openTestDatabase();
});
afterAll(() => t.close());

test("migrations/schema.sql is what the migrations give (npm run schema rewrites it)", async () => {
  const committed = readFileSync(new URL("../../migrations/schema.sql", import.meta.url), "utf8");
  expect(await dumpSchema(t.database)).toBe(committed);
});

test("every table has the organisation first in its key", async () => {
  const committed = readFileSync(new URL("../../migrations/schema.sql", import.meta.url), "utf8");
  const tables = [...committed.matchAll(/^create table (\w+) \([^;]*?PRIMARY KEY \((\w+)/gm)].map(
    ([, table, first]) => [table, first],
  );
  const names = [...committed.matchAll(/^create table (\w+)/gm)].map(([, table]) => table);
  expect(tables.map(([table]) => table)).toEqual(names);
  const installation = new Set(["organization", "schema_migration"]);
  expect(tables.filter(([table, first]) => first !== "org" && !installation.has(table ?? ""))).toEqual([]);
});
