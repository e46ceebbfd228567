/**
 * Which test files touch a database: those from which `test/support/database.ts` is reached, or that read where the server
 * is. The others say on PostgreSQL what they said before, and are run once.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

const OPENS_DATABASES = "test/support/database.ts";
/** Of imports, of types too, and of files named by `new URL("./…", import.meta.url)`. */
const REFERENCES = /(?:\bfrom|\bimport|\bimport\(|\bURL\()\s*"(\.[^"?]+\.tsx?)/g;
const READS_ADDRESS = /\bTEST_DATABASE_[A-Z]+\b/;

/** @param root folder of the project. @returns paths from there, in order */
export function databaseTests(root: string): string[] {
  const texts = new Map<string, string>();
  const textOf = (path: string): string => {
    let text = texts.get(path);
    if (text === undefined) texts.set(path, (text = readFileSync(join(root, path), "utf8")));
    return text;
  };
  const reaches = (file: string): boolean => {
    const seen = new Set([file]);
    for (const path of seen) {
      if (path === OPENS_DATABASES) return true;
      for (const [, name = ""] of textOf(path).matchAll(REFERENCES)) {
        const next = join(dirname(path), name);
        if (existsSync(join(root, next))) seen.add(next);
      }
    }
    return READS_ADDRESS.test(textOf(file));
  };
  return readdirSync(join(root, "test"), { recursive: true, encoding: "utf8" })
    .map((name) => join("test", name))
    .filter((path) => /\.test\.tsx?$/.test(path))
    .filter(reaches)
    .sort();
}
