/**
 * Keeps server processes to a share of one processor each, by stopping and continuing them all the time: as many small machines
 * would, on a machine that has too few processors for them. Locks that a stopped one holds are held longer than by a small machine.
 */
import { spawn } from "node:child_process";

const PERIOD_MS = 40;

/** @returns what lets them run freely again */
export function throttle(pids: readonly number[], share: number): () => Promise<void> {
  if (share >= 1) return () => Promise.resolve();
  const code = `
    const sleep = (ms) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
    const tell = (signal) => { for (const pid of ${JSON.stringify(pids)}) try { process.kill(pid, signal); } catch {} };
    const end = Date.now() + 3_600_000;
    for (let isOver = false; !isOver && Date.now() < end;) {
      tell("SIGCONT"); sleep(${PERIOD_MS * share}); tell("SIGSTOP"); sleep(${PERIOD_MS * (1 - share)});
      try { process.kill(process.ppid, 0); isOver = process.ppid === 1; } catch { isOver = true; }
    }`;
  const child = spawn(process.execPath, ["-e", code], { stdio: "ignore" });
  return async () => {
    const ended = new Promise((resolve) => child.once("close", resolve));
    child.kill("SIGKILL");
    await ended;
    for (const pid of pids) process.kill(pid, "SIGCONT");
  };
}
