import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { dependencyProblems, type Inputs, readInputs } from "../tools/check-dependencies.ts";

test("what we depend on is allowed, exact and whole", () => {
  expect(dependencyProblems(readInputs(fileURLToPath(new URL("../", import.meta.url))))).toEqual([]);
});

type Entry = Inputs["lock"]["packages"][string];
const GOOD = { version: "1.0.0", integrity: "sha512-abc", license: "MIT" } as const;
const check = (entry: Entry, stated?: string, range = "1.0.0", allowScripts = {}): string[] =>
  dependencyProblems({
    manifest: { dependencies: { thing: range }, allowScripts },
    lock: { packages: { "": {}, "node_modules/thing": entry } },
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
