/** Which folder may import what: the table of docs/architecture.md as an object, held over every file of src. */
import { readFileSync } from "node:fs";
import { posix } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { parseSource, readSources, type SourceFile } from "./support/read-source.ts";

const ROOT = fileURLToPath(new URL("../", import.meta.url));

interface Rule {
  /** Folders (or files) of src it may import. */
  readonly imports?: readonly string[];
  /** Folders of which it may import types only: nothing of them runs there. */
  readonly types?: readonly string[];
  /** npm packages it may import; a name that ends in / stands for a scope. */
  readonly packages?: readonly string[];
  readonly typePackages?: readonly string[];
  /** May it import `node:*`? */
  readonly node?: boolean;
  /** No I/O, no clock, no randomness, nothing of the machine. */
  readonly pure?: boolean;
}

const RULES: Readonly<Record<string, Rule>> = {
  model: { types: ["dora"], pure: true },
  jq: { pure: true },
  dora: { imports: ["model/span-words.ts"], types: ["model"], pure: true },
  api: { imports: ["model"], packages: ["typebox"] },
  tracing: { packages: ["@opentelemetry/"], node: true },
  storage: {
    imports: ["model", "tracing"],
    packages: ["pg", "@electric-sql/pglite", "kysely"],
    node: true,
  },
  access: { imports: ["model", "storage"], packages: ["jose", "openid-client"], node: true },
  engine: { imports: ["model", "jq", "storage", "tracing"], node: true },
  catalog: { imports: ["model", "storage", "engine"], packages: ["ajv", "ajv-formats"], node: true },
  ingest: {
    imports: ["model", "jq", "storage", "catalog", "integrations", "tracing"],
    packages: ["yaml"],
    node: true,
  },
  integrations: { imports: ["model"], node: true },
  automation: {
    imports: ["model", "jq", "storage", "catalog", "tracing"],
    packages: ["croner", "kafkajs", "nodemailer"],
    node: true,
  },
  metrics: {
    imports: ["model", "jq", "dora", "storage", "tracing"],
    packages: ["hyparquet-writer"],
    node: true,
  },
  http: {
    imports: ["model", "jq", "api", "access", "catalog", "ingest", "automation", "metrics", "tracing"],
    types: ["storage", "dora"],
    packages: [
      "fastify",
      "@fastify/",
      "typebox",
      "ajv",
      "ajv-formats",
      "fast-json-stringify",
      "prom-client",
      "rate-limiter-flexible",
    ],
    node: true,
  },
  doctor: {
    imports: ["model", "config.ts", "config", "storage", "access", "engine", "ingest", "automation"],
    node: true,
  },
  cli: {
    imports: ["model", "jq", "api", "doctor"],
    types: ["dora"],
    packages: ["commander", "cli-progress", "yaml"],
    node: true,
  },
  web: {
    imports: ["model", "jq"],
    types: ["api", "dora"],
    packages: [
      "react",
      "react-dom",
      "@mantine/",
      "@tabler/",
      "@tanstack/",
      "@visx/",
      "@codemirror/",
      "@lezer/",
      "d3-array",
      "dayjs",
      "yaml",
      "uqr",
    ],
  },
  config: { node: true },
  "config.ts": { imports: ["config"], node: true },
  serve: {
    imports: ["model", "automation", "catalog", "engine", "http", "ingest", "metrics", "storage"],
    types: ["config.ts"],
    node: true,
  },
  "serve.ts": {
    imports: [
      "serve",
      "model",
      "access",
      "automation",
      "catalog",
      "cli",
      "engine",
      "http",
      "ingest",
      "metrics",
      "storage",
      "tracing",
    ],
    types: ["config.ts"],
    packages: ["kysely"],
    typePackages: ["fastify"],
    node: true,
  },
  "main.ts": { imports: ["config.ts", "serve.ts"], packages: ["pino", "pino-pretty"], node: true },
};

