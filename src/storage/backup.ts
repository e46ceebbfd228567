/**
 * A copy of the embedded database while it is in use: everything acknowledged before is in it, and of everything that
 * comes later nothing or all. Beside it the keys, without which stored secrets cannot be opened.
 */
import { createHash } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import { copyFile, mkdir, readdir, rename, rm, stat, statfs, writeFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { pipeline } from "node:stream/promises";
import { BACKUP_KEYS, BACKUP_MANIFEST, type BackupManifest } from "../model/backup.ts";
import { AppError, invalid } from "../model/error.ts";
import type { Database } from "./db.ts";

export interface Backup {
  readonly folder: string;
  readonly manifest: BackupManifest;
}

/** Free space that is left over. */
const SPARE_BYTES = 64 * 1024 * 1024;
let running = false;

/** @throws AppError invalid_request on PostgreSQL, conflict while another one is made, unavailable without space */
export async function makeBackup(
  database: Database,
  { dataDir, version, now }: { readonly dataDir: string; readonly version: string; readonly now: Date },
): Promise<Backup> {
  const { copyTo } = database;
  if (copyTo === null)
    throw invalid("the database is PostgreSQL: pg_dump or a base backup copies it (docs/operations.md)");
  if (running) throw new AppError("conflict", "a backup is being made");
  running = true;
  const name = now.toISOString().replaceAll(/[:.]/g, "-");
  const folder = join(dataDir, "backups", name);
  const making = `${folder}.making`;
  try {
    await checkSpace(dataDir);
    await mkdir(making, { recursive: true, mode: 0o700 });
    await copyTo(join(making, "database"));
    for (const key of BACKUP_KEYS)
      if (existsSync(join(dataDir, key))) await copyFile(join(dataDir, key), join(making, key));
    const { files, bytes } = await hashed(making);
    const hasKey = files["secret.key"] !== undefined;
    const manifest = { format: 1, version, createdAt: now.toISOString(), hasKey, bytes, files } as const;
    await writeFile(join(making, BACKUP_MANIFEST), `${JSON.stringify(manifest, null, 1)}\n`, { mode: 0o600 });
    await rename(making, folder);
    return { folder, manifest };
  } finally {
    await rm(making, { recursive: true, force: true });
    running = false;
  }
}

async function checkSpace(dataDir: string): Promise<void> {
  const { bsize, bavail } = await statfs(dataDir);
  let needed = SPARE_BYTES;
  for (const path of await filesIn(join(dataDir, "database"))) needed += await sizeOf(path);
  if (bsize * bavail < needed)
    throw new AppError(
      "unavailable",
      `the disk of the data folder has ${bsize * bavail} bytes left, a backup needs ${needed}`,
    );
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

/** A file of the database may go while it is counted. */
const sizeOf = (path: string): Promise<number> =>
  stat(path).then(
    ({ size }) => size,
    () => 0,
  );

async function hashed(folder: string): Promise<{ files: Record<string, string>; bytes: number }> {
  const files: Record<string, string> = {};
  let bytes = 0;
  for (const path of (await filesIn(folder)).sort()) {
    const hash = createHash("sha256");
    await pipeline(createReadStream(path), hash);
    files[relative(folder, path).split(sep).join("/")] = hash.digest("hex");
    bytes += await sizeOf(path);
  }
  return { files, bytes };
}
