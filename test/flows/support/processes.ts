/** The server and the command line as processes of their own, as people run them. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { TestPlace } from "../../support/database.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const { PATH, HOME, NODE_COMPILE_CACHE } = process.env;
/** No setting of Fairway. With the cache a server starts in two thirds of the time, a command in one third. */
const INHERITED = { PATH, HOME, NODE_COMPILE_CACHE };

export interface Ended {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface TestProcess {
  readonly pid: number;
  /** Told of every whole line on stdout. */
  onLine(listener: (line: string) => void): void;
  readonly ended: Promise<Ended>;
  kill(signal: NodeJS.Signals): void;
}

const running = new Set<ChildProcess>();

/** Ends what a failed test left running, by its id. */
export async function endProcesses(): Promise<void> {
  const closed = [...running].map((child) => once(child, "close"));
  for (const child of running) child.kill("SIGKILL");
  await Promise.all(closed);
}

function start(args: readonly string[], env: Readonly<Record<string, string>>): TestProcess {
  const child = spawn(process.execPath, args, {
    cwd: ROOT,
    env: { ...INHERITED, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  running.add(child);
  let stdout = "";
  let stderr = "";
  let partial = "";
  const listeners: ((line: string) => void)[] = [];
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
    const lines = (partial + text).split("\n");
    partial = lines.pop() ?? "";
    for (const line of lines) for (const listener of listeners) listener(line);
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  return {
    pid: child.pid ?? 0,
    onLine: (listener) => listeners.push(listener),
    kill: (signal) => child.kill(signal),
    ended: new Promise((resolve) => {
      child.once("close", (code) => {
        running.delete(child);
        resolve({ code, stdout, stderr });
      });
    }),
  };
}

export interface ServerProcess extends TestProcess {
  /** Where it answers. */
  readonly url: string;
  /** Told of every answered request, e.g. `POST /v1/dora/commits`. */
  onRequest(listener: (request: string) => void): void;
}

/** Starts `npm start`'s process at a place. @throws with its stderr when it does not come up */
export async function startServer(
  place: TestPlace,
  env: Readonly<Record<string, string>> = {},
): Promise<ServerProcess> {
  const server = start(["--max-semi-space-size=16", "--max-old-space-size=768", "src/main.ts"], {
    FAIRWAY_DATA: place.dataDir,
    FAIRWAY_PORT: "0",
    // Servers that stand in for vendors are there.
    FAIRWAY_OUTBOUND_ALLOW: "127.0.0.1",
    // Loads are sent with one token as fast as it goes.
    FAIRWAY_RATE_LIMIT: "off",
    ...(place.databaseUrl !== null && { DATABASE_URL: place.databaseUrl }),
    ...env,
  });
  const listeners: ((request: string) => void)[] = [];
  const url = await new Promise<string>((resolve, reject) => {
    server.onLine((line) => {
      const found = /Fairway is running at (\S+)/.exec(line)?.[1];
      if (found !== undefined) resolve(found.replace("localhost", "127.0.0.1"));
      if (!line.startsWith("{")) return;
      const { method, url: path } = JSON.parse(line) as { method?: string; url?: string };
      if (method !== undefined) for (const listener of listeners) listener(`${method} ${path}`);
    });
    void server.ended.then(({ code, stderr }) =>
      reject(new Error(`the server ended with ${code}: ${stderr}`)),
    );
  });
  return { ...server, url, onRequest: (listener) => listeners.push(listener) };
}

/** Runs `fairway …` against the server of a data folder. */
export function runCli(
  dataDir: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): TestProcess {
  return start(["src/cli/fairway.js", ...args], { FAIRWAY_DATA: dataDir, ...env });
}
