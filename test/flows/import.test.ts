/**
 * Repositories of different habits, through the real command line into a real server: the evidence adds up to every
 * number, the numbers are those of the slow twin over plain `git log`, and the same import again writes nothing.
 */
import { sql } from "kysely";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadConfig } from "../../src/config.ts";
import type { DerivedDeployment, Shipment } from "../../src/dora/derived.ts";
import type { DeploymentFact } from "../../src/dora/facts.ts";
import type { MetricName, Metrics, SeriesPoint } from "../../src/dora/results.ts";
import { type Running, serve } from "../../src/serve.ts";
import { SETTINGS } from "../dora/support/history-arbitrary.ts";
import { readCommits } from "../dora/support/read-git.ts";
import { twinDerive, type TwinResult } from "../dora/twin.ts";
import { createTestPlace, openAt, type TestPlace } from "../support/database.ts";
import type { GitRepository } from "../support/git.ts";
import { patient } from "../support/patience.ts";
import { generateRepository, type HistoryPlan } from "./support/generate-repository.ts";
import { openPortal, type Portal } from "./support/portal.ts";
import { endProcesses, runCli } from "./support/processes.ts";
import { type EvidencePages, METRICS, readEvidence } from "./support/snapshot.ts";

interface Case extends HistoryPlan {
  /** Globs of the only service; the whole repository without. */
  readonly paths?: string;
  readonly timezone: string;
}

/** Seeds that once failed come first. */
const CASES: readonly Case[] = [
  { seed: 11, habit: "squash", steps: 120, timezone: "UTC" },
  { seed: 12, habit: "merge", steps: 120, timezone: "America/New_York" },
  { seed: 13, habit: "rebase", steps: 120, timezone: "Asia/Kathmandu" },
  { seed: 14, habit: "mixed", steps: 200, timezone: "Europe/Berlin" },
  { seed: 15, habit: "mixed", steps: 160, timezone: "UTC", paths: "svc-a/**,lib/**" },
];
const FROM = "2026-01-01T00:00:00.000Z";
const TO = "2026-04-01T00:00:00.000Z";
const DAY = 86_400_000;

type Rows = EvidencePages["rows"];
type Wire<T> = { readonly [K in keyof T]: T[K] extends number | null ? string | null : T[K] };

/** The value at a share of the sorted values, between two of them in proportion. */
function quantile(values: readonly number[], share: number): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  const place = share * (sorted.length - 1);
  const under = sorted[Math.floor(place)];
  const over = sorted[Math.ceil(place)];
  return under === undefined || over === undefined ? null : under + (over - under) * (place % 1);
}

/** Headline and count of a metric from its rows alone. */
function refold(metric: MetricName, rows: Rows, days: number): [number | null, number] {
  const values = rows.map(({ value }) => value);
  const sum = values.reduce((total, value) => total + value, 0);
  if (metric === "deploymentFrequency") return [sum / days, rows.length];
  if (metric === "changeFailureRate" || metric === "reworkRate")
    return [rows.length === 0 ? null : sum / rows.length, rows.length];
  // The histories leave no failure open, so that no median is one of censored times.
  return [quantile(values, 0.5), rows.length];
}

/** Days by the wall clock of the zone. */
function wallDays(from: string, to: string, timezone: string): number {
  const wall = (iso: string): number =>
    Date.parse(
      `${new Date(iso).toLocaleString("sv-SE", { timeZone: timezone }).replace(" ", "T")}.${iso.slice(20, 23)}Z`,
    );
  return (wall(to) - wall(from)) / DAY;
}

function expectClose(label: string, actual: number | null, expected: number | null): void {
  if (actual === null || expected === null) expect([label, actual]).toEqual([label, expected]);
  else expect(Math.abs(actual - expected), `${label}: ${actual}, not ${expected}`).toBeLessThanOrEqual(1e-9);
}

/** Tags as deployments, read with plain git. */
function tagDeployments({ git }: GitRepository): DeploymentFact[] {
  const format = "%(refname:short) %(objectname) %(*objectname) %(creatordate:unix)";
  return git("for-each-ref", `--format=${format}`, "refs/tags")
    .split("\n")
    .map((line): DeploymentFact => {
      const [tag = "", object = "", , time = ""] = line.split(" ");
      const sha = line.split(" ")[2] || object;
      return {
        ...{ blueprint: "deployment", id: `shop@${tag}`, title: null, url: null, environment: "Production" },
        ...{ startedAt: null, finishedAt: Number(time) * 1000, status: "success", sha, previousSha: null },
        ...{ ref: tag, changeIds: [], trigger: null },
      };
    });
}

function twinOf(repository: GitRepository, paths: string | undefined): TwinResult {
  return twinDerive(
    {
      service: "shop",
      paths: paths?.split(",") ?? null,
      deployments: tagDeployments(repository),
      changes: [],
      commits: readCommits(repository, "acme/shop"),
    },
    SETTINGS,
  );
}

