import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import type { Result } from "./results.ts";

const DIST = fileURLToPath(new URL("../../dist/web/", import.meta.url));

const weight = (file: string): number => gzipSync(readFileSync(DIST + file), { level: 9 }).length / 1024;

/** What the browser fetches before it draws anything, and all there is, gzipped. Those of each page: `test/web/bundle.test.ts`. */
export function sizes(): Result[] {
  if (!existsSync(`${DIST}index.html`)) throw new Error("dist/web is missing: npm run build makes it");
  const html = readFileSync(`${DIST}index.html`, "utf8");
  const first = [...html.matchAll(/(?:src|href)="\/(assets\/[^"]+)"/g)].map(([, file = ""]) => file);
  const all = readdirSync(`${DIST}assets`).map((file) => `assets/${file}`);
  const sum = (files: readonly string[], kind: RegExp): number =>
    files.filter((file) => kind.test(file)).reduce((total, file) => total + weight(file), 0);
  const result = (name: string, value: number, budget: number): Result => ({
    ...{ name, unit: "KiB", values: [value], budget, by: "last" },
  });
  return [
    result("initial JavaScript, gzip", sum(first, /\.js$/), 175),
    result("initial CSS, gzip", sum(first, /\.css$/), 30),
    result("all JavaScript and CSS, gzip", sum(all, /\.(js|css)$/), 900),
  ];
}
