/** The only reader of the environment. Every setting is a row of SETTINGS: name, default, rule, what it is for. */
import { createHash, randomBytes } from "node:crypto";
import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { isIP } from "node:net";
import { join, resolve } from "node:path";

export interface Config {
  readonly host: string;
  readonly port: number;
  /** Without a trailing slash; null = derived from the address that the server listens on. */
  readonly baseUrl: string | null;
  readonly dataDir: string;
  readonly databaseUrl: string | null;
  readonly databaseReplicaUrl: string | null;
  readonly role: "all" | "api" | "worker";
  readonly clientId: string;
  readonly clientSecret: string;
  readonly adminEmail: string | null;
  readonly adminPassword: string | null;
  /** 32 bytes. */
  readonly secretKey: Buffer;
  /** Reads `/metrics`; null: only tokens and sessions do. */
  readonly metricsToken: string | null;
  readonly oidc: { readonly issuer: string; readonly clientId: string; readonly clientSecret: string } | null;
  readonly outboundAllow: readonly string[];
  /** Origins whose pages dashboards may embed. */
  readonly frameSources: readonly string[];
  /** null: no e-mail is sent. */
  readonly smtp: { readonly url: string; readonly from: string } | null;
  /** Days that events of data sources are kept. */
  readonly eventRetentionDays: number;
  readonly historyRetentionDays: number;
  /** Hours without a report after which a run of an action has failed. */
  readonly runTimeoutHours: number;
  /** Events that may wait for their mapping before more are turned away. */
  readonly ingestMaxWaiting: number;
  readonly logLevel: (typeof LOG_LEVELS)[number];
  readonly demo: boolean;
}

/** A setting that is wrong: the server refuses to start and says which, its value and the rule. */
export class ConfigError extends Error {
  constructor(name: string, value: string | undefined, rule: string) {
    const shown = /SECRET|PASSWORD|KEY|DATABASE|TOKEN|SMTP_URL/.test(name)
      ? ""
      : ` is ${JSON.stringify(value ?? "")}:`;
    super(`${name}${shown} ${rule}`);
    this.name = "ConfigError";
  }
}

const LOG_LEVELS = ["fatal", "error", "warn", "info", "debug", "trace", "silent"] as const;
const ROLES = ["all", "api", "worker"] as const;

interface Setting {
  readonly name: string;
  readonly default: string;
  readonly meaning: string;
}

