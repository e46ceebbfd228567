import { defineConfig } from "vitest/config";
import { findChromium } from "./tools/find-chromium.ts";

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
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    teardownTimeout: 10_000,
    env: chromium === null ? {} : { CHROMIUM_PATH: chromium },
    allowOnly: false,
    passWithNoTests: false,
    restoreMocks: true,
    unstubGlobals: true,
    unstubEnvs: true,
  },
});
