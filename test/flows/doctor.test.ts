/** `fairway doctor` beside a running server, after it has stopped, and with what goes wrong in a database. */
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { diagnose } from "../../src/doctor/diagnose.ts";
import type { Finding } from "../../src/doctor/finding.ts";
import { startTestApp, type TestApp } from "../support/app.ts";
import { onPostgres, openAt } from "../support/database.ts";
import { runCli } from "./support/processes.ts";

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
  const secret = { secretName: "token", secretValue: "s3cret-value" };
  const { status } = await app.send("POST", "/v1/organization/secrets", secret);
  if (status >= 300) throw new Error(`the secret was not stored: ${status}`);
});
afterAll(() => app.stop());

const settings = (): Record<string, string> => {
  const { databaseUrl } = app.config;
  return { FAIRWAY_DATA: app.dataDir, ...(databaseUrl !== null && { DATABASE_URL: databaseUrl }) };
};
const byId = (findings: readonly Finding[]): Map<string, Finding[]> => {
  expect(JSON.stringify(findings)).not.toContain("s3cret-value");
  return Map.groupBy(findings, ({ id }) => id);
};
const examine = async (env: Readonly<Record<string, string>> = {}): Promise<Map<string, Finding[]>> =>
  byId(await diagnose({ ...settings(), ...env }, new Date()));
const statuses = (found: Map<string, Finding[]>, id: string): string[] =>
  (found.get(id) ?? []).map(({ status }) => status);

test("beside a running server", async () => {
  // A process of its own: the lock of the embedded database counts for others only.
  const { stdout, stderr } = await runCli(app.dataDir, ["doctor", "--json"], settings()).ended;
  expect(stderr).toBe("");
  const found = byId((JSON.parse(stdout) as { findings: Finding[] }).findings);
  for (const id of ["settings.load", "server.ready", "database.reach", "work.queues", "work.failing"])
    expect([id, statuses(found, id)]).toEqual([id, ["ok"]]);
  expect(statuses(found, "derivation.drift")).toEqual(["ok"]);
  // The embedded database belongs to the server.
  expect(statuses(found, "secrets.open")).toEqual([onPostgres ? "ok" : "not checked"]);
  if (!onPostgres) expect(found.get("secrets.open")?.[0]?.what).toContain(`process ${process.pid}`);
});

test("with the server down: what the database knows", async () => {
  await app.running.stop();
  const database = await openAt({ dataDir: app.dataDir, databaseUrl: app.config.databaseUrl });
  const { kysely } = database;
  const { id: org } = await kysely.selectFrom("organization").select("id").executeTakeFirstOrThrow();
  const at = new Date(Date.now() - 7_200_000);
  const job = { org, queue: "dora", key: "shop", run_at: at, attempts: 4, last_error: "no such shop" };
  await kysely.insertInto("job").values(job).execute();
  await kysely
    .insertInto("inbox")
    .values({
      ...{ org, source: "webhook:ci:1", delivery_id: "d1", received_at: at, status: "failed" },
      outcome: JSON.stringify({ errors: [{ reason: "the property is a number" }] }),
    })
    .execute();
  await sql`
    insert into integration (org, installation_id, internal_id, document, resync_state, created_at, updated_at)
    values (${org}, 'kafka-1', 'i1', '{"title":"Kafka"}', '{"status":"failed"}', ${at}, ${at})`.execute(
    kysely,
  );
  await database.close();

  const found = await examine();
  expect(statuses(found, "server.ready")).toEqual(["warning"]);
  for (const id of ["database.reach", "database.migrations", "secrets.open", "secrets.credentials"])
    expect([id, statuses(found, id)]).toEqual([id, ["ok"]]);
  expect(found.get("work.queues")?.[0]).toMatchObject({ status: "warning" });
  expect(found.get("work.failing")?.[0]?.what).toContain("no such shop");
  expect(found.get("mappings.events")?.[0]?.what).toContain("the property is a number");
  expect(found.get("sources.runs")?.[0]?.what).toContain("Kafka");
  expect(statuses(found, "derivation.drift")).toEqual(["not checked"]);
});

test("with another secret key", async () => {
  const found = await examine({ FAIRWAY_SECRET_KEY: "another-key-of-at-least-32-characters" });
  expect(statuses(found, "secrets.open")).toEqual(["failed"]);
  expect(found.get("secrets.open")?.[0]?.what).toContain('secret "token"');
  expect(statuses(found, "secrets.credentials")).toEqual(["warning"]);
});
