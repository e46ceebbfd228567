import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { findChromium } from "./tools/find-chromium.ts";
import { patient, STEP_MS } from "./test/support/patience.ts";
import { LongestFirst } from "./tools/longest-first.ts";

const chromium = findChromium();
const noSkip = process.env.CI === "true" || process.env.TEST_NO_SKIP === "1";
if (chromium === null) {
  const message = "no Chromium found (CHROMIUM_PATH, /usr/bin/chromium, Chrome)";
  if (noSkip) throw new Error(`${message}: the browser tests cannot run, and nothing may be skipped`);
  process.stderr.write(`\nSKIPPED: the browser tests in test/e2e: ${message}\n\n`);
}

// A tool reads this file's default export.
export default defineConfig({
  test: {
    include: ["test/**/*.test.{ts,tsx}"],
    exclude: chromium === null ? ["test/e2e/**"] : [],
    // Processes, not threads: tests open worker threads, signals and WebAssembly of their own.
    pool: "forks",
    // The machine that builds has two cores; each fork may run a server, a database and a browser.
    maxWorkers: Number(process.env["TEST_WORKERS"]) || 2,
    // Files share processes: what was imported and compiled for one, the database's WebAssembly above all, is there for
    // the next. They have databases and folders of their own.
    isolate: false,
    // Node itself reads the files, as it does in production: what is compiled is kept, and imports cost nothing where they
    // are used. Pages with JSX are for the browser tests; what of them is tested here stands in files without.
    experimental: { viteModuleRunner: false, nodeLoader: false },
    globalSetup: "test/support/prepare-run.ts",
    sequence: { sequencer: LongestFirst },
    testTimeout: patient(30_000),
    hookTimeout: patient(60_000),
    expect: { poll: { timeout: STEP_MS } },
    teardownTimeout: 10_000,
    env: {
      // Threads, servers and commands of the tests start without compiling again, and without stripping types again.
      NODE_COMPILE_CACHE: fileURLToPath(
        new URL("node_modules/.cache/fairway-test/compiled", import.meta.url),
      ),
      ...(chromium !== null && { CHROMIUM_PATH: chromium }),
    },
    allowOnly: false,
    passWithNoTests: false,
    restoreMocks: true,
    unstubGlobals: true,
    unstubEnvs: true,
  },
});
