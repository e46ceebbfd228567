import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createClient } from "../../src/cli/client.ts";
import { mappingTestCommand, syncCommand } from "../../src/cli/commands/mapping.ts";
import { createStyle } from "../../src/cli/style.ts";
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
