import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Db } from "../../src/storage/db.ts";
import { closeDelivery, openDelivery, storeDelivery } from "../../src/storage/inbox.ts";
import { openTestDatabase, type TestDatabase } from "../support/database.ts";

const NOW = new Date("2026-03-01T12:00:00Z");
let t: TestDatabase;
let db: Db;
beforeAll(async () => {
  t = await openTestDatabase();
  db = t.database.kysely;
});
afterAll(() => t.close());
beforeEach(() => t.database.exec("delete from inbox"));

const store = (deliveryId: string, payload = '{"a": [1, "ä", null]}', source = "hooks") =>
  storeDelivery(db, t.ctx.org, { source, deliveryId, payload }, NOW);
const open = (deliveryId: string) => openDelivery(db, t.ctx.org, "hooks", deliveryId);
const close = (deliveryId: string, status: "processed" | "failed", keepPayload: boolean) =>
  closeDelivery(db, t.ctx.org, "hooks", deliveryId, { status, outcome: { n: 1 }, keepPayload, now: NOW });
const rows = async () => (await sql`select * from inbox order by delivery_id`.execute(db)).rows;

test("keeps the payload as it came", async () => {
  expect(await store("1")).toBe(true);
  expect(await open("1")).toEqual({ a: [1, "ä", null] });
  expect(await rows()).toMatchObject([{ status: "received", received_at: NOW, processed_at: null }]);
});

test("the same delivery twice is one: the second says so and changes nothing", async () => {
  await store("1", '{"first": true}');
  expect(await store("1", '{"second": true}')).toBe(false);
  expect(await open("1")).toEqual({ first: true });
  expect(await store("1", "{}", "other")).toBe(true);
});

test("the same delivery several times at once is stored once", async () => {
  const stored = await Promise.all(Array.from({ length: 8 }, () => store("1")));
  expect(stored.filter(Boolean)).toHaveLength(1);
  expect(await rows()).toHaveLength(1);
});

test("a delivery that is done is not opened again, nor stored again", async () => {
  await store("1");
  await close("1", "processed", false);
  expect(await open("1")).toBeUndefined();
  expect(await store("1")).toBe(false);
  expect(await rows()).toMatchObject([
    { status: "processed", payload: null, outcome: { n: 1 }, processed_at: NOW },
  ]);
});

test("one that failed keeps its payload for another try by a person", async () => {
  await store("1");
  await close("1", "failed", true);
  expect(await open("1")).toBeUndefined();
  expect(await rows()).toMatchObject([{ status: "failed", payload: { a: [1, "ä", null] } }]);
});

test("one that never came is undefined", async () => {
  expect(await open("none")).toBeUndefined();
});
