import { chown, readdir, stat } from "node:fs/promises";
import { join } from "node:path";

/**
 * What root made in the data folder belongs to whoever owns that. With systemd's DynamicUser there is nobody but root
 * who could run such a command.
 */
export async function giveToOwner(path: string, dataFolder: string): Promise<void> {
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = await stat(dataFolder);
  if (uid === 0) return;
  const isFolder = (await stat(path)).isDirectory();
  const inside = isFolder ? await readdir(path, { recursive: true }) : [];
  for (const one of ["", ...inside]) await chown(join(path, one), uid, gid);
}
