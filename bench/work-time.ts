/** Processor time: on a machine that others use as well, the clock on the wall says little. */
import { readFile } from "node:fs/promises";
import { sql } from "kysely";
import type { Db } from "../src/storage/db.ts";

export interface WorkTime {
  /** Of this process, milliseconds. */
  readonly process: number;
  /** Of the sessions of the database server, milliseconds; null where it is in this process, or elsewhere. */
  readonly server: number | null;
}

const TICK_MS = 10;

export async function workTime(db: Db, kind: "postgres" | "embedded"): Promise<WorkTime> {
  const { user, system } = process.cpuUsage();
  return { process: (user + system) / 1000, server: kind === "postgres" ? await serverTime(db) : null };
}

/** Of all processes of the server, those that have ended as well. Linux on one machine only. */
async function serverTime(db: Db): Promise<number | null> {
  const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(db);
  const own = await statOf(rows[0]?.pid ?? 0);
  const parent = own?.[1];
  if (parent === undefined) return null;
  const children = await readFile(`/proc/${parent}/task/${parent}/children`, "utf8").catch(() => "");
  let ticks = 0;
  // Time of its ended children is in fields of the parent.
  const main = await statOf(parent);
  ticks += (main?.[13] ?? 0) + (main?.[14] ?? 0);
  for (const pid of children.trim().split(" ")) {
    const stat = await statOf(Number(pid));
    ticks += (stat?.[11] ?? 0) + (stat?.[12] ?? 0);
  }
  return ticks * TICK_MS;
}

/** Numbers of `/proc/<pid>/stat` behind the name: 1 is the parent, 11 to 14 are ticks of itself and of ended children. */
async function statOf(pid: number): Promise<number[] | null> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => null);
  return stat === null
    ? null
    : stat
        .slice(stat.lastIndexOf(")") + 2)
        .split(" ")
        .map(Number);
}

export function since(before: WorkTime, after: WorkTime): WorkTime {
  const server = before.server === null || after.server === null ? null : after.server - before.server;
  return { process: after.process - before.process, server };
}

/**
 * Watches this thread until `stop`. @returns the longest time between two turns of the event loop, by the clock and in
 * processor time of this thread, milliseconds
 */
export function watchTurns(): () => { readonly clock: number; readonly work: number } {
  let stopped = false;
  const longest = { clock: 0, work: 0 };
  let at = performance.now();
  let cpu = process.threadCpuUsage();
  const turn = (): void => {
    const used = process.threadCpuUsage(cpu);
    longest.clock = Math.max(longest.clock, performance.now() - at);
    longest.work = Math.max(longest.work, (used.user + used.system) / 1000);
    at = performance.now();
    cpu = process.threadCpuUsage();
    if (!stopped) setTimeout(turn, 1);
  };
  setTimeout(turn, 1);
  return () => {
    stopped = true;
    return longest;
  };
}