/** Who may read the environment, and why. */
const ENVIRONMENT_READERS: Readonly<Record<string, string>> = {
  "src/config.ts": "the settings of the server",
  "src/cli/connection.ts": "FAIRWAY_DATA, to find the local server",
  "src/cli/commands/doctor.ts": "the settings, as a server that is started from here would find them",
  "src/cli/style.ts": "NO_COLOR and TERM, as every terminal program",
  "src/cli/jq/add-jq-command.ts": "`env` and `$ENV` of the programs that `fairway jq` runs",
  "src/cli/git/run-git.ts": "git runs in this environment without its GIT_* variables",
};

/** Who may write queries for tables; access keeps the queries of its own four tables. */
const QUERY_FOLDERS = new Set(["storage", "access"]);
const QUERY_CALLS = /^\w+\.(selectFrom|insertInto|updateTable|deleteFrom|mergeInto)$/;

/** Line limits: look again at 300 (a person does), split at 500. */
const MAX_LINES = 500;
const MAX_MAIN_LINES = 150;

/** Globals that pure code must not touch: I/O, clock, randomness, the process, the page. */
const IMPURE_GLOBALS = new Set(
  `process fetch globalThis window document navigator location localStorage sessionStorage console performance crypto
   setTimeout setInterval setImmediate queueMicrotask requestAnimationFrame Buffer require XMLHttpRequest WebSocket Worker
   Date.now Math.random Temporal`.split(/\s+/),
);

/** `src/storage/db.ts` → `storage`, `src/main.ts` → `main.ts`. */
const unitOf = (path: string): string => path.split("/")[1] ?? "";

const packageOf = (specifier: string): string =>
  specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");

function allows(list: readonly string[] | undefined, name: string): boolean {
  return (list ?? []).some((item) => (item.endsWith("/") ? name.startsWith(item) : name === item));
}

/** Everything in `files` that breaks the rules, one line each. */
function violations(files: readonly SourceFile[], rules: Readonly<Record<string, Rule>>): string[] {
  return files.flatMap((file) => {
    const unit = unitOf(file.path);
    const rule = rules[unit];
    if (rule === undefined) return [`${file.path}: src/${unit} has no place in the plan`];
    const problems: string[] = [];
    for (const { specifier, typeOnly } of file.imports) {
      const what = `${typeOnly ? "types of " : ""}${specifier}`;
      if (specifier.startsWith("<")) problems.push(`uses ${specifier} import`);
      else if (specifier.startsWith("node:")) {
        if (rule.node !== true) problems.push(`imports ${what}`);
      } else if (specifier.startsWith(".")) {
        const target = posix.join(posix.dirname(file.path), specifier);
        if (!target.startsWith("src/")) {
          problems.push(`imports ${what}, outside src`);
          continue;
        }
        const other = unitOf(target);
        const fine =
          other === unit ||
          [other, target.slice("src/".length)].some((name) => allows(rule.imports, name)) ||
          (typeOnly && allows(rule.types, other));
        if (!fine) problems.push(`imports ${what}`);
      } else {
        const name = packageOf(specifier);
        const fine = allows(rule.packages, name) || (typeOnly && allows(rule.typePackages, name));
        if (!fine) problems.push(`imports ${what}`);
      }
    }
    if (file.path.endsWith("main.ts") && unit === "main.ts" && file.lines > MAX_MAIN_LINES)
      problems.push(`has ${file.lines} lines; main.ts may have ${MAX_MAIN_LINES}`);
    if (file.lines > MAX_LINES) problems.push(`has ${file.lines} lines; split it (limit ${MAX_LINES})`);
    if (rule.pure === true) {
      for (const name of file.globals) if (IMPURE_GLOBALS.has(name)) problems.push(`uses ${name}: not pure`);
      for (const call of file.ambientTime) problems.push(`uses ${call}: not pure`);
    }
    const readsEnvironment =
      file.globals.has("process.env") ||
      file.imports.some((i) => i.specifier === "node:process" && !i.typeOnly);
    if (readsEnvironment && ENVIRONMENT_READERS[file.path] === undefined)
      problems.push("reads the environment; take it from config.ts");
    if (!QUERY_FOLDERS.has(unit))
      for (const call of file.calls) if (QUERY_CALLS.test(call)) problems.push(`queries tables (${call})`);
    return problems.map((problem) => `${file.path}: ${problem}`);
  });
}

