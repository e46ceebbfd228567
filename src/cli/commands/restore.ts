/** `fairway restore` puts a backup in place while no server runs. */
import { createHash } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import { chmod, copyFile, mkdir, readFile, rename, rm, statfs } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { BACKUP_KEYS, BACKUP_MANIFEST, type BackupManifest, readBackupManifest } from "../../model/backup.ts";
import { CliError, exitCode, type ExitCode } from "../cli-error.ts";
import { dataFolder } from "../connection.ts";
import { giveToOwner } from "../give-to-owner.ts";
import type { Output } from "./dora.ts";

/** Free space that is left over. */
const SPARE_BYTES = 64 * 1024 * 1024;

/**
 * Verifies every file, then puts the database and the keys into the data folder; what was there is set aside. All of it
 * belongs to whom the data folder belongs to, whoever runs this.
 * @throws CliError when a server uses the folder, the backup is damaged, or there is no room
 */
export async function restoreCommand(folder: string, output: Output): Promise<ExitCode> {
  const manifest = await verified(folder);
  const target = dataFolder();
  await mkdir(target, { recursive: true, mode: 0o700 });
  // Loaded when it is asked for, as all of the doctor is.
  const { lockDataFolder } = await import("../../doctor/hold-folder.ts");
  const unlock = await lockDataFolder(target).catch((error: unknown) => {
    throw new CliError(exitCode.failure, "in_use", (error as Error).message, "stop the server, then restore");
  });
  try {
    await checkSpace(target, manifest);
    const kept = await putInPlace(folder, target, manifest);
    if (output.json)
      output.write(JSON.stringify({ ok: true, data: target, createdAt: manifest.createdAt, kept }));
    else {
      output.write(`${target} is as it was at ${manifest.createdAt}.`);
      for (const name of kept) output.write(`  set aside: ${name}`);
      if (!manifest.hasKey) output.write("Start the server with the FAIRWAY_SECRET_KEY that it had.");
    }
    return exitCode.ok;
  } finally {
    unlock();
  }
}

/** @returns what was set aside */
async function putInPlace(folder: string, target: string, manifest: BackupManifest): Promise<string[]> {
  const aside = `before-restore-${new Date().toISOString().replaceAll(/[:.]/g, "-")}`;
  const fresh = join(target, "database.restoring");
  await rm(fresh, { recursive: true, force: true });
  try {
    for (const path of Object.keys(manifest.files)) {
      if (!path.startsWith("database/")) continue;
      const to = join(fresh, path.slice("database/".length));
      await mkdir(dirname(to), { recursive: true, mode: 0o700 });
      await copyFile(join(folder, path), to);
    }
    // Folders that are empty in a database belong to it as well.
    for (const name of EMPTY) await mkdir(join(fresh, name), { recursive: true, mode: 0o700 });
    await giveToOwner(fresh, target);
  } catch (error) {
    // A disk that is full must not stay so.
    await rm(fresh, { recursive: true, force: true });
    throw error;
  }
  const kept: string[] = [];
  const setAside = async (name: string): Promise<void> => {
    if (!existsSync(join(target, name))) return;
    await rename(join(target, name), join(target, `${name}.${aside}`));
    kept.push(`${name}.${aside}`);
  };
  // Killed between these two, there is no database: a server does not start then (storage/db.ts), and this can be run again.
  await setAside("database");
  await rename(fresh, join(target, "database"));
  for (const key of BACKUP_KEYS) {
    if (manifest.files[key] === undefined) continue;
    await setAside(key);
    await copyFile(join(folder, key), join(target, key));
    await chmod(join(target, key), 0o600);
    await giveToOwner(join(target, key), target);
  }
  return kept;
}

async function checkSpace(target: string, { bytes }: BackupManifest): Promise<void> {
  const { bsize, bavail } = await statfs(target);
  const needed = bytes + SPARE_BYTES;
  if (bsize * bavail < needed)
    throw new CliError(
      exitCode.failure,
      "no_space",
      `the disk of ${target} has ${bsize * bavail} bytes left, the restore needs ${needed}`,
      "remove what was set aside by earlier restores, or old backups",
    );
}

/** Of PostgreSQL's data folder; the server refuses to start without some of them. */
const EMPTY = [
  ...[
    "pg_commit_ts",
    "pg_dynshmem",
    "pg_logical/mappings",
    "pg_logical/snapshots",
    "pg_notify",
    "pg_replslot",
  ],
  ...[
    "pg_serial",
    "pg_snapshots",
    "pg_stat",
    "pg_stat_tmp",
    "pg_tblspc",
    "pg_twophase",
    "pg_wal/archive_status",
  ],
];

const damaged = (message: string): CliError => new CliError(exitCode.failure, "damaged_backup", message);

async function verified(folder: string): Promise<BackupManifest> {
  const path = join(folder, BACKUP_MANIFEST);
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    throw damaged(`${path} cannot be read: ${(error as Error).message}`);
  });
  let manifest: BackupManifest;
  try {
    manifest = readBackupManifest(JSON.parse(text));
  } catch (error) {
    throw damaged(`${path}: ${(error as Error).message}`);
  }
  for (const [name, expected] of Object.entries(manifest.files)) {
    const hash = createHash("sha256");
    await pipeline(createReadStream(join(folder, name)), hash).catch((error: unknown) => {
      throw damaged(`${name} cannot be read: ${(error as Error).message}`);
    });
    if (hash.digest("hex") !== expected) throw damaged(`${name} is not what it was when the backup was made`);
  }
  return manifest;
}
