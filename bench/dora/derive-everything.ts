/** The database of a place, opened by a benchmark itself, and DORA derived in it from scratch. */
import { createDeriver } from "../../src/metrics/dora/derive-service.ts";
import { SYSTEM_ACTOR } from "../../src/model/actor.ts";
import type { Ctx } from "../../src/storage/context.ts";
import { allServices } from "../../src/storage/dora-facts.ts";
import { transact } from "../../src/storage/transact.ts";
import { openAt, type TestPlace } from "../../test/support/database.ts";

export async function withDatabase<T>(
  place: TestPlace,
  work: (ctx: Ctx, kind: string) => Promise<T>,
): Promise<T> {
  const database = await openAt(place);
  try {
    const { id: org } = await database.kysely
      .selectFrom("organization")
      .select("id")
      .executeTakeFirstOrThrow();
    const quiet = (): undefined => undefined;
    const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };
    return await work(
      { db: database.kysely, org, actor: SYSTEM_ACTOR, now: () => new Date(), log },
      database.kind,
    );
  } finally {
    await database.close();
  }
}

/** @returns how long it took, as a text */
export async function deriveEverything(ctx: Ctx): Promise<string> {
  const deriver = createDeriver();
  const services = await allServices(ctx.db, ctx.org, "service");
  const before = process.cpuUsage();
  const started = performance.now();
  for (const service of services) {
    const write = await deriver.derive(ctx, service);
    await transact(ctx, write);
  }
  const own = process.cpuUsage(before);
  await deriver.stop();
  return (
    `${((performance.now() - started) / 1000).toFixed(1)} s, ` +
    `processor of this process ${((own.user + own.system) / 1e6).toFixed(1)} s`
  );
}