const sources = readSources(ROOT, "src");

describe("the source tree", () => {
  test("keeps the import table", () => {
    expect(sources.length).toBeGreaterThan(100);
    expect(violations(sources, RULES)).toEqual([]);
  });

  test("has no exception that nobody needs", () => {
    const readers = sources.filter((file) => file.globals.has("process.env")).map((file) => file.path);
    expect(readers.sort()).toEqual(Object.keys(ENVIRONMENT_READERS).sort());
  });

  test("imports at run time only what is installed without devDependencies", () => {
    const { dependencies } = JSON.parse(readFileSync(`${ROOT}/package.json`, "utf8")) as {
      dependencies: Record<string, string>;
    };
    const missing = sources
      .filter((file) => unitOf(file.path) !== "web")
      .flatMap((file) =>
        file.imports
          .filter((i) => !i.typeOnly && !/^(\.|node:)/.test(i.specifier))
          .filter((i) => dependencies[packageOf(i.specifier)] === undefined)
          .map((i) => `${file.path}: ${i.specifier}`),
      );
    expect(missing).toEqual([]);
  });

  test("has docs/architecture.md saying the same", () => {
    const text = readFileSync(`${ROOT}/docs/architecture.md`, "utf8");
    const rows = [...text.matchAll(/^\| `([\w.]+)` \| (.*?) \| (.*?) \| (.*?) \|$/gm)].map(
      ([, unit, imports, types, packages]) => [unit, imports, types, packages],
    );
    const cell = (names: readonly string[] = []): string =>
      names.length === 0 ? "–" : names.map((name) => (name.endsWith("/") ? `${name}*` : name)).join(", ");
    const expected = Object.entries(RULES).map(([unit, rule]) => [
      unit,
      cell(rule.imports),
      cell(rule.types),
      cell([...(rule.packages ?? []), ...(rule.typePackages ?? []).map((name) => `${name} (types)`)]),
    ]);
    expect(rows).toEqual(expected);
  });
});

