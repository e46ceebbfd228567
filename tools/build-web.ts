/**
 * Builds the web application into dist/web when it is missing or its sources changed since. Runs before `npm start`;
 * `--force` builds always. The stamp beside the folder holds the hash of what it was built from.
 */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

const ROOT = fileURLToPath(new URL("../", import.meta.url));
const INDEX = join(ROOT, "dist/web/index.html");
const STAMP = join(ROOT, "dist/web.sha256");
/** What the bundle depends on; src/api, src/model and src/dora are there for their types only, which are erased. */
const SOURCES = ["src/web", "vite.config.ts", "tsconfig.web.json", "package-lock.json", "tools/build-web.ts"];

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

const TEXT = /\.(css|html|js|json|svg|txt|webmanifest)$/;
/** It fits into one packet as it is. */
const SMALL_BYTES = 1024;
/** Of all pages: 757 KiB in a second on two cores; by 11 745 KiB in two, by 9 798 KiB in a fifth, by gzip 846 KiB. */
const QUALITY = 10;
/** Each time it is served its nonce is put in. */
const WRITTEN_EACH_TIME = "index.html";

/** Puts a `.br` and a `.gz` beside each file of text that gets smaller by it; the server chooses among them. */
export async function compressFolder(folder: string): Promise<void> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = found.filter((one) => one.isFile() && TEXT.test(one.name) && one.name !== WRITTEN_EACH_TIME);
  const compress = async (path: string): Promise<void> => {
    const plain = await readFile(path);
    if (plain.length <= SMALL_BYTES) return;
    const params = {
      [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
      [constants.BROTLI_PARAM_QUALITY]: QUALITY,
      [constants.BROTLI_PARAM_SIZE_HINT]: plain.length,
    };
    const [br, gz] = await Promise.all([
      promisify(brotliCompress)(plain, { params }),
      promisify(gzip)(plain, { level: constants.Z_BEST_COMPRESSION }),
    ]);
    if (br.length < plain.length) await writeFile(`${path}.br`, br);
    if (gz.length < plain.length) await writeFile(`${path}.gz`, gz);
  };
  await Promise.all(files.map((one) => compress(join(one.parentPath, one.name))));
}

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
  await compressFolder(join(ROOT, "dist/web"));
  writeFileSync(STAMP, `${hash}\n`);
  say(`Built dist/web in ${((Date.now() - started) / 1000).toFixed(1)} s.`);
}

if (import.meta.main) await main();
