/** Before the tests, on PostgreSQL: migrates one database, which those of the tests are copied from. */
import { createTestPlace, onPostgres } from "./database.ts";

/** Vitest calls it once per run, and what it returns at the end. */
export async function setup(): Promise<(() => Promise<void>) | undefined> {
  if (!onPostgres) return undefined;
  const place = await createTestPlace();
  process.env["TEST_DATABASE_TEMPLATE"] = new URL(place.databaseUrl ?? "").pathname.slice(1);
  return () => place.remove();
}