describe("the check bites", () => {
  const check = (path: string, text: string): string[] => violations([parseSource(path, text)], RULES);

  test.each([
    ["a forbidden folder", "src/http/x.ts", `import { openDatabase } from "../storage/db.ts";`],
    ["a re-export", "src/api/x.ts", `export { a } from "../storage/a.ts";`],
    ["a star re-export", "src/api/x.ts", `export * from "../storage/a.ts";`],
    ["a dynamic import", "src/catalog/x.ts", `const a = await import("../http/app.ts");`],
    ["a computed import", "src/catalog/x.ts", `const a = await import("../ht" + "tp/app.ts");`],
    [
      "a worker of another folder",
      "src/http/x.ts",
      `new Worker(new URL("../storage/w.ts", import.meta.url));`,
    ],
    [
      "a value among type imports",
      "src/http/x.ts",
      `import { type Db, openDatabase } from "../storage/db.ts";`,
    ],
    ["an import for its effect", "src/web/x.ts", `import "../api/dora.ts";`],
    ["a value where types are allowed", "src/web/x.tsx", `import { A } from "../api/dora.ts";`],
    ["an import type of a forbidden folder", "src/cli/x.ts", `type A = import("../storage/db.ts").Db;`],
    ["a package of another folder", "src/catalog/x.ts", `import pg from "pg";`],
    ["a package for types only", "src/serve.ts", `import Fastify from "fastify";`],
    ["a part of a package", "src/catalog/x.ts", `import x from "kysely/helpers/postgres";`],
    ["require", "src/catalog/x.ts", `const x = require("fs");`],
    ["main.ts", "src/cli/x.ts", `import "../main.ts";`],
    ["the composition", "src/http/x.ts", `import { serve } from "../serve.ts";`],
    ["a file outside src", "src/catalog/x.ts", `import x from "../../test/support/app.ts";`],
    ["a new folder", "src/utils/x.ts", `export const a = 1;`],
    ["node in pure code", "src/dora/x.ts", `import { readFileSync } from "node:fs";`],
    ["node in the web", "src/web/x.ts", `import { join } from "node:path";`],
    ["values of model in dora", "src/dora/x.ts", `import { parse } from "../model/query.ts";`],
    ["the clock", "src/dora/x.ts", `export const a = () => Date.now();`],
    ["the clock by new Date", "src/model/x.ts", `export const a = () => new Date();`],
    ["the machine's time zone", "src/dora/x.ts", `export const a = (d: Date) => d.getHours();`],
    ["randomness", "src/dora/x.ts", `export const a = () => Math.random();`],
    ["randomness by another name", "src/dora/x.ts", `export const { random: a } = Math;`],
    ["random identifiers", "src/dora/x.ts", `export const a = () => crypto.randomUUID();`],
    ["the process", "src/model/x.ts", `export const a = process.argv;`],
    ["fetch as a value", "src/model/x.ts", `export const a = { send: fetch };`],
    ["the environment", "src/storage/x.ts", `export const a = process.env.HOME;`],
    ["the environment, indexed", "src/storage/x.ts", `export const a = process["env"]["HOME"];`],
    ["the environment, destructured", "src/storage/x.ts", `const { env } = process; export const a = env;`],
    [
      "the environment, imported",
      "src/storage/x.ts",
      `import { env } from "node:process"; export const a = env;`,
    ],
    ["queries outside storage", "src/catalog/x.ts", `export const a = (db: any) => db.selectFrom("entity");`],
    [
      "queries on a property",
      "src/catalog/x.ts",
      `export const a = (ctx: any) => ctx.db.deleteFrom("entity");`,
    ],
    ["a file of 501 lines", "src/catalog/x.ts", "export {};\n".repeat(501)],
    ["a main.ts of 151 lines", "src/main.ts", "export {};\n".repeat(151)],
  ])("on %s", (_name, path, text) => {
    expect(check(path, text)).toHaveLength(1);
  });

  test.each([
    ["types where they are allowed", "src/http/x.ts", `import type { Ctx } from "../storage/context.ts";`],
    [
      "inline types only",
      "src/http/x.ts",
      `import { type Ctx } from "../storage/context.ts"; export type { Ctx };`,
    ],
    ["a file that may be", "src/dora/x.ts", `import { spanWords } from "../model/span-words.ts";`],
    ["its own folder", "src/dora/x.ts", `import { a } from "./a.ts"; import { b } from "./deep/b.ts";`],
    [
      "a name of its own that looks global",
      "src/dora/x.ts",
      `export const f = (process: { env: string }) => process.env;`,
    ],
    [
      "a key that looks global",
      "src/dora/x.ts",
      `export const a = { fetch: 1, process: 2 }; export const b = a.process;`,
    ],
    ["a time that is given", "src/dora/x.ts", `export const a = (ms: number) => new Date(ms).toISOString();`],
    ["UTC parts", "src/dora/x.ts", `export const a = (d: Date) => d.getUTCHours();`],
    [
      "a type named like a global",
      "src/dora/x.ts",
      `export interface A { readonly window: { performance: number } }`,
    ],
    ["a scope's packages", "src/web/x.tsx", `import { Button } from "@mantine/core";`],
    [
      "an address that is no module",
      "src/storage/x.ts",
      `export const a = new URL("../../migrations/", import.meta.url);`,
    ],
  ])("not on %s", (_name, path, text) => {
    expect(check(path, text)).toEqual([]);
  });
});
