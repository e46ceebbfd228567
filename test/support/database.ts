/**
 * Databases for tests. Embedded by default; with TEST_DATABASE_URL (or DATABASE_URL) each test gets a fresh database
 * on that PostgreSQL server. The database that the address names is never touched.
 */
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { SYSTEM_ACTOR } from "../../src/model/actor.ts";
import type { Ctx, Log } from "../../src/storage/context.ts";
import { type Database, openDatabase } from "../../src/storage/db.ts";
import { migrate } from "../../src/storage/migrate.ts";
import { copyTemplate } from "./embedded-template.ts";

const SERVER = process.env.TEST_DATABASE_URL ?? process.env.DATABASE_URL ?? null;
/** A migrated database on it that nobody is connected to; copying it saves the migrations. See prepare-run.ts. */
const TEMPLATE = process.env.TEST_DATABASE_TEMPLATE ?? null;
/** Where data folders are made; in memory, where the run found room there. */
const FOLDER = process.env.TEST_FOLDER ?? tmpdir();

/** True when this run tests on PostgreSQL; several connections exist only there. */
export const onPostgres = SERVER !== null;

const silentLog: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

/** A place for one server: its data folder, and an empty or migrated database that nobody has opened yet. */
export interface TestPlace {
  /** What FAIRWAY_DATA takes; the embedded database is `database` in it. */
  readonly dataDir: string;
  /** What DATABASE_URL takes; null on the embedded database. */
  readonly databaseUrl: string | null;
  /** Removes both; call it after everything that uses them has closed. */
  remove(): Promise<void>;
}

export async function createTestPlace({ migrated = true } = {}): Promise<TestPlace> {
  const dataDir = await mkdtemp(join(FOLDER, "fairway-test-"));
  const removeFolder = (): Promise<void> => rm(dataDir, { recursive: true, force: true });
  if (SERVER === null) {
    await copyTemplate(join(dataDir, "database"), migrated);
    return { dataDir, databaseUrl: null, remove: removeFolder };
  }
  const name = `fairway_test_${randomBytes(6).toString("hex")}`;
  const databaseUrl = new URL(SERVER);
  databaseUrl.pathname = `/${name}`;
  const template = migrated ? TEMPLATE : null;
  await onServer(`create database ${name} template ${template ?? "template0"} encoding 'UTF8'`);
  const place = { dataDir, databaseUrl: databaseUrl.href };
  if (migrated && template === null) {
    const database = await openAt(place);
    await migrate(database);
    await database.close();
  }
  return {
    ...place,
    remove: async () => {
      await onServer(`drop database if exists ${name} with (force)`);
      await removeFolder();
    },
  };
}

/** Opens the database of a place, as a process of its own would (on PostgreSQL: any number of times). */
export function openAt(place: Pick<TestPlace, "dataDir" | "databaseUrl">): Promise<Database> {
  return openDatabase({
    url: place.databaseUrl,
    dataDir: join(place.dataDir, "database"),
    onError: () => undefined,
  });
}

export interface TestDatabase {
  readonly database: Database;
  readonly place: TestPlace;
  /**
   * Outside a transaction, real clock, an organisation of its own (it exists when the database is migrated): files share
   * processes, in which the product remembers definitions by organisation.
   */
  readonly ctx: Ctx;
  close(): Promise<void>;
}

/** A fresh database with an organisation in it. Close it in `afterAll`. */
export async function openTestDatabase({ migrated = true } = {}): Promise<TestDatabase> {
  const place = await createTestPlace({ migrated });
  const database = await openAt(place);
  const org = `org_${randomBytes(8).toString("hex")}`;
  if (migrated) await database.kysely.insertInto("organization").values({ id: org, name: "Test" }).execute();
  return {
    database,
    place,
    ctx: {
      db: database.kysely,
      org,
      actor: SYSTEM_ACTOR,
      now: () => new Date(),
      log: silentLog,
    },
    close: async () => {
      await database.close();
      await place.remove();
    },
  };
}

async function onServer(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: SERVER ?? "" });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
