/** Real inputs: what the repository itself has of them. */
import { readFileSync, globSync } from "node:fs";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** Texts of the files that the pattern names, in the order of their names. */
export const filesLike = (pattern: string): string[] =>
  globSync(pattern, { cwd: ROOT })
    .sort()
    .map((path) => readFileSync(`${ROOT}${path}`, "utf8"));

/** Blocks of code in the documentation, in one of the languages. */
export function documentedCode(...languages: readonly string[]): string[] {
  const fence = new RegExp(`^\`\`\`(?:${languages.join("|")})\n([^]*?)^\`\`\``, "gm");
  return [...filesLike("docs/*.md"), ...filesLike("README.md")].flatMap((text) =>
    [...text.matchAll(fence)].map(([, code = ""]) => code),
  );
}
