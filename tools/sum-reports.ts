/**
 * Sums vitest's JSON reports: `N passed, N failed` alone on the last line. A skipped test, a file that did not load or
 * a report that is missing counts as failed.
 */
import { existsSync, readFileSync } from "node:fs";

interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message: string;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

let passed = 0;
let failed = 0;
const complain = (text: string): void => {
  failed += 1;
  process.stdout.write(`${text}\n`);
};

for (const path of process.argv.slice(2)) {
  if (!existsSync(path)) {
    complain(`no report at ${path}: the run ended before its tests`);
    continue;
  }
  const report = JSON.parse(readFileSync(path, "utf8")) as Report;
  passed += report.numPassedTests;
  if (report.numPassedTests === 0) complain(`${path}: no test has passed`);
  for (const file of report.testResults) {
    const bad = file.assertionResults.filter((test) => test.status !== "passed");
    for (const test of bad) complain(`${test.status}: ${file.name} > ${test.fullName}`);
    if (file.status !== "passed" && bad.length === 0) complain(`${file.name}: ${file.message}`);
  }
}
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;
