/**
 * How fast entities come in: bulk creation with one relation each, and the same entities sent again unchanged, in
 * batches of 500 through the use case. `node bench/ingest.ts` prints it for the embedded database and, when
 * DATABASE_URL is set, for that PostgreSQL server (in a database of its own).
 */
import { createBlueprint } from "../src/catalog/define-blueprint.ts";
import { upsertEntities, type UpsertOptions } from "../src/catalog/upsert-entity.ts";
import { startMaintenance } from "../src/storage/maintenance.ts";
import { openTestDatabase } from "../test/support/database.ts";
import { ARTIFACT_BLUEPRINT, artifacts, SERVICE_BLUEPRINT, services } from "./ingest/artifacts.ts";

const BATCH = 500;
const BATCHES = 40;
const MERGE: UpsertOptions = {
  present: "merge",
  absent: "create",
  createMissing: false,
  validationOnly: false,
  closed: false,
};

export interface IngestRates {
  readonly store: "postgres" | "embedded";
  readonly entities: number;
  /** Entities per second. */
  readonly created: number;
  readonly unchanged: number;
  readonly updated: number;
}

export async function benchIngest(): Promise<IngestRates> {
  const opened = await openTestDatabase();
  const { ctx, database } = opened;
  // As a server does.
  const stopMaintenance = startMaintenance(database, (error) => console.error(error));
  try {
    for (const blueprint of [SERVICE_BLUEPRINT, ARTIFACT_BLUEPRINT]) await createBlueprint(ctx, blueprint);
    await upsertEntities(ctx, "service", services(), MERGE);
    const rate = async (status: string): Promise<number> => {
      const started = performance.now();
      for (let batch = 0; batch < BATCHES; batch++) {
        const bodies = artifacts(batch * BATCH, BATCH, status);
        const { outcomes } = await upsertEntities(ctx, "artifact", bodies, MERGE);
        if (outcomes.some((outcome) => !outcome.ok)) throw new Error("an item of the benchmark failed");
      }
      return Math.round((BATCH * BATCHES * 1000) / (performance.now() - started));
    };
    const created = await rate("Success");
    const unchanged = await rate("Success");
    const updated = await rate("Failed");
    return { store: database.kind, entities: BATCH * BATCHES, created, unchanged, updated };
  } finally {
    await stopMaintenance();
    await opened.close();
  }
}

if (import.meta.main) console.log(await benchIngest());
