/** When the replica is asked, and when the database itself: by the places in the log that both tell. */
import { Kysely, PostgresDialect, type PostgresPool } from "kysely";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Database, Topic } from "../../src/storage/db.ts";
import { useReplica, walNumber } from "../../src/storage/replica.ts";
import type { Tables } from "../../src/storage/tables.ts";

type Answer = () => Promise<Record<string, unknown>>;

/** A database that answers every statement with one row. */
function answering(answer: Answer): Kysely<Tables> {
  const pool = {
    connect: () =>
      Promise.resolve({
        query: async () => ({ command: "SELECT", rowCount: 1, rows: [await answer()] }),
        release: () => undefined,
      }),
    end: () => Promise.resolve(),
  };
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool: pool as unknown as PostgresPool }) });
}

/** What is asked of a database that answers at once is answered. */
const answered = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

beforeEach(() => void vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] }));
afterEach(() => void vi.useRealTimers());
const second = async (): Promise<void> => {
  vi.advanceTimersByTime(1000);
  await answered();
};

async function stage({ isAway = false } = {}) {
  const state = {
    isAway,
    written: "0/100",
    replayed: "0/100",
    isReplica: true,
    failure: null as Error | null,
    at: 0,
  };
  const errors: unknown[] = [];
  let hint: (topic: Topic) => void = () => undefined;
  let asked = 0;
  const primary = answering(() =>
    state.isAway ? Promise.reject(new Error("away")) : Promise.resolve({ lsn: state.written }),
  );
  const behind = answering(() => {
    asked += 1;
    if (state.failure !== null) return Promise.reject(state.failure);
    return Promise.resolve({ lsn: state.replayed, isReplica: state.isReplica });
  });
  const database = {
    kysely: primary,
    onHint: (listener: (topic: Topic) => void) => (hint = listener),
  } as unknown as Database;
  const replica = useReplica(
    database,
    { kysely: behind, close: () => Promise.resolve() },
    (error) => void errors.push(error),
    () => state.at,
  );
  await answered();
  return {
    ...{ state, errors, replica },
    isAsked: async (position: string | null = null) => (await replica.at(position)) === behind,
    asked: () => asked,
    announce: async () => {
      hint("change");
      await answered();
    },
  };
}

test.each([
  ["0/0", 0n],
  ["16/B374D848", 0x16b374d848n],
  ["FFFFFFFF/FFFFFFFF", 0xffffffffffffffffn],
  ["", null],
  ["1", null],
  ["0/", null],
  ["0/1; drop", null],
  ["100000000/0", null],
])("a place in the log: %s", (text, number) => {
  expect(walNumber(text)).toBe(number);
});

describe("the replica is asked", () => {
  test("when it has what the caller wrote, and is not asked again how far it is", async () => {
    const { isAsked, asked, replica, state } = await stage();
    expect(await isAsked("0/100")).toBe(true);
    expect(await isAsked("0/FF")).toBe(true);
    expect(asked()).toBe(1);
    expect(await isAsked("0/101")).toBe(false);
    state.replayed = "0/101";
    expect(await isAsked("0/101")).toBe(true);
    expect(replica.counts).toEqual({ replica: 3, primary: 1 });
  });

  test("only when it has what anybody announced", async () => {
    const { isAsked, announce, state } = await stage();
    expect(await isAsked()).toBe(true);
    state.written = "0/200";
    await announce();
    expect(await isAsked()).toBe(false);
    expect(await isAsked("0/1")).toBe(false);
    state.replayed = "0/200";
    expect(await isAsked()).toBe(true);
  });

  test("only when it has what was written before this process heard of anything", async () => {
    const { isAsked, state } = await stage({ isAway: true });
    expect(await isAsked()).toBe(false);
    state.isAway = false;
    state.written = "0/200";
    await second();
    expect(await isAsked()).toBe(false);
    state.replayed = "0/200";
    expect(await isAsked()).toBe(true);
  });

  test("only when it has what is written, a second later also where nobody said so", async () => {
    const { isAsked, state } = await stage();
    state.written = "0/200";
    expect(await isAsked()).toBe(true);
    await second();
    expect(await isAsked()).toBe(false);
  });

  test("not where a place in the log could not be asked for, until it is known", async () => {
    const { isAsked, announce, state } = await stage();
    state.isAway = true;
    await announce();
    expect(await isAsked()).toBe(false);
    await second();
    expect(await isAsked()).toBe(false);
    state.isAway = false;
    await second();
    expect(await isAsked()).toBe(true);
  });

  test("not while a place in the log is not known yet", async () => {
    const { isAsked, announce } = await stage();
    expect(await isAsked()).toBe(true);
    const announced = announce();
    expect(await isAsked()).toBe(false);
    await announced;
    expect(await isAsked()).toBe(true);
  });

  test("not for a while after it failed", async () => {
    const { isAsked, state, errors, asked } = await stage();
    state.failure = Object.assign(new Error("away"), { code: "ECONNREFUSED" });
    expect(await isAsked("0/1")).toBe(false);
    expect(await isAsked("0/1")).toBe(false);
    expect([errors.length, asked()]).toEqual([1, 1]);
    state.failure = null;
    state.at = 5001;
    expect(await isAsked("0/1")).toBe(true);
  });

  test("not when it is none, or has replayed nothing", async () => {
    const one = await stage();
    one.state.isReplica = false;
    expect(await one.isAsked()).toBe(false);
    expect(String(one.errors[0])).toContain("does not lead to a replica");
    const other = await stage();
    other.state.replayed = "0/0";
    expect(await other.isAsked()).toBe(false);
  });

  test("by whoever sends nonsense as what they wrote, as if they wrote nothing", async () => {
    const { isAsked } = await stage();
    expect(await isAsked("x".repeat(10_000))).toBe(true);
  });
});

test("failures of its own are told from those of the question", async () => {
  const { replica, isAsked } = await stage();
  const coded = (code: string): Error => Object.assign(new Error("no"), { code });
  for (const code of ["40001", "57P01", "08006", "ECONNRESET"])
    expect([code, replica.isItsFault(coded(code))]).toEqual([code, true]);
  for (const code of ["57014", "22012", "42P01", "invalid_request"])
    expect([code, replica.isItsFault(coded(code))]).toEqual([code, false]);
  expect(replica.isItsFault(new Error("Connection terminated unexpectedly"))).toBe(true);
  expect(replica.isItsFault(new TypeError("x is undefined"))).toBe(false);
  expect(await isAsked()).toBe(false);
});
