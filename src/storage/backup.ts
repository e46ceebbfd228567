/**
 * A copy of the embedded database while it is in use: everything acknowledged before is in it, and of everything that
 * comes later nothing or all. Beside it the keys, without which stored secrets cannot be opened.
 */
import { createHash } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import { copyFile, mkdir, readdir, readFile, rename, rm, stat, statfs, writeFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { pipeline } from "node:stream/promises";
import { BACKUP_KEYS, BACKUP_MANIFEST, type BackupManifest, readBackupManifest } from "../model/backup.ts";
import { AppError, invalid } from "../model/error.ts";
import type { Database } from "./db.ts";

export interface Backup {
  readonly folder: string;
  readonly manifest: BackupManifest;
}

export interface BackupState {
  readonly isMaking: boolean;
  /** Whole ones, the newest first. */
  readonly backups: readonly Backup[];
}

const UNFINISHED = ".making";
/** Free space that is left over. */
const SPARE_BYTES = 64 * 1024 * 1024;
let running = false;

export interface BackupWish {
  readonly dataDir: string;
  readonly version: string;
  readonly now: Date;
  /** Older ones are removed afterwards, so that so many are left; null: all stay. */
  readonly keep: number | null;
}

/** @throws AppError invalid_request on PostgreSQL, conflict while another one is made, unavailable without space */
export async function makeBackup(
  database: Database,
  { dataDir, version, now, keep }: BackupWish,
): Promise<Backup> {
  const { copyTo } = database;
  if (copyTo === null)
    throw invalid("the database is PostgreSQL: pg_dump or a base backup copies it (docs/operations.md)");
  if (running) throw new AppError("conflict", "a backup is being made");
  running = true;
  const name = now.toISOString().replaceAll(/[:.]/g, "-");
  const folder = join(dataDir, "backups", name);
  const making = `${folder}${UNFINISHED}`;
  try {
    // Of servers that were killed: one server has the folder, and it makes one at a time.
    for (const left of await namesIn(dataDir))
      if (left.endsWith(UNFINISHED)) await rm(join(dataDir, "backups", left), { recursive: true });
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
    if (keep !== null)
      for (const old of (await wholeBackups(dataDir)).slice(keep)) await rm(old.folder, { recursive: true });
    return { folder, manifest };
  } finally {
    await rm(making, { recursive: true, force: true });
    running = false;
  }
}

/** What there is, and whether this process is making another one. */
export async function backupState(dataDir: string): Promise<BackupState> {
  return { isMaking: running, backups: await wholeBackups(dataDir) };
}

const namesIn = (dataDir: string): Promise<string[]> => readdir(join(dataDir, "backups")).catch(() => []);

async function wholeBackups(dataDir: string): Promise<Backup[]> {
  const found: Backup[] = [];
  for (const name of await namesIn(dataDir)) {
    if (name.endsWith(UNFINISHED)) continue;
    const folder = join(dataDir, "backups", name);
    try {
      const text = await readFile(join(folder, BACKUP_MANIFEST), "utf8");
      found.push({ folder, manifest: readBackupManifest(JSON.parse(text)) });
    } catch {
      // Something else: not ours to list or to remove.
    }
  }
  return found.sort((a, b) => (a.manifest.createdAt < b.manifest.createdAt ? 1 : -1));
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
