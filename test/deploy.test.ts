/**
 * What is shipped for operating Fairway, without Docker or a cluster: each file is parsed and compared with what it is
 * about (settings, package.json, the other files). Helm's own lint and rendering are by hand (docs/operations.md).
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { SETTINGS } from "../src/config.ts";

const ROOT = fileURLToPath(new URL("../", import.meta.url));
const read = (path: string): string => readFileSync(join(ROOT, path), "utf8");
const PACKAGE = JSON.parse(read("package.json")) as {
  readonly version: string;
  readonly scripts: { readonly start: string };
  readonly dependencies: { readonly node: string };
};
/** A service writes no link for the administrator into its log at each start. */
const START = PACKAGE.scripts.start
  .split(" ")
  .slice(1)
  .filter((part) => part !== "--sign-in-link");
const KNOWN = new Set(SETTINGS.map(({ name }) => name));
const CHART = "deploy/helm/fairway";
type Tree = { readonly [key: string]: Tree } & Readonly<Record<string, unknown>>;
const yaml = (path: string): Tree => parse(read(path)) as Tree;

test("the image is built from what is there, by the pinned Node, and is not run by root", () => {
  const lines = read("Dockerfile").replaceAll("\\\n", " ").split("\n");
  const of = (word: string): string[] =>
    lines.filter((line) => line.startsWith(`${word} `)).map((line) => line.slice(word.length + 1).trim());
  const bases = of("FROM").map((from) => from.split(" ")[0]);
  expect(new Set(bases)).toEqual(new Set(["${NODE_IMAGE}"]));
  expect(of("ARG")).toEqual([`NODE_IMAGE=node:${PACKAGE.dependencies.node}-bookworm-slim`]);
  expect(of("USER")).toEqual(["1000:1000"]);
  expect(JSON.parse(of("ENTRYPOINT")[0] ?? "")).toEqual(["node", ...START]);
  expect(of("HEALTHCHECK")[0]).toContain("/healthz");
  const sent = read(".dockerignore")
    .split("\n")
    .filter((line) => line.startsWith("!"));
  for (const copied of of("COPY").filter((copy) => !copy.startsWith("--from"))) {
    for (const path of copied.split(" ").slice(0, -1)) {
      expect([path, existsSync(join(ROOT, path))]).toEqual([path, true]);
      expect(sent).toContain(`!${path}`);
    }
  }
  const { references } = JSON.parse(read("tsconfig.json")) as { references: { path: string }[] };
  for (const { path } of references) expect(sent).toContain(`!${path.slice(2)}`);
  for (const line of sent) expect([line, existsSync(join(ROOT, line.slice(1)))]).toEqual([line, true]);
  for (const name of read("Dockerfile").match(/\bFAIRWAY_\w+(?==)/g) ?? []) expect(KNOWN).toContain(name);
});

test("what the image is built by has all that it imports", () => {
  const sent = read(".dockerignore").split("\n");
  const run = [...read("Dockerfile").matchAll(/\bnode (tools\/[\w-]+\.ts)/g)].map(([, path = ""]) => path);
  expect(run).toEqual(["tools/build-web.ts", "tools/sbom.ts"]);
  const seen = new Set<string>();
  const walk = (path: string): void => {
    if (seen.has(path)) return;
    seen.add(path);
    for (const [, imported = ""] of read(path).matchAll(/from "(\.[^"]+)"/g))
      walk(join(dirname(path), imported));
  };
  run.forEach(walk);
  for (const path of seen) expect(sent).toContain(`!${path}`);
});

