/**
 * The bill of materials (CycloneDX, JSON) of what is shipped, on stdout: `npm sbom` on the lock file, which takes what the pages are built
 * of for tools, less what are tools.
 */
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { shippedPackages } from "./shipped-packages.ts";

interface Component {
  readonly "bom-ref": string;
  readonly scope?: string;
  readonly properties?: readonly { readonly name: string; readonly value: string }[];
}
interface Bill {
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
  readonly metadata: { readonly component: Component };
}

const DEVELOPMENT = "cdx:npm:package:development";

/** @param shipped their names and versions, as `pg@8.23.1` */
export function billOf(whole: Bill, shipped: ReadonlySet<string>): Bill {
  const components = whole.components
    .filter((one) => shipped.has(one["bom-ref"]))
    .map(({ properties = [], ...rest }) => ({
      ...rest,
      scope: "required",
      properties: properties.filter(({ name }) => name !== DEVELOPMENT),
    }));
  const kept = new Set([whole.metadata.component["bom-ref"], ...components.map((one) => one["bom-ref"])]);
  const dependencies = whole.dependencies
    .filter(({ ref }) => kept.has(ref))
    .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((one) => kept.has(one)) }));
  return { ...whole, components, dependencies };
}

if (import.meta.main) {
  const root = fileURLToPath(new URL("../", import.meta.url));
  const asked = ["sbom", "--sbom-format", "cyclonedx", "--package-lock-only"];
  const text = execFileSync("npm", asked, { cwd: root, encoding: "utf8", maxBuffer: 64_000_000 });
  process.stdout.write(
    `${JSON.stringify(billOf(JSON.parse(text) as Bill, new Set(shippedPackages(root).values())), null, 2)}\n`,
  );
}