describe.each(CASES)("$habit, seed $seed, $timezone", (plan) => {
  const question = `blueprint=service&entity=shop&from=${FROM}&to=${TO}&timezone=${plan.timezone}`;
  let repository: GitRepository;
  let place: TestPlace;
  let running: Running;
  let isRunning = false;
  let portal: Portal;
  let metrics: Metrics;
  const evidence = new Map<MetricName, EvidencePages>();

  async function start(): Promise<void> {
    const { dataDir, databaseUrl } = place;
    const config = loadConfig(
      {
        ...{ FAIRWAY_DATA: dataDir, FAIRWAY_PORT: "0", FAIRWAY_LOG_LEVEL: "fatal" },
        ...(databaseUrl !== null && { DATABASE_URL: databaseUrl }),
      },
      [],
    );
    running = await serve(config, pino({ level: "fatal" }));
    isRunning = true;
    portal = await openPortal(running.url, dataDir);
  }
  async function runImport(): Promise<{ unchanged: boolean; sent: Record<string, number> }> {
    const service = plan.paths === undefined ? ["--service", "shop"] : ["--paths", `shop=${plan.paths}`];
    const { code, stdout, stderr } = await runCli(place.dataDir, [
      ...["--json", "import", "git", repository.path, "--repository", "acme/shop", ...service],
    ]).ended;
    expect(stderr === "" ? code : stderr).toBe(0);
    const { imports } = JSON.parse(stdout) as { imports: Awaited<ReturnType<typeof runImport>>[] };
    return imports[0] as (typeof imports)[number];
  }

  beforeAll(async () => {
    repository = await generateRepository(plan);
    place = await createTestPlace();
    await start();
    await runImport();
    await portal.settled();
    ({ metrics } = await portal.get<{ metrics: Metrics }>(`/v1/dora/metrics?${question}`));
    // Pages smaller than the answers, so that the cursor is used.
    for (const metric of METRICS)
      evidence.set(metric, await readEvidence(portal, `metric=${metric}&${question}`, 17));
  });
  afterAll(async () => {
    if (isRunning) await running.stop();
    await endProcesses();
    await place.remove();
    repository.remove();
  });
  const rowsOf = (metric: MetricName): Rows => evidence.get(metric)?.rows ?? [];

  test("evidence adds up to every headline", () => {
    const days = wallDays(FROM, TO, plan.timezone);
    for (const metric of METRICS) {
      const pages = evidence.get(metric);
      expect([metric, pages?.total, pages?.excludedTotal]).toEqual([
        metric,
        pages?.rows.length,
        pages?.excluded.reduce((sum, { count }) => sum + count, 0),
      ]);
      expectClose(metric, metrics[metric].value, refold(metric, rowsOf(metric), days)[0]);
    }
    const lead = rowsOf("changeLeadTime");
    expect(lead.length).toBeGreaterThan(20);
    expect(metrics.changeLeadTime.n).toBe(lead.length);
    for (const [name, share] of [
      ["p75", 0.75],
      ["p90", 0.9],
      ["p95", 0.95],
    ] as const)
      expectClose(
        name,
        metrics.changeLeadTime[name],
        quantile(
          lead.map(({ value }) => value),
          share,
        ),
      );
    for (const stage of ["coding", "pickup", "review", "deploy"] as const) {
      const spans = lead.map(({ stages }) => stages?.[stage] ?? null).filter((span) => span !== null);
      expect([stage, metrics.changeLeadTime.stages[stage].n]).toEqual([stage, spans.length]);
      expectClose(stage, metrics.changeLeadTime.stages[stage].p50, quantile(spans, 0.5));
    }
    const failures = rowsOf("changeFailureRate");
    expect(metrics.changeFailureRate.failed).toBe(failures.filter(({ value }) => value === 1).length);
    expect(metrics.changeFailureRate.failed).toBeGreaterThan(0);
    expect(rowsOf("failedDeploymentRecoveryTime").length).toBe(metrics.changeFailureRate.failed);
    for (const cause of ["status", "incident", "rollback", "hotfix"] as const)
      expect([cause, metrics.changeFailureRate.causes[cause]]).toEqual([
        cause,
        failures.filter(({ causes }) => causes?.includes(cause)).length,
      ]);
    expect(metrics.reworkRate.rework).toBe(rowsOf("reworkRate").filter(({ value }) => value === 1).length);
  });

  test.each(["day", "week", "month"])("evidence adds up to every %s", async (interval) => {
    const { series } = await portal.get<{ series: Record<MetricName, Wire<SeriesPoint>[]> }>(
      `/v1/dora/metrics?${question}&interval=${interval}`,
    );
    for (const metric of METRICS) {
      let seen = 0;
      for (const point of series[metric]) {
        const [from, to] = [point.from as string, point.to as string];
        const inside = rowsOf(metric).filter(({ at }) => at >= from && at < to);
        seen += inside.length;
        const [value, n] = refold(metric, inside, wallDays(from, to, plan.timezone));
        expectClose(`${metric} ${point.id}`, point.value as number | null, value);
        expect([metric, point.id, Number(point.n)]).toEqual([metric, point.id, n]);
      }
      expect([metric, seen]).toEqual([metric, rowsOf(metric).length]);
    }
    // And what the server itself lists for a bucket.
    const busiest = series.changeLeadTime.toSorted((a, b) => Number(b.n) - Number(a.n))[0];
    const bucket = await readEvidence(
      portal,
      `metric=changeLeadTime&${question}&interval=${interval}&bucket=${busiest?.id}`,
    );
    expect(bucket.rows).toEqual(
      rowsOf("changeLeadTime").filter(({ at }) => at >= String(busiest?.from) && at < String(busiest?.to)),
    );
  });

  test("deployments, changes and numbers are those of the slow twin", async () => {
    const twin = twinOf(repository, plan.paths);
    const shipped: string[] = [];
    for (const expected of twin.deployments) {
      const id = encodeURIComponent(expected.id);
      const { deployment, changes } = await portal.get<{
        deployment: Wire<DerivedDeployment>;
        changes: Wire<Shipment>[];
      }>(`/v1/dora/deployments/${id}`);
      expect({
        ...{ id: deployment.id, previous: deployment.previous, isRollback: deployment.isRollback },
        ...{ failed: deployment.failed, restoredBy: deployment.restoredBy },
        restoredAt: deployment.restoredAt === null ? null : Date.parse(deployment.restoredAt),
        causes: deployment.causes.map(({ cause, by }) => `${cause} ${by}`).sort(),
        rework: deployment.rework.map(({ reason, repairs }) => `${reason} ${repairs}`).sort(),
        notes: deployment.notes.map(({ reason, count }) => `${reason} ${count}`).sort(),
      }).toEqual(expected);
      for (const { change, firstCommitAt, deployedAt, sha } of changes)
        shipped.push(`${deployment.id} ${change} ${firstCommitAt} ${String(deployedAt)} ${sha}`);
    }
    const iso = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());
    expect(shipped.sort()).toEqual(
      twin.shipments
        .map((one) =>
          [one.deployment, one.change, iso(one.firstCommitAt), iso(one.deployedAt), one.sha].join(" "),
        )
        .sort(),
    );
    const spans = twin.shipments
      .map(
        ({ deployedAt, firstCommitAt, openedAt }) => (deployedAt - (firstCommitAt ?? openedAt ?? NaN)) / 1000,
      )
      .filter((span) => span >= 0);
    const failed = twin.deployments.filter((one) => one.failed);
    const share = (n: number): number => n / twin.deployments.length;
    const days = wallDays(FROM, TO, plan.timezone);
    expectClose("frequency", metrics.deploymentFrequency.value, twin.deployments.length / days);
    expectClose("lead time", metrics.changeLeadTime.value, quantile(spans, 0.5));
    expectClose("failure rate", metrics.changeFailureRate.value, share(failed.length));
    const rework = twin.deployments.filter((one) => one.rework.length > 0).length;
    expectClose("rework", metrics.reworkRate.value, share(rework));
    // Counted and left out are everything there is.
    expect(rowsOf("changeFailureRate").length).toBe(twin.deployments.length);
    const excluded = evidence.get("changeLeadTime")?.excluded ?? [];
    const changes = excluded.filter(({ reason }) => reason === "no_start" || reason === "negative_span");
    expect(rowsOf("changeLeadTime").length + changes.length).toBe(twin.shipments.length);
    const { coverage } = await portal.get<{ coverage: Record<string, number> }>(
      `/v1/dora/metrics?${question}`,
    );
    expect(coverage["mergedChanges"]).toBe(twin.mergedChanges);
  });

  // The last of its case: it leaves no server.
  test("the same import again writes nothing", { timeout: patient(120_000) }, async () => {
    await running.stop();
    const before = await tables(place);
    await start();
    expect(await runImport()).toMatchObject({ unchanged: true, sent: { commits: 0, changes: 0 } });
    await portal.settled();
    await running.stop();
    isRunning = false;
    expect(await tables(place)).toEqual(before);
  });
});

/** What is in every table that an import could write to. */
async function tables(place: TestPlace): Promise<unknown> {
  const database = await openAt(place);
  const of = async (table: string, latest: string): Promise<unknown> => {
    const { rows } = await sql`
      select count(*)::int as n, max(${sql.ref(latest)})::text as latest,
        md5(coalesce(string_agg(t::text, '' order by t::text), '')) as content
      from ${sql.table(table)} t`.execute(database.kysely);
    return [table, rows[0]];
  };
  try {
    return [
      await of("entity", "updated_at"),
      await of("blueprint", "updated_at"),
      await of("git_commit", "committed_at"),
      await of("inbox", "received_at"),
      await of("change", "seq"),
      await of("import_run", "updated_at"),
      await of("dora_deployment", "finished_at"),
      await of("dora_shipment", "deployed_at"),
      await of("dora_service", "derived_at"),
      await of("job", "created_at"),
    ];
  } finally {
    await database.close();
  }
}
