import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { weaknesses } from "../tools/audit.ts";
import { dependencyProblems, type Inputs, readInputs } from "../tools/check-dependencies.ts";
import { billOf } from "../tools/sbom.ts";
import { shippedPackages } from "../tools/shipped-packages.ts";

const ROOT = fileURLToPath(new URL("../", import.meta.url));

test("what we depend on is allowed, exact and whole", () => {
  expect(dependencyProblems(readInputs(ROOT))).toEqual([]);
});

type Entry = Inputs["lock"]["packages"][string];
const GOOD = { version: "1.0.0", integrity: "sha512-abc", license: "MIT" } as const;
const check = (entry: Entry, stated?: string, range = "1.0.0", allowScripts = {}): string[] =>
  dependencyProblems({
    manifest: { dependencies: { thing: range }, allowScripts },
    lock: { packages: { "": {}, "node_modules/thing": entry } },
    shipped: new Set(entry.dev === true ? [] : ["node_modules/thing"]),
    installedLicence: () => stated,
  });

test.each<[string, string[]]>([
  ["a good package", check(GOOD)],
  ["a choice of licences of which one is fine", check({ ...GOOD, license: "(GPL-2.0 OR MIT)" })],
  ["a tool under MPL-2.0", check({ ...GOOD, license: "MPL-2.0", dev: true })],
])("accepts %s", (_name, problems) => {
  expect(problems).toEqual([]);
});

test.each<[string, string[], RegExp]>([
  ["a range", check(GOOD, undefined, "^1.0.0"), /not one exact version/],
  ["an address of a download", check({ ...GOOD, resolved: "https://x/y.tgz" }), /resolved/],
  ["no integrity", check({ version: "1.0.0", license: "MIT" }), /no sha512/],
  ["weak integrity", check({ ...GOOD, integrity: "sha1-abc" }), /no sha512/],
  ["an install script", check({ ...GOOD, hasInstallScript: true }), /script when installed/],
  ["leave to run one", check(GOOD, undefined, "1.0.0", { thing: true }), /allowScripts names thing/],
  ["a link", check({ link: true }), /is a link/],
  ["copyleft", check({ ...GOOD, license: "AGPL-3.0" }), /AGPL-3\.0/],
  ["copyleft together with a fine one", check({ ...GOOD, license: "MIT AND GPL-3.0" }), /GPL-3\.0/],
  ["MPL-2.0 in what we ship", check({ ...GOOD, license: "MPL-2.0" }), /MPL-2\.0/],
  ["no licence", check({ version: "1.0.0", integrity: "sha512-abc" }), /licence ""/],
  ["a licence that the package itself denies", check(GOOD, "BUSL-1.1"), /itself says BUSL-1\.1/],
])("refuses %s", (_name, problems, message) => {
  expect(problems.join("\n")).toMatch(message);
});

test("what the pages are built of is shipped, tools are not", () => {
  const shipped = shippedPackages(ROOT);
  for (const name of ["pg", "react", "@mantine/core", "@floating-ui/react", "scheduler"])
    expect([name, shipped.has(`node_modules/${name}`)]).toEqual([name, true]);
  for (const name of ["vite", "vitest", "typescript", "playwright-core"])
    expect([name, shipped.has(`node_modules/${name}`)]).toEqual([name, false]);
});

test("the bill of materials holds what is shipped, and what that depends on", () => {
  const component = (ref: string, scope: string, properties: { name: string; value: string }[] = []) => ({
    "bom-ref": ref,
    ...{ scope, properties },
  });
  const tool = [{ name: "cdx:npm:package:development", value: "true" }];
  const whole = {
    metadata: { component: { "bom-ref": "fairway" } },
    components: [
      component("pg", "required"),
      component("react", "optional", tool),
      component("vite", "optional", tool),
    ],
    dependencies: [
      { ref: "fairway", dependsOn: ["pg", "react", "vite"] },
      { ref: "vite", dependsOn: ["react"] },
      { ref: "react", dependsOn: [] },
    ],
  };
  expect(billOf(whole, new Set(["pg", "react"]))).toEqual({
    metadata: whole.metadata,
    components: [component("pg", "required"), component("react", "required")],
    dependencies: [
      { ref: "fairway", dependsOn: ["pg", "react"] },
      { ref: "react", dependsOn: [] },
    ],
  });
});

test("known weaknesses: serious ones fail unless they are excepted; no answer is none", () => {
  const about = (severity: string, url: string) => ({ title: "Bad", url, severity });
  const text = JSON.stringify({
    vulnerabilities: {
      a: { name: "a", range: "<2", nodes: ["node_modules/a"], via: [about("high", "https://x/1"), "b"] },
      b: { name: "b", range: "*", nodes: ["node_modules/b"], via: [about("critical", "https://x/2")] },
      c: { name: "c", range: "*", nodes: ["node_modules/c"], via: [about("low", "https://x/3")] },
    },
  });
  const shipped = new Set(["node_modules/a", "node_modules/c"]);
  const found = weaknesses(text, shipped, {});
  expect(found?.serious).toBe(1);
  expect(found?.lines).toEqual([
    "high: a <2: Bad https://x/1",
    "critical: b *: Bad https://x/2 (a tool, not shipped)",
    "low: c *: Bad https://x/3",
  ]);
  expect(weaknesses(text, shipped, { "https://x/1": "not called" })?.serious).toBe(0);
  for (const nothing of ["", "npm error", '{"message": "request failed"}'])
    expect(weaknesses(nothing, shipped)).toBeNull();
});
