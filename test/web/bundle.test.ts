import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build, type Manifest } from "vite";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { patient } from "../support/patience.ts";

/** KiB after gzip -9 (the interface specification's budgets). */
const BUDGET = {
  initialJs: 175,
  initialCss: 30,
  dora: 75,
  graph: 75,
  editor: 160,
  dashboard: 60,
  otherRoute: 50,
  total: 900,
};

const root = fileURLToPath(new URL("../..", import.meta.url));
const out = mkdtempSync(join(tmpdir(), "fairway-bundle-"));
let manifest: Manifest = {};

beforeAll(async () => {
  // The test runner's own value would bundle the development build of React.
  vi.stubEnv("NODE_ENV", "production");
  await build({
    configFile: join(root, "vite.config.ts"),
    logLevel: "error",
    build: { outDir: out, emptyOutDir: true, manifest: "manifest.json" },
  });
  manifest = JSON.parse(readFileSync(join(out, "manifest.json"), "utf8")) as Manifest;
}, patient(120_000));

afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(out, { recursive: true, force: true });
});

/** Everything the browser fetches for a chunk: itself and what it imports statically. */
function closure(key: string, found = new Set<string>()): Set<string> {
  if (found.has(key)) return found;
  found.add(key);
  for (const next of manifest[key]?.imports ?? []) closure(next, found);
  return found;
}

function size(file: string): number {
  return gzipSync(readFileSync(join(out, file)), { level: 9 }).length / 1024;
}

function weigh(keys: Iterable<string>): { js: number; css: number } {
  const chunks = [...keys].map((key) => manifest[key]).filter((chunk) => chunk !== undefined);
  // Sheets that several chunks share have entries of their own: each file counts once.
  const files = new Set(chunks.flatMap(({ file, css = [] }) => [file, ...css]));
  const sum = (end: string) =>
    [...files].filter((file) => file.endsWith(end)).reduce((total, file) => total + size(file), 0);
  return { js: sum(".js"), css: sum(".css") };
}

const initial = () => closure("index.html");
/** What a page adds to what is already there, later parts of it included. */
function added(page: string, ...later: string[]) {
  const keys = [page, ...later].flatMap((key) => [...closure(key)]);
  return weigh(new Set(keys.filter((key) => !initial().has(key))));
}

describe("the web bundle", () => {
  it("starts within its budget", () => {
    const { js, css } = weigh(initial());
    expect(js).toBeGreaterThan(20);
    expect(js).toBeLessThanOrEqual(BUDGET.initialJs);
    expect(css).toBeGreaterThan(2);
    expect(css).toBeLessThanOrEqual(BUDGET.initialCss);
  });

  it("opens the DORA page, evidence and explanation included, within its budget", () => {
    const { js } = added("pages/dora-page.tsx", "dora/evidence-drawer.tsx", "dora/explain-drawer.tsx");
    expect(js).toBeGreaterThan(20);
    expect(js).toBeLessThanOrEqual(BUDGET.dora);
  });

  it.each([
    "home",
    "login",
    "import",
    "connect",
    "incidents",
    "deployment",
    "catalog",
    "entity",
    "builder",
    "blueprint",
    "audit",
  ])("opens the %s page within its budget", (page) => {
    const { js } = added(`pages/${page}-page.tsx`);
    expect(js).toBeGreaterThan(0);
    expect(js).toBeLessThanOrEqual(BUDGET.otherRoute);
  });

  it("opens a dashboard, every widget included, within its budget", () => {
    const { js } = added("pages/dashboard-page.tsx");
    expect(js).toBeGreaterThan(10);
    expect(js).toBeLessThanOrEqual(BUDGET.dashboard);
  });

  it("opens a graph, after the page of its entity, within its budget", () => {
    const { js } = added("pages/entity-page.tsx", "graph/entity-graph.tsx");
    expect(js).toBeGreaterThan(10);
    expect(js).toBeLessThanOrEqual(BUDGET.graph);
  });

  it("opens the editor within its budget", () => {
    const { js } = added("pages/blueprint-page.tsx", "builder/json-editor.tsx");
    expect(js).toBeGreaterThan(50);
    expect(js).toBeLessThanOrEqual(BUDGET.editor);
  });

  it("stays within the budget of the whole application", () => {
    const { js, css } = weigh(Object.keys(manifest));
    expect(js + css).toBeLessThanOrEqual(BUDGET.total);
  });

  it("leaves the nonce to the server and has no inline script", () => {
    const html = readFileSync(join(out, "index.html"), "utf8");
    expect(html).toContain('<meta name="csp-nonce" content="__CSP_NONCE__" />');
    expect(html).not.toMatch(/<script(?![^>]*\bsrc=)/);
    expect(html).not.toContain("<style");
  });
});
