/** A backup made while others write, restored elsewhere: the same numbers, and all that was acknowledged before it. */
import {
  appendFileSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { pino } from "pino";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { restoreCommand } from "../../src/cli/commands/restore.ts";
import { createStyle } from "../../src/cli/style.ts";
import { loadConfig } from "../../src/config.ts";
import { serve } from "../../src/serve.ts";
import { startTestApp, type TestApp } from "../support/app.ts";
import { onPostgres } from "../support/database.ts";
import { patient, SOON } from "../support/patience.ts";

const WINDOW = "from=2026-01-01&to=2026-02-01";
const text = { type: "string" };
let app: TestApp;
let other: string;

async function create(path: string, body: object): Promise<void> {
  const { status, body: answer } = await app.send("POST", path, body);
  if (status >= 300) throw new Error(`${path}: ${status} ${JSON.stringify(answer)}`);
}

beforeAll(async () => {
  app = await startTestApp();
  other = mkdtempSync(join(tmpdir(), "fairway-restored-"));
  const blueprint = (identifier: string, properties: object, rest: object = {}): Promise<void> =>
    create("/v1/blueprints", { identifier, title: identifier, schema: { properties }, ...rest });
  await blueprint("service", { repository: text });
  await blueprint("note", { text });
  await blueprint(
    "deployment",
    { createdAt: text, deploymentStatus: text, sha: text },
    { relations: { service: { target: "service" } } },
  );
  await create("/v1/blueprints/service/entities", { identifier: "shop", properties: { repository: "r" } });
  const sha = (n: number): string => String(n).repeat(40);
  const commits = [1, 2, 3].map((n) => ({
    ...{ repository: "r", sha: sha(n), parents: n === 1 ? [] : [sha(n - 1)], author: "A <a@example.com>" },
    ...{ authoredAt: `2026-01-0${n}T06:00:00Z`, committedAt: `2026-01-0${n}T06:00:00Z`, message: "m" },
  }));
  await create("/v1/dora/commits", { commits });
  for (const n of [1, 2, 3])
    await create("/v1/blueprints/deployment/entities", {
      ...{ identifier: `d${n}`, relations: { service: "shop" } },
      properties: { createdAt: `2026-01-1${n}T06:00:00Z`, deploymentStatus: "Success", sha: sha(n) },
    });
  await app.settled(patient(90_000));
}, 300_000);
afterAll(async () => {
  await app.stop();
  rmSync(other, { recursive: true, force: true });
});

const said: string[] = [];
const output = {
  json: false,
  width: 100,
  style: createStyle(false),
  write: (line: string) => void said.push(line),
};
const restore = (folder: string, into: string): Promise<unknown> => {
  vi.stubEnv("FAIRWAY_DATA", into);
  return restoreCommand(folder, output);
};

test("restored, it has the numbers of then and everything acknowledged before", async () => {
  const backUp = (query = "") =>
    app.send<{ message: string; backup: { folder: string; hasKey: boolean } }>(
      "POST",
      `/v1/backups${query}`,
      {},
    );
  if (onPostgres) {
    const { status, body } = await backUp();
    expect([status, body.message]).toEqual([422, expect.stringContaining("pg_dump")]);
    return;
  }
  const numbers = (await app.send("GET", `/v1/dora/metrics?entity=shop&${WINDOW}`)).body;
  let [written, isDone] = [0, false];
  const writer = (async () => {
    while (!isDone) {
      await create("/v1/blueprints/note/entities", { identifier: `n${written}`, properties: { text: "x" } });
      written += 1;
    }
  })();
  await vi.waitUntil(() => written >= 5, SOON);
  const before = written;
  const [made, second] = await Promise.all([backUp(), backUp()]);
  const after = written;
  isDone = true;
  await writer;
  expect(new Set([made.status, second.status])).toEqual(new Set([200, 409]));
  const { hasKey, ...made200 } = (made.status === 200 ? made : second).body.backup;
  let { folder } = made200;
  expect(hasKey).toBe(true);
  // A copy of everything, keys included: who made it is told.
  const { audits } = (await app.send<{ audits: object[] }>("GET", "/v1/audit-log?resources=backup")).body;
  expect(audits).toMatchObject([{ action: "CREATE", context: { backup: basename(folder) } }]);
  expect(statSync(folder).mode & 0o077).toBe(0);

  await expect(restore(folder, app.dataDir)).rejects.toThrow(`in use by process ${process.pid}`);
  // As with a service whose user does not exist while it is stopped: root puts it in place, and the service reads it.
  const owner = process.getuid?.() === 0 ? 1000 : process.getuid?.();
  if (owner === 1000) chownSync(other, owner, owner);
  await restore(folder, other);
  for (const name of ["database/PG_VERSION", "database/pg_notify", "secret.key", "credentials.json"])
    expect([name, statSync(join(other, name)).uid]).toEqual([name, owner]);
  const config = loadConfig({ FAIRWAY_DATA: other, FAIRWAY_PORT: "0", FAIRWAY_LOG_LEVEL: "fatal" }, []);
  const restored = await serve(config, pino({ level: "fatal" }));
  try {
    const ask = async (path: string): Promise<Record<string, unknown>> => {
      const headers = { authorization: `Bearer ${app.token}` };
      return (await (await fetch(restored.url + path, { headers })).json()) as Record<string, unknown>;
    };
    const { count } = await ask("/v1/blueprints/note/entities-count");
    expect(count).toBeGreaterThanOrEqual(before);
    expect(count).toBeLessThanOrEqual(after + 1);
    const same = await ask(`/v1/dora/metrics?entity=shop&${WINDOW}`);
    expect({ ...same, asOf: null }).toEqual({ ...numbers, asOf: null });
  } finally {
    await restored.stop();
  }

  // Killed between two renames: no empty portal in the place of this one.
  renameSync(join(other, "database"), join(other, "database.before-restore-x"));
  await expect(serve(config, pino({ level: "fatal" }))).rejects.toThrow("a restore was interrupted");
  renameSync(join(other, "database.before-restore-x"), join(other, "database"));

  const unfinished = `${folder}.making`;
  mkdirSync(unfinished);
  const { backup: last } = (await backUp("?keep=1")).body;
  expect([existsSync(unfinished), existsSync(folder)]).toEqual([false, false]);
  const { body: list } = await app.send("GET", "/v1/backups");
  expect(list).toEqual({ ok: true, isMaking: false, backups: [last] });
  folder = last.folder;

  appendFileSync(join(folder, "database/PG_VERSION"), "\n");
  await expect(restore(folder, other)).rejects.toThrow("PG_VERSION is not what it was");
  expect(readdirSync(other).filter((name) => /restor/.test(name))).toEqual([]);
  expect(existsSync(join(other, "database/PG_VERSION"))).toBe(true);
}, 300_000);
