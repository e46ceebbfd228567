import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { lockDataFolder } from "../../src/storage/data-lock.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "fairway-lock-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const holdBy = (pid: number, startedAt: string) =>
  writeFileSync(join(folder, "lock.json"), JSON.stringify({ pid, startedAt }));

test("gives the folder back", () => {
  const release = lockDataFolder(folder);
  expect(readdirSync(folder)).toEqual(["lock.json"]);
  release();
  expect(readdirSync(folder)).toEqual([]);
});

test("refuses a folder that a running process holds, and names it", () => {
  // Field 22 of /proc/PID/stat, as `man proc` counts; the second field may hold spaces.
  const stat = readFileSync(`/proc/${process.ppid}/stat`, "utf8");
  holdBy(process.ppid, stat.slice(stat.lastIndexOf(")") + 2).split(" ")[22 - 3] ?? "");
  expect(() => lockDataFolder(folder)).toThrow(`in use by process ${process.ppid}`);
});

test.each([
  ["a process that is gone", () => holdBy(2 ** 22 + 1, "1")],
  ["another process that now has the pid", () => holdBy(process.ppid, "1")],
  ["an earlier process with our own pid", () => holdBy(process.pid, "1")],
  ["nobody: the file is broken", () => writeFileSync(join(folder, "lock.json"), "{")],
])("takes over from %s", (_name, leave) => {
  leave();
  const release = lockDataFolder(folder);
  expect(readdirSync(folder)).toEqual(["lock.json"]);
  release();
});