/** docs/configuration.md must list the same (test/config.test.ts). */
export const SETTINGS: readonly Setting[] = [
  { name: "FAIRWAY_HOST", default: "127.0.0.1", meaning: "Address to listen on." },
  { name: "FAIRWAY_PORT", default: "3000", meaning: "Port to listen on; 0 takes a free one." },
  {
    name: "FAIRWAY_BASE_URL",
    default: "derived",
    meaning: "Address under which browsers and clients reach the server.",
  },
  {
    name: "FAIRWAY_DATA",
    default: "./.fairway",
    meaning: "Folder of the embedded database, keys and credentials.",
  },
  {
    name: "DATABASE_URL",
    default: "none",
    meaning: "PostgreSQL 15 or newer; without it the embedded database is used.",
  },
  {
    name: "DATABASE_REPLICA_URL",
    default: "none",
    meaning: "A read replica; accepted and kept for later use, all queries go to DATABASE_URL today.",
  },
  {
    name: "FAIRWAY_ROLE",
    default: "all",
    meaning: "What this process does: all, api (answers requests) or worker (background work).",
  },
  {
    name: "FAIRWAY_CLIENT_ID",
    default: "generated",
    meaning: "Client id of the organisation's API credentials.",
  },
  {
    name: "FAIRWAY_CLIENT_SECRET",
    default: "generated",
    meaning: "Client secret of the organisation's API credentials.",
  },
  {
    name: "FAIRWAY_ADMIN_EMAIL",
    default: "none",
    meaning: "E-mail of the administrator; with a password it replaces the one-time link.",
  },
  {
    name: "FAIRWAY_ADMIN_PASSWORD",
    default: "none",
    meaning: "Password of the administrator, at least 12 characters.",
  },
  {
    name: "FAIRWAY_SECRET_KEY",
    default: "generated",
    meaning: "Signs tokens and guards the stored client secret; at least 32 characters.",
  },
  { name: "FAIRWAY_SECRET_KEY_FILE", default: "none", meaning: "A file that holds FAIRWAY_SECRET_KEY." },
  { name: "DATABASE_URL_FILE", default: "none", meaning: "A file that holds DATABASE_URL." },
  {
    name: "FAIRWAY_CLIENT_SECRET_FILE",
    default: "none",
    meaning: "A file that holds FAIRWAY_CLIENT_SECRET.",
  },
  {
    name: "FAIRWAY_ADMIN_PASSWORD_FILE",
    default: "none",
    meaning: "A file that holds FAIRWAY_ADMIN_PASSWORD.",
  },
  {
    name: "FAIRWAY_METRICS_TOKEN",
    default: "none",
    meaning: "Bearer token that reads `/metrics`, and nothing else, without end; at least 16 characters.",
  },
  {
    name: "FAIRWAY_METRICS_TOKEN_FILE",
    default: "none",
    meaning: "A file that holds FAIRWAY_METRICS_TOKEN.",
  },
  {
    name: "FAIRWAY_OIDC_ISSUER",
    default: "none",
    meaning: "OpenID Connect issuer; refused today, single sign-on comes later.",
  },
  { name: "FAIRWAY_OIDC_CLIENT_ID", default: "none", meaning: "Client id at the issuer." },
  { name: "FAIRWAY_OIDC_CLIENT_SECRET", default: "none", meaning: "Client secret at the issuer." },
  {
    name: "FAIRWAY_OUTBOUND_ALLOW",
    default: "none",
    meaning:
      "CIDRs, addresses, host names and *.domains that connectors may ask besides public addresses, separated by commas (10.0.0.0/8,gitlab.corp.example.com). A name is judged by the addresses it has at the moment of the call. Where clouds tell a machine its credentials (169.254.169.254 and the like) only that very address opens.",
  },
  {
    name: "FAIRWAY_FRAME_SOURCES",
    default: "none",
    meaning:
      "Origins whose pages dashboards may embed, such as https://grafana.example.com, separated by commas.",
  },
  {
    name: "FAIRWAY_SMTP_URL",
    default: "none",
    meaning:
      "Mail server for alerts and actions that send e-mail, such as smtps://user:password@mail.example.com; without it none is sent.",
  },
  { name: "FAIRWAY_SMTP_FROM", default: "none", meaning: "Address that e-mail is sent from." },
  {
    name: "FAIRWAY_EVENT_RETENTION_DAYS",
    default: "14",
    meaning: "Days that events of data sources are kept, for the log, for replays and to recognise repeats.",
  },
  {
    name: "FAIRWAY_HISTORY_RETENTION_DAYS",
    default: "400",
    meaning: "Days that past values of number properties are kept, for charts of their history.",
  },
  {
    name: "FAIRWAY_RUN_TIMEOUT_HOURS",
    default: "168",
    meaning: "Hours without a report after which a run of an action that others carry out has failed.",
  },
  {
    name: "FAIRWAY_INGEST_MAX_WAITING",
    default: "20000",
    meaning:
      "Events of data sources that may wait for their mapping; beyond that senders are told to come back (429).",
  },
  {
    name: "FAIRWAY_LOG_LEVEL",
    default: "info",
    meaning: "fatal, error, warn, info, debug, trace or silent.",
  },
];

type Env = Readonly<Record<string, string | undefined>>;

/** What an orchestrator mounts as a file instead of showing it to everybody who lists processes. */
const IN_FILES = new Set(
  SETTINGS.filter(({ name }) => name.endsWith("_FILE")).map(({ name }) => name.slice(0, -"_FILE".length)),
);

function textIn(env: Env, name: string): string | null {
  const value = env[name];
  return value === undefined || value === "" ? null : value;
}

