/**
 * Backups of PostgreSQL under load, made and restored as docs/operations.md says:
 *
 *   tools/with-postgres node tools/restore.ts [--rounds 3] [--seconds 8] [--pace 15]
 *
 * While deployments and incidents come by requests and events to two servers, a base backup and a dump are made. The dump is restored into
 * an empty PostgreSQL, the base backup with the archived log to a moment of the load. On each a server is started, and then
 * - everything that was acknowledged before the backup's moment is there, of what was sent after it nothing, of each writer no
 *   later write without the earlier ones;
 * - `fairway rebuild --check` finds no drift;
 * - the source, whose facts are made those of the restored one by its API, has the same numbers of DORA, with the same evidence.
 * Exit code 1: it was otherwise.
 */
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { startFleet } from "../test/flows/support/fleet.ts";
import { openPortal, type Portal } from "../test/flows/support/portal.ts";
import { endProcesses, runCli, startServer } from "../test/flows/support/processes.ts";
import { createTestPlace, type TestPlace } from "../test/support/database.ts";
import {
  archive,
  archived,
  type Cluster,
  emptyCluster,
  type Place,
  placeOf,
  recoveredCluster,
  run,
  withClient,
} from "./restore/clusters.ts";
import {
  bringBack,
  differing,
  type Facts,
  factsOf,
  type Moment,
  numbersOf,
  outOfOrder,
} from "./restore/compare.ts";
import { define, type Load, startFacts } from "./restore/facts.ts";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "3" },
    seconds: { type: "string", default: "8" },
    pace: { type: "string", default: "15" },
  },
});
const { PG_BIN: bin = "", TEST_DATABASE_URL: serverUrl, TEST_DATABASE_RESTART: restart } = process.env;
if (serverUrl === undefined || restart === undefined)
  throw new Error("run it as: tools/with-postgres node tools/restore.ts");
const SETTLE_MS = 120_000;
const LOG = { FAIRWAY_LOG_LEVEL: "fatal" };
const like = new URL(serverUrl);

const problems: string[] = [];
function expectThat(what: string, wrong: readonly string[]): void {
  process.stdout.write(
    `${wrong.length === 0 ? "ok  " : "NOT "} ${Math.round(performance.now() / 1000)} ${what}\n`,
  );
  for (const one of wrong.slice(0, 10)) process.stdout.write(`      ${one}\n`);
  problems.push(...wrong);
}

/** Until no derived value waits, of DORA or of a definition. */
async function settled(portal: Portal): Promise<void> {
  for (const end = Date.now() + SETTLE_MS; ; await sleep(100)) {
    if (Date.now() > end) throw new Error(`not settled after ${SETTLE_MS} ms`);
    const { events } = await portal.get<{ events: { received: number } }>("/v1/webhooks/cd/events-count");
    if (events.received > 0) continue;
    await portal.settled(SETTLE_MS);
    const path = "/v1/blueprints/service/derivation";
    const { derivation } = await portal.get<{ derivation: { isSettled: boolean } }>(path);
    if (derivation.isSettled) return;
  }
}

interface Restored {
  readonly facts: Facts;
  readonly numbers: Awaited<ReturnType<typeof numbersOf>>;
}

