/**
 * Entities over HTTP (validated, with a relation and the audit log) beside a raw set-based upsert of the same rows:
 * bulk in requests of 20 and streaming import in batches of 1,000, at several sizes of the blueprint. Both sides use
 * the same database, batch size, number of connections and durability, in one run.
 *
 *   node bench/ingest-http.ts [existing …]          embedded, or PostgreSQL with DATABASE_URL
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { sql } from "kysely";
import type { Db } from "../src/storage/db.ts";
import { endProcesses, type ServerProcess, startServer } from "../test/flows/support/processes.ts";
import { createTestPlace, openAt, type TestPlace } from "../test/support/database.ts";

const CONNECTIONS = 4;
const SECONDS = 6;
const BULK = 20;
const STREAM = 1000;
const SERVICES = 50;

interface Row {
  readonly identifier: string;
  readonly title: string;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly relations: { readonly service: string };
}

const row = (n: number, status: string): Row => ({
  identifier: `checkout@v1.${n}`,
  title: `Deployment ${n}`,
  properties: {
    createdAt: new Date(1_700_000_000_000 + n * 60_000).toISOString(),
    environment: "Production",
    deploymentStatus: status,
    sha: n.toString(16).padStart(40, "0"),
    url: `https://git.example.com/checkout/deployments/${n}`,
    trigger: "normal",
  },
  relations: { service: `service-${n % SERVICES}` },
});

const BLUEPRINT = {
  identifier: "artifact",
  title: "Artifact",
  schema: {
    properties: {
      createdAt: { type: "string", format: "date-time" },
      environment: { type: "string", enum: ["Production", "Staging", "Testing"] },
      deploymentStatus: { type: "string", enum: ["Success", "Failed"] },
      sha: { type: "string", pattern: "^[0-9a-f]{40}$" },
      url: { type: "string", format: "url" },
      trigger: { type: "string", enum: ["normal", "rollback", "hotfix"] },
    },
  },
  relations: { service: { target: "service" } },
};

/** Entities and their relations straight into the tables, and into the tables of the raw twin. */
async function fill(db: Db, org: string, existing: number): Promise<void> {
  await sql`create table if not exists raw_entity (like entity including defaults including indexes)`.execute(
    db,
  );
  await sql`create table if not exists raw_relation (like entity_relation including defaults including indexes)`.execute(
    db,
  );
  await sql`truncate raw_entity, raw_relation`.execute(db);
  await sql`delete from entity where blueprint = 'artifact'`.execute(db);
  for (const [entity, relation] of [
    ["entity", "entity_relation"],
    ["raw_entity", "raw_relation"],
  ] as const)
    for (let from = 0; from < existing; from += 50_000) {
      const to = Math.min(existing, from + 50_000);
      await sql`
        insert into ${sql.table(entity)} (org, blueprint, identifier, title, properties, relations, created_at, created_by, updated_at, updated_by)
        select ${org}, 'artifact', 'old@v1.' || n, 'Deployment ' || n,
          jsonb_build_object('createdAt', '2026-01-01T00:00:00Z', 'environment', 'Production', 'deploymentStatus', 'Success',
            'sha', lpad(to_hex(n), 40, '0'), 'url', 'https://git.example.com/d/' || n, 'trigger', 'normal'),
          jsonb_build_object('service', 'service-' || n % ${SERVICES}::int),
          '2026-01-01'::timestamptz + n * interval '1 second', 'bench', now(), 'bench'
        from generate_series(${from}::int, ${to - 1}::int) n`.execute(db);
      await sql`
        insert into ${sql.table(relation)} (org, blueprint, identifier, relation, target_blueprint, target, position)
        select ${org}, 'artifact', 'old@v1.' || n, 'service', 'service', 'service-' || n % ${SERVICES}::int, 0
        from generate_series(${from}::int, ${to - 1}::int) n`.execute(db);
    }
  for (const table of ["entity", "entity_relation", "raw_entity", "raw_relation"])
    await sql`analyze ${sql.table(table)}`.execute(db);
}

/** What a careful hand would write: one statement for the entities, one for the relations, one transaction. */
async function rawUpsert(db: Db, org: string, rows: readonly Row[]): Promise<void> {
  const json = JSON.stringify(rows);
  await db.transaction().execute(async (trx) => {
    await sql`
      insert into raw_entity (org, blueprint, identifier, title, properties, relations, created_at, created_by, updated_at, updated_by)
      select ${org}, 'artifact', r.identifier, r.title, r.properties, r.relations, now(), 'bench', now(), 'bench'
      from jsonb_to_recordset(${json}::jsonb) as r (identifier text, title text, properties jsonb, relations jsonb)
      on conflict (org, blueprint, identifier) do update set title = excluded.title, properties = excluded.properties,
        relations = excluded.relations, updated_at = excluded.updated_at`.execute(trx);
    await sql`
      insert into raw_relation (org, blueprint, identifier, relation, target_blueprint, target, position)
      select ${org}, 'artifact', r.identifier, 'service', 'service', r.relations ->> 'service', 0
      from jsonb_to_recordset(${json}::jsonb) as r (identifier text, relations jsonb)
      on conflict (org, blueprint, identifier, relation, target) do update set position = excluded.position`.execute(
      trx,
    );
  });
}

