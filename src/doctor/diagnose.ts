/** Looks at everything that an installation needs. Writes nothing but a file of a moment in the data folder. */
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Config } from "../config.ts";
import { folderHolder, lockDataFolder } from "../storage/data-lock.ts";
import { type Database, openDatabase } from "../storage/db.ts";
import { askMetrics, askReadiness, type LocalServer, type Metrics, readLocalServer } from "./ask-server.ts";
import { checkAddress } from "./check-address.ts";
import { checkBackups } from "./check-backups.ts";
import { checkDataFolder } from "./check-data-folder.ts";
import { checkDatabaseContent } from "./check-database-content.ts";
import { checkReplica } from "./check-replica.ts";
import { checkMail } from "./check-mail.ts";
import { checkOutbound } from "./check-outbound.ts";
import { checkRuntime, runtimeOfThisProcess } from "./check-runtime.ts";
import { checkSettings, DECISIVE, type Env, type Settings } from "./check-settings.ts";
import { checkDerivation, checkDrift, checkWork } from "./check-work.ts";
import { attempt, failed, type Finding, notChecked, ok, reasonOf, warning } from "./finding.ts";

const LIMIT_MS = 20_000;
const CONNECT_MS = 8000;
/** The whole of the database: six questions of at most 25 s that are rarely slow, and its start. */
const DATABASE_MS = 120_000;
const CLOSE_MS = 5000;

/** @param env the settings, as a server would find them */
export async function diagnose(env: Env, now: Date): Promise<readonly Finding[]> {
  const settings = checkSettings(env);
  const { config, dataDir } = settings;
  const findings: Finding[] = [...settings.findings, ...checkRuntime(runtimeOfThisProcess())];
  findings.push(...(await attempt("data.folder", LIMIT_MS, () => checkDataFolder(dataDir))));
  const { server, told } = await lookForServer(dataDir);
  findings.push(told);
  const metrics = await lookAtMetrics(server, settings);
  if (config === null)
    return [
      ...findings,
      ...["address.setting", "database.reach", "mail.server", "outbound.allow"].map((id) =>
        notChecked(id, "the settings do not load"),
      ),
    ];
  findings.push(
    ...(await attempt("address.reach", LIMIT_MS, () => checkAddress(config, server))),
    ...(await attempt("database.reach", DATABASE_MS, () => lookAtDatabase(settings, config, metrics, now))),
    checkDrift(metrics?.derivation.drift ?? null),
    ...(await attempt("mail.server", LIMIT_MS, () => checkMail(config.smtp))),
    ...(await attempt("outbound.allow", LIMIT_MS, () => checkOutbound(config.outboundAllow))),
    ...(await attempt("backup.age", LIMIT_MS, () => checkBackups(dataDir, config.databaseUrl === null, now))),
  );
  return findings;
}

async function lookForServer(
  dataDir: string,
): Promise<{ readonly server: LocalServer | null; readonly told: Finding }> {
  const id = "server.ready";
  const why = "nobody can open the portal, and nothing that comes in is taken";
  let server: LocalServer | null = null;
  try {
    server = await readLocalServer(dataDir);
    if (server === null)
      return {
        server,
        told: warning(
          id,
          `no server runs on this machine with the data folder ${dataDir}`,
          why,
          "npm start; where it runs as a service, systemctl status fairway or the orchestrator says more",
        ),
      };
    const state = await askReadiness(server.url);
    const missing = ["database", "migrations", "worker"].filter((part) => state[part] !== true);
    if (state["ok"] === true) return { server, told: ok(id, `the server at ${server.url} is ready`) };
    return {
      server,
      told: failed(
        id,
        `the server at ${server.url} is not ready: ${missing.join(", ")}`,
        "orchestrators send it no requests until it is",
        "what follows on these may say why; else its log",
      ),
    };
  } catch (error) {
    const where = server === null ? join(dataDir, "server.json") : server.url;
    return {
      server: null,
      told: warning(id, `no server answers at ${where}: ${reasonOf(error)}`, why, "start it: npm start"),
    };
  }
}

/** What the running server counts; null: it cannot be asked. */
async function lookAtMetrics(server: LocalServer | null, settings: Settings): Promise<Metrics | null> {
  const { config, hasCredentials } = settings;
  if (server === null || config === null || !hasCredentials) return null;
  const { clientId, clientSecret } = config;
  return askMetrics(server.url, { clientId, clientSecret }).catch(() => null);
}

