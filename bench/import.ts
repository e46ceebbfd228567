/**
 * How fast a repository comes in, what the server needs for it, and what importing it again costs.
 * `node bench/import.ts` takes a generated repository of 20,000 commits, or BENCH_REPOSITORY (a path; named by
 * BENCH_REPOSITORY_NAME). On the embedded database, or on PostgreSQL when DATABASE_URL is set. Linux: memory is read
 * from /proc.
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { sql } from "kysely";
import { fastImport } from "../test/e2e/support/fast-import.ts";
import { startServer, type TestServer } from "../test/e2e/support/server.ts";
import { openAt, type TestPlace } from "../test/support/database.ts";

const DAY = 86_400_000;
const SAMPLE_MS = 100;

export interface ImportRow {
  readonly store: "postgres" | "embedded";
  readonly commits: number;
  readonly deployments: number;
  readonly changes: number;
  /** From the command to the numbers, the start of the command included. */
  readonly seconds: number;
  readonly commitsPerSecond: number;
  /** The server's resident memory before anything comes in, and the highest that its start took (VmHWM). */
  readonly idleMegabytes: number;
  readonly startMegabytes: number;
  /** Highest resident memory of the server, sampled while importing; on PostgreSQL without the database's own. */
  readonly peakMegabytes: number;
  /** Highest since the server started, as the kernel counts (VmHWM). */
  readonly highWaterMegabytes: number;
  readonly againSeconds: number;
  /** Rows that the second import inserted or updated, by table; the run itself is one of `import_run`. */
  readonly againRows: Readonly<Record<string, number>>;
}

/** Removes what it made. */
export interface BenchRepository {
  readonly path: string;
  readonly name: string;
  remove(): void;
}

/** The repository that the environment names, or a generated one. */
export async function benchRepository(commits = 20_000): Promise<BenchRepository> {
  const given = process.env["BENCH_REPOSITORY"];
  if (given !== undefined)
    return {
      path: given,
      name: process.env["BENCH_REPOSITORY_NAME"] ?? "example.org/given",
      remove: () => {},
    };
  const path = mkdtempSync(join(tmpdir(), "fairway-bench-"));
  execFileSync("git", ["init", "-q", "-b", "main", path]);
  const to = Date.UTC(2026, 10, 1);
  await fastImport(path, { commits, commitsPerRelease: 50, from: to - 1500 * DAY, to });
  return {
    path,
    name: "example.org/acme/shop",
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}

interface CliReport {
  readonly imports: readonly [
    { readonly sent: { readonly commits: number; readonly deployments: number; readonly changes: number } },
  ];
}

/** Runs the import to its end. @throws when it fails */
export async function importInto(
  server: TestServer,
  repository: Pick<BenchRepository, "path" | "name">,
  service = "shop",
): Promise<{ seconds: number; sent: CliReport["imports"][0]["sent"] }> {
  const started = performance.now();
  const { code, stdout, stderr } = await server.cli(
    ...["import", "git", repository.path, "--repository", repository.name, "--service", service, "--json"],
  );
  const seconds = (performance.now() - started) / 1000;
  if (code !== 0) throw new Error(`the import ended with ${code}: ${stderr}`);
  return { seconds, sent: (JSON.parse(stdout) as CliReport).imports[0].sent };
}

function memory(pid: number, field: "VmRSS" | "VmHWM"): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return Math.round(Number(new RegExp(`${field}:\\s+(\\d+) kB`).exec(status)?.[1]) / 1024);
}

/** Rows written by transactions after `since`, by table; null = only tells where the count begins. */
async function rowsWritten(
  place: TestPlace,
  since: number | null,
): Promise<{ rows: Record<string, number>; now: number }> {
  const database = await openAt(place);
  try {
    const { kysely } = database;
    const count = async (statement: ReturnType<typeof sql<{ n: number }>>): Promise<number> =>
      Number((await statement.execute(kysely)).rows[0]?.n);
    const rows: Record<string, number> = {};
    if (since !== null) {
      const tables = await sql<{ name: string }>`
        select relname as name from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace`.execute(
        kysely,
      );
      for (const { name } of tables.rows) {
        const written = await count(
          sql<{
            n: number;
          }>`select count(*) as n from ${sql.table(name)} where xmin::text::bigint > ${since}::bigint`,
        );
        if (written > 0) rows[name] = written;
      }
    }
    const now = await count(sql<{ n: number }>`select pg_current_xact_id()::text::bigint as n`);
    return { rows, now };
  } finally {
    await database.close();
  }
}

export async function benchImport(): Promise<ImportRow> {
  const repository = await benchRepository();
  let server = await startServer();
  const { place } = server;
  try {
    const { pid } = server;
    const idleMegabytes = memory(pid, "VmRSS");
    const startMegabytes = memory(pid, "VmHWM");
    let peakMegabytes = idleMegabytes;
    const sampler = setInterval(() => {
      peakMegabytes = Math.max(peakMegabytes, memory(pid, "VmRSS"));
    }, SAMPLE_MS);
    const { seconds, sent } = await importInto(server, repository).finally(() => clearInterval(sampler));
    const highWaterMegabytes = memory(pid, "VmHWM");
    await server.halt();
    const { now } = await rowsWritten(place, null);
    server = await startServer(place);
    const again = await importInto(server, repository);
    await server.halt();
    const { rows } = await rowsWritten(place, now);
    // What starting the server and signing in to it write.
    for (const table of ["sign_in_link", "credential", "account"]) delete rows[table];
    return {
      store: place.databaseUrl === null ? "embedded" : "postgres",
      ...sent,
      seconds,
      commitsPerSecond: Math.round(sent.commits / seconds),
      idleMegabytes,
      startMegabytes,
      peakMegabytes,
      highWaterMegabytes,
      againSeconds: again.seconds,
      againRows: rows,
    };
  } finally {
    await server.stop();
    repository.remove();
  }
}

if (import.meta.main) console.log(await benchImport());
