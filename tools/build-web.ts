/**
 * Builds the web application into dist/web when it is missing or its sources changed since. Runs before `npm start`;
 * `--force` builds always. The stamp beside the folder holds the hash of what it was built from.
 */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../", import.meta.url));
const INDEX = join(ROOT, "dist/web/index.html");
const STAMP = join(ROOT, "dist/web.sha256");
/** What the bundle depends on; src/api, src/model and src/dora are there for their types only, which are erased. */
const SOURCES = ["src/web", "vite.config.ts", "tsconfig.web.json", "package-lock.json"];

function sourceHash(): string {
  const files = SOURCES.flatMap((source) => {
    if (source.includes(".")) return existsSync(join(ROOT, source)) ? [source] : [];
    return readdirSync(join(ROOT, source), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(ROOT.length));
  });
  const hash = createHash("sha256");
  for (const file of files.sort())
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(ROOT, file)))
      .update("\0");
  return hash.digest("hex");
}

const say = (text: string): void => void process.stdout.write(`${text}\n`);

async function main(): Promise<void> {
  const built = existsSync(INDEX);
  const hash = sourceHash();
  const isFresh = built && existsSync(STAMP) && readFileSync(STAMP, "utf8").trim() === hash;
  if (isFresh && !process.argv.includes("--force")) return;
  const vite = await import("vite").catch(() => null);
  if (vite === null) {
    // Installed without devDependencies: the pages that were built elsewhere are served as they are.
    say(
      built ? "Serving dist/web as it is (vite is not installed)." : "No web pages: vite is not installed.",
    );
    return;
  }
  say(built ? "The web application changed: building it …" : "Building the web application …");
  const started = Date.now();
  await vite.build({
    root: join(ROOT, "src/web"),
    configFile: join(ROOT, "vite.config.ts"),
    logLevel: "warn",
  });
  writeFileSync(STAMP, `${hash}\n`);
  say(`Built dist/web in ${((Date.now() - started) / 1000).toFixed(1)} s.`);
}

await main();
