/** Puts the parts together and runs them. */
import { readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { FastifyBaseLogger } from "fastify";
import { sql } from "kysely";
import { API_TOKEN_PREFIX, verifyApiToken } from "./access/api-tokens.ts";
import { ensureOrganization } from "./access/organization.ts";
import { ensureAdministrator } from "./access/administrator.ts";
import { renewSealed } from "./access/renew-sealed.ts";
import { sessionUser } from "./access/sessions.ts";
import { createLink, hasComeIn } from "./access/sign-in.ts";
import { decryptSecret, encryptSecret, openSecrets } from "./access/secrets.ts";
import { createTokens } from "./access/tokens.ts";
import { openKafka } from "./automation/kafka-broker.ts";
import { createMailer } from "./automation/mailer.ts";
import type { RunMeans } from "./automation/run-means.ts";
import { derivationMetrics } from "./catalog/derivation.ts";
import { ensureSystemBlueprints } from "./catalog/system-blueprints.ts";
import { ensureAdministratorUser } from "./catalog/users.ts";
import { createDemo } from "./cli/demo/run-demo.ts";
import type { Config } from "./config.ts";
import type { Worker } from "./engine/worker.ts";
import { buildApp } from "./http/app.ts";
import { auditRefusals } from "./http/audit-refusals.ts";
import { type FairwayInstance } from "./http/app-types.ts";
import { type Authenticator, identityOf, sessionCookie, writeMarksOf } from "./http/auth.ts";
import { openSso } from "./http/identity/open-sso.ts";
import { parseJson } from "./http/json-body.ts";
import { requireOpenRuns } from "./http/open-run.ts";
import { type LiveHub, liveRoutes } from "./http/live.ts";
import { runLogStreamRoutes, type RunLogStreams } from "./http/run-log-stream.ts";
import { createMeters } from "./http/meters.ts";
import { replicaReads } from "./http/replica-reads.ts";
import { derivationRoutes } from "./http/routes/derivation.ts";
import { aggregateRoutes } from "./http/routes/aggregate.ts";
import { alertRoutes } from "./http/routes/alerts.ts";
import { initiativeRoutes } from "./http/routes/initiatives.ts";
import { automationRoutes } from "./http/routes/automations.ts";
import { auditRoutes } from "./http/routes/audit.ts";
import { actionV1Routes } from "./http/routes/actions-v1.ts";
import { actionTemplateRoutes } from "./http/routes/action-templates.ts";
import { actionRoutes } from "./http/routes/actions.ts";
import { backupRoutes } from "./http/routes/backups.ts";
import { blueprintRoutes } from "./http/routes/blueprints.ts";
import { dataSourceRoutes } from "./http/routes/data-sources.ts";
import { doraRoutes } from "./http/routes/dora.ts";
import { entityImportRoutes } from "./http/routes/entity-import.ts";
import { entityReadRoutes } from "./http/routes/entity-reads.ts";
import { entityRoutes } from "./http/routes/entities.ts";
import { devlakeRoutes } from "./http/routes/devlake.ts";
import { identityRoutes } from "./http/routes/identity.ts";
import { ingestRoutes } from "./http/routes/ingest.ts";
import { integrationRoutes } from "./http/routes/integrations.ts";
import { actionAccessRoutes } from "./http/routes/action-access.ts";
import { runApprovalRoutes, runClaimRoutes, workflowStubRoutes } from "./http/routes/run-approvals.ts";
import { runRoutes } from "./http/routes/runs.ts";
import { organizationRoutes } from "./http/routes/organization.ts";
import { jqRoutes } from "./http/routes/jq.ts";
import { mappingRoutes } from "./http/routes/mapping.ts";
import { migrationRoutes } from "./http/routes/migrations.ts";
import { actorRoutes } from "./http/routes/actors.ts";
import { ownSettingRoutes } from "./http/routes/own-settings.ts";
import { pageRoutes } from "./http/routes/pages.ts";
import { sidebarRoutes } from "./http/routes/sidebar.ts";
import { permissionRoutes } from "./http/routes/permissions.ts";
import { scorecardRoutes } from "./http/routes/scorecards.ts";
import { searchRoutes } from "./http/routes/search.ts";
import { setupRoutes } from "./http/routes/setup.ts";
import { securityTxtRoutes } from "./http/routes/security-txt.ts";
import { sourceNameRoutes } from "./http/routes/source-names.ts";
import { systemRoutes } from "./http/routes/system.ts";
import { templateRoutes } from "./http/routes/templates.ts";
import { teamRoutes } from "./http/routes/teams.ts";
import { webhookRoutes } from "./http/routes/webhooks.ts";
import { createIntake } from "./ingest/intake.ts";
import { MappedAhead } from "./ingest/mapped-ahead.ts";
import { createDevlakeReceiver } from "./ingest/receive-devlake.ts";
import { createReceiver } from "./ingest/receive.ts";
import type { WebhookContext } from "./ingest/webhooks.ts";
import { sourceMeans } from "./ingest/sources/open-source.ts";
import { SYSTEM_ACTOR } from "./model/actor.ts";
import type { Ctx } from "./storage/context.ts";
import { lockDataFolder } from "./storage/data-lock.ts";
import { openDatabase } from "./storage/db.ts";
import { startMaintenance } from "./storage/maintenance.ts";
import { openReplicaOf } from "./storage/replica.ts";
import { feedLags, mendRestoredFeed } from "./storage/feed.ts";
import { isMigrated, migrate } from "./storage/migrate.ts";
import { queueStates } from "./storage/queue.ts";
import { backupMeans } from "./serve/backup-means.ts";
import { startWork } from "./serve/start-work.ts";
import { Started } from "./serve/started.ts";
import { writeServerFile } from "./serve/server-file.ts";
import { soon } from "./serve/within.ts";
import { startTracing } from "./tracing/start-tracing.ts";
import { traceCalls } from "./tracing/trace-calls.ts";

export interface Running {
  /** Where the server answers, e.g. `http://localhost:3000`. */
  readonly url: string;
  /** One-time sign-in address of the administrator; null when a password is set or they have come in before. */
  readonly signInUrl: string | null;
  /** Loads demo data; resolves when the numbers are there. */
  loadDemo(): Promise<void>;
  stop(): Promise<void>;
}

const WEB_FOLDER = fileURLToPath(new URL("../dist/web", import.meta.url));
const VERSION = (
  JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as { version: string }
).version;
/** A probe that waits longer is given up by most orchestrators. */
const READINESS_MS = 4000;
/** A worker loop that has not come round for this long is stuck. */
const WORKER_STUCK_MS = 120_000;

/** Rows of the change feed that the metrics count for a reader. */
const MAX_COUNTED_LAG = 10_000;
/** Characters of events that wait to be stored: what a database that hangs may cost in memory. */
const MAX_BUFFERED = 64_000_000;

/**
 * Starts what the role asks for.
 * @param alwaysLink whoever started it reads what is printed: a link for the administrator each time
 * @throws when a setting, the data folder or the database does not allow it
 */
export async function serve(config: Config, logger: FastifyBaseLogger, alwaysLink = false): Promise<Running> {
  const started = new Started();
  const stop = (): Promise<void> =>
    started.stop({
      delayMs: config.stopDelaySeconds * 1000,
      onCut: () => logger.warn({}, "work at hand did not end in time: another process takes it up"),
      onError: (error) => logger.error({ err: error }, "a part did not stop"),
    });
  try {
    return await start(config, logger, alwaysLink, started, stop);
  } catch (error) {
    await stop();
    throw error;
  }
}

async function start(
  config: Config,
  logger: FastifyBaseLogger,
  alwaysLink: boolean,
  started: Started,
  stop: () => Promise<void>,
): Promise<Running> {
  const now = (): Date => new Date();
  if (config.tracing !== null) {
    const onError = (problem: string): void => logger.warn({ problem }, "traces could not be sent");
    const about = { version: VERSION, role: config.role, onError };
    started.ground(await startTracing(config.tracing, about));
  }
  const onLost = (): never => {
    logger.fatal(
      {},
      "another process has taken the data folder: this one ends before it damages the database",
    );
    process.exit(1);
  };
  if (config.databaseUrl === null) started.ground(await lockDataFolder(config.dataDir, { onLost }));
  const database = await openDatabase({
    url: config.databaseUrl,
    directUrl: config.databaseDirectUrl,
    dataDir: join(config.dataDir, "database"),
    onError: (error) => logger.error({ err: error }, "database connection"),
  });
  started.ground(() => database.close());
  const onWait = (waiting: string): void => logger.warn({ waiting }, "a migration waits, and is tried again");
  const applied = await migrate(database, undefined, { onWait });
  if (applied > 0) logger.info({ applied }, "migrations applied");
  started.work(startMaintenance(database, (error) => logger.error({ err: error }, "maintenance failed")));
  const { kysely } = database;
  const replica = openReplicaOf(config.databaseReplicaUrl, database, (error) =>
    logger.warn({ err: error }, "the replica is passed over"),
  );
  if (replica !== null) started.ground(() => replica.close());
  const keys = config.secretKeys;
  const org = await ensureOrganization(kysely, config, keys, config.isKeyNew);
  if (keys.earlier.length > 0) logger.info(await renewSealed(kysely, org, keys), "secrets encrypted anew");
  if (await mendRestoredFeed(kysely, org))
    logger.warn({}, "the database was restored from another server: the change feed is read again");
  const system: Ctx = { db: kysely, org, actor: SYSTEM_ACTOR, now, log: logger };
  await ensureSystemBlueprints(system);
  const admin = await ensureAdministrator(kysely, org, {
    email: config.adminEmail,
    password: config.adminPassword,
  });
  await ensureAdministratorUser(system, admin);

  const meters = createMeters({
    ...{ version: VERSION, role: config.role },
    queues: () => queueStates(kysely, org),
    feeds: () => feedLags(kysely, org, MAX_COUNTED_LAG),
    derivation: () => derivationMetrics(system),
    connections: () => database.connections(),
    reads: replica?.counts ?? null,
  });
  const ahead = new MappedAhead();
  const box = {
    seal: (org: string, name: string, text: string) => encryptSecret(keys, org, name, text),
    open: (org: string, name: string, sealed: Uint8Array) => decryptSecret(keys, org, name, sealed),
  };
  let publicUrl = config.baseUrl ?? "";
  const tokens = createTokens(kysely, keys, now);
  let url = "";
  const { outbound } = sourceMeans(box, config.outboundAllow);
  const means = {
    box,
    outbound: {
      request: traceCalls(
        meters.watchCalls((...asked: Parameters<typeof outbound.request>) => outbound.request(...asked)),
      ),
    },
  };
  const runMeans: RunMeans = {
    door: means.outbound,
    secrets: (ctx) => openSecrets(ctx, keys),
    clientSecret: config.clientSecret,
    selfApproval: config.selfApproval,
    kafka: config.kafka === null ? null : openKafka(config.kafka),
    mail: config.smtp === null ? null : createMailer(config.smtp),
    own: {
      origins: () => [url, publicUrl].filter((one) => one !== "").map((one) => new URL(one).origin),
      address: () => url,
      token: async () => (await tokens.issue(config.clientId, config.clientSecret))?.accessToken ?? "",
      door: sourceMeans(box, [hostOf(config.host).replace(/^\[|\]$/g, "")]).outbound,
    },
  };
  const { kafka } = runMeans;
  if (kafka !== null) started.ground(() => kafka.close());
  let worker: Worker | null = null;
  if (config.role !== "api") {
    const work = { ahead, means, runMeans, countEvents: meters.countEvents, publicUrl: () => publicUrl };
    worker = await startWork(database, system, config, work, started);
  }

  const session: Authenticator["session"] = async (token, use) => {
    const found = await sessionUser(kysely, org, token, use, now(), config.sessions);
    return found === null ? null : { org, ...found };
  };
  const signInUrl = async (email: string): Promise<string> =>
    `${publicUrl}/login?token=${await createLink(kysely, org, email, "sign-in", now())}`;
  const demo = createDemo({
    ...{ clientId: config.clientId, clientSecret: config.clientSecret, now, url: () => url },
    moved: () => database.hint("import"),
  });

  const webhooks: WebhookContext = {
    vault: {
      seal: (name, value) => encryptSecret(keys, org, name, value),
      open: (name, stored) => decryptSecret(keys, org, name, stored),
    },
    baseUrl: () => publicUrl,
  };
  const limits = { maxWaiting: config.ingestMaxWaiting, maxBuffered: MAX_BUFFERED };
  const intake = createIntake(kysely, limits, () => database.hint("change"));
  const receive = createReceiver({
    ...{ db: kysely, intake, now, parse: parseJson, vault: webhooks.vault },
    ahead: config.role === "api" ? null : ahead,
  });
  let live: LiveHub | null = null;
  let logs: RunLogStreams | null = null;
  const secureCookie = config.baseUrl?.startsWith("https:") ?? false;
  const register = (app: FairwayInstance): void => {
    const ctx: Parameters<typeof blueprintRoutes>[1]["ctx"] = (request) => {
      const identity = identityOf(request);
      const { org, actor } = identity;
      return { db: kysely, org, actor, now, log: request.log, ...writeMarksOf(request) };
    };
    const read = replicaReads(app, replica, ctx);
    const deps = { ctx, read, afterWrite: () => database.hint("change") };
    auditRefusals(app, deps);
    requireOpenRuns(app, deps);
    systemRoutes(app, {
      readiness: async () => ({
        database: await soon(
          sql`select 1`.execute(kysely).then(() => true),
          READINESS_MS,
        ),
        migrations: await soon(isMigrated(database), READINESS_MS),
        worker: worker === null || worker.idleFor() < WORKER_STUCK_MS,
        stays: !started.isLeaving,
      }),
      meters,
    });
    backupRoutes(app, {
      ...deps,
      ...backupMeans(database, { org, now, dataDir: config.dataDir, version: VERSION }),
    });
    identityRoutes(app, {
      ...{ ...deps, db: kysely, org, now, key: keys, tokens, mail: runMeans.mail },
      // What is done before somebody is signed in is done on the pages all the same.
      system: { ...system, actor: { ...SYSTEM_ACTOR, origin: "UI" } },
      publicUrl: () => publicUrl,
      ...{ secureCookie, sessions: config.sessions },
      keptAdmin: admin.email,
      isLocalOpen: config.localSignIn,
      isLocalWanted: config.localSignInWanted,
      mayUseLocal: (email) => config.localSignIn || email === admin.email,
      sso: openSso(config.oidc, config.outboundAllow, admin.email, now),
    });
    securityTxtRoutes(app, { ...config.security, publicUrl: () => publicUrl, now });
    organizationRoutes(app, { ...deps, key: keys });
    teamRoutes(app, deps);
    permissionRoutes(app, deps);
    blueprintRoutes(app, { ...deps, hasBroker: config.kafka !== null });
    scorecardRoutes(app, deps, config.historyRetentionDays);
    actionRoutes(app, deps);
    actionAccessRoutes(app, deps);
    actionTemplateRoutes(app, deps);
    actionV1Routes(app, { ...deps, runs: runMeans });
    runRoutes(app, { ...deps, runs: runMeans });
    runApprovalRoutes(app, { ...deps, runs: runMeans });
    runClaimRoutes(app, { ...deps, runs: runMeans });
    workflowStubRoutes(app);
    mappingRoutes(app, deps);
    webhookRoutes(app, { ...deps, webhooks });
    integrationRoutes(app, { ...deps, baseUrl: webhooks.baseUrl, hasBroker: config.kafka !== null });
    templateRoutes(app, { ...deps, mails: config.smtp !== null });
    ingestRoutes(app, receive);
    const devlake = { db: kysely, vault: webhooks.vault, now, parse: parseJson };
    devlakeRoutes(app, createDevlakeReceiver(devlake, receive));
    migrationRoutes(app, deps);
    pageRoutes(app, deps);
    sidebarRoutes(app, deps);
    ownSettingRoutes(app, deps);
    actorRoutes(app, deps);
    entityRoutes(app, { ...deps, key: keys });
    entityReadRoutes(app, deps);
    entityImportRoutes(app, deps);
    auditRoutes(app, deps);
    dataSourceRoutes(app, { ...deps, means, system, publicUrl: () => publicUrl });
    sourceNameRoutes(app, deps);
    searchRoutes(app, deps);
    aggregateRoutes(app, deps, config.historyRetentionDays);
    automationRoutes(app, deps);
    alertRoutes(app, { ...deps, mails: config.smtp !== null });
    initiativeRoutes(app, deps);
    derivationRoutes(app, deps);
    jqRoutes(app);
    doraRoutes(app, { ...deps, afterImport: () => database.hint("import") });
    setupRoutes(app, {
      ...deps,
      demo: demo.state,
      startDemo: () =>
        void demo.run().catch((error: unknown) => logger.error({ err: error }, "demo data failed")),
    });
    live = liveRoutes(app);
    logs = runLogStreamRoutes(app, deps);
  };
  const app = await buildApp({
    logger,
    version: VERSION,
    webFolder: WEB_FOLDER,
    frameSources: config.frameSources,
    register,
    isLeaving: () => started.isLeaving,
    ...{ metricsToken: config.metricsToken, isSecure: secureCookie, requestLimits: config.requestLimits },
    trustedProxies: config.trustedProxies,
    authenticator: {
      cookie: sessionCookie(secureCookie),
      token: (token, address) =>
        token.startsWith(API_TOKEN_PREFIX)
          ? verifyApiToken(kysely, token, address, now())
          : tokens.verify(token),
      session,
    },
  });
  database.onHint((topic) => {
    live?.publish(topic);
    if (topic === "change") logs?.changed();
  });
  await app.listen({ host: config.host, port: config.port });
  started.last(() => {
    live?.close();
    logs?.close();
    return app.close();
  });
  const { port } = app.server.address() as AddressInfo;
  // Programs on this machine get the address itself: "localhost" may mean ::1 first. People get the name.
  url = `http://${hostOf(config.host)}:${port}`;
  publicUrl = config.baseUrl ?? (config.host === "127.0.0.1" ? `http://localhost:${port}` : url);
  started.ground(writeServerFile(config.dataDir, { url, page: publicUrl }));
  // Whoever reads what a service prints would be administrator after any restart.
  const isNeeded =
    config.adminPassword === null && (alwaysLink || !(await hasComeIn(kysely, org, admin.email)));
  const adminUrl = isNeeded ? await signInUrl(admin.email) : null;
  return { url: publicUrl, signInUrl: adminUrl, loadDemo: demo.run, stop };
}

/** The listening address as it stands in a URL; a wildcard address is reached through loopback. */
function hostOf(host: string): string {
  if (host === "0.0.0.0") return "127.0.0.1";
  if (host === "::") return "[::1]";
  return host.includes(":") ? `[${host}]` : host;
}
