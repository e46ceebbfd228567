/** How old the newest backup of the embedded database is. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { BACKUP_MANIFEST, readBackupManifest } from "../model/backup.ts";
import { ownCommand } from "./own-command.ts";
import { type Finding, notChecked, ok, spanText, warning } from "./finding.ts";

const OLD_SECONDS = 7 * 86_400;

export async function checkBackups(dataDir: string, isEmbedded: boolean, now: Date): Promise<Finding[]> {
  const id = "backup.age";
  if (!isEmbedded)
    return [
      notChecked(
        id,
        "backups of PostgreSQL are made outside of Fairway (docs/operations.md, Backup and restore)",
      ),
    ];
  const folder = join(dataDir, "backups");
  const names = await readdir(folder).catch(() => []);
  const times: number[] = [];
  const broken: string[] = [];
  for (const name of names.filter((one) => !one.endsWith(".making")))
    try {
      const text = await readFile(join(folder, name, BACKUP_MANIFEST), "utf8");
      times.push(Date.parse(readBackupManifest(JSON.parse(text)).createdAt));
    } catch {
      broken.push(name);
    }
  const todo = `${ownCommand("backup --keep 7")} while the server runs, each night, and copy the folder to another machine`;
  const why = "the embedded database is one folder on one disk, and does not force its writes to it";
  const findings = broken.map((name) =>
    warning(id, `${join(folder, name)} is no whole backup`, "it cannot be restored", "remove it"),
  );
  if (times.length === 0) return [...findings, warning(id, `there is no backup in ${folder}`, why, todo)];
  const age = (now.getTime() - Math.max(...times)) / 1000;
  const what = `the newest of ${times.length} backups in ${folder} is ${spanText(Math.max(0, age))} old`;
  return [...findings, age > OLD_SECONDS ? warning(id, what, why, todo) : ok(id, what)];
}
