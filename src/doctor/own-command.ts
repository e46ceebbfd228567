import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/**
 * How `fairway …` is called here. The image has no npx, and outside of its folder npx fetches a package of the same name that is
 * somebody else's.
 */
export const ownCommand = (command: string): string =>
  existsSync(join(ROOT, "package-lock.json")) && process.cwd() === ROOT.replace(/\/$/, "")
    ? `npx fairway ${command}`
    : `node ${join(ROOT, "src/cli/fairway.js")} ${command}`;
