/** The data folder: may it be written, how much room is there, who else may read the keys. */
import { constants } from "node:fs";
import { access, rm, stat, statfs, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { failed, type Finding, notChecked, ok, reasonOf, sizeText, warning } from "./finding.ts";

/** A backup needs as much again as the database; below this the database itself is in danger. */
const LITTLE_BYTES = 1_000_000_000;
const NOTHING_BYTES = 100_000_000;
const KEY_FILES = ["secret.key", "secret.key.old", "credentials.json", "server.json"] as const;

export async function checkDataFolder(dataDir: string): Promise<Finding[]> {
  const folder = await stat(dataDir).catch((error: unknown) => error as NodeJS.ErrnoException);
  if (folder instanceof Error)
    return [
      folder.code === "ENOENT"
        ? warning(
            "data.folder",
            `${dataDir} does not exist`,
            "no server has been started with these settings: it makes the folder and the keys at its first start",
            "where there should be one, set FAIRWAY_DATA to it, or run fairway doctor in the folder in which the server is started",
          )
        : failed(
            "data.folder",
            `${dataDir} cannot be looked at (${reasonOf(folder)})`,
            "a server refuses to start without its data folder",
            "run fairway doctor as the user of the server, or give that user the folder",
          ),
    ];
  if (!folder.isDirectory())
    return [
      failed(
        "data.folder",
        `${dataDir} is no folder`,
        "a server refuses to start without its data folder",
        "set FAIRWAY_DATA to a folder",
      ),
    ];
  return [
    await checkWrite(dataDir, folder.uid),
    await checkSpace(dataDir),
    ...checkMode(dataDir, folder.mode),
    ...(await checkKeys(dataDir)),
  ];
}

async function checkWrite(dataDir: string, owner: number): Promise<Finding> {
  const own = process.getuid?.() ?? owner;
  if (own === 0 && owner !== 0)
    return notChecked(
      "data.write",
      `this is root, who may write everywhere, and ${dataDir} belongs to user ${owner}: run fairway doctor as that user`,
    );
  const probe = join(dataDir, `doctor.${process.pid}.tmp`);
  try {
    await access(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
    await writeFile(probe, "doctor\n", { flag: "wx", mode: 0o600, flush: true });
    return ok("data.write", `${dataDir} can be written`);
  } catch (error) {
    return failed(
      "data.write",
      `${dataDir} cannot be written (${reasonOf(error)})`,
      "a server keeps its database, keys and address there, and refuses to start",
      `give it to the user of the server (user ${own} is asking, it belongs to user ${owner}), or free the disk`,
    );
  } finally {
    await rm(probe, { force: true });
  }
}

async function checkSpace(dataDir: string): Promise<Finding> {
  const { bsize, bavail, blocks } = await statfs(dataDir);
  const free = bsize * bavail;
  const what = `${sizeText(free)} of ${sizeText(bsize * blocks)} are free on the disk of ${dataDir}`;
  const why = "on a full disk nothing more is acknowledged, and no backup can be made";
  const todo = "remove old backups (backups/ in the data folder) or what else fills the disk, or enlarge it";
  if (free < NOTHING_BYTES) return failed("data.space", what, why, todo);
  return free < LITTLE_BYTES ? warning("data.space", what, why, todo) : ok("data.space", what);
}

const octal = (mode: number): string => (mode % 0o1000).toString(8).padStart(4, "0");
/** What group and others may do, as digits of the mode: 4 read, 2 write, 1 enter. */
const ofOthers = (mode: number): readonly number[] => [Math.floor(mode / 8) % 8, mode % 8];
const mayWrite = (digit: number): boolean => Math.floor(digit / 2) % 2 === 1;

function checkMode(dataDir: string, mode: number): Finding[] {
  if (process.platform === "win32") return [notChecked("data.mode", "Windows has no file modes")];
  if (!ofOthers(mode).some(mayWrite)) return [];
  return [
    failed(
      "data.mode",
      `others may write into ${dataDir} (mode ${octal(mode)})`,
      "whoever does can replace the keys and the database",
      `chmod 700 ${dataDir}`,
    ),
  ];
}

async function checkKeys(dataDir: string): Promise<Finding[]> {
  if (process.platform === "win32") return [];
  const open: string[] = [];
  let count = 0;
  for (const name of KEY_FILES) {
    const found = await stat(join(dataDir, name)).catch(() => null);
    if (found === null) continue;
    count += 1;
    if (ofOthers(found.mode).some((digit) => digit > 0)) open.push(`${name} (mode ${octal(found.mode)})`);
  }
  if (count === 0) return [notChecked("data.keys", `${dataDir} holds no key file yet`)];
  if (open.length === 0) return [ok("data.keys", `the ${count} key files are for their owner only`)];
  return [
    failed(
      "data.keys",
      `others may read ${open.join(", ")}`,
      "the secret key opens all stored secrets and signs tokens; the credentials are those of an administrator",
      `chmod 600 ${open.map((one) => join(dataDir, one.split(" ")[0] ?? "")).join(" ")}; where others had access, change the keys (docs/operations.md, Keys)`,
    ),
  ];
}
