/** A random model and random operations on it, checked again and again; everything follows from the seed. */
import type { Ctx } from "../../../src/storage/context.ts";
import type { TestDatabase } from "../../support/database.ts";
import { randomOf } from "./random.ts";
import { type Clock, randomModel, randomOperation } from "./random-operations.ts";

export interface Sequence {
  readonly seed: number;
  readonly operations: number;
  /** Checked after so many operations on average. */
  readonly between: number;
  /** Up to four blueprints instead of two, and more definitions on each. */
  readonly isLarge: boolean;
}

/** A Wednesday noon; the operations step the clock from here. */
const START = Date.parse("2026-11-25T12:00:00Z");

/** @param check throws where something is wrong; what led to it is added to the message */
export async function runSequence(
  t: TestDatabase,
  { seed, operations, between, isLarge }: Sequence,
  check: (ctx: Ctx) => Promise<void>,
): Promise<void> {
  const random = randomOf(seed);
  const clock: Clock = { at: START };
  const org = `org_${seed}`;
  await t.database.kysely.insertInto("organization").values({ id: org, name: org }).execute();
  const ctx: Ctx = { ...t.ctx, org, now: () => new Date(clock.at) };
  await randomModel(ctx, random, clock, isLarge);
  const done: string[] = ["model"];
  const checked = async (): Promise<void> => {
    try {
      await check(ctx);
    } catch (error) {
      const where = `seed ${seed}, operation ${done.length - 1}, after: ${done.slice(-2 * between).join(", ")}`;
      throw new Error(`${where}\n${(error as Error).message}`, { cause: error });
    }
  };
  await checked();
  for (let i = 0; i < operations; i++) {
    try {
      done.push(await randomOperation(ctx, random, clock));
    } catch (error) {
      throw new Error(`seed ${seed}, operation ${i}: ${(error as Error).message}`, { cause: error });
    }
    if (random.chance(1 / between) || i === operations - 1) await checked();
  }
}
