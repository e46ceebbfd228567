/** The only reader of the environment. Every setting is a row of SETTINGS: name, default, rule, what it is for. */
import { accessSync, constants, mkdirSync } from "node:fs";
import { isIP } from "node:net";
import { resolve } from "node:path";
import { ConfigError } from "./config/config-error.ts";
import {
  readBaseUrl,
  readDatabaseUrl,
  readOrigins,
  readOutbound,
  readProxies,
  readSecurity,
} from "./config/read-addresses.ts";
import { type KafkaSettings, readKafka } from "./config/read-kafka.ts";
import {
  readAdmin,
  readCredentials,
  readMetricsToken,
  readSecretKeys,
  type SecretKeys,
} from "./config/read-keys.ts";
import { readSmtp } from "./config/read-mail.ts";
import { isLocalSignInWanted, type OidcConfig, readLocalSignIn, readOidc } from "./config/read-oidc.ts";
import { readRequestLimits, type RequestLimitSettings } from "./config/read-request-limits.ts";
import { readSessions, type SessionSettings } from "./config/read-sessions.ts";
import { type Env, oneOf, readCount, readCountOrOff, textReader } from "./config/read-text.ts";
import { readTracing, type TracingConfig } from "./config/read-tracing.ts";
import { unknownSettings } from "./config/unknown-settings.ts";

export { ConfigError } from "./config/config-error.ts";
export { SETTINGS } from "./config/settings.ts";

export interface Config {
  readonly host: string;
  readonly port: number;
  /** Without a trailing slash; null = derived from the address that the server listens on. */
  readonly baseUrl: string | null;
  readonly dataDir: string;
  readonly databaseUrl: string | null;
  /** Past a pooler, for what belongs to one session; null: databaseUrl. */
  readonly databaseDirectUrl: string | null;
  readonly databaseReplicaUrl: string | null;
  readonly role: "all" | "api" | "worker";
  /** Between the word to end and the end of listening. */
  readonly stopDelaySeconds: number;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly adminEmail: string | null;
  readonly adminPassword: string | null;
  /** Of 32 bytes each. */
  readonly secretKeys: SecretKeys;
  /** Reads `/metrics`; null: only tokens and sessions do. */
  readonly metricsToken: string | null;
  /** null: no single sign-on. */
  readonly oidc: OidcConfig | null;
  /** false: passwords and links are for the administrator of the configuration only. */
  readonly localSignIn: boolean;
  /** true: FAIRWAY_LOCAL_SIGN_IN is set to it, so whoever comes by the provider may have a password too. */
  readonly localSignInWanted: boolean;
  readonly sessions: SessionSettings;
  readonly requestLimits: RequestLimitSettings;
  readonly outboundAllow: readonly string[];
  /** Addresses and nets of proxies, which say from where a request comes. */
  readonly trustedProxies: readonly string[];
  /** What /.well-known/security.txt says. */
  readonly security: { readonly contacts: readonly string[]; readonly policy: string | null };
  /** Origins whose pages dashboards may embed. */
  readonly frameSources: readonly string[];
  /** null: no e-mail is sent. */
  readonly smtp: { readonly url: string; readonly from: string } | null;
  /** null: KAFKA runs wait to be claimed. */
  readonly kafka: KafkaSettings | null;
  /** Days that events of data sources are kept. */
  readonly eventRetentionDays: number;
  readonly historyRetentionDays: number;
  /** Days that the audit log is kept; null: for ever. */
  readonly auditRetentionDays: number | null;
  /** Hours without a report after which a run of an action has failed. */
  readonly runTimeoutHours: number;
  /** Whether somebody may approve of a run that they started. */
  readonly selfApproval: (typeof APPROVALS)[number];
  /** Days that runs which have ended, and what alerts told, are kept. */
  readonly runRetentionDays: number;
  /** Events that may wait for their mapping before more are turned away. */
  readonly ingestMaxWaiting: number;
  readonly logLevel: (typeof LOG_LEVELS)[number];
  /** null: nothing is traced. */
  readonly tracing: TracingConfig | null;
  readonly demo: boolean;
  /** A link for the administrator at each start: by hand, not by a service, whose log others read. */
  readonly alwaysLink: boolean;
  /** The secret key of before is lost: the server starts although nothing that is stored can be opened. */
  readonly isKeyNew: boolean;
}

const LOG_LEVELS = ["fatal", "error", "warn", "info", "debug", "trace", "silent"] as const;
const APPROVALS = ["allow", "forbid"] as const;
const YES_NO = ["true", "false"] as const;
const ROLES = ["all", "api", "worker"] as const;