/** @throws ConfigError when both are set, or the file cannot be read or is empty */
function readFromFile(name: string, value: string | null, file: string | null): string | null {
  if (file === null) return value;
  if (value !== null) throw new ConfigError(`${name}_FILE`, file, `and ${name} are both set; use one`);
  let content: string;
  try {
    content = readFileSync(file, "utf8").trim();
  } catch (error) {
    throw new ConfigError(`${name}_FILE`, file, `cannot be read (${(error as Error).message})`);
  }
  if (content === "") throw new ConfigError(`${name}_FILE`, file, "names an empty file");
  return content;
}

/**
 * Reads and validates all settings; generates keys and credentials once and keeps them in the data folder (0600).
 * @throws ConfigError
 */
export function loadConfig(env: Env = process.env, argv: readonly string[] = process.argv.slice(2)): Config {
  const known = new Set(SETTINGS.map((s) => s.name));
  for (const name of Object.keys(env))
    if (name.startsWith("FAIRWAY_") && !known.has(name))
      throw new ConfigError(name, env[name], `is no setting of Fairway (see docs/configuration.md)`);
  const text = (name: string): string | null => {
    const value = textIn(env, name);
    return IN_FILES.has(name) ? readFromFile(name, value, textIn(env, `${name}_FILE`)) : value;
  };
  const { role, demo } = readArguments(argv, text("FAIRWAY_ROLE"));
  const host = text("FAIRWAY_HOST") ?? "127.0.0.1";
  if (isIP(host) === 0 && !/^(?=.{1,253}$)[a-z0-9-]+(\.[a-z0-9-]+)*$/i.test(host))
    throw new ConfigError("FAIRWAY_HOST", host, "must be an IP address or host name of this machine");
  const portText = text("FAIRWAY_PORT") ?? "3000";
  const port = Number(portText);
  if (!/^\d{1,5}$/.test(portText) || port > 65_535)
    throw new ConfigError("FAIRWAY_PORT", env.FAIRWAY_PORT, "must be a whole number from 0 to 65535");
  const logLevel = oneOf("FAIRWAY_LOG_LEVEL", text("FAIRWAY_LOG_LEVEL") ?? "info", LOG_LEVELS);
  const oidc = readOidc(text);
  const admin = readAdmin(text);
  const databaseUrl = readDatabaseUrl("DATABASE_URL", text);
  const databaseReplicaUrl = readDatabaseUrl("DATABASE_REPLICA_URL", text);
  if (databaseReplicaUrl !== null && databaseUrl === null)
    throw new ConfigError("DATABASE_REPLICA_URL", "", "needs DATABASE_URL as well");
  if (role !== "all" && databaseUrl === null)
    throw new ConfigError(
      "FAIRWAY_ROLE",
      role,
      "needs DATABASE_URL: the embedded database belongs to one process",
    );
  const baseUrl = readBaseUrl(text("FAIRWAY_BASE_URL"));
  const outboundAllow = readOutbound(text("FAIRWAY_OUTBOUND_ALLOW"));
  const frameSources = readOrigins(text("FAIRWAY_FRAME_SOURCES"));

  const dataDir = resolve(text("FAIRWAY_DATA") ?? "./.fairway");
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    accessSync(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new ConfigError("FAIRWAY_DATA", dataDir, `cannot be used (${(error as Error).message})`);
  }
  const credentials = readCredentials(text, dataDir);
  return Object.freeze({
    host,
    port,
    baseUrl,
    dataDir,
    databaseUrl,
    databaseReplicaUrl,
    role,
    ...credentials,
    ...admin,
    secretKey: readSecretKey(text, dataDir),
    metricsToken: readMetricsToken(text),
    oidc,
    outboundAllow,
    frameSources,
    smtp: readSmtp(text),
    eventRetentionDays: readCount("FAIRWAY_EVENT_RETENTION_DAYS", text, 14, 3650),
    historyRetentionDays: readCount("FAIRWAY_HISTORY_RETENTION_DAYS", text, 400, 3650),
    runTimeoutHours: readCount("FAIRWAY_RUN_TIMEOUT_HOURS", text, 168, 8760),
    ingestMaxWaiting: readCount("FAIRWAY_INGEST_MAX_WAITING", text, 20_000, 10_000_000),
    logLevel,
    demo,
  });
}