async function lookAtDatabase(
  settings: Settings,
  config: Config,
  metrics: Metrics | null,
  now: Date,
): Promise<readonly Finding[]> {
  const id = "database.reach";
  const wrong = DECISIVE.find((name) => settings.wrong.has(name));
  if (wrong !== undefined) return [notChecked(id, `${wrong} does not say which database it is`)];
  const { databaseUrl, dataDir } = config;
  if (databaseUrl !== null)
    return [
      ...(await lookInto(settings, config, { url: databaseUrl, dataDir: "" }, now)),
      ...(await checkReplica(config.databaseReplicaUrl)),
    ];
  const folder = join(dataDir, "database");
  if (!existsSync(join(folder, "PG_VERSION")))
    return [notChecked(id, `there is no embedded database in ${dataDir} yet: the first start makes it`)];
  const holder = await folderHolder(dataDir);
  if (holder !== null) return fromMetrics(holder, metrics);
  const owner = statSync(dataDir).uid;
  if (process.getuid?.() === 0 && owner !== 0)
    return [
      notChecked(
        id,
        `this is root, and opening the embedded database would leave files that its owner (user ${owner}) cannot write: run fairway doctor as that user`,
      ),
    ];
  const mask = process.umask(0o077);
  const unlock = await lockDataFolder(dataDir);
  try {
    return await lookInto(settings, config, { url: null, dataDir: folder }, now);
  } finally {
    unlock();
    process.umask(mask);
  }
}

async function lookInto(
  settings: Settings,
  config: Config,
  place: { readonly url: string | null; readonly dataDir: string },
  now: Date,
): Promise<readonly Finding[]> {
  const id = "database.reach";
  const where = place.url === null ? place.dataDir : placeOf(place.url);
  let database: Database;
  try {
    const directUrl = place.url === null ? null : config.databaseDirectUrl;
    const options = { ...place, directUrl, connectTimeoutMs: CONNECT_MS };
    database = await openDatabase({ ...options, onError: () => undefined });
  } catch (error) {
    return [
      failed(
        id,
        `the database ${where} cannot be opened: ${reasonOf(error)}`,
        "nothing works without it; a running server waits for it and loses nothing acknowledged",
        place.url === null
          ? "its files may be damaged: restore a backup (fairway restore), and keep the folder for a look"
          : "look at DATABASE_URL (host, port, user, password, name), at pg_hba.conf, and at whether PostgreSQL runs",
      ),
    ];
  }
  try {
    const { secretKeys, clientId, clientSecret } = config;
    const { hasCredentials } = settings;
    const keys = settings.hasSecretKey ? { secretKeys, clientId, clientSecret, hasCredentials } : null;
    return [ok(id, `the database ${where} answers`), ...(await checkDatabaseContent(database, keys, now))];
  } finally {
    let timer: NodeJS.Timeout | undefined;
    await Promise.race([database.close(), new Promise((resolve) => (timer = setTimeout(resolve, CLOSE_MS)))]);
    clearTimeout(timer);
  }
}

/** Without user and password. */
function placeOf(url: string): string {
  const { hostname, port, pathname } = new URL(url);
  return `${pathname.slice(1)} on ${hostname}${port === "" ? "" : `:${port}`}`;
}

/** The embedded database belongs to the server that has it open: what its metrics tell is all there is. */
function fromMetrics(holder: string, metrics: Metrics | null): Finding[] {
  const because = `${holder} has the embedded database open: stop it and run fairway doctor again`;
  const closed = ["secrets.open", "sources.runs", "mappings.events"].map((id) => notChecked(id, because));
  if (metrics === null)
    return [
      ...["database.reach", "work.queues", "derivation.lag"].map((id) => notChecked(id, because)),
      ...closed,
    ];
  const { waiting, rebuilding } = metrics.derivation;
  return [
    metrics.databaseUp
      ? ok("database.reach", `the embedded database answers the server (${holder})`)
      : failed(
          "database.reach",
          "the embedded database does not answer the server",
          "nothing works without it",
          "the log of the server says why; then stop it and run fairway doctor again",
        ),
    ...checkWork({ ...metrics, failing: null }),
    checkDerivation(waiting, rebuilding),
    ...closed,
  ];
}
