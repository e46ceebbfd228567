/** `fairway new-key`: another secret key for an installation whose key was generated. */
import { randomBytes } from "node:crypto";
import { open, readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import { CliError, exitCode, type ExitCode } from "../cli-error.ts";
import { dataFolder } from "../connection.ts";
import type { Output } from "./dora.ts";

/** The old key is kept before the new one is there: whatever happens between, no stored secret is lost. */
export async function newKeyCommand(output: Output): Promise<ExitCode> {
  const folder = dataFolder();
  const current = await read(join(folder, "secret.key"));
  if (current === null)
    throw new CliError(
      exitCode.failure,
      "no_key",
      `${join(folder, "secret.key")} is not there: the key is not a generated one`,
      "where it is a setting: FAIRWAY_SECRET_KEY gets a new one, FAIRWAY_SECRET_KEY_OLD the one of before (docs/operations.md, Keys)",
    );
  const earlier = (await read(join(folder, "secret.key.old"))) ?? "";
  const kept = [current, ...earlier.split(/\s+/)].filter(
    (key, at, all) => key !== "" && all.indexOf(key) === at,
  );
  await write(join(folder, "secret.key.old"), kept.join("\n"));
  await write(join(folder, "secret.key"), randomBytes(32).toString("base64url"));
  if (output.json) output.write(JSON.stringify({ ok: true, data: folder, earlier: kept.length }));
  else {
    output.write(
      `There is a new key in ${join(folder, "secret.key")}. Restart the server: it encrypts the stored secrets anew.`,
    );
    output.write(
      "API tokens of client credentials end then, and clients fetch new ones. The old key stays in secret.key.old: client secrets and recovery codes of before need it.",
    );
  }
  return exitCode.ok;
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

/** Whole or not at all, and on the disk before anything relies on it. */
async function write(path: string, text: string): Promise<void> {
  const fresh = `${path}.${process.pid}.new`;
  const file = await open(fresh, "wx", 0o600);
  try {
    await file.writeFile(`${text}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(fresh, path);
}
