/** `fairway new-key`: another secret key for an installation whose key was generated. */
import { randomBytes } from "node:crypto";
import { type FileHandle, open, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { CliError, exitCode, type ExitCode } from "../cli-error.ts";
import { dataFolder, keySetting } from "../connection.ts";
import { giveToOwner } from "../give-to-owner.ts";
import type { Output } from "./dora.ts";

const AS_SETTING =
  "FAIRWAY_SECRET_KEY gets a new one, FAIRWAY_SECRET_KEY_OLD the one of before (docs/operations.md, Keys)";

/** The old key is kept before the new one is there: whatever happens between, no stored secret is lost. */
export async function newKeyCommand(output: Output): Promise<ExitCode> {
  const folder = dataFolder();
  const setting = keySetting();
  if (setting !== undefined)
    throw new CliError(
      exitCode.failure,
      "key_is_a_setting",
      `${setting} is set and goes before ${join(folder, "secret.key")}: a new one there would change nothing`,
      AS_SETTING,
    );
  const earlier = await exchangeAlone(folder);
  if (output.json) output.write(JSON.stringify({ ok: true, data: folder, earlier }));
  else {
    output.write(
      `There is a new key in ${join(folder, "secret.key")}. Restart the server: it encrypts the stored secrets anew. If it has FAIRWAY_SECRET_KEY or FAIRWAY_SECRET_KEY_FILE, that key goes before this one, and nothing has changed.`,
    );
    output.write(
      "API tokens of client credentials end then, and clients fetch new ones. The old key stays in secret.key.old: client secrets and recovery codes of before need it.",
    );
  }
  return exitCode.ok;
}

/** Two at once would forget the key that stood between them, and a server may have started with it. */
async function exchangeAlone(folder: string): Promise<number> {
  const current = await read(join(folder, "secret.key"));
  if (current === null)
    throw new CliError(
      exitCode.failure,
      "no_key",
      `${join(folder, "secret.key")} is not there: the key is not a generated one`,
      `where it is a setting: ${AS_SETTING}`,
    );
  const lock = join(folder, "secret.key.new-key");
  await (await take(lock)).close();
  try {
    return await exchange(folder);
  } finally {
    await rm(lock, { force: true });
  }
}

async function take(lock: string): Promise<FileHandle> {
  try {
    return await open(lock, "wx", 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST")
      throw new CliError(
        exitCode.failure,
        "unwritable_file",
        `cannot write ${lock}: ${(error as Error).message}`,
      );
    throw new CliError(
      exitCode.failure,
      "key_is_being_changed",
      `${lock} is there: another "fairway new-key" is changing the key, or was ended before it was done`,
      "if none is running, remove that file and run this again: no key is lost",
    );
  }
}

/** @returns how many keys of before are kept */
async function exchange(folder: string): Promise<number> {
  const [current, earlier] = [
    await read(join(folder, "secret.key")),
    await read(join(folder, "secret.key.old")),
  ];
  const kept = [current ?? "", ...(earlier ?? "").split(/\s+/)].filter(
    (key, at, all) => key !== "" && all.indexOf(key) === at,
  );
  await write(folder, "secret.key.old", kept.join("\n"));
  await write(folder, "secret.key", randomBytes(32).toString("base64url"));
  return kept.length;
}

async function read(path: string): Promise<string | null> {
  try {
    return (await readFile(path, "utf8")).trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw new CliError(
      exitCode.failure,
      "unreadable_file",
      `cannot read ${path}: ${(error as Error).message}`,
    );
  }
}

/** Whole or not at all, readable for the server, and on the disk before anything relies on it. */
async function write(folder: string, name: string, text: string): Promise<void> {
  const path = join(folder, name);
  const fresh = `${path}.new`;
  // Of one that was ended half-way.
  await rm(fresh, { force: true });
  const file = await open(fresh, "wx", 0o600);
  try {
    await file.writeFile(`${text}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await giveToOwner(fresh, folder);
  await rename(fresh, path);
}
