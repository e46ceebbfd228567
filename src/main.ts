/** `npm start`: reads the settings, starts the server, says where it is, stops on a signal. */
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { type DestinationStream, type LoggerOptions, pino } from "pino";
import pretty from "pino-pretty";
import { type Config, ConfigError, loadConfig } from "./config.ts";
import { type Running, serve } from "./serve.ts";

/** A second signal, or a stop that takes longer than this and the delay that is set, ends the process at once. */
const STOP_LIMIT_MS = 15_000;

function createLogger(config: Config) {
  const options: LoggerOptions = {
    level: config.logLevel,
    redact: ["req.headers.authorization", "req.headers.cookie"],
    timestamp: pino.stdTimeFunctions.isoTime,
  };
  const stream: DestinationStream | undefined = process.stdout.isTTY
    ? pretty({ ignore: "pid,hostname", translateTime: "SYS:HH:MM:ss" })
    : undefined;
  return stream === undefined ? pino(options) : pino(options, stream);
}

function waysIn(config: Config, signInUrl: string | null): string {
  if (signInUrl !== null) return `Sign in once, within a day:  ${signInUrl}`;
  const who = config.adminEmail ?? "the administrator";
  return config.adminPassword === null
    ? `Sign in as ${who} as before; locked out:  npx fairway sign-in-link ${config.adminEmail ?? "admin@localhost"}`
    : `Sign in as ${who} with the configured password.`;
}

function announce(config: Config, url: string, signInUrl: string | null): void {
  const lines = [
    "",
    `  Fairway is running at ${url}`,
    "",
    `  ${waysIn(config, signInUrl)}`,
    `  API credentials:  ${join(config.dataDir, "credentials.json")}`,
    "  Import a git repository:  npx fairway import git PATH",
    "",
  ];
  process.stdout.write(`${lines.join("\n")}\n`);
}

/** The settings that an error of listening is about; null for any other error. */
function addressProblem(error: unknown, { host, port }: Config): ConfigError | null {
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (syscall === "listen" && code === "EADDRINUSE")
    return new ConfigError("FAIRWAY_PORT", String(port), "is in use by another program; choose another");
  if (syscall === "listen" && code === "EACCES")
    return new ConfigError("FAIRWAY_PORT", String(port), "may not be used by this user; choose 1024 or more");
  if (
    (syscall === "listen" && code === "EADDRNOTAVAIL") ||
    (syscall === "getaddrinfo" &&
      error instanceof Error &&
      (error as { hostname?: string }).hostname === host)
  )
    return new ConfigError("FAIRWAY_HOST", host, "is no address of this machine");
  return null;
}

async function main(): Promise<void> {
  // The embedded database writes its files readable for all; the keys beside it are nobody else's business either.
  process.umask(0o077);
  const config = loadConfig();
  // The old generation may grow to three times of what is alive before it is collected. Under events, every third of
  // the processor time was its collection, once in two seconds for 20 MB (measured: 1.5 → 1.2 ms an event, +60 MB).
  // With the database in the same process there is no room for that.
  if (config.databaseUrl !== null) setFlagsFromString("--heap-growing-percent=200");
  const logger = createLogger(config);
  let running: Running | null = null;
  let stopping = false;
  const onSignal = (signal: string): void => {
    if (stopping) process.exit(1);
    // The first process of a container is not ended by a signal that it does not listen to. A start may be cut anywhere.
    if (running === null) process.exit(0);
    stopping = true;
    logger.info({ signal }, "stopping");
    setTimeout(() => process.exit(1), STOP_LIMIT_MS + config.stopDelaySeconds * 1000).unref();
    void running.stop().then(() => process.exit(0));
  };
  process.on("SIGTERM", onSignal);
  process.on("SIGINT", onSignal);
  running = await serve(config, logger, config.alwaysLink || process.stdout.isTTY).catch((error: unknown) => {
    throw addressProblem(error, config) ?? error;
  });
  announce(config, running.url, running.signInUrl);
  if (config.demo) {
    logger.info({}, "loading demo data");
    await running.loadDemo().then(
      () => logger.info({}, "demo data is loaded"),
      // The portal itself is fine: it goes on without the demo.
      (error: unknown) => logger.error({ err: error }, "demo data was not loaded"),
    );
  }
}

main().catch((error: unknown) => {
  const message = error instanceof ConfigError ? error.message : (error as Error).message;
  process.stderr.write(`\nFairway does not start: ${message}\n`);
  if (!(error instanceof ConfigError)) process.stderr.write(`${(error as Error).stack ?? ""}\n`);
  process.exit(1);
});
