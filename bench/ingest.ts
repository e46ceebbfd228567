/**
 * How fast entities come in: bulk creation with one relation each, and the same entities sent again unchanged, in
 * batches of 500 through the use case. `node bench/ingest.ts` prints it for the embedded database and, when
 * DATABASE_URL is set, for that PostgreSQL server (in a database of its own).
 */
import { createBlueprint } from "../src/catalog/define-blueprint.ts";
import { upsertEntities, type UpsertOptions } from "../src/catalog/upsert-entity.ts";
import { startMaintenance } from "../src/storage/maintenance.ts";
import { openTestDatabase } from "../test/support/database.ts";

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

function deployments(batch: number, status: string): unknown[] {
  return Array.from({ length: BATCH }, (_, i) => {
    const n = batch * BATCH + i;
    return {
      identifier: `checkout-${n % 50}@v1.${n}`,
      title: `Deployment ${n}`,
      properties: {
        createdAt: new Date(1_700_000_000_000 + n * 60_000).toISOString(),
        environment: "Production",
        deploymentStatus: status,
        sha: n.toString(16).padStart(40, "0"),
        url: `https://git.example.com/checkout/deployments/${n}`,
        trigger: "normal",
      },
      relations: { service: `service-${n % 50}` },
    };
  });
}

export async function benchIngest(): Promise<IngestRates> {
  const opened = await openTestDatabase();
  const { ctx, database } = opened;
  // As a server does.
  const stopMaintenance = startMaintenance(database, (error) => console.error(error));
  try {
    await createBlueprint(ctx, { identifier: "service", title: "Service", schema: { properties: {} } });
    await createBlueprint(ctx, {
      identifier: "deployment",
      title: "Deployment",
      schema: {
        properties: {
          createdAt: { type: "string", format: "date-time" },
          environment: { type: "string", enum: ["Production", "Staging", "Testing"] },
          deploymentStatus: { type: "string", enum: ["Success", "Failed"] },
          sha: { type: "string", pattern: "^[0-9a-f]{40}$" },
          url: { type: "string", format: "url" },
          trigger: { type: "string", enum: ["normal", "rollback", "hotfix"] },
        },
      },
      relations: { service: { target: "service" } },
    });
    const services = Array.from({ length: 50 }, (_, i) => ({
      identifier: `service-${i}`,
      title: `Service ${i}`,
    }));
    await upsertEntities(ctx, "service", services, MERGE);
    const rate = async (status: string): Promise<number> => {
      const started = performance.now();
      for (let batch = 0; batch < BATCHES; batch++) {
        const { outcomes } = await upsertEntities(ctx, "deployment", deployments(batch, status), MERGE);
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