function readArguments(
  argv: readonly string[],
  role: string | null,
): { role: Config["role"]; demo: boolean } {
  let demo = false;
  let chosen = role ?? "all";
  for (let i = 0; i < argv.length; i++) {
    const argument = argv[i];
    if (argument === "--demo") demo = true;
    else if (argument === "--role") chosen = argv[++i] ?? "";
    else if (argument?.startsWith("--role=")) chosen = argument.slice("--role=".length);
    else
      throw new ConfigError(
        "argument",
        argument,
        "is unknown; `npm start -- [--demo] [--role all|api|worker]`",
      );
  }
  return { role: oneOf("FAIRWAY_ROLE", chosen, ROLES), demo };
}

function oneOf<T extends string>(name: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((a) => a === value);
  if (found === undefined) throw new ConfigError(name, value, `must be one of ${allowed.join(", ")}`);
  return found;
}

type Text = (name: string) => string | null;

function readCount(name: string, text: Text, usual: number, max: number): number {
  const value = text(name);
  if (value === null) return usual;
  const count = /^\d{1,9}$/.test(value) ? Number(value) : 0;
  if (count < 1 || count > max) throw new ConfigError(name, value, `must be a whole number from 1 to ${max}`);
  return count;
}

function readSmtp(text: Text): Config["smtp"] {
  const [url, from] = [text("FAIRWAY_SMTP_URL"), text("FAIRWAY_SMTP_FROM")];
  if (url === null && from === null) return null;
  if (from !== null && !/^[^\s@]+@[^\s@]+$/.test(from))
    throw new ConfigError("FAIRWAY_SMTP_FROM", from, "must be an e-mail address");
  if (url === null || !URL.canParse(url) || !/^smtps?:$/.test(new URL(url).protocol))
    throw new ConfigError("FAIRWAY_SMTP_URL", url ?? "", "must be smtp://… or smtps://…");
  if (from === null)
    throw new ConfigError("FAIRWAY_SMTP_FROM", "", "must be an e-mail address when FAIRWAY_SMTP_URL is set");
  return { url, from };
}

function readDatabaseUrl(name: string, text: Text): string | null {
  const value = text(name);
  if (value === null) return null;
  if (!/^postgres(ql)?:\/\//.test(value) || !URL.canParse(value))
    throw new ConfigError(
      name,
      value,
      "must be an address such as postgres://user:password@host:5432/fairway",
    );
  return value;
}

function readBaseUrl(value: string | null): string | null {
  if (value === null) return null;
  const url = URL.canParse(value) ? new URL(value) : null;
  if (
    url === null ||
    !/^https?:$/.test(url.protocol) ||
    url.search !== "" ||
    url.hash !== "" ||
    url.pathname !== "/"
  )
    throw new ConfigError(
      "FAIRWAY_BASE_URL",
      value,
      "must be an http or https address without path or query",
    );
  return url.origin;
}

function readOutbound(value: string | null): string[] {
  if (value === null) return [];
  return value.split(",").map((part) => {
    const item = part.trim();
    const [address = "", bits, rest] = item.split("/");
    const family = isIP(address);
    const isCidr =
      family !== 0 &&
      rest === undefined &&
      (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128)));
    const isHost = bits === undefined && /^(?=.{1,253}$)(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)*$/i.test(item);
    if (!isCidr && !isHost)
      throw new ConfigError("FAIRWAY_OUTBOUND_ALLOW", item, "must list CIDRs (10.0.0.0/8) or host names");
    return item;
  });
}

function readOrigins(value: string | null): string[] {
  if (value === null) return [];
  return value.split(",").map((part) => {
    const item = part.trim().replace(/\/$/, "");
    // They go into the policy of the pages as they are.
    if (!/^https?:\/\/[a-z0-9-]+(\.[a-z0-9-]+)*(:\d{1,5})?$/i.test(item))
      throw new ConfigError(
        "FAIRWAY_FRAME_SOURCES",
        item,
        "must list origins such as https://grafana.example.com",
      );
    return item;
  });
}

