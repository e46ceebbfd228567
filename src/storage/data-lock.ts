/**
 * The embedded database belongs to one process: a lock file names it by pid, start time and place. In a container every
 * server has the pid 1, and nobody sees the processes of others: there the file is touched as long as its holder lives.
 */
import { randomBytes } from "node:crypto";
import {
  linkSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

interface Holder {
  readonly pid: number;
  readonly startedAt: string;
  /** Where its pid means something: machine since its start, namespace of pids, host name. */
  readonly place: string | null;
  /** Of this one time that it was taken. */
  readonly token: string | null;
}

export interface LockOptions {
  /** Told when another process has taken the folder nevertheless: whatever is written from now on damages it. */
  readonly onLost?: () => void;
  /** How long the lock of a process elsewhere is watched for a sign of life. */
  readonly watchMs?: number;
}

const BEAT_MS = 2000;
/** Five beats: a process that is busy misses one or two. */
const WATCH_MS = 10_000;
const LOOK_MS = 100;

/** The locks that this process holds. */
const own = new Set<string>();

const readText = (read: () => string): string => {
  try {
    return read().trim();
  } catch {
    return "";
  }
};

/** Inodes of namespaces are given again after their end, but never while they live. */
const placeOfThisProcess = (): string =>
  [
    readText(() => readFileSync("/proc/sys/kernel/random/boot_id", "utf8")),
    readText(() => readlinkSync("/proc/self/ns/pid")),
    hostname(),
  ].join(" ");

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

/** Of a holder whose pid is one of ours. */
function isAliveHere(holder: Holder): boolean {
  if (holder.pid === process.pid) return holder.token !== null && own.has(holder.token);
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
  }
  const { isDead, startedAt } = processState(holder.pid);
  return !isDead && (startedAt === "" || startedAt === holder.startedAt);
}

const beatOf = (path: string): number | null => {
  try {
    return statSync(path).mtimeMs;
  } catch {
    return null;
  }
};

async function isAlive(path: string, holder: Holder, watchMs: number): Promise<boolean> {
  if (holder.place === null || holder.place === placeOfThisProcess()) return isAliveHere(holder);
  // How old the beat is says nothing: it goes by the clock of the holder, which may be minutes behind.
  const first = beatOf(path);
  if (first === null) return false;
  for (const until = performance.now() + watchMs; performance.now() < until;) {
    await sleep(LOOK_MS);
    const beat = beatOf(path);
    if (beat === null) return false;
    if (beat !== first) return true;
  }
  return false;
}

/**
 * Takes the folder for this process. A lock left by a killed process is taken over; that of a process elsewhere (another
 * container, another machine) is watched for some seconds before.
 * @returns what gives it back
 * @throws Error naming the process that holds it
 */
export async function lockDataFolder(
  folder: string,
  { onLost, watchMs = WATCH_MS }: LockOptions = {},
): Promise<() => void> {
  const path = join(folder, "lock.json");
  const token = randomBytes(12).toString("hex");
  const { startedAt } = processState(process.pid);
  const place = placeOfThisProcess();
  const text = JSON.stringify({ pid: process.pid, startedAt, place, token } satisfies Holder);
  for (let attempt = 0; attempt < 3; attempt++) {
    try {
      writeFileSync(path, text, { flag: "wx", mode: 0o600 });
      own.add(token);
      return hold(path, token, text, onLost);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
    let holder = readHolder(path);
    if (holder === null) {
      // Perhaps it is being written at this moment.
      await sleep(LOOK_MS);
      holder = readHolder(path);
    }
    if (holder !== null && (await isAlive(path, holder, watchMs)))
      throw new Error(
        `${folder} is in use by ${nameOf(holder)}: stop it, or choose another folder with FAIRWAY_DATA`,
      );
    removeDead(path, holder, `${path}.${token}`);
  }
  throw new Error(`${path} cannot be taken`);
}

/** The process that uses the embedded database of the folder, as it is told to people; null: none does. */
export async function folderHolder(folder: string, watchMs = WATCH_MS): Promise<string | null> {
  const path = join(folder, "lock.json");
  const holder = readHolder(path);
  return holder !== null && (await isAlive(path, holder, watchMs)) ? nameOf(holder) : null;
}

function nameOf({ pid, place }: Holder): string {
  if (place === null || place === placeOfThisProcess()) return `process ${pid}`;
  return `process ${pid} of another container or machine (${place.split(" ").at(-1) ?? ""})`;
}

/** Two may find the same lock dead: only that very one is removed, not the one that the faster of them has made since. */
function removeDead(path: string, dead: Holder | null, aside: string): void {
  try {
    renameSync(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
    throw error;
  }
  try {
    const moved = readHolder(aside);
    if (moved !== null && (moved.token !== dead?.token || moved.pid !== dead.pid)) linkSync(aside, path);
  } finally {
    rmSync(aside, { force: true });
  }
}

function hold(path: string, token: string, text: string, onLost: (() => void) | undefined): () => void {
  const beat = setInterval(() => {
    const now = new Date();
    try {
      const holder = readHolder(path);
      if (holder?.token === token) utimesSync(path, now, now);
      else if (holder !== null) onLost?.();
      // Somebody took the lock away, and would start a second server; what is there, but cannot be read, stays.
      else writeFileSync(path, text, { flag: "wx", mode: 0o600 });
    } catch {
      // It is there, or the disk cannot be written for a moment; the next beat tries again.
    }
  }, BEAT_MS);
  beat.unref();
  return () => {
    clearInterval(beat);
    own.delete(token);
    if (readHolder(path)?.token === token) rmSync(path, { force: true });
  };
}

function readHolder(path: string): Holder | null {
  try {
    const { pid, startedAt, place, token } = JSON.parse(readFileSync(path, "utf8")) as Partial<Holder>;
    if (typeof pid !== "number" || typeof startedAt !== "string") return null;
    return {
      ...{ pid, startedAt },
      place: typeof place === "string" ? place : null,
      token: typeof token === "string" ? token : null,
    };
  } catch {
    return null;
  }
}
