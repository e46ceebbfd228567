import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { sql } from "kysely";
import { applyPatiently, PATIENCE, type Patience } from "./apply-patiently.ts";
import type { Database } from "./db.ts";

interface Migration {
  readonly version: number;
  readonly name: string;
  readonly text: string;
  readonly checksum: string;
}

const FOLDER = new URL("../../migrations/", import.meta.url);
/** Another process may be at a long one. */
const AS_LONG_AS_IT_TAKES = "select set_config('lock_timeout', '0', true)";
/** Any constant: the advisory lock under which only one process migrates. */
const LOCK = 4_020_771;

async function readMigrations(folder: URL): Promise<Migration[]> {
  const names = (await readdir(folder)).filter((name) => /^\d{4}_\w+\.sql$/.test(name)).sort();
  const twice = names.find((name, index) => name.slice(0, 4) === names[index - 1]?.slice(0, 4));
  if (twice !== undefined) throw new Error(`migration ${twice} has the number of another one`);
  return Promise.all(
    names.map(async (name) => {
      const text = await readFile(new URL(name, folder), "utf8");
      const checksum = createHash("sha256").update(text).digest("hex");
      return { version: Number(name.slice(0, 4)), name, text, checksum };
    }),
  );
}

/**
 * Applies the migrations that are missing, each in its own transaction, forward only. Several processes may do so at once.
 * @returns how many were applied
 * @throws when the database is newer than this program, an applied migration was edited, or two have one number
 */
export async function migrate(
  database: Database,
  folder: URL = FOLDER,
  patience: Partial<Patience> = {},
): Promise<number> {
  const migrations = await readMigrations(folder);
  // Each `exec` is one transaction (one query message). The lock also covers the first statement of all: two sessions
  // that create the same table at once fail, `if not exists` or not.
  await database.exec(`${AS_LONG_AS_IT_TAKES}; select pg_advisory_xact_lock(${LOCK}); create table if not exists schema_migration (
    version integer primary key, name text not null, checksum text not null, applied_at timestamptz not null default now())`);
  const applied = await appliedMigrations(database);
  const newest = migrations.at(-1)?.version ?? 0;
  for (const row of applied.values()) {
    const own = migrations.find((m) => m.version === row.version);
    if (row.version > newest)
      throw new Error(
        `the database has migration ${row.name}, which this version of Fairway does not know: start the newer version`,
      );
    if (own !== undefined && own.checksum !== row.checksum)
      throw new Error(
        `migration ${row.name} was changed after it had been applied; migrations are forward only`,
      );
  }
  let count = 0;
  for (const m of migrations) {
    if (applied.has(m.version)) continue;
    // The insert comes first: of several processes that start together, the later ones fail on its primary key.
    const text = `insert into schema_migration (version, name, checksum) values (${m.version}, '${m.name}', '${m.checksum}');
      ${m.text}`;
    try {
      const { onWait = PATIENCE.onWait } = patience;
      const named = (waiting: string): void => onWait(`migration ${m.name}: ${waiting}`);
      await applyPatiently(database, LOCK, text, { ...PATIENCE, ...patience, onWait: named });
      count++;
    } catch (error) {
      const now = await appliedMigrations(database);
      if (!now.has(m.version))
        throw new Error(`migration ${m.name} failed: ${(error as Error).message}`, { cause: error });
    }
  }
  return count;
}

/** True when every migration of this program is applied. */
export async function isMigrated(database: Database): Promise<boolean> {
  const [migrations, applied] = await Promise.all([readMigrations(FOLDER), appliedMigrations(database)]);
  return migrations.every((m) => applied.get(m.version)?.checksum === m.checksum);
}

export interface MigrationState {
  /** Name of the newest one that is applied; null: none is. */
  readonly newest: string | null;
  /** Of this program, not applied yet. */
  readonly pending: readonly string[];
  /** Applied, and not of this program. */
  readonly newer: readonly string[];
  /** Applied, and edited since. */
  readonly edited: readonly string[];
}

/** How far the database is, whatever state it is in; writes nothing. */
export async function migrationState(database: Pick<Database, "kysely">): Promise<MigrationState> {
  const own = await readMigrations(FOLDER);
  const known = await sql<{
    known: boolean;
  }>`select to_regclass('schema_migration') is not null as known`.execute(database.kysely);
  const rows = known.rows[0]?.known === true ? [...(await appliedMigrations(database)).values()] : [];
  const applied = new Map(rows.map((row) => [row.version, row]));
  const last = own.at(-1)?.version ?? 0;
  return {
    newest: rows.at(-1)?.name ?? null,
    pending: own.filter(({ version }) => !applied.has(version)).map(({ name }) => name),
    newer: rows.filter(({ version }) => version > last).map(({ name }) => name),
    edited: own
      .filter(({ version, checksum }) => (applied.get(version)?.checksum ?? checksum) !== checksum)
      .map(({ name }) => name),
  };
}

async function appliedMigrations(
  database: Pick<Database, "kysely">,
): Promise<Map<number, { version: number; name: string; checksum: string }>> {
  const result = await sql<{
    version: number;
    name: string;
    checksum: string;
  }>`select version, name, checksum from schema_migration order by version`.execute(database.kysely);
  return new Map(result.rows.map((row) => [row.version, row]));
}
