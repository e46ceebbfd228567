/**
 * What we depend on: licences that may be shipped with an Apache-2.0 program, exact versions, integrity for every
 * package, no addresses of registries, no install scripts. Prints what is wrong and ends with 1.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { shippedPackages } from "./shipped-packages.ts";

interface LockEntry {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly license?: string;
  readonly dev?: boolean;
  readonly hasInstallScript?: boolean;
  readonly link?: boolean;
}
interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly allowScripts?: Readonly<Record<string, boolean>>;
}
export interface Inputs {
  readonly manifest: Manifest;
  readonly lock: { readonly packages: Readonly<Record<string, LockEntry>> };
  /** Paths in the lock file; what is bundled into the pages is, though it is a tool to npm. */
  readonly shipped: Pick<ReadonlySet<string>, "has">;
  /** The licence that the installed package itself states; undefined when it is not installed on this platform. */
  readonly installedLicence: (path: string) => string | undefined;
}

const ALLOWED = new Set(
  "MIT Apache-2.0 BSD-2-Clause BSD-3-Clause ISC MIT-0 0BSD CC0-1.0 Unlicense PostgreSQL BlueOak-1.0.0 Python-2.0".split(
    " ",
  ),
);
/** File-based copyleft: fine for tools, not for what we ship or bundle. */
const ALLOWED_IN_TOOLS = new Set(["MPL-2.0"]);
/** Package → the licence that was found by reading it, and why it is accepted. */
const LICENCE_EXCEPTIONS: Readonly<Record<string, { licence: string; reason: string }>> = {};

/** Package → what its install script does; package.json's `allowScripts` names the same (docs/adr/0001-one-package-run-unbuilt-on-pinned-node.md). */
const INSTALL_SCRIPTS: Readonly<Record<string, string>> = {
  node: "installs node-<platform>-<arch> of the same version and links its binary",
};

const nameOf = (path: string): string =>
  path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);

/** SPDX expressions of the forms `A`, `A OR B`, `A AND B` (`and` is seen in the wild). */
function isAllowed(expression: string, isTool: boolean): boolean {
  const fine = (id: string): boolean => ALLOWED.has(id) || (isTool && ALLOWED_IN_TOOLS.has(id));
  return expression
    .replaceAll(/[()]/g, "")
    .split(/ or /i)
    .some((choice) => choice.split(/ and /i).every((id) => fine(id.trim())));
}

/** Every problem, one line each. */
export function dependencyProblems({ manifest, lock, shipped, installedLicence }: Inputs): string[] {
  const problems: string[] = [];
  for (const [name, range] of Object.entries({ ...manifest.dependencies, ...manifest.devDependencies }))
    if (!/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(range))
      problems.push(`package.json: ${name} is ${JSON.stringify(range)}, not one exact version`);
  for (const name of Object.keys(manifest.allowScripts ?? {}))
    if (INSTALL_SCRIPTS[name] === undefined) problems.push(`package.json: allowScripts names ${name}`);
  const usedExceptions = new Set<string>();
  for (const [path, entry] of Object.entries(lock.packages)) {
    if (path === "") continue;
    const name = nameOf(path);
    const at = `package-lock.json: ${path}`;
    if (entry.link === true || entry.version === undefined) {
      problems.push(`${at} is a link, not a package of a registry`);
      continue;
    }
    if (entry.resolved !== undefined)
      problems.push(`${at} names the address it was downloaded from (resolved)`);
    if (!(entry.integrity ?? "").startsWith("sha512-")) problems.push(`${at} has no sha512 integrity`);
    if (entry.hasInstallScript === true && INSTALL_SCRIPTS[name] === undefined)
      problems.push(`${at} runs a script when installed`);
    const exception = LICENCE_EXCEPTIONS[name];
    if (exception !== undefined) usedExceptions.add(name);
    const stated = installedLicence(path);
    if (
      exception === undefined &&
      stated !== undefined &&
      entry.license !== undefined &&
      stated !== entry.license
    )
      problems.push(`${at} is said to be ${entry.license}, but the package itself says ${stated}`);
    const licence = exception?.licence ?? stated ?? entry.license ?? "";
    if (!isAllowed(licence, !shipped.has(path)))
      problems.push(`${at} has the licence ${JSON.stringify(licence)}, which is not on the list`);
  }
  for (const name of Object.keys(LICENCE_EXCEPTIONS))
    if (!usedExceptions.has(name)) problems.push(`the licence exception for ${name} is not needed any more`);
  return problems;
}

export function readInputs(root: string): Inputs {
  const read = (path: string): unknown => JSON.parse(readFileSync(join(root, path), "utf8"));
  return {
    manifest: read("package.json") as Manifest,
    lock: read("package-lock.json") as Inputs["lock"],
    shipped: shippedPackages(root),
    installedLicence: (path) => {
      if (!existsSync(join(root, path, "package.json"))) return undefined;
      const { license } = read(join(path, "package.json")) as { license?: string | { type?: string } };
      return typeof license === "object" ? license.type : license;
    },
  };
}

if (import.meta.main) {
  const problems = dependencyProblems(readInputs(fileURLToPath(new URL("../", import.meta.url))));
  for (const problem of problems) process.stderr.write(`${problem}\n`);
  process.exitCode = problems.length === 0 ? 0 : 1;
}
