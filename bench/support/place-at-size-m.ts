/** A place with everything of size M in it, derived, and nobody at it. */
import { sql } from "kysely";
import { openPortal } from "../../test/flows/support/portal.ts";
import { startServer } from "../../test/flows/support/processes.ts";
import { createTestPlace, type TestPlace } from "../../test/support/database.ts";
import { deriveEverything, withDatabase } from "../dora/derive-everything.ts";
import { defineModel, fillM } from "../dora/fill.ts";

export async function createPlaceAtSizeM(): Promise<TestPlace> {
  const place = await createTestPlace();
  const server = await startServer(place, { FAIRWAY_LOG_LEVEL: "fatal" });
  const portal = await openPortal(server.url, place.dataDir);
  await defineModel((path, body) => portal.send("POST", path, body));
  server.kill("SIGTERM");
  await server.ended;
  await withDatabase(place, async (ctx) => {
    await fillM(ctx.db, ctx.org);
    await deriveEverything(ctx);
    await sql`vacuum analyze`.execute(ctx.db);
  });
  return place;
}