/** What a server says that is started on what was restored, with the keys of the source. */
async function look(name: string, databaseUrl: string, source: TestPlace): Promise<Restored> {
  const dataDir = mkdtempSync(join(tmpdir(), "fairway-restored-"));
  try {
    for (const key of ["secret.key", "credentials.json"])
      copyFileSync(join(source.dataDir, key), join(dataDir, key));
    const server = await startServer({ dataDir, databaseUrl, remove: () => Promise.resolve() }, LOG);
    const portal = await openPortal(server.url, dataDir);
    await settled(portal);
    const check = await runCli(dataDir, ["rebuild", "--check"]).ended;
    const said = `${check.stdout}${check.stderr}`.trim();
    expectThat(`${name}: rebuild --check: ${said.split("\n").at(-1)}`, check.code === 0 ? [] : [said]);
    const restored = { facts: await factsOf(portal), numbers: await numbersOf(portal) };
    server.kill("SIGTERM");
    const { code } = await server.ended;
    expectThat(`${name}: the server ended with ${code}`, code === 0 ? [] : [`${name}: exit code ${code}`]);
    return restored;
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

interface Backups {
  readonly dump: { readonly file: string; readonly moment: Moment };
  readonly base: { readonly folder: string; readonly until: string; readonly moment: Moment };
}

async function backUp(place: Place, databaseUrl: string, round: number): Promise<Backups> {
  const folder = join(place.folder, `base-${round}`);
  await run(place, "pg_basebackup", "--dbname", serverUrl ?? "", "--pgdata", folder, "--checkpoint=fast");
  const file = join(place.folder, `fairway-${round}.dump`);
  const begun = Date.now();
  await run(place, "pg_dump", "--format=custom", `--file=${file}`, databaseUrl);
  const dump = { file, moment: { begun, ended: Date.now() } };
  await sleep(500);
  const { until, now } = await withClient(serverUrl ?? "", async (client) => {
    const text = "select now::text as until, floor(extract(epoch from now) * 1000)::float8 as now";
    const { rows } = await client.query<{ until: string; now: number }>(
      `${text} from (select clock_timestamp() as now) t`,
    );
    return rows[0] ?? { until: "", now: 0 };
  });
  return { dump, base: { folder, until, moment: { begun: now, ended: now } } };
}

async function judge(
  name: string,
  { facts, numbers }: Restored,
  { source, load, moment }: { readonly source: Portal; readonly load: Load; readonly moment: Moment },
): Promise<void> {
  const steps = load.writers.flat();
  const before = steps.filter(({ acknowledgedAt }) => acknowledgedAt < moment.begun).length;
  const after = steps.filter(({ sentAt }) => sentAt > moment.ended).length;
  expectThat(
    `${name}: ${facts.size} facts; the ${before} writes acknowledged before it are there, the ${after} sent after it are not`,
    outOfOrder(facts, load, moment),
  );
  const written = await bringBack(source, facts);
  await settled(source);
  expectThat(
    `${name}: the numbers of the source with those facts (${written} written back) are the same: ${JSON.stringify(numbers["counts"])}`,
    differing(numbers, await numbersOf(source)),
  );
}

const folder = mkdtempSync(join(tmpdir(), "fairway-restore-"));
const place = placeOf(bin, restart, folder);
const archiveFolder = await archive(place, serverUrl, restart);
const source = await createTestPlace();
const clusters: Cluster[] = [];
try {
  const databaseUrl = source.databaseUrl ?? "";
  const database = new URL(databaseUrl).pathname.slice(1);
  await withClient(databaseUrl, (client) =>
    client.query(`alter database ${client.escapeIdentifier(database)} set synchronous_commit = on`),
  );
  const fleet = await startFleet(2, () => startServer(source, LOG));
  const portal = await openPortal(fleet.next().url, source.dataDir);
  const key = await define(portal);
  for (let round = 1; round <= Number(values.rounds); round += 1) {
    const load = startFacts({
      ...{ address: () => fleet.next().url, authorization: portal.authorization, key },
      ...{ run: `run${round}`, paceMs: Number(values.pace) },
    });
    await sleep((Number(values.seconds) * 1000) / 2);
    const { dump, base } = await backUp(place, databaseUrl, round);
    await sleep((Number(values.seconds) * 1000) / 2);
    await load.stop();
    await archived(serverUrl);

    const port = Number(like.port) + 1;
    const empty = await emptyCluster(place, `empty-${round}`, like, port);
    clusters.push(empty);
    const name = "fairway_restored";
    await run(place, "createdb", `--maintenance-db=${empty.url("postgres")}`, name);
    await run(
      place,
      ...(["pg_restore", "--exit-on-error", "--no-owner", `--dbname=${empty.url(name)}`] as const),
      dump.file,
    );
    const fromDump = await look(`round ${round}, dump`, empty.url(name), source);
    await empty.stop();
    const recovered = await recoveredCluster(
      place,
      { base: base.folder, from: archiveFolder, until: base.until },
      ...([like, port] as const),
    );
    clusters.push(recovered);
    const toTheMoment = await look(`round ${round}, to the moment`, recovered.url(database), source);
    await recovered.stop();
    clusters.length = 0;
    // The later moment first: what the source has more than it, it has more than the earlier one as well.
    const about = { source: portal, load };
    await judge(`round ${round}, to the moment`, toTheMoment, { ...about, moment: base.moment });
    await judge(`round ${round}, dump`, fromDump, { ...about, moment: dump.moment });
    for (const old of [dump.file, base.folder, join(folder, `empty-${round}`)])
      rmSync(old, { recursive: true, force: true });
  }
  await fleet.stop();
} finally {
  await endProcesses();
  for (const cluster of clusters) await cluster.stop().catch(() => undefined);
  await source.remove();
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = problems.length === 0 ? 0 : 1;
