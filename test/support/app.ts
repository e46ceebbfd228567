/** A running Fairway for tests: the whole composition of `npm start` on a free port and a fresh database. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pino } from "pino";
import { type Config, loadConfig } from "../../src/config.ts";
import { type Running, serve } from "../../src/serve.ts";
import type { Database } from "../../src/storage/db.ts";
import { createTestPlace, openAt, type TestPlace } from "./database.ts";
import { comes, patient } from "./patience.ts";

/** Signs in to the pages; `config.adminEmail` and `config.adminPassword` tell it. */
const ADMIN = { email: "admin@example.com", password: "correct horse battery" } as const;

export interface Answer<T> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: T;
}

export interface TestApp {
  /** Without a trailing slash. */
  readonly url: string;
  readonly config: Config;
  /** FAIRWAY_DATA: the CLI finds server.json and credentials.json in it. */
  readonly dataDir: string;
  readonly token: string;
  readonly running: Running;
  /** Sends JSON with the bearer token; `headers` may replace it. */
  send<T = Record<string, unknown>>(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Answer<T>>;
  /** Waits until everything acknowledged is in the numbers (`GET /v1/dora/status`). @throws after `limitMs` */
  settled(limitMs?: number): Promise<void>;
  /** Stops the server, closes and removes its database and folder. */
  stop(): Promise<void>;
}

/**
 * @param env settings besides those of the test, e.g. `{FAIRWAY_ADMIN_PASSWORD: ""}` for the one-time link
 * @param prepare what is in the migrated database before the server opens it
 */
export async function startTestApp(
  env: Readonly<Record<string, string>> = {},
  prepare?: (database: Database) => Promise<void>,
): Promise<TestApp> {
  const place = await createTestPlace();
  try {
    if (prepare !== undefined) {
      const database = await openAt(place);
      try {
        await prepare(database);
      } finally {
        await database.close();
      }
    }
    return await startAt(place, env);
  } catch (error) {
    await place.remove();
    throw error;
  }
}

/** Where it listens, wherever others reach it. */
const ownAddress = ({ dataDir }: TestPlace): string =>
  (JSON.parse(readFileSync(join(dataDir, "server.json"), "utf8")) as { url: string }).url;

async function startAt(place: TestPlace, env: Readonly<Record<string, string>>): Promise<TestApp> {
  const config = loadConfig(
    {
      FAIRWAY_DATA: place.dataDir,
      FAIRWAY_PORT: "0",
      FAIRWAY_ADMIN_EMAIL: ADMIN.email,
      FAIRWAY_ADMIN_PASSWORD: ADMIN.password,
      FAIRWAY_LOG_LEVEL: "fatal",
      // Servers that stand in for vendors are there.
      FAIRWAY_OUTBOUND_ALLOW: "127.0.0.1",
      ...(place.databaseUrl !== null && { DATABASE_URL: place.databaseUrl }),
      ...env,
    },
    [],
  );
  const running = await serve(config, pino({ level: config.logLevel }));
  const url = env["FAIRWAY_BASE_URL"] === undefined ? running.url : ownAddress(place);
  let token = "";
  const app: TestApp = {
    url,
    config,
    dataDir: place.dataDir,
    running,
    get token() {
      return token;
    },
    // The caller names the shape it expects of the answer.
    send: (async (method, path, body, headers = {}) => {
      const response = await fetch(url + path, {
        method,
        headers: {
          ...(token !== "" && { authorization: `Bearer ${token}` }),
          ...(body !== undefined && { "content-type": "application/json" }),
          ...headers,
        },
        ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
      });
      const text = await response.text();
      const isJson = (response.headers.get("content-type") ?? "").includes("json");
      return {
        status: response.status,
        headers: response.headers,
        body: isJson ? (JSON.parse(text) as unknown) : text,
      };
    }) as TestApp["send"],
    async settled(limitMs = patient(30_000)) {
      type Status = { settled: boolean; pending: object };
      const status = async () => (await app.send<Status>("GET", "/v1/dora/status")).body;
      await comes(status, ({ settled }) => settled, limitMs);
    },
    async stop() {
      await running.stop();
      await place.remove();
    },
  };
  const { clientId, clientSecret } = config;
  const answer = await app.send<{ accessToken: string }>("POST", "/v1/auth/access_token", {
    clientId,
    clientSecret,
  });
  if (answer.status !== 200) {
    await running.stop();
    throw new Error(`no access token: ${answer.status} ${JSON.stringify(answer.body)}`);
  }
  token = answer.body.accessToken;
  return app;
}
