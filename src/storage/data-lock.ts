/** The embedded database belongs to one process: a lock file names it by pid and start time. */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

interface Holder {
  readonly pid: number;
  readonly startedAt: string;
}

/** Start time of a process (Linux: field 22 of /proc/pid/stat), so that a reused pid is not taken for the holder. */
function startTime(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
  } catch {
    return "";
  }
}

function isAlive(holder: Holder): boolean {
  if (holder.pid === process.pid) return false;
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
  }
  const started = startTime(holder.pid);
  return started === "" || started === holder.startedAt;
}

/**
 * Takes the folder for this process. A lock left by a killed process is taken over.
 * @returns what gives it back
 * @throws Error naming the process that holds it
 */
export function lockDataFolder(folder: string): () => void {
  const path = join(folder, "lock.json");
  const own = JSON.stringify({ pid: process.pid, startedAt: startTime(process.pid) } satisfies Holder);
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

function readHolder(path: string): Holder | null {
  try {
    const { pid, startedAt } = JSON.parse(readFileSync(path, "utf8")) as Partial<Holder>;
    return typeof pid === "number" && typeof startedAt === "string" ? { pid, startedAt } : null;
  } catch {
    return null;
  }
}
