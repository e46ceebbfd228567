import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { folderHolder, lockDataFolder } from "../../src/storage/data-lock.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "fairway-lock-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const holdBy = (pid: number, startedAt: string) =>
  writeFileSync(join(folder, "lock.json"), JSON.stringify({ pid, startedAt }));

const lockFile = (): string => join(folder, "lock.json");

test("gives the folder back", async () => {
  const release = await lockDataFolder(folder);
  expect(readdirSync(folder)).toEqual(["lock.json"]);
  await expect(lockDataFolder(folder)).rejects.toThrow(`in use by process ${process.pid}:`);
  release();
  expect(readdirSync(folder)).toEqual([]);
});

test("refuses a folder that a running process holds, and names it", async () => {
  // Field 22 of /proc/PID/stat, as `man proc` counts; the second field may hold spaces.
  const stat = readFileSync(`/proc/${process.ppid}/stat`, "utf8");
  holdBy(process.ppid, stat.slice(stat.lastIndexOf(")") + 2).split(" ")[22 - 3] ?? "");
  await expect(lockDataFolder(folder)).rejects.toThrow(`in use by process ${process.ppid}`);
});

test.each([
  ["a process that is gone", () => holdBy(2 ** 22 + 1, "1")],
  ["another process that now has the pid", () => holdBy(process.ppid, "1")],
  ["an earlier process with our own pid", () => holdBy(process.pid, "1")],
  ["nobody: the file is broken", () => writeFileSync(lockFile(), "{")],
])("takes over from %s", async (_name, leave) => {
  leave();
  const release = await lockDataFolder(folder);
  expect(readdirSync(folder)).toEqual(["lock.json"]);
  release();
});

test("a lock that somebody deletes is written again, and nobody else gets the folder", async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  try {
    let lost = 0;
    const release = await lockDataFolder(folder, { onLost: () => (lost += 1) });
    const written = readFileSync(lockFile(), "utf8");
    rmSync(lockFile());
    vi.advanceTimersByTime(2000);
    expect(readFileSync(lockFile(), "utf8")).toBe(written);
    await expect(lockDataFolder(folder)).rejects.toThrow(`in use by process ${process.pid}:`);
    // What cannot be read may be another's, who writes it at this moment.
    writeFileSync(lockFile(), "{");
    vi.advanceTimersByTime(2000);
    expect(readFileSync(lockFile(), "utf8")).toBe("{");
    expect(lost).toBe(0);
    writeFileSync(lockFile(), written);
    release();
    vi.advanceTimersByTime(4000);
    expect(readdirSync(folder)).toEqual([]);
  } finally {
    vi.useRealTimers();
  }
});

describe("a lock of another container, whose server has our own pid", () => {
  const elsewhere = { pid: process.pid, startedAt: "1", place: "boot pid:[1] box", token: "t" };
  beforeEach(() => writeFileSync(lockFile(), JSON.stringify(elsewhere)));

  test("holds while it is touched, for the server and for fairway doctor", async () => {
    let beats = 0;
    utimesSync(lockFile(), 1e9, 1e9);
    // By a clock that is years behind.
    const beat = setInterval(() => utimesSync(lockFile(), 1e9, 1e9 + (beats += 1)), 20);
    try {
      const named = `process ${process.pid} of another container or machine (box)`;
      await expect(lockDataFolder(folder)).rejects.toThrow(`in use by ${named}`);
      expect(await folderHolder(folder)).toBe(named);
    } finally {
      clearInterval(beat);
    }
    expect(JSON.parse(readFileSync(lockFile(), "utf8"))).toEqual(elsewhere);
  });

  test("is taken over when nothing touches it any more, and its late holder is told", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    try {
      const release = await lockDataFolder(folder, { watchMs: 1 });
      let lost = 0;
      release();
      const second = await lockDataFolder(folder, { onLost: () => (lost += 1) });
      vi.advanceTimersByTime(2000);
      expect(lost).toBe(0);
      writeFileSync(lockFile(), JSON.stringify(elsewhere));
      vi.advanceTimersByTime(2000);
      expect(lost).toBe(1);
      second();
      // It is not its own any more.
      expect(readdirSync(folder)).toEqual(["lock.json"]);
    } finally {
      vi.useRealTimers();
    }
  });
});
