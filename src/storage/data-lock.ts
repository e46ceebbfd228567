/** The embedded database belongs to one process: a lock file names it by pid and start time. */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

interface Holder {
  readonly pid: number;
  readonly startedAt: string;
}

/**
 * State and start time of a process (Linux: fields 3 and 22 of /proc/pid/stat): a reused pid is not taken for the
 * holder, nor a killed process whose parent has not asked for it yet. Empty where there is no /proc.
 */
function processState(pid: number): { readonly isDead: boolean; readonly startedAt: string } {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return { isDead: fields[0] === "Z" || fields[0] === "X", startedAt: fields[19] ?? "" };
  } catch {
    return { isDead: false, startedAt: "" };
  }
}

function isAlive(holder: Holder): boolean {
  if (holder.pid === process.pid) return false;
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
  }
  const { isDead, startedAt } = processState(holder.pid);
  return !isDead && (startedAt === "" || startedAt === holder.startedAt);
}

/**
 * Takes the folder for this process. A lock left by a killed process is taken over.
 * @returns what gives it back
 * @throws Error naming the process that holds it
 */
export function lockDataFolder(folder: string): () => void {
  const path = join(folder, "lock.json");
  const own = JSON.stringify({
    pid: process.pid,
    startedAt: processState(process.pid).startedAt,
  } satisfies Holder);
  for (let attempt = 0; attempt < 3; attempt++) {
    try {
      writeFileSync(path, own, { flag: "wx", mode: 0o600 });
      return () => rmSync(path, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
    const holder = readHolder(path);
    if (holder !== null && isAlive(holder))
      throw new Error(
        `${folder} is in use by process ${holder.pid}: stop it, or choose another folder with FAIRWAY_DATA`,
      );
    rmSync(path, { force: true });
  }
  throw new Error(`${path} cannot be taken`);
}

/** The process that uses the embedded database of the folder; null: none does. */
export function folderHolder(folder: string): number | null {
  const holder = readHolder(join(folder, "lock.json"));
  return holder !== null && isAlive(holder) ? holder.pid : null;
}

function readHolder(path: string): Holder | null {
  try {
    const { pid, startedAt } = JSON.parse(readFileSync(path, "utf8")) as Partial<Holder>;
    return typeof pid === "number" && typeof startedAt === "string" ? { pid, startedAt } : null;
  } catch {
    return null;
  }
}
