/** `npm start` and `npx fairway` as processes of their own, on a free loopback port and an empty database. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { createTestPlace, type TestPlace } from "../../support/database.ts";
import { patient } from "../../support/patience.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunningCommand {
  readonly finished: Promise<Finished>;
  /** Freezes the process, so that what it was doing can be looked at on a machine of any speed. */
  pause(): void;
  resume(): void;
}

export interface TestServer {
  /** Without a trailing slash. */
  readonly url: string;
  /** The one-time link that the server printed. */
  readonly signInUrl: string;
  readonly pid: number;
  /** Where its keys and data are. */
  readonly place: TestPlace;
  /** GET with a bearer token; the body of a 200. */
  get<T>(path: string, params?: Readonly<Record<string, string | undefined>>): Promise<T>;
  /** POST with a bearer token; the body of a 2xx. */
  post<T>(path: string, body: unknown): Promise<T>;
  /** Another method, like `post`. */
  send<T>(method: "PUT" | "PATCH" | "DELETE", path: string, body?: unknown): Promise<T>;
  /** Runs `npx fairway …` against this server. */
  cli(...args: string[]): Promise<Finished>;
  /** Like `cli`, for a test that looks at something while the command is under way. */
  startCli(...args: string[]): RunningCommand;
  /** The clock of the server goes on; only of one that was started with `movableClock`. */
  advance(ms: number): Promise<void>;
  /** Ends the process; the data stays. */
  halt(): Promise<void>;
  /** Ends the process and removes its data. */
  stop(): Promise<void>;
}

interface ServerOptions {
  readonly movableClock?: boolean;
  /** How long it may take to start. */
  readonly patienceMs?: number;
}

/** @param existing a place that no server is at; otherwise the server begins with nothing, not even tables */
export async function startServer(
  existing?: TestPlace,
  { movableClock = false, patienceMs = patient(60_000) }: ServerOptions = {},
): Promise<TestServer> {
  if (!existsSync(join(ROOT, "dist/web/index.html")))
    throw new Error("dist/web is missing: npm run build makes it");
  const place = existing ?? (await createTestPlace({ migrated: false }));
  const environment: NodeJS.ProcessEnv = {
    PATH: process.env["PATH"],
    NODE_COMPILE_CACHE: process.env["NODE_COMPILE_CACHE"],
    HOME: place.dataDir,
    FAIRWAY_DATA: place.dataDir,
    FAIRWAY_PORT: "0",
    FAIRWAY_OUTBOUND_ALLOW: "127.0.0.1",
    FAIRWAY_LOG_LEVEL: "warn",
    ...(place.databaseUrl === null ? {} : { DATABASE_URL: place.databaseUrl }),
  };
  const run = (args: readonly string[], isToldThings = false): ChildProcess =>
    spawn(process.execPath, args, {
      cwd: place.dataDir,
      env: environment,
      stdio: ["ignore", "pipe", "pipe", ...(isToldThings ? (["ipc"] as const) : [])],
    });
  // The memory settings of `npm start`.
  const child = run(
    [
      ...["--max-semi-space-size=16", "--max-old-space-size=768"],
      ...(movableClock ? ["--import", new URL("movable-clock.ts", import.meta.url).href] : []),
      join(ROOT, "src/main.ts"),
    ],
    movableClock,
  );
  const output = collect(child);
  const halt = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) {
      const exited = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      await exited;
    }
  };
  const stop = async (): Promise<void> => {
    await halt();
    await place.remove();
  };
  try {
    const signInUrl = await printed(child, output, /(http:\S+\/login\?token=\S+)/, patienceMs);
    const url = new URL(signInUrl).origin;
    const credentials: unknown = JSON.parse(readFileSync(join(place.dataDir, "credentials.json"), "utf8"));
    const send = async (method: string, path: string, body?: unknown, token?: string): Promise<unknown> => {
      const response = await fetch(url + path, {
        method,
        headers: {
          ...(body === undefined ? {} : { "content-type": "application/json" }),
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
      return JSON.parse(text);
    };
    const tokenNow = async (): Promise<string> =>
      ((await send("POST", "/v1/auth/access_token", credentials)) as { accessToken: string }).accessToken;
    let accessToken = await tokenNow();
    const get = async <T>(
      path: string,
      params: Readonly<Record<string, string | undefined>> = {},
    ): Promise<T> => {
      const known = Object.entries(params).filter(
        (entry): entry is [string, string] => entry[1] !== undefined,
      );
      const query = new URLSearchParams(known).toString();
      return (await send("GET", query === "" ? path : `${path}?${query}`, undefined, accessToken)) as T;
    };
    const startCli = (...args: string[]): RunningCommand => {
      const command = run([join(ROOT, "src/cli/fairway.js"), ...args]);
      const text = collect(command);
      return {
        finished: new Promise((resolve) => command.once("close", (code) => resolve({ code, ...text }))),
        pause: () => void command.kill("SIGSTOP"),
        resume: () => void command.kill("SIGCONT"),
      };
    };
    return {
      url,
      signInUrl,
      pid: child.pid ?? 0,
      place,
      get,
      post: async <T>(path: string, body: unknown) => (await send("POST", path, body, accessToken)) as T,
      send: async <T>(method: string, path: string, body?: unknown) =>
        (await send(method, path, body, accessToken)) as T,
      async advance(ms) {
        child.send({ advance: ms });
        await once(child, "message");
        // Tokens last for hours only.
        accessToken = await tokenNow();
      },
      cli: (...args) => startCli(...args).finished,
      startCli,
      halt,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Fills while the process runs. */
function collect(child: ChildProcess): { stdout: string; stderr: string } {
  const output = { stdout: "", stderr: "" };
  child.stdout?.setEncoding("utf8").on("data", (text: string) => (output.stdout += text));
  child.stderr?.setEncoding("utf8").on("data", (text: string) => (output.stderr += text));
  return output;
}

async function printed(
  child: ChildProcess,
  output: { readonly stdout: string; readonly stderr: string },
  pattern: RegExp,
  patienceMs: number,
): Promise<string> {
  const end = Date.now() + patienceMs;
  for (;;) {
    const found = pattern.exec(output.stdout)?.[1];
    if (found !== undefined) return found;
    if (child.exitCode !== null || Date.now() > end)
      throw new Error(`the server does not start:\n${output.stdout}${output.stderr}`);
    await sleep(25);
  }
}
