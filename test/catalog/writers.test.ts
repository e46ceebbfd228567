/**
 * Many writers at once, as several exporters and people do: nothing that was acknowledged is lost, no deadlock reaches
 * anybody, relations say one thing wherever they are read, and the change feed tells an unbroken story.
 * `WRITERS_SECONDS=60 WRITERS_SEED=7 tools/with-postgres npx vitest run test/catalog/writers.test.ts` for a long run.
 */
import { afterAll, beforeAll, expect, test } from "vitest";
import { deleteEntities } from "../../src/catalog/delete-entity.ts";
import { upsertEntities } from "../../src/catalog/upsert-entity.ts";
import { AppError } from "../../src/model/error.ts";
import type { Ctx } from "../../src/storage/context.ts";
import { openTestDatabase, type TestDatabase } from "../support/database.ts";
import { type RandomSource, randomSource } from "../http/support/random-source.ts";
import { allEntities, changes, define, MERGE, relationsAgree } from "./fixture.ts";

const SECONDS = Number(process.env["WRITERS_SECONDS"] ?? 2);
const SEED = Number(process.env["WRITERS_SEED"] ?? 20261125);
const WRITERS = 8;
/** Few, so that every write meets others. */
const IDS = Array.from({ length: 30 }, (_, i) => `e${i}`);
/** What is deleted now and then: relations to it are cleared, writes that name it may be refused. */
const PASSING = ["x0", "x1", "x2"];

let t: TestDatabase;
let ctx: Ctx;
beforeAll(async () => {
  t = await openTestDatabase();
  ctx = t.ctx;
  const properties = Object.fromEntries(
    Array.from({ length: WRITERS }, (_, i) => [`p${i}`, { type: "number" }]),
  );
  await define(ctx, "target", properties);
  await define(ctx, "passing");
  const relations = {
    one: { target: "target" },
    many: { target: "source", many: true },
    maybe: { target: "passing", many: true },
  };
  await define(ctx, "source", properties, { relations });
});
afterAll(() => t.close());

class Writer {
  /** `blueprint identifier` → the last value of this writer's property that was acknowledged. */
  readonly acknowledged = new Map<string, number>();
  readonly problems: string[] = [];
  writes = 0;
  readonly #random: RandomSource;
  #count = 0;

  readonly number: number;

  constructor(number: number) {
    this.number = number;
    this.#random = randomSource(SEED * WRITERS + number);
  }

  async run(until: number): Promise<void> {
    while (Date.now() < until && this.problems.length === 0) {
      try {
        await this.#step();
      } catch (error) {
        this.problems.push(String(error));
      }
    }
  }

  #some<T>(from: readonly T[], atMost: number): T[] {
    return Array.from({ length: this.#random.int(atMost + 1) }, () => this.#random.pick(from));
  }

  #step(): Promise<void> {
    if (this.#random.chance(0.05)) return this.#delete();
    return this.#write(this.#random.chance(0.25) ? "target" : "source");
  }

  async #delete(): Promise<void> {
    await deleteEntities(ctx, "passing", this.#some(PASSING, 3), { deleteDependents: false });
  }

  /** One to twenty entities, in any order, some of them twice. */
  async #write(blueprint: "source" | "target"): Promise<void> {
    const bodies = [this.#random.pick(IDS), ...this.#some(IDS, this.#random.chance(0.5) ? 0 : 19)].map(
      (identifier) => ({
        identifier,
        properties: { [`p${this.number}`]: ++this.#count },
        ...(blueprint === "target" ? {} : { relations: this.#relations() }),
      }),
    );
    const options = { ...MERGE, createMissing: this.#random.chance(0.7) };
    const { outcomes } = await upsertEntities(ctx, blueprint, bodies, options);
    for (const outcome of outcomes) {
      const body = bodies[outcome.index];
      if (body === undefined) throw new Error("an outcome of nothing");
      if (outcome.ok) {
        const value = body.properties[`p${this.number}`] ?? 0;
        this.acknowledged.set(`${blueprint} ${body.identifier}`, value);
        this.writes += 1;
      } else if (!(outcome.error instanceof AppError) || outcome.error.code !== "not_found")
        this.problems.push(`${outcome.error.code}: ${outcome.error.message}`);
    }
  }

  #relations(): Record<string, unknown> {
    return {
      ...(this.#random.chance(0.5) ? { one: this.#random.pick(IDS) } : {}),
      ...(this.#random.chance(0.5) ? { many: this.#some(IDS, 5) } : {}),
      ...(this.#random.chance(0.3) ? { maybe: this.#some(PASSING, 2) } : {}),
    };
  }
}

test(
  `${WRITERS} writers of the same entities for ${SECONDS} s (seed ${SEED})`,
  async () => {
    const writers = Array.from({ length: WRITERS }, (_, i) => new Writer(i));
    const until = Date.now() + SECONDS * 1000;
    await Promise.all(writers.map((writer) => writer.run(until)));
    expect(writers.flatMap((writer) => writer.problems)).toEqual([]);
    for (const writer of writers) expect(writer.writes).toBeGreaterThan(0);

    // No lost update: of every writer's property stands what was acknowledged last.
    for (const blueprint of ["source", "target"]) {
      const entities = await allEntities(ctx, blueprint);
      const lost = entities.flatMap((entity) =>
        writers.flatMap(({ number, acknowledged }) => {
          const expected = acknowledged.get(`${blueprint} ${entity.identifier}`) ?? null;
          const stored = entity.properties[`p${number}`] ?? null;
          return stored === expected
            ? []
            : [
                `${blueprint} ${entity.identifier} p${number}: ${JSON.stringify(stored)}, not ${String(expected)}`,
              ];
        }),
      );
      expect(lost).toEqual([]);
      const stored = new Set(entities.map((entity) => `${blueprint} ${entity.identifier}`));
      const gone = writers.flatMap((writer) =>
        [...writer.acknowledged.keys()].filter((key) => key.startsWith(`${blueprint} `) && !stored.has(key)),
      );
      expect(gone).toEqual([]);
      await relationsAgree(ctx, blueprint);
    }

    // The feed tells of each entity an unbroken story that ends with what is stored.
    const states = new Map<string, unknown>();
    const breaks: string[] = [];
    for (const { kind, action, blueprint, identifier, before, after } of await changes(ctx)) {
      if (kind !== "entity") continue;
      const key = `${blueprint ?? ""} ${identifier ?? ""}`;
      const known = states.get(key) ?? null;
      if (JSON.stringify(known) !== JSON.stringify(before)) breaks.push(`${action} ${key}`);
      states.set(key, after);
    }
    expect(breaks).toEqual([]);
    for (const blueprint of ["source", "target", "passing"])
      for (const entity of await allEntities(ctx, blueprint)) {
        const { relations, properties } = states.get(`${blueprint} ${entity.identifier}`) as typeof entity;
        expect({ relations, properties }).toEqual({
          relations: entity.relations,
          properties: entity.properties,
        });
        states.delete(`${blueprint} ${entity.identifier}`);
      }
    expect([...states.values()].filter((state) => state !== null)).toEqual([]);
  },
  SECONDS * 2000 + 120_000,
);