test("compose.yaml: settings that there are, secrets by file, nothing open to the network", () => {
  const { services, secrets, volumes, networks } = yaml("compose.yaml");
  const { fairway, database } = services as Record<string, Tree>;
  expect(database?.["image"]).toMatch(/^postgres:17/);
  // By the socket, it would be taken for ready while its database is made.
  expect(database?.["healthcheck"]?.["test"]).toContain("--host=127.0.0.1");
  for (const [name, value] of Object.entries(fairway?.["environment"] ?? {})) {
    expect(KNOWN).toContain(name);
    if (name.endsWith("_FILE")) expect(fairway?.["secrets"]).toContain(basename(value as unknown as string));
    else expect(name).not.toMatch(/SECRET|PASSWORD|TOKEN|DATABASE_URL/);
  }
  const named = new Set(
    Object.values(services ?? {}).flatMap((one) => one["secrets"] as unknown as string[]),
  );
  expect(new Set(Object.keys(secrets ?? {}))).toEqual(named);
  const used = new Set(
    Object.values(services ?? {}).flatMap((one) => one["networks"] as unknown as string[]),
  );
  expect(new Set(Object.keys(networks ?? {}))).toEqual(used);
  for (const one of Object.values(services ?? {})) {
    expect(one["healthcheck"] !== undefined || one["build"] !== undefined).toBe(true);
    for (const volume of (one["volumes"] ?? []) as unknown as string[])
      expect(Object.keys(volumes ?? {})).toContain(volume.split(":")[0]);
    for (const port of (one["ports"] ?? []) as unknown as string[]) expect(port).toMatch(/^127\.0\.0\.1:/);
  }
  expect(fairway).toMatchObject({ read_only: true, cap_drop: ["ALL"], image: `fairway:${PACKAGE.version}` });
  expect(fairway?.["depends_on"]).toEqual({ database: { condition: "service_healthy" } });
  // What stands on one command line only, the next `up` does not have: it must be in the file.
  expect(fairway?.["env_file"]).toEqual([".env"]);
  for (const name of ["FAIRWAY_BASE_URL", "FAIRWAY_ADMIN_EMAIL"])
    expect(fairway?.["environment"]?.[name]).toBe(`\${${name}:?set it in the file .env}`);
  expect(read(".gitignore").split("\n")).toEqual(expect.arrayContaining(["/.env", "/secrets/"]));
});

test("a proxy in front is named, where one is put in front", () => {
  const { services, networks } = yaml("compose.yaml");
  // The gateway alone: whoever else is in a trusted net chooses the address that they are known by.
  const nets = (networks?.["outside"]?.["ipam"]?.["config"] ?? []) as unknown as Record<string, string>[];
  const [outside] = nets;
  expect(outside?.["subnet"]).toMatch(/\/28$/);
  expect(services?.["fairway"]?.["environment"]?.["FAIRWAY_TRUSTED_PROXIES"]).toBe(
    `\${FAIRWAY_TRUSTED_PROXIES:-${outside?.["gateway"] ?? "none"}}`,
  );
  expect(read(`${CHART}/templates/_helpers.tpl`)).toContain(
    "- name: FAIRWAY_TRUSTED_PROXIES\n    value: {{ .Values.trustedProxies | quote }}",
  );
});

