/** What processes use, as Linux tells it in `/proc`; nothing where the system does not. */
import { readdirSync, readFileSync } from "node:fs";

/** After the name, which may have spaces: state, parent, … */
function statOf(pid: number | "self"): readonly string[] {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
}

/** Hundredths of a second, as ms. */
const ticks = (fields: readonly string[], ...at: readonly number[]): number =>
  at.reduce((sum, index) => sum + 10 * Number(fields[index] ?? 0), 0);

/** Processor time of a process so far, all threads, in ms; 0 of one that is gone. Says more than the clock on a busy machine. */
export function processorMs(pid: number): number {
  try {
    return ticks(statOf(pid), 11, 12);
  } catch {
    return 0;
  }
}

/** As `processorMs`, of a process and all that it started, those that have ended with them: PostgreSQL by its postmaster. */
export function familyProcessorMs(pid: number): number {
  let sum = 0;
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const fields = statOf(Number(name));
      if (Number(name) === pid) sum += ticks(fields, 11, 12, 13, 14);
      else if (Number(fields[1]) === pid) sum += ticks(fields, 11, 12);
    } catch {
      // It has ended meanwhile.
    }
  }
  return sum;
}

export function parentOf(pid: number): number {
  return Number(statOf(pid)[1]);
}

/** Memory now (`VmRSS`) or at most so far (`VmHWM`), MB; NaN where the system does not tell. */
export function megabytes(pid: number, line: "VmRSS" | "VmHWM" = "VmRSS"): number {
  try {
    const found = new RegExp(`${line}:\\s+(\\d+)`).exec(readFileSync(`/proc/${pid}/status`, "utf8"));
    return Number(found?.[1] ?? Number.NaN) / 1024;
  } catch {
    return Number.NaN;
  }
}

/** Open files and connections. */
export function handles(pid: number): number {
  try {
    return readdirSync(`/proc/${pid}/fd`).length;
  } catch {
    return Number.NaN;
  }
}

/** Processor time of the whole machine so far that was used, ms. */
export function machineProcessorMs(): number {
  const [line = ""] = readFileSync("/proc/stat", "utf8").split("\n");
  const [user, nice, system, , , irq, softirq] = line.split(/\s+/).slice(1).map(Number);
  return 10 * [user, nice, system, irq, softirq].reduce((sum: number, one) => sum + (one ?? 0), 0);
}
