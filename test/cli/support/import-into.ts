import { importGitCommand } from "../../../src/cli/commands/import-git.ts";
import type { RawImportOptions } from "../../../src/cli/import/import-options.ts";
import { createStyle } from "../../../src/cli/style.ts";
import type { ApiDouble } from "./api-double.ts";

export interface ImportResult {
  readonly exit: number;
  /** Lines on stdout. */
  readonly output: readonly string[];
  /** Lines on stderr. */
  readonly notes: readonly string[];
}

/** Runs `fairway import git` inside the test process against a double. */
export async function importInto(
  double: ApiDouble,
  path: string | readonly string[],
  options: RawImportOptions = {},
): Promise<ImportResult> {
  const output: string[] = [];
  const notes: string[] = [];
  const exit = await importGitCommand(typeof path === "string" ? [path] : path, options, {
    connect: async () => double.client({ retryWindowMs: 3000 }),
    reporter: { phase: () => {}, progress: () => {}, done: () => {}, note: (line) => notes.push(line) },
    output: { json: false, width: 100, style: createStyle(false), write: (line) => output.push(line) },
  });
  return { exit, output, notes };
}
