/**
 * Runs the profile `devlake` over a folder of DevLake's domain tables (CSV) and prints one JSON object
 * {changeLeadTime, incidents, previousDeployment, generator, commitDiffs}, the rows with the columns of DevLake's own tables:
 * `npm run compat:devlake -- FOLDER [PROJECT]`. Without a project the first that each mapping names.
 */
import { readDevlakeFolder } from "../src/dora/devlake/folder.ts";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const [folder, project] = process.argv.slice(2);
if (folder === undefined) {
  console.error("usage: npm run compat:devlake -- FOLDER [PROJECT]");
  process.exit(2);
}
try {
  const read = (path: string): string => readFileSync(join(folder, path), "utf8");
  console.log(JSON.stringify(readDevlakeFolder(read, project ?? null)));
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
}
