import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createClient } from "../../src/cli/client.ts";
import { connectCommand, type ConnectContext, type ConnectOptions } from "../../src/cli/commands/connect.ts";
import { mappingTestCommand, syncCommand } from "../../src/cli/commands/mapping.ts";
import { createReporter } from "../../src/cli/reporter.ts";
import { createStyle } from "../../src/cli/style.ts";
import { CodefreshServer } from "../integrations/codefresh/codefresh-server.ts";
import type { VendorServer } from "../integrations/vendor-server.ts";
import { startTestApp, type TestApp } from "../support/app.ts";

let app: TestApp;
const folder = mkdtempSync(join(tmpdir(), "fairway-mapping-"));
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await app.stop();
});

const client = () => {
  const { clientId, clientSecret } = app.config;
  return createClient({ url: app.url, page: app.url, clientId, clientSecret });
};
function output(json = false) {
  const lines: string[] = [];
  return {
    lines,
    json,
    width: 100,
    style: createStyle(false),
    write: (line: string) => void lines.push(line),
  };
}
const file = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

test("mapping test: entities, and errors with file and line", async () => {
  const mapping = file(
    "m.yaml",
    "- blueprint: svc\n  entity:\n    identifier: .body.id\n    title: .body.n | keys\n",
  );
  const payload = file("p.json", '{"id": "a", "n": 1}');
  const out = output();
  expect(await mappingTestCommand(client(), { mapping, payload, webhook: true }, out)).toBe(0);
  expect(out.lines[0]).toBe("svc");
  expect(out.lines.find((line) => line.startsWith(mapping))).toMatch(/m\.yaml:4: title: /);
  expect(out.lines.at(-1)).toBe("1 entities, 0 deletions, 0 filtered out, 1 errors");
  const lost = output(true);
  const empty = file("e.json", "{}");
  expect(await mappingTestCommand(client(), { mapping, payload: empty, webhook: true }, lost)).toBe(4);
  expect(JSON.parse(lost.lines.join("\n"))).toMatchObject({ ok: true, entities: [] });
  await expect(mappingTestCommand(client(), { mapping, payload: mapping }, output())).rejects.toThrow(
    "is not JSON",
  );
});

test("sync asks an integration to sync again", async () => {
  const path = "/v1/integration";
  await app.send("POST", path, { installationId: "mine", installationAppType: "x", title: "Mine" });
  const before = await app.send("GET", `${path}/mine/resync-request`);
  const out = output();
  await syncCommand(client(), "mine", out);
  expect(out.lines[0]).toContain("Mine was asked to sync");
  expect((await app.send("GET", `${path}/mine/resync-request`)).body).not.toEqual(before.body);
});

describe("connect", () => {
  const vendor = new CodefreshServer();
  let server: VendorServer;
  beforeAll(async () => {
    server = await vendor.start([]);
  });
  afterAll(() => server.stop());
  const connect = (
    out: ReturnType<typeof output>,
    system: string | undefined,
    options: ConnectOptions,
    ask: ConnectContext["ask"] = null,
  ): Promise<number> =>
    connectCommand(system, options, {
      ...{ client: client(), output: out, reporter: createReporter(true), ask, pollMs: 20 },
    });
  const sources = async (): Promise<unknown[]> =>
    (await app.send<{ dataSources: unknown[] }>("GET", "/v1/data-sources")).body.dataSources;

  test("alone it lists what there is", async () => {
    const out = output();
    expect(await connect(out, undefined, {})).toBe(0);
    expect(out.lines).toContain("codefresh  Codefresh");
    expect(out.lines).toContain("  settings: [baseUrl] token");
  });

  test("says what is missing, unknown or wrong, and stores nothing", async () => {
    const refused = (system: string, set: string[]): Promise<number> => connect(output(), system, { set });
    await expect(refused("gitea", [])).rejects.toThrow("gitea is nothing that can be connected");
    await expect(refused("codefresh", [])).rejects.toThrow("missing: --set token=…");
    await expect(refused("codefresh", ["key=1"])).rejects.toThrow("--set key is no setting of Codefresh");
    await expect(refused("codefresh", ["token=@/nowhere"])).rejects.toThrow("cannot read /nowhere: ENOENT");
    await expect(refused("codefresh", [`baseUrl=${server.url}`, "token=wrong"])).rejects.toThrow(
      /Codefresh was not connected: .*401/,
    );
    expect(await sources()).toEqual([]);
  });

  test("asks for the token, tells the webhook, and waits for the first run", async () => {
    const asked: [string, boolean][] = [];
    const out = output();
    const options = { set: [`baseUrl=${server.url}`], strategies: "build", title: "Our builds" };
    const code = await connect(out, "codefresh", options, (question, isSecret) => {
      asked.push([question.split("\n")[0] ?? "", isSecret]);
      return Promise.resolve(vendor.settings(server.url)["token"] ?? "");
    });
    expect(code).toBe(0);
    expect(asked).toEqual([["API key", true]]);
    expect(await sources()).toMatchObject([{ title: "Our builds", strategies: ["build"] }]);
    const text = out.lines.join("\n");
    expect(text).toMatch(/Webhook address {2}http\S+\/ingest\/connectors\/\S+/);
    expect(text).toMatch(/Webhook secret {3}\S{20,} {2}\(not shown again\)/);
    expect(text).toContain("Read 20 pipeline, 310 build");
    expect(text).not.toContain(vendor.settings(server.url)["token"]);
  });
});
