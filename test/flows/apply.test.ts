/** `fairway apply` and `fairway export` through the real command line into a real server. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestApp, type TestApp } from "../support/app.ts";
import { endProcesses, runCli } from "./support/processes.ts";

const CATALOG = fileURLToPath(new URL("../../templates/catalog", import.meta.url));

let app: TestApp;
let folder: string;

beforeAll(async () => {
  app = await startTestApp();
  folder = mkdtempSync(join(tmpdir(), "fairway-apply-"));
});
afterAll(async () => {
  await endProcesses();
  await app.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function fairway(...args: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  return runCli(app.dataDir, args).ended;
}

async function json(...args: string[]): Promise<Record<string, unknown>> {
  const { code, stdout, stderr } = await fairway(...args, "--json");
  expect(stderr).toBe("");
  expect(code).toBe(0);
  return JSON.parse(stdout) as Record<string, unknown>;
}

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

async function entity(blueprint: string, identifier: string): Promise<Record<string, unknown>> {
  const { body } = await app.send("GET", `/v1/blueprints/${blueprint}/entities/${identifier}`);
  return body["entity"] as Record<string, unknown>;
}

describe("the example catalog", () => {
  test("a dry run tells what would be written and writes nothing", async () => {
    const { code, stdout } = await fairway("apply", "-f", CATALOG, "--dry-run");
    expect(code).toBe(0);
    expect(stdout).toContain("+ blueprint Component");
    expect(stdout).toContain("+ System/Cart");
    expect(stdout).toMatch(/14 to create, 0 to change, 0 unchanged\. Nothing was written\.\n$/);
    const { body } = await app.send("GET", "/v1/blueprints/Component");
    expect(body["error"]).toBe("not_found");
  });

  test("is created though its blueprints relate to each other in a circle", async () => {
    expect(await json("apply", "-f", CATALOG)).toMatchObject({
      ok: true,
      create: 14,
      change: 0,
      keep: 0,
      failed: 0,
    });
    expect(await entity("Component", "CartService")).toMatchObject({
      title: "Cart Service",
      properties: { type: "service" },
      relations: {
        system: "Cart",
        resources: ["cart-sql-sb"],
        components: ["CorePaymentLibrary", "CoreKafkaLibrary"],
        consumesApi: [],
        providesApi: null,
      },
    });
    expect(await entity("API", "CartAPI")).toMatchObject({ relations: { provider: "CartService" } });
  });

  test("applied again changes nothing", async () => {
    const before = await entity("Component", "CartService");
    expect(await json("apply", "-f", CATALOG)).toMatchObject({ create: 0, change: 0, keep: 14 });
    expect(await json("apply", "-f", CATALOG, "--replace")).toMatchObject({ create: 0, change: 0, keep: 14 });
    expect(await entity("Component", "CartService")).toEqual(before);
  });

  test("what is exported, to a folder or as one document, applies without a change", async () => {
    const out = join(folder, "out");
    expect(await json("export", "--output", out)).toMatchObject({ entities: { Component: 4, Domain: 1 } });
    expect(await json("apply", "-f", out, "--replace")).toMatchObject({ create: 0, change: 0, keep: 14 });
    const { stdout } = await fairway("export");
    const all = file("all.yaml", stdout);
    expect(await json("apply", "-f", all, "--replace")).toMatchObject({ create: 0, change: 0, keep: 14 });
    const { stdout: text } = await fairway("export", "--blueprint", "Domain", "--json");
    expect(JSON.parse(text)).toMatchObject({ entities: [{ blueprint: "Domain", identifier: "Orders" }] });
  });

  test("an exported portal is the same portal in an empty one", async () => {
    const out = join(folder, "out");
    const other = await startTestApp();
    try {
      const { code, stdout } = await runCli(other.dataDir, ["apply", "-f", out, "--json"]).ended;
      expect(code).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({ create: 14, failed: 0 });
      const again = join(folder, "again");
      await runCli(other.dataDir, ["export", "--output", again]).ended;
      for (const name of ["blueprints/Component.yaml", "entities/Component.ndjson"])
        expect(sortedLines(join(again, name))).toEqual(sortedLines(join(out, name)));
    } finally {
      await other.stop();
    }
  });
});

const sortedLines = (path: string): string[] => readFileSync(path, "utf8").split("\n").toSorted();

describe("a change of a document", () => {
  test("is shown with before and after, and only that is written", async () => {
    const changed = file(
      "cart.yaml",
      "blueprint: Component\nidentifier: CartService\ntitle: The cart\nrelations:\n  components: [CoreKafkaLibrary]\n",
    );
    const { stdout } = await fairway("apply", "-f", changed);
    expect(stdout).toContain('title: "Cart Service" → "The cart"');
    expect(stdout).toContain('["CorePaymentLibrary","CoreKafkaLibrary"] → ["CoreKafkaLibrary"]');
    expect(await entity("Component", "CartService")).toMatchObject({
      title: "The cart",
      icon: "Cloud",
      properties: { type: "service" },
      relations: { system: "Cart", resources: ["cart-sql-sb"], components: ["CoreKafkaLibrary"] },
    });
  });

  test("with --replace also removes what the document omits", async () => {
    const changed = file(
      "cart.json",
      '{"blueprint":"Component","identifier":"CartService","title":"The cart"}',
    );
    const { stdout } = await fairway("apply", "-f", changed, "--replace");
    expect(stdout).toContain('properties.type: "service" → (nothing)');
    expect(await entity("Component", "CartService")).toMatchObject({
      icon: null,
      properties: { type: null },
      relations: { system: null, components: [] },
    });
  });

  test("a blueprint gains what its document adds and keeps the rest", async () => {
    const changed = file(
      "domain.yaml",
      "identifier: Domain\ntitle: Domain\nschema:\n  properties:\n    tier:\n      type: string\n      enum: [gold, silver]\n",
    );
    const { stdout } = await fairway("apply", "-f", changed);
    expect(stdout).toContain("schema.properties.tier: (nothing) →");
    const { body } = await app.send("GET", "/v1/blueprints/Domain");
    expect(body["blueprint"]).toMatchObject({
      icon: "Server",
      schema: { properties: { tier: { enum: ["gold", "silver"] } } },
    });
    expect(await json("apply", "-f", changed)).toMatchObject({ keep: 1 });
  });
});

test("scorecards are applied after their blueprints, changed, and kept; the bundled ones fit the DORA template", async () => {
  const templates = ["dora", "scorecards"].flatMap((name) => [
    "-f",
    fileURLToPath(new URL(`../../templates/${name}`, import.meta.url)),
  ]);
  const first = await json("apply", ...templates);
  expect(first).toMatchObject({ ok: true, create: 7, failed: 0 });
  expect(await json("apply", ...templates)).toMatchObject({ create: 0, change: 0, keep: 7 });
  const { body } = await app.send("GET", "/v1/scorecards");
  const list = body["scorecards"] as { identifier: string; rules: unknown[] }[];
  expect(Object.fromEntries(list.map(({ identifier, rules }) => [identifier, rules.length]))).toEqual({
    doraBenchmark: 10,
    productionReadiness: 7,
    pullRequestHygiene: 6,
  });
  // No rule asks for a property that the template does not have.
  for (const { identifier, ...rest } of list) {
    const of = identifier === "pullRequestHygiene" ? "change" : "service";
    const path = `/v1/blueprints/${of}/scorecards/${identifier}`;
    expect(await app.send("PUT", path, { ...rest, identifier })).toMatchObject({ status: 200 });
    expect((await app.send("PUT", path, { ...rest, identifier })).body).not.toHaveProperty("warnings");
  }
  const exported = join(folder, "scored");
  await json("export", "--output", exported);
  expect(await json("apply", "-f", join(exported, "scorecards"), "--replace")).toMatchObject({
    ...{ create: 0, change: 0, keep: 3 },
  });
  const changed = file(
    "dora.yaml",
    "blueprint: service\nidentifier: doraBenchmark\ntitle: Benchmark\nrules: []\n",
  );
  const { stdout } = await fairway("apply", "-f", changed);
  expect(stdout).toContain("~ scorecard service/doraBenchmark");
  expect(stdout).toContain('title: "Delivery targets (30 days)" → "Benchmark"');
  const wrong = file(
    "wrong.yaml",
    "blueprint: service\nidentifier: wrong\ntitle: W\nrules: [{identifier: a}]\n",
  );
  const refused = await fairway("apply", "-f", wrong);
  expect([refused.code, refused.stderr]).toEqual([
    1,
    expect.stringContaining('wrong.yaml:1: scorecard "wrong"'),
  ]);
});

describe("a document that cannot be applied", () => {
  const cases: [name: string, text: string, says: RegExp][] = [
    ["broken.yaml", "identifier: a\n  title: b\n", /broken\.yaml:\d+:\d+: /],
    ["quotes.json", "{\n “identifier”: “Resource”\n}", /quotes\.json:1: .*typographic quotes/],
    ["nothing.yaml", "title: x\n", /nothing\.yaml:1: identifier must be a text/],
    ["neither.yaml", "identifier: x\ntitle: y\n", /"x" is neither a blueprint/],
    [
      "twice.yaml",
      "blueprint: Domain\nidentifier: a\n---\nblueprint: Domain\nidentifier: a\n",
      /twice\.yaml:4: .* already/,
    ],
    ["lost.yaml", "blueprint: Nowhere\nidentifier: a\n", /lost\.yaml:1: the blueprint "Nowhere"/],
    ["later.yaml", "actions:\n  - identifier: a\n", /actions cannot be applied yet/],
    ["line.ndjson", '{"blueprint":"Domain","identifier":"a"}\n{"blueprint"\n', /line\.ndjson:2: not JSON/],
    [
      "bomb.yaml",
      `a: &a [x,x,x,x,x,x,x,x,x,x]\n${"bcdefgh".replaceAll(/./g, (c) => `${c}: &${c} [${`*${String.fromCharCode(c.charCodeAt(0) - 1)},`.repeat(10)}]\n`)}`,
      /alias/i,
    ],
  ];
  test.each(cases)("%s", async (name, text, says) => {
    const { code, stderr, stdout } = await fairway("apply", "-f", file(name, text));
    expect(code).toBe(1);
    expect(stderr).toMatch(says);
    expect(stdout).toBe("");
  });

  test("rows that the server refuses are told with file and line, the others are written", async () => {
    const rows = file(
      "rows.ndjson",
      '{"blueprint":"System","identifier":"good","relations":{"domain":"Orders"}}\n{"blueprint":"System","identifier":"bad","relations":{"domain":"none"}}\n',
    );
    const { code, stdout } = await fairway("apply", "-f", rows);
    expect(code).toBe(4);
    expect(stdout).toMatch(/! .*rows\.ndjson:2: System\/bad: /);
    expect(stdout).toContain("1 created, 0 changed, 0 unchanged, 1 refused.");
    expect(await entity("System", "good")).toMatchObject({ relations: { domain: "Orders" } });
  });
});
