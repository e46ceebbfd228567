/** `kill -9` in the middle of migrations: after a restart they go on where they were, and every entity counts once. */
import { afterAll, afterEach, beforeEach, expect, test } from "vitest";
import { createTestPlace, type TestPlace } from "../support/database.ts";
import { letLeasesRunOut } from "./support/let-leases-run-out.ts";
import { openPortal, type Portal } from "./support/portal.ts";
import { endProcesses, type ServerProcess, startServer } from "./support/processes.ts";
import { comes, patient } from "../support/patience.ts";

const CREDENTIALS = { FAIRWAY_CLIENT_ID: "flow-test", FAIRWAY_CLIENT_SECRET: "a secret of the flow tests" };
const ENTITIES = 5000;
/** Six servers start one after the other. */
const TIMEOUT = 240_000;

let place: TestPlace;
beforeEach(async () => {
  place = await createTestPlace();
});
afterEach(() => place.remove());
afterAll(() => endProcesses());

interface Migration {
  readonly status: string;
  readonly successCount: number;
  readonly failureCount: number;
  readonly totalCount: number | null;
}

const read = async (portal: Portal, id: string): Promise<Migration> =>
  (await portal.get<{ migration: Migration }>(`/v1/migrations/${id}`)).migration;

const until = (portal: Portal, id: string, reached: (one: Migration) => boolean): Promise<Migration> =>
  comes(() => read(portal, id), reached, patient(60_000));

async function fill(portal: Portal, blueprint: string): Promise<void> {
  for (let from = 0; from < ENTITIES; from += 500)
    await portal.send("POST", `/v1/blueprints/${blueprint}/entities/bulk`, {
      entities: Array.from({ length: 500 }, (_, i) => ({
        identifier: `e${from + i}`,
        properties: { n: from + i },
      })),
    });
}

const blueprint = (identifier: string) => ({
  ...{ identifier, title: "T" },
  schema: { properties: { n: { type: "number" } } },
});

async function killed(
  start: (portal: Portal) => Promise<string>,
): Promise<{ portal: Portal; end: Migration }> {
  let server: ServerProcess = await startServer(place, CREDENTIALS);
  let portal = await openPortal(server.url, place.dataDir);
  await portal.send("POST", "/v1/blueprints", blueprint("source"));
  await portal.send("POST", "/v1/blueprints", blueprint("target"));
  await fill(portal, "source");
  const id = await start(portal);
  for (const share of [0.2, 0.6]) {
    const seen = await until(
      portal,
      id,
      (one) => one.successCount >= share * ENTITIES || one.status === "COMPLETED",
    );
    expect(seen.status).toBe("RUNNING");
    server.kill("SIGKILL");
    await server.ended;
    await letLeasesRunOut(place);
    server = await startServer(place, CREDENTIALS);
    portal = await openPortal(server.url, place.dataDir);
    expect((await read(portal, id)).successCount).toBeGreaterThanOrEqual(seen.successCount);
  }
  return { portal, end: await until(portal, id, (one) => one.status !== "RUNNING") };
}

test("deletion of all entities and of the blueprint", { timeout: TIMEOUT }, async () => {
  const { portal, end } = await killed(async (portal) => {
    const answer = await portal.send(
      "DELETE",
      "/v1/blueprints/source/all-entities?delete_blueprint=true",
      undefined,
    );
    return (answer as { migrationId: string }).migrationId;
  });
  expect(end).toMatchObject({
    status: "COMPLETED",
    successCount: ENTITIES,
    totalCount: ENTITIES,
    failureCount: 0,
  });
  const { blueprints } = await portal.get<{ blueprints: { identifier: string }[] }>("/v1/blueprints");
  expect(blueprints.map((one) => one.identifier)).not.toContain("source");
});

test("a mapping to another blueprint", { timeout: TIMEOUT }, async () => {
  const { portal, end } = await killed(async (portal) => {
    const answer = await portal.send("POST", "/v1/migrations", {
      sourceBlueprint: "source",
      mapping: {
        blueprint: "'target'",
        entity: { identifier: ".identifier", properties: { n: ".properties.n + 1" } },
      },
    });
    return (answer as { migration: { id: string } }).migration.id;
  });
  expect(end).toMatchObject({
    status: "COMPLETED",
    successCount: ENTITIES,
    totalCount: ENTITIES,
    failureCount: 0,
  });
  expect(await portal.get("/v1/blueprints/target/entities-count")).toMatchObject({ count: ENTITIES });
  const { entity } = await portal.get<{ entity: object }>("/v1/blueprints/target/entities/e4999");
  expect(entity).toMatchObject({ properties: { n: 5000 } });
});
