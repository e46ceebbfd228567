/**
 * A migrated embedded database to copy from: creating one takes 4 s and over 1 GB, copying one 50 ms. Kept under
 * node_modules/.cache by the migrations and the database's version, so that it is made once per change of either.
 */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync } from "node:fs";
import { cp, mkdir, open, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { openDatabase } from "../../src/storage/db.ts";
import { migrate } from "../../src/storage/migrate.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const WASM = join(ROOT, "node_modules/@electric-sql/pglite/dist/pglite.wasm");
const CACHE = join(ROOT, "node_modules/.cache/fairway-test");
/** template1 and template0, which nobody ever connects to: 600 of 1250 files, 15 of 40 MB. */
const UNUSED = ["1", "4"];
/** A lock older than this was left by a run that was killed. */
const LOCK_STALE_MS = 60_000;
const KEPT_MS = 12 * 3_600_000;

/**
 * The threads of a process share compiled WebAssembly for as long as somebody holds the module: held here, every
 * database after the first one of a process starts on machine code that is there already.
 */
let kept: Promise<WebAssembly.Module> | undefined;

/** Copies the template to `target`. @param migrated false = as initdb leaves it */
export async function copyTemplate(target: string, migrated: boolean): Promise<void> {
  kept ??= readFile(WASM).then((bytes) => WebAssembly.compile(bytes));
  await kept;
  const folder = await ensureTemplate();
  // Not the asynchronous one, which takes four times as long for as many files.
  cpSync(join(folder, migrated ? "migrated" : "bare"), target, { recursive: true });
}

async function ensureTemplate(): Promise<string> {
  const folder = join(CACHE, await cacheKey());
  const lock = `${folder}.lock`;
  await mkdir(CACHE, { recursive: true });
  while (!existsSync(folder)) {
    const handle = await open(lock, "wx").catch(() => null);
    if (handle === null) {
      const age = await stat(lock).then(
        (s) => Date.now() - s.mtimeMs,
        () => 0,
      );
      if (age > LOCK_STALE_MS) await rm(lock, { force: true });
      await sleep(100);
      continue;
    }
    try {
      if (!existsSync(folder)) await build(folder);
    } finally {
      await handle.close();
      await rm(lock, { force: true });
    }
  }
  return folder;
}

async function build(folder: string): Promise<void> {
  const making = `${folder}.making`;
  await rm(making, { recursive: true, force: true });
  await mkdir(making, { recursive: true });
  const bare = join(making, "bare");
  const migrated = join(making, "migrated");
  await promisify(execFile)(process.execPath, [join(ROOT, "src/storage/pglite-init.ts"), bare]);
  await cp(bare, migrated, { recursive: true });
  const database = await openDatabase({ url: null, dataDir: migrated, onError: () => undefined });
  await migrate(database);
  await database.close();
  for (const database of UNUSED)
    for (const one of [bare, migrated]) await rm(join(one, "base", database), { recursive: true });
  // Older templates (80 MB each) are of migrations that no longer exist, or of another branch at work right now.
  for (const name of await readdir(CACHE)) {
    if (folder.endsWith(name.slice(0, 16))) continue;
    const made = await stat(join(CACHE, name)).then(
      (s) => s.mtimeMs,
      () => 0,
    );
    if (made < Date.now() - KEPT_MS) await rm(join(CACHE, name), { recursive: true, force: true });
  }
  await rename(making, folder);
}

async function cacheKey(): Promise<string> {
  const hash = createHash("sha256");
  const migrations = join(ROOT, "migrations");
  const names = (await readdir(migrations)).filter((name) => /^\d{4}_/.test(name)).sort();
  for (const path of [
    ...names.map((name) => join(migrations, name)),
    join(ROOT, "node_modules/@electric-sql/pglite/package.json"),
    join(ROOT, "src/storage/pglite-init.ts"),
    join(ROOT, "src/storage/pglite-worker.ts"),
    join(ROOT, "src/storage/migrate.ts"),
    import.meta.filename,
  ])
    hash.update(basename(path)).update(await readFile(path));
  return hash.digest("hex").slice(0, 16);
}