function readOidc(text: Text): Config["oidc"] {
  const names = ["FAIRWAY_OIDC_ISSUER", "FAIRWAY_OIDC_CLIENT_ID", "FAIRWAY_OIDC_CLIENT_SECRET"] as const;
  const given = names.find((name) => text(name) !== null);
  // Refused rather than ignored: an operator who sets it expects sign-in to be guarded by it.
  if (given !== undefined)
    throw new ConfigError(given, "", "single sign-on is not available in this version; leave it out");
  return null;
}

function readAdmin(text: Text): { adminEmail: string | null; adminPassword: string | null } {
  const adminEmail = text("FAIRWAY_ADMIN_EMAIL");
  const adminPassword = text("FAIRWAY_ADMIN_PASSWORD");
  if (adminEmail !== null && !/^[^\s@]+@[^\s@]+$/.test(adminEmail))
    throw new ConfigError("FAIRWAY_ADMIN_EMAIL", adminEmail, "must be an e-mail address");
  if (adminPassword !== null && adminEmail === null)
    throw new ConfigError("FAIRWAY_ADMIN_PASSWORD", "", "needs FAIRWAY_ADMIN_EMAIL as well");
  if (adminPassword !== null && adminPassword.length < 12)
    throw new ConfigError("FAIRWAY_ADMIN_PASSWORD", "", "must have at least 12 characters");
  return { adminEmail, adminPassword };
}

function readSecretKey(text: Text, dataDir: string): Buffer {
  const value =
    text("FAIRWAY_SECRET_KEY") ??
    generateOnce(join(dataDir, "secret.key"), () => randomBytes(32).toString("base64url"));
  if (value.length < 32) throw new ConfigError("FAIRWAY_SECRET_KEY", "", "must have at least 32 characters");
  return createHash("sha256").update(value).digest();
}

function readMetricsToken(text: Text): string | null {
  const token = text("FAIRWAY_METRICS_TOKEN");
  if (token !== null && !/^\S{16,}$/.test(token))
    throw new ConfigError("FAIRWAY_METRICS_TOKEN", "", "must have at least 16 characters, and no space");
  return token;
}

function readCredentials(text: Text, dataDir: string): { clientId: string; clientSecret: string } {
  const id = text("FAIRWAY_CLIENT_ID");
  const secret = text("FAIRWAY_CLIENT_SECRET");
  if ((id === null) !== (secret === null))
    throw new ConfigError(
      id === null ? "FAIRWAY_CLIENT_ID" : "FAIRWAY_CLIENT_SECRET",
      "",
      "is missing: set both the client id and the secret, or neither",
    );
  const path = join(dataDir, "credentials.json");
  if (id !== null && secret !== null) {
    if (secret.length < 16)
      throw new ConfigError("FAIRWAY_CLIENT_SECRET", "", "must have at least 16 characters");
    writeFileSync(path, `${JSON.stringify({ clientId: id, clientSecret: secret })}\n`, { mode: 0o600 });
    // The mode above counts for a new file only.
    chmodSync(path, 0o600);
    return { clientId: id, clientSecret: secret };
  }
  const kept = generateOnce(path, () =>
    JSON.stringify({
      clientId: randomBytes(12).toString("hex"),
      clientSecret: randomBytes(32).toString("base64url"),
    }),
  );
  try {
    const { clientId, clientSecret } = JSON.parse(kept) as { clientId?: unknown; clientSecret?: unknown };
    if (typeof clientId === "string" && typeof clientSecret === "string") return { clientId, clientSecret };
  } catch {
    // told below
  }
  throw new ConfigError(
    "FAIRWAY_DATA",
    path,
    "does not hold {clientId, clientSecret}; remove it to make new ones",
  );
}

/**
 * Reads the file, or writes what `make` gives with mode 0600 when there is none. The file appears whole or not at all:
 * a start that is interrupted, or meets a full disk, must not leave an empty key behind.
 */
function generateOnce(path: string, make: () => string): string {
  if (!existsSync(path)) {
    const fresh = `${path}.${process.pid}.new`;
    try {
      writeFileSync(fresh, `${make()}\n`, { mode: 0o600, flush: true });
      linkSync(fresh, path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    } finally {
      rmSync(fresh, { force: true });
    }
  }
  return readFileSync(path, "utf8").trim();
}
