import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { sql } from "kysely";
import type { Database } from "./db.ts";

interface Migration {
  readonly version: number;
  readonly name: string;
  readonly text: string;
  readonly checksum: string;
}

const FOLDER = new URL("../../migrations/", import.meta.url);
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
 * Applies the migrations that are missing, each in its own transaction, forward only.
 * @returns how many were applied
 * @throws when the database is newer than this program, an applied migration was edited, or two have one number
 */
export async function migrate(database: Database, folder: URL = FOLDER): Promise<number> {
  const migrations = await readMigrations(folder);
  // Each `exec` is one transaction (one query message). The lock also covers the first statement of all: two sessions
  // that create the same table at once fail, `if not exists` or not.
  await database.exec(`select pg_advisory_xact_lock(${LOCK}); create table if not exists schema_migration (
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
    try {
      await database.exec(
        `select pg_advisory_xact_lock(${LOCK});
         insert into schema_migration (version, name, checksum) values (${m.version}, '${m.name}', '${m.checksum}');
         ${m.text}`,
      );
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

async function appliedMigrations(
  database: Database,
): Promise<Map<number, { version: number; name: string; checksum: string }>> {
  const result = await sql<{
    version: number;
    name: string;
    checksum: string;
  }>`select version, name, checksum from schema_migration order by version`.execute(database.kysely);
  return new Map(result.rows.map((row) => [row.version, row]));
}
