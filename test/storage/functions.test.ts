import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { INSTANT_PATTERN, parseExactInstant, parseInstant } from "../../src/model/instant.ts";
import { openTestDatabase, type TestDatabase } from "../support/database.ts";

let t: TestDatabase;
beforeAll(async () => {
  t = await openTestDatabase();
});
afterAll(() => t.close());

test("as_instant knows the same instants as the model", async () => {
  const { rows } = await sql<{
    body: string;
  }>`select prosrc as body from pg_proc where proname = 'as_instant'`.execute(t.database.kysely);
  expect(rows[0]?.body).toContain(`'${INSTANT_PATTERN}'`);
  const texts = [
    "2024-06-15T10:00:00Z",
    "2024-06-15 10:00:00.123456+02:00",
    "2024-06-15T10:00:00.1234565Z",
    "2024-06-15T10:00:00.000000500Z",
    "1969-12-31T23:59:59.999999999Z",
    "2024-02-30T00:00:00Z",
    "2024-02-29T00:00:00Z",
    "2023-02-29T00:00:00Z",
    "2024-06-15T10:00:00",
    "2024-06-15",
    "0000-01-01T00:00:00Z",
    "9999-12-31T23:59:59Z",
    "x",
    "",
    "2024-06-15T24:00:00Z",
    "2024-06-15t10:00:00z",
    "2024-06-15T10:00:00+1400",
    "2024-06-15T10:00:00+15:00",
  ];
  const found = await sql<{ text: string; at: Date | null; ms: number | null }>`
    select text, date_trunc('milliseconds', as_instant(text)) as at, (extract(epoch from as_instant(text)) * 1000)::float8 as ms
    from unnest(${texts}::text[]) text`.execute(t.database.kysely);
  for (const { text, at, ms } of found.rows) {
    if (!text.endsWith("999999999Z"))
      expect([text, at?.getTime() ?? null]).toEqual([text, parseInstant(text)]);
    expect([text, ms]).toEqual([text, parseExactInstant(text)]);
  }
});

test("as_number is null for everything that is no number", async () => {
  const { rows } = await sql<{ n: number | null }>`
    select as_number(value) as n from jsonb_array_elements('[1, -2.5, "3", true, null, [4], {"x": 5}]') value`.execute(
    t.database.kysely,
  );
  expect(rows.map((row) => row.n)).toEqual([1, -2.5, null, null, null, null, null]);
});
