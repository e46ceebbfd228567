import { sql } from "kysely";
import { onPostgres, openAt, type TestPlace } from "../../support/database.ts";

/** What a dead server was at waits for its lease to run out, where another process could still be at it. */
export async function letLeasesRunOut(place: TestPlace): Promise<void> {
  if (!onPostgres) return;
  const database = await openAt(place);
  await sql`update job set lease_until = now() - interval '1 second' where lease_token is not null`.execute(
    database.kysely,
  );
  await database.close();
}
