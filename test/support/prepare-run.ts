/** Before the first test of a run: where the databases of the tests are, and on PostgreSQL what they are copied from. */
import { statfsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { createTestPlace, onPostgres } from "./database.ts";

/** Usually memory; in a container often 64 MB. */
const MEMORY = "/dev/shm";
/** Each database takes some 30 MB while its test file runs; the longest imports take ten times as much. */
const NEEDED_BYTES = 3_000_000_000;

function hasRoom(): boolean {
  try {
    const { bavail, bsize } = statfsSync(MEMORY);
    return bavail * bsize > NEEDED_BYTES && process.availableMemory() > 2 * NEEDED_BYTES;
  } catch {
    return false;
  }
}

/** Vitest calls it once per run, and what it returns at the end. */
export async function setup(): Promise<() => Promise<void>> {
  const undo: (() => Promise<void>)[] = [];
  if (!onPostgres && hasRoom()) {
    const folder = await mkdtemp(join(MEMORY, "fairway-tests-"));
    process.env["TEST_FOLDER"] = folder;
    undo.push(() => rm(folder, { recursive: true, force: true }));
  }
  if (onPostgres) {
    const place = await createTestPlace();
    process.env["TEST_DATABASE_TEMPLATE"] = new URL(place.databaseUrl ?? "").pathname.slice(1);
    undo.push(() => place.remove());
  }
  return async () => {
    for (const step of undo) await step();
  };
}