test("the job that alerts look for is the one that Prometheus gives, by its own file and by the chart", () => {
  const { scrape_configs: scrapes } = yaml("deploy/prometheus/prometheus.yaml") as unknown as {
    readonly scrape_configs: readonly { readonly job_name: string }[];
  };
  const jobs = scrapes.map(({ job_name: job }) => job);
  const monitor = read(`${CHART}/templates/pod-monitor.yaml`);
  const label = /^ {2}jobLabel: (\S+)$/m.exec(monitor)?.[1] ?? "none";
  expect(read(`${CHART}/templates/_helpers.tpl`)).toContain(`${label}: ${jobs[0]}\n`);
  const alerts = read("deploy/prometheus/alerts.yaml");
  expect([...new Set(alerts.match(/job="[^"]*"/g))]).toEqual([`job="${jobs[0]}"`]);
  // A pod that is gone has no `up`.
  expect(alerts).toContain(`absent(up{job="${jobs[0]}"} == 1)`);
  const dashboard = read("deploy/grafana/fairway.json");
  expect(dashboard).not.toContain(`job=\\"${jobs[0]}\\"`);
  const { templating } = JSON.parse(dashboard) as Tree;
  expect(templating?.["list"]).toContainEqual(
    expect.objectContaining({ name: "job", query: "label_values(fairway_info, job)" }),
  );
});

test("streams and probes count neither as slow nor as requests of people", () => {
  for (const file of ["deploy/prometheus/alerts.yaml", "deploy/grafana/fairway.json"])
    for (const [asked] of read(file).matchAll(/histogram_quantile\(.*fairway_http_.*/g))
      expect([file, asked]).toEqual([file, expect.stringContaining(".*/live|/healthz|/readyz|/metrics")]);
});

test("the unit of systemd starts what npm start starts", () => {
  const unit = read("deploy/systemd/fairway.service");
  expect(/^ExecStart=\S+\/node (.*)$/m.exec(unit)?.[1]?.split(" ")).toEqual(START);
  for (const name of unit.match(/\bFAIRWAY_\w+(?==)/g) ?? []) expect(KNOWN).toContain(name);
  for (const line of ["NoNewPrivileges=yes", "ProtectSystem=strict", "DynamicUser=yes", "UMask=0077"])
    expect(unit.split("\n")).toContain(line);
});

const templates = readdirSync(join(ROOT, CHART, "templates"));

test("the chart: values and parts that templates name are there, and what opens is closed", () => {
  const values = yaml(`${CHART}/values.yaml`);
  expect(yaml(`${CHART}/Chart.yaml`)).toMatchObject({
    version: PACKAGE.version,
    appVersion: PACKAGE.version,
  });
  const text = Object.fromEntries(templates.map((name) => [name, read(`${CHART}/templates/${name}`)]));
  const all = Object.values(text).join("\n");
  const parts = [...all.matchAll(/define "([^"]+)"/g)].map(([, name]) => name);
  for (const [, name] of all.matchAll(/include "([^"]+)"/g)) expect(parts).toContain(name);
  const used = [...all.matchAll(/\.Values\.([\w.]+)/g)].map(([, path = ""]) => path);
  for (const path of used) {
    const value = path.split(".").reduce<unknown>((at, key) => (at as Tree | undefined)?.[key], values);
    expect([path, value === undefined]).toEqual([path, false]);
  }
  for (const key of Object.keys(values))
    expect([key, used.some((path) => path.split(".")[0] === key)]).toEqual([key, true]);
  for (const [name, content] of Object.entries(text)) {
    const opened = content.match(/\{\{-? *(if|with|range|define) /g)?.length ?? 0;
    expect([name, content.match(/\{\{-? *end *-?\}\}/g)?.length ?? 0]).toEqual([name, opened]);
  }
  for (const name of all.match(/\b(FAIRWAY_\w+|DATABASE_URL\w*)/g) ?? []) expect(KNOWN).toContain(name);
});

test("a pod is given the time that a process takes to end, whatever delay is set", () => {
  const helpers = read(`${CHART}/templates/_helpers.tpl`);
  expect(helpers).toContain('dig "FAIRWAY_STOP_DELAY_SECONDS" 5 ');
  const [, besides] = /add \(include "fairway\.stopDelay" \. \| int\) (\d+)/.exec(helpers) ?? [];
  const [, limit] = /^const STOP_LIMIT_MS = ([\d_]+);$/m.exec(read("src/main.ts")) ?? [];
  const seconds = Number(limit?.replaceAll("_", "")) / 1000;
  expect(Number(besides)).toBeGreaterThanOrEqual(seconds + 5);
  for (const role of ["api", "worker"])
    expect(read(`${CHART}/templates/${role}.yaml`)).toContain(
      'terminationGracePeriodSeconds: {{ include "fairway.gracePeriod" . }}',
    );
  // Without a delay.
  const { services } = yaml("compose.yaml");
  const grace = services?.["fairway"]?.["stop_grace_period"] as unknown as string;
  expect(parseInt(grace, 10)).toBeGreaterThanOrEqual(seconds + 5);
  const [, unit] = /^TimeoutStopSec=(\d+)$/m.exec(read("deploy/systemd/fairway.service")) ?? [];
  expect(Number(unit)).toBeGreaterThanOrEqual(seconds + 5);
});

test("the chart says off for all settings that may be off: without quotes that is false", () => {
  const [, listed = ""] = /\$offs := list (.*) -}}/.exec(read(`${CHART}/templates/_helpers.tpl`)) ?? [];
  const readers = [
    "src/config.ts",
    ...readdirSync(join(ROOT, "src/config")).map((one) => `src/config/${one}`),
  ];
  const asked = readers.flatMap((path) => [...read(path).matchAll(/readCountOrOff\("(\w+)"/g)]);
  const names = [...listed.matchAll(/"(\w+)"/g)].map(([, name]) => name);
  expect(new Set(names)).toEqual(new Set(asked.map(([, name]) => name)));
});

/** Paths of what the chart is told: maps that have keys of their own in values.yaml are walked into. */
const pathsOf = (values: Tree, path: readonly string[] = []): string[][] =>
  Object.entries(values).flatMap(([key, value]) =>
    typeof value === "object" && !Array.isArray(value) && Object.keys(value).length > 0
      ? pathsOf(value, [...path, key])
      : [[...path, key]],
  );

test("the values that the chart is tried with besides are all there are, each another than usual", () => {
  const [usual, tried] = [yaml(`${CHART}/values.yaml`), yaml(`${CHART}/ci/everything-values.yaml`)];
  const at = (values: Tree, path: readonly string[]): unknown =>
    path.reduce<unknown>((value, key) => (value as Tree | undefined)?.[key], values);
  // Off means that nothing is rendered.
  const switches = ["podDisruptionBudget.enabled", "networkPolicy.enabled"];
  for (const path of pathsOf(usual)) {
    const name = path.join(".");
    expect([name, at(tried, path)]).not.toEqual([name, undefined]);
    if (!switches.includes(name)) expect([name, at(tried, path)]).not.toEqual([name, at(usual, path)]);
  }
  for (const name of Object.keys(tried["settings"] ?? {})) expect(KNOWN).toContain(name);
  expect(read(`${CHART}/.helmignore`).split("\n")).toContain("ci/");
});

test.each(templates.filter((name) => name.endsWith(".yaml")))(
  "%s is YAML once its parts are filled in",
  (name) => {
    const filled = read(`${CHART}/templates/${name}`)
      // Lines of their own: conditions go, inserted blocks become a key.
      .replaceAll(/^( *)\{\{-? (?:include|toYaml) .*\}\}$/gm, (_, space: string) => `${space}inserted: true`)
      .replaceAll(/^ *\{\{-? .*\}\}\n/gm, "")
      .replaceAll(/\{\{.*?\}\}/g, "x")
      // A key and what is inserted below it, behind the first line of a list item.
      .replaceAll(/^( *)inserted: true\n( *)inserted: true$/gm, "$1inserted: true");
    const documents = parseAllDocuments(filled);
    expect(documents.flatMap(({ errors }) => errors)).toEqual([]);
    for (const document of documents) {
      const made = document.toJS() as {
        readonly kind?: unknown;
        readonly metadata?: { readonly name?: unknown };
      } | null;
      if (made !== null) expect([made.kind, made.metadata?.name]).not.toContain(undefined);
    }
  },
);

test.each(["api", "worker"])("pods of %s: their role, probes, no rights", (role) => {
  const text = `${read(`${CHART}/templates/${role}.yaml`)}\n${read(`${CHART}/templates/_helpers.tpl`)}`;
  for (const line of [
    `args: ["--role", "${role}"]`,
    "runAsNonRoot: true",
    "readOnlyRootFilesystem: true",
    "allowPrivilegeEscalation: false",
    "drop: [ALL]",
    "automountServiceAccountToken: false",
    "enableServiceLinks: false",
    "httpGet: { path: /healthz, port: http }",
    "httpGet: { path: /readyz, port: http }",
  ])
    expect(text).toContain(line);
});