/** Runs `batch(from)` on every connection until the time is over. @returns rows per second */
async function rate(size: number, batch: (from: number) => Promise<void>, start: number): Promise<number> {
  let next = start;
  let done = 0;
  const started = performance.now();
  const until = started + SECONDS * 1000;
  await Promise.all(
    Array.from({ length: CONNECTIONS }, async () => {
      while (performance.now() < until) {
        const from = next;
        next += size;
        await batch(from);
        done += size;
      }
    }),
  );
  return Math.round((done * 1000) / (performance.now() - started));
}

const rows = (from: number, size: number): Row[] =>
  Array.from({ length: size }, (_, i) => row(from + i, (from / size) % 9 === 0 ? "Failed" : "Success"));

interface Portal {
  readonly server: ServerProcess;
  readonly headers: Record<string, string>;
}

async function open(place: TestPlace): Promise<Portal> {
  const server = await startServer(place, { FAIRWAY_LOG_LEVEL: "fatal" });
  const credentials = readFileSync(join(place.dataDir, "credentials.json"), "utf8");
  const headers = { "content-type": "application/json" };
  const answer = await fetch(`${server.url}/v1/auth/access_token`, {
    method: "POST",
    headers,
    body: credentials,
  });
  const { accessToken } = (await answer.json()) as { accessToken: string };
  return { server, headers: { ...headers, authorization: `Bearer ${accessToken}` } };
}

async function close({ server }: Portal): Promise<void> {
  server.kill("SIGTERM");
  await server.ended;
}

async function send({ server, headers }: Portal, path: string, body: unknown): Promise<void> {
  const answer = await fetch(`${server.url}${path}`, { method: "POST", headers, body: JSON.stringify(body) });
  await answer.arrayBuffer();
  if (answer.status > 201) throw new Error(`${path} answered ${answer.status}`);
}

/** One stream per connection, lines made as the server takes them. @returns rows per second */
async function stream({ server, headers }: Portal, start: number): Promise<number> {
  let next = start;
  let done = 0;
  const started = performance.now();
  const until = started + SECONDS * 1000;
  await Promise.all(
    Array.from({ length: CONNECTIONS }, async () => {
      const body = Readable.from(
        (function* () {
          while (performance.now() < until) {
            const from = next;
            next += STREAM;
            yield rows(from, STREAM)
              .map((line) => `${JSON.stringify(line)}\n`)
              .join("");
          }
        })(),
      );
      const path = "/v1/blueprints/artifact/entities/import?upsert=true&merge=true&results=errors";
      const answer = await fetch(`${server.url}${path}`, {
        method: "POST",
        headers: { ...headers, "content-type": "application/x-ndjson" },
        body: Readable.toWeb(body) as ReadableStream,
        duplex: "half",
      } as RequestInit);
      const last = (await answer.text()).trimEnd().split("\n").at(-1) ?? "{}";
      const {
        done: complete,
        lines = 0,
        failed,
      } = JSON.parse(last) as { done?: boolean; lines?: number; failed?: number };
      if (complete !== true || failed !== 0) throw new Error(`an import of the benchmark failed: ${last}`);
      done += lines;
    }),
  );
  return Math.round((done * 1000) / (performance.now() - started));
}

/** Highest memory of a process so far, in MB; null where the system does not tell. */
function highWater(pid: number): number | null {
  try {
    const kilobytes = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    return kilobytes === undefined ? null : Math.round(Number(kilobytes) / 1024);
  } catch {
    return null;
  }
}

export async function benchIngestHttp(sizes: readonly number[]): Promise<void> {
  const place = await createTestPlace();
  const percent = (part: number, whole: number): string => `${Math.round((100 * part) / whole)} %`;
  try {
    const first = await open(place);
    await send(first, "/v1/blueprints", {
      identifier: "service",
      title: "Service",
      schema: { properties: {} },
    });
    await send(first, "/v1/blueprints", BLUEPRINT);
    const services = Array.from({ length: SERVICES }, (_, n) => ({ identifier: `service-${n}` }));
    for (let at = 0; at < SERVICES; at += BULK)
      await send(first, "/v1/blueprints/service/entities/bulk?upsert=true", {
        entities: services.slice(at, at + BULK),
      });
    await close(first);
    let from = 0;
    const step = 10_000_000;
    for (const existing of sizes) {
      const database = await openAt(place);
      const db = database.kysely;
      const { id: org } = await db.selectFrom("organization").select("id").executeTakeFirstOrThrow();
      await fill(db, org, existing);
      const raw20 = await rate(BULK, (n) => rawUpsert(db, org, rows(n, BULK)), (from += step));
      const raw1000 = await rate(STREAM, (n) => rawUpsert(db, org, rows(n, STREAM)), (from += step));
      await database.close();
      const portal = await open(place);
      const path = "/v1/blueprints/artifact/entities/bulk?upsert=true&merge=true";
      const bulk20 = await rate(BULK, (n) => send(portal, path, { entities: rows(n, BULK) }), (from += step));
      const streamed = await stream(portal, (from += step));
      const memory = highWater(portal.server.pid);
      await close(portal);
      console.log(
        `${database.kind}, ${existing} existing: bulk ${bulk20}/s of raw ${raw20}/s = ${percent(bulk20, raw20)}; ` +
          `streaming ${streamed}/s of raw ${raw1000}/s = ${percent(streamed, raw1000)}; server at most ${String(memory)} MB`,
      );
    }
  } finally {
    await endProcesses();
    await place.remove();
  }
}

if (import.meta.main) {
  const sizes = process.argv.slice(2).map(Number);
  await benchIngestHttp(sizes.length === 0 ? [1000, 100_000, 1_000_000] : sizes);
}
