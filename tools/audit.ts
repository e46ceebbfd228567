/**
 * Known weaknesses of the locked packages, as the registry knows them (`npm audit`). Prints each; exit code 1 for a high or critical one
 * of a package that is shipped, unless an exception below names it. Where the registry does not answer, that is said, and the exit code is 0:
 * a check without a network is not a failed one.
 */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { shippedPackages } from "./shipped-packages.ts";

interface Advisory {
  readonly title: string;
  readonly url: string;
  readonly severity: string;
}
interface Weakness {
  readonly name: string;
  readonly severity: string;
  readonly range: string;
  /** Paths in the lock file. */
  readonly nodes: readonly string[];
  /** Advisories about it, or names of packages that it gets the weakness from. */
  readonly via: readonly (Advisory | string)[];
}
interface Report {
  readonly vulnerabilities?: Readonly<Record<string, Weakness>>;
}

/** Address of the advisory → why it does not concern what is shipped. */
const EXCEPTIONS: Readonly<Record<string, string>> = {};
const SERIOUS = new Set(["high", "critical"]);
const LIMIT_MS = 60_000;

/** One line for each advisory; null: the report is none. */
export function weaknesses(
  text: string,
  shipped: Pick<ReadonlySet<string>, "has">,
  exceptions = EXCEPTIONS,
): { readonly lines: string[]; readonly serious: number } | null {
  let report: Report;
  try {
    report = JSON.parse(text) as Report;
  } catch {
    return null;
  }
  if (report.vulnerabilities === undefined) return null;
  let serious = 0;
  const lines: string[] = [];
  for (const { name, range, nodes, via } of Object.values(report.vulnerabilities))
    for (const one of via) {
      if (typeof one === "string") continue;
      const isShipped = nodes.some((path) => shipped.has(path));
      const reason = isShipped ? exceptions[one.url] : "a tool, not shipped";
      if (reason === undefined && SERIOUS.has(one.severity)) serious += 1;
      const why = reason === undefined ? "" : ` (${reason})`;
      lines.push(`${one.severity}: ${name} ${range}: ${one.title} ${one.url}${why}`);
    }
  return { lines: [...new Set(lines)], serious };
}

if (import.meta.main) {
  const asked = ["audit", "--json", "--package-lock-only"];
  const cwd = fileURLToPath(new URL("../", import.meta.url));
  const text = await new Promise<string>((resolve) => {
    // It ends with 1 when it has found something.
    execFile("npm", asked, { cwd, timeout: LIMIT_MS, maxBuffer: 64_000_000 }, (_error, stdout) =>
      resolve(stdout),
    );
  });
  const found = weaknesses(text, shippedPackages(cwd));
  if (found === null)
    process.stdout.write("known weaknesses of packages: not looked for, the registry does not answer\n");
  else {
    for (const line of found.lines) process.stdout.write(`${line}\n`);
    process.stdout.write(`known weaknesses of packages: ${found.lines.length}, serious: ${found.serious}\n`);
    if (found.serious > 0) process.exitCode = 1;
  }
}
