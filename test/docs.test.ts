import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const ROOT = fileURLToPath(new URL("../", import.meta.url));
const read = (path: string): string => readFileSync(join(ROOT, path), "utf8");
const tracked = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "-z"], {
  cwd: ROOT,
  encoding: "utf8",
})
  .split("\0")
  .filter((path) => path !== "" && existsSync(join(ROOT, path)));
const documents = tracked.filter((path) => path.endsWith(".md"));

/** As GitHub makes them from headings. */
const anchorsOf = (text: string): Set<string> =>
  new Set(
    [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
        .replaceAll(" ", "-"),
    ),
  );

test("links between documents lead somewhere", () => {
  const broken = documents.flatMap((path) =>
    [...read(path).matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, target = ""]) => {
      if (/^[a-z]+:/.test(target)) return [];
      const [file = "", anchor] = target.split("#");
      const place = file === "" ? path : normalize(join(dirname(path), file));
      if (!existsSync(join(ROOT, place))) return [`${path}: ${target}`];
      if (anchor !== undefined && !anchorsOf(read(place)).has(anchor)) return [`${path}: ${target}`];
      return [];
    }),
  );
  expect(documents.length).toBeGreaterThan(10);
  expect(broken).toEqual([]);
});

test("files that the documents name exist", () => {
  const missing = documents.flatMap((path) =>
    [...read(path).matchAll(/`((?:src|test|docs|tools|migrations|bench|\.ci)\/[\w./-]+)`/g)]
      .map(([, name = ""]) => name)
      .filter((name) => !existsSync(join(ROOT, name)))
      .map((name) => `${path}: ${name}`),
  );
  expect(missing).toEqual([]);
});

test("npm commands that the documents name exist", () => {
  const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
  const named = documents.flatMap((path) =>
    [...read(path).matchAll(/\bnpm (?:run ([a-z:]+)|(start|test)\b)/g)].map(
      ([, run, direct]) => [path, run ?? direct ?? ""] as const,
    ),
  );
  expect(named.filter(([, name]) => scripts[name] === undefined)).toEqual([]);
  expect(read("README.md")).toContain("npm ci && npm start\n");
  expect(read("README.md")).toContain("npm ci && npm test\n");
});

describe("decisions", () => {
  const files = readdirSync(join(ROOT, "docs/adr")).sort();
  test("are numbered without gaps, short, and say what was decided", () => {
    expect(files.map((name) => Number(name.slice(0, 4)))).toEqual(files.map((_, i) => i + 1));
    for (const name of files) {
      const text = read(`docs/adr/${name}`);
      expect([name, text.split("\n").length <= 61]).toEqual([name, true]);
      expect(text).toMatch(new RegExp(`^# ${Number(name.slice(0, 4))}\\. `));
      expect(text).toContain("**Decision.**");
    }
  });
});

/** What belongs to the machine of whoever writes, not to the project. */
const FOREIGN = [
  /(?<![\w.~])\/(?:work|root|home)\/[a-z]/,
  /registry\.[a-z]+\.[a-z]/i,
  /\/npm\/v\d/,
  /unpkg\.com/,
];

test("no file names places of somebody's machine or a registry's host", () => {
  const found = tracked
    .filter(
      (path) => !/^(package-lock\.json|LICENSE|test\/docs\.test\.ts)$|\.(png|ico|woff2|svg)$/.test(path),
    )
    .flatMap((path) =>
      read(path)
        .split("\n")
        .flatMap((line, i) => (FOREIGN.some((word) => word.test(line)) ? [`${path}:${i + 1}: ${line}`] : [])),
    );
  expect(found).toEqual([]);
});