/**
 * Reads and validates all settings; generates keys and credentials once and keeps them in the data folder (0600).
 * @throws ConfigError
 */
export function loadConfig(env: Env = process.env, argv: readonly string[] = process.argv.slice(2)): Config {
  const [unknown] = unknownSettings(env);
  if (unknown !== undefined)
    throw new ConfigError(unknown, null, `is no setting of Fairway (see docs/configuration.md)`);
  const text = textReader(env);
  const { role, demo, alwaysLink, ...asked } = readArguments(argv, text("FAIRWAY_ROLE"));
  const newKey = oneOf("FAIRWAY_NEW_SECRET_KEY", text("FAIRWAY_NEW_SECRET_KEY") ?? "false", YES_NO);
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
  const databaseDirectUrl = readDatabaseUrl("DATABASE_DIRECT_URL", text);
  for (const [name, url] of [
    ["DATABASE_REPLICA_URL", databaseReplicaUrl],
    ["DATABASE_DIRECT_URL", databaseDirectUrl],
  ] as const)
    if (url !== null && databaseUrl === null) throw new ConfigError(name, "", "needs DATABASE_URL as well");
  if (role !== "all" && databaseUrl === null)
    throw new ConfigError(
      "FAIRWAY_ROLE",
      role,
      "needs DATABASE_URL: the embedded database belongs to one process",
    );
  const baseUrl = readBaseUrl(text("FAIRWAY_BASE_URL"));
  const outboundAllow = readOutbound(text("FAIRWAY_OUTBOUND_ALLOW"));
  const trustedProxies = readProxies(text("FAIRWAY_TRUSTED_PROXIES"));
  const security = readSecurity(text);
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
    databaseDirectUrl,
    databaseReplicaUrl,
    role,
    stopDelaySeconds: readCountOrOff("FAIRWAY_STOP_DELAY_SECONDS", text, 0, 60) ?? 0,
    ...credentials,
    ...admin,
    secretKeys: readSecretKeys(text, dataDir),
    metricsToken: readMetricsToken(text),
    oidc,
    localSignIn: readLocalSignIn(text, oidc, admin.adminEmail),
    localSignInWanted: isLocalSignInWanted(text),
    sessions: readSessions(text),
    requestLimits: readRequestLimits(text),
    outboundAllow,
    trustedProxies,
    security,
    frameSources,
    smtp: readSmtp(text),
    kafka: readKafka(text),
    eventRetentionDays: readCount("FAIRWAY_EVENT_RETENTION_DAYS", text, 14, 3650),
    historyRetentionDays: readCount("FAIRWAY_HISTORY_RETENTION_DAYS", text, 400, 3650),
    auditRetentionDays:
      text("FAIRWAY_AUDIT_RETENTION_DAYS") === null
        ? null
        : readCount("FAIRWAY_AUDIT_RETENTION_DAYS", text, 1, 36_500),
    runTimeoutHours: readCount("FAIRWAY_RUN_TIMEOUT_HOURS", text, 168, 8760),
    selfApproval: oneOf("FAIRWAY_SELF_APPROVAL", text("FAIRWAY_SELF_APPROVAL") ?? "allow", APPROVALS),
    runRetentionDays: readCount("FAIRWAY_RUN_RETENTION_DAYS", text, 365, 3650),
    ingestMaxWaiting: readCount("FAIRWAY_INGEST_MAX_WAITING", text, 20_000, 10_000_000),
    logLevel,
    tracing: readTracing(text),
    demo,
    alwaysLink,
    isKeyNew: asked.isKeyNew || newKey === "true",
  });
}

function readArguments(
  argv: readonly string[],
  role: string | null,
): Pick<Config, "role" | "demo" | "alwaysLink" | "isKeyNew"> {
  let demo = false;
  let alwaysLink = false;
  let isKeyNew = false;
  let chosen = role ?? "all";
  for (let i = 0; i < argv.length; i++) {
    const argument = argv[i];
    if (argument === "--demo") demo = true;
    else if (argument === "--sign-in-link") alwaysLink = true;
    else if (argument === "--new-secret-key") isKeyNew = true;
    else if (argument === "--role") chosen = argv[++i] ?? "";
    else if (argument?.startsWith("--role=")) chosen = argument.slice("--role=".length);
    else
      throw new ConfigError(
        "argument",
        argument,
        "is unknown; `npm start -- [--demo] [--role all|api|worker] [--sign-in-link] [--new-secret-key]`",
      );
  }
  return { role: oneOf("FAIRWAY_ROLE", chosen, ROLES), demo, alwaysLink, isKeyNew };
}
