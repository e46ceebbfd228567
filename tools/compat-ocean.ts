/**
 * Runs Ocean's core, as installed (`pip install "port-ocean[cli]"`, Python 3.12 or newer), against a server of its own: two
 * full syncs of the invented system in `compat-ocean/`, of which the second must delete exactly what vanished.
 * `npm run compat:ocean`; `OCEAN=/a/bin/ocean` where it is not on the path.
 */
import { strict as assert } from "node:assert";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { pino } from "pino";
import { loadConfig } from "../src/config.ts";
import { serve } from "../src/serve.ts";

const SYSTEM = fileURLToPath(new URL("compat-ocean", import.meta.url));
const CREDENTIALS = { clientId: "compat", clientSecret: "compat-secret-of-this-run" };
const LIMIT_MS = 300_000;
interface Found {
  readonly identifier: string;
  readonly updatedAt: string;
  readonly relations: { readonly area?: string };
}

const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** One sync; the process ends by itself. */
function sync(url: string, run: string): Promise<void> {
  const child = spawn(process.env["OCEAN"] ?? "ocean", ["sail", "-O", "-p", "0", "."], {
    cwd: SYSTEM,
    stdio: ["ignore", "pipe", "pipe"],
    timeout: LIMIT_MS,
    env: {
      ...process.env,
      ...{ COMPAT_RUN: run, OCEAN__PORT__BASE_URL: url, OCEAN__EVENT_LISTENER: '{"type":"ONCE"}' },
      OCEAN__PORT__CLIENT_ID: CREDENTIALS.clientId,
      OCEAN__PORT__CLIENT_SECRET: CREDENTIALS.clientSecret,
      ...{ OCEAN__INTEGRATION__IDENTIFIER: "compat-ocean", OCEAN__INTEGRATION__TYPE: "compat-ocean" },
      OCEAN__INITIALIZE_PORT_RESOURCES: "true",
    },
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk: Buffer) => (output = (output + chunk.toString()).slice(-5000)));
  return new Promise((resolve, reject) => {
    child.once("error", (error) => reject(new Error(`ocean cannot be run: ${error.message}`)));
    child.once("close", (code) =>
      code === 0 ? resolve() : reject(new Error(`ocean ended with ${String(code)}:\n${output}`)),
    );
  });
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "fairway-ocean-"));
  const environment = {
    ...{ FAIRWAY_DATA: folder, FAIRWAY_PORT: "0", FAIRWAY_LOG_LEVEL: "fatal" },
    ...{ FAIRWAY_CLIENT_ID: CREDENTIALS.clientId, FAIRWAY_CLIENT_SECRET: CREDENTIALS.clientSecret },
  };
  const server = await serve(loadConfig(environment, []), pino({ level: "fatal" }));
  try {
    const { url } = server;
    const call = async <T>(method: string, path: string, token: string, body?: object): Promise<T> => {
      const response = await fetch(url + path, {
        method,
        headers: { "content-type": "application/json", ...(token !== "" && { authorization: token }) },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      assert.ok(response.ok, `${method} ${path} answered ${response.status}`);
      return (await response.json()) as T;
    };
    const { accessToken } = await call<{ accessToken: string }>(
      ...(["POST", "/v1/auth/access_token", "", CREDENTIALS] as const),
    );
    const get = <T>(path: string): Promise<T> => call<T>("GET", path, `Bearer ${accessToken}`);
    const entities = async (blueprint: string): Promise<readonly Found[]> =>
      (await get<{ entities: Found[] }>(`/v1/blueprints/${blueprint}/entities`)).entities;
    const check = async (run: string): Promise<readonly Found[]> => {
      const items = await entities("compatItem");
      const wanted = Array.from({ length: 15 }, (_, n) => `${run}-${n}`).toSorted();
      assert.deepEqual(items.map(({ identifier }) => identifier).toSorted(), wanted);
      assert.ok(items.every(({ relations }) => /^area-\d$/.test(relations.area ?? "")));
      const { integration } = await get<{ integration: { resyncState: { status: string } } }>(
        "/v1/integration/compat-ocean",
      );
      assert.equal(integration.resyncState.status, "completed");
      const areas = await entities("compatArea");
      assert.equal(areas.length, 5);
      say(`sync ${run}: 5 areas, 15 items, completed`);
      return areas;
    };
    await sync(url, "a");
    const before = await check("a");
    await sync(url, "b");
    assert.deepEqual(await check("b"), before, "the areas did not change, so nothing of them may");
    say("ok: the second sync deleted the 15 items that vanished and touched nothing else");
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

await main().catch((error: unknown) => {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
