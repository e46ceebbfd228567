/** Which of the locked packages are shipped: those of the server, and those that the bundler puts into the pages. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

interface Locked {
  readonly version?: string;
  readonly dev?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}
type Lock = Readonly<Record<string, Locked>>;

const IMPORTED = /(?:\bfrom|^import|\bimport\()\s*"([^."][^"]*)"/gm;

/** `@scope/name/part` → `@scope/name` */
const packageOf = (imported: string): string =>
  imported
    .split("/")
    .slice(0, imported.startsWith("@") ? 2 : 1)
    .join("/");

/** Names of the packages that the pages import. */
function importedByPages(root: string): Set<string> {
  const folder = join(root, "src/web");
  const names = new Set<string>();
  for (const file of readdirSync(folder, { recursive: true, encoding: "utf8" }))
    if (/\.tsx?$/.test(file))
      for (const [, imported = ""] of readFileSync(join(folder, file), "utf8").matchAll(IMPORTED))
        names.add(packageOf(imported));
  return names;
}

/** Where a package finds another one, as Node looks for it; null: it is not installed, as it is optional. */
function placeOf(lock: Lock, from: string, name: string): string | null {
  for (let at = from; ; at = at.slice(0, Math.max(0, at.lastIndexOf("node_modules/") - 1))) {
    const place = `${at === "" ? "" : `${at}/`}node_modules/${name}`;
    if (lock[place] !== undefined) return place;
    if (at === "") return null;
  }
}

/** By their path in the lock file (`node_modules/pg`) what a bill of materials calls them (`pg@8.23.1`). */
export function shippedPackages(root: string): ReadonlyMap<string, string> {
  const { packages } = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")) as {
    readonly packages: Lock;
  };
  const shipped = new Set(
    Object.entries(packages).flatMap(([path, { dev }]) => (path !== "" && dev !== true ? [path] : [])),
  );
  const waiting = [...importedByPages(root)].map((name) => placeOf(packages, "", name));
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (path === null || shipped.has(path)) continue;
    shipped.add(path);
    const { dependencies, optionalDependencies, peerDependencies } = packages[path] ?? {};
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies }))
      waiting.push(placeOf(packages, path, name));
  }
  const refOf = (path: string): string =>
    `${path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length)}@${packages[path]?.version ?? "?"}`;
  return new Map([...shipped].map((path) => [path, refOf(path)]));
}
