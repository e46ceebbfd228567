/** `fairway backup` asks the running server for a copy; `fairway restore` puts one in place while no server runs. */
import { createHash } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import { chmod, copyFile, mkdir, readFile, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { BACKUP_KEYS, BACKUP_MANIFEST, type BackupManifest, readBackupManifest } from "../../model/backup.ts";
import { CliError, exitCode, type ExitCode } from "../cli-error.ts";
import type { ApiClient } from "../client.ts";
import { dataFolder } from "../connection.ts";
import type { Output } from "./dora.ts";

/** Makes a backup on the server's machine and says where. */
export async function backupCommand(client: ApiClient, output: Output): Promise<ExitCode> {
  const { backup } = (await client.post("/v1/backups", {})) as {
    backup: { folder: string; bytes: number; hasKey: boolean };
  };
  if (output.json) output.write(JSON.stringify({ ok: true, backup }, null, 2));
  else {
    output.write(`${backup.folder}  (${(backup.bytes / 1e6).toFixed(1)} MB)`);
    output.write("Copy the folder to another machine; it holds the keys.");
    if (!backup.hasKey)
      output.write("FAIRWAY_SECRET_KEY is a setting of the server and not in it: keep it yourself.");
  }
  return exitCode.ok;
}

/**
 * Verifies every file, then puts the database and the keys into the data folder; what was there is set aside.
 * @throws CliError when a server uses the folder, or the backup is damaged
 */
export async function restoreCommand(folder: string, output: Output): Promise<ExitCode> {
  const manifest = await verified(folder);
  const target = dataFolder();
  await refuseInUse(target);
  await mkdir(target, { recursive: true, mode: 0o700 });
  const aside = `before-restore-${new Date().toISOString().replaceAll(/[:.]/g, "-")}`;
  const fresh = join(target, "database.restoring");
  await rm(fresh, { recursive: true, force: true });
  for (const path of Object.keys(manifest.files)) {
    if (!path.startsWith("database/")) continue;
    const to = join(fresh, path.slice("database/".length));
    await mkdir(dirname(to), { recursive: true, mode: 0o700 });
    await copyFile(join(folder, path), to);
  }
  // Folders that are empty in a database belong to it as well.
  for (const name of EMPTY) await mkdir(join(fresh, name), { recursive: true, mode: 0o700 });
  const kept: string[] = [];
  const setAside = async (name: string): Promise<void> => {
    if (!existsSync(join(target, name))) return;
    await rename(join(target, name), join(target, `${name}.${aside}`));
    kept.push(`${name}.${aside}`);
  };
  await setAside("database");
  await rename(fresh, join(target, "database"));
  for (const key of BACKUP_KEYS) {
    if (manifest.files[key] === undefined) continue;
    await setAside(key);
    await copyFile(join(folder, key), join(target, key));
    await chmod(join(target, key), 0o600);
  }
  if (output.json)
    output.write(JSON.stringify({ ok: true, data: target, createdAt: manifest.createdAt, kept }));
  else {
    output.write(`${target} is as it was at ${manifest.createdAt}.`);
    for (const name of kept) output.write(`  set aside: ${name}`);
    if (!manifest.hasKey) output.write("Start the server with the FAIRWAY_SECRET_KEY that it had.");
  }
  return exitCode.ok;
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

/** The file names the process that uses the embedded database (storage/data-lock.ts). */
async function refuseInUse(target: string): Promise<void> {
  const text = await readFile(join(target, "lock.json"), "utf8").catch(() => null);
  if (text === null) return;
  const pid: unknown = (JSON.parse(text) as { pid?: unknown }).pid;
  try {
    process.kill(Number(pid), 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return;
  }
  throw new CliError(
    exitCode.failure,
    "in_use",
    `${target} is in use by process ${String(pid)}`,
    "stop the server, then restore",
  );
}
