/** Each look of `fairway doctor` on its own: what is well, what is not, what cannot be looked at. */
import { once } from "node:events";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { doctorCommand } from "../../src/cli/commands/doctor.ts";
import { createStyle } from "../../src/cli/style.ts";
import { readMetrics } from "../../src/doctor/ask-server.ts";
import { checkAddress } from "../../src/doctor/check-address.ts";
import { checkBackups } from "../../src/doctor/check-backups.ts";
import { checkDataFolder } from "../../src/doctor/check-data-folder.ts";
import { checkClock, checkMigrations } from "../../src/doctor/check-database.ts";
import { checkMail } from "../../src/doctor/check-mail.ts";
import { checkOutbound } from "../../src/doctor/check-outbound.ts";
import { checkReplica, judge as judgeReplica } from "../../src/doctor/check-replica.ts";
import { checkRuntime } from "../../src/doctor/check-runtime.ts";
import { checkSettings } from "../../src/doctor/check-settings.ts";
import { checkDrift, checkWork } from "../../src/doctor/check-work.ts";
import { attempt, type Finding } from "../../src/doctor/finding.ts";
import { startMailServer } from "../support/mail-server.ts";

const NOW = new Date("2026-03-01T00:00:00Z");
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "fairway-doctor-test-"));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

/** `id status`, one a finding. */
const told = (findings: readonly Finding[]): string[] => findings.map(({ id, status }) => `${id} ${status}`);
const textOf = (findings: readonly Finding[]): string =>
  findings.map(({ what, why, todo }) => [what, why, todo].join(" | ")).join("\n");

describe("settings", () => {
  test("that are well load, and nothing is made", () => {
    const data = join(folder, "none");
    const { findings, config, hasSecretKey, hasCredentials } = checkSettings({ FAIRWAY_DATA: data });
    expect(told(findings)).toEqual(["settings.load ok"]);
    expect([config?.dataDir, hasSecretKey, hasCredentials]).toEqual([data, false, false]);
    expect(existsSync(data)).toBe(false);
  });

  test("that are unknown or wrong are all named, and the rest is used", () => {
    const { findings, config, wrong } = checkSettings({
      ...{ FAIRWAY_DATA: folder, FAIRWAY_BASEURL: "https://a.example", FAIRWAY_PROT: "1" },
      ...{ FAIRWAY_PORT: "many", FAIRWAY_BASE_URL: "ftp://a", FAIRWAY_HOST: "127.0.0.1" },
    });
    expect(told(findings)).toEqual([
      ...["settings.unknown failed", "settings.unknown failed"],
      ...["settings.value failed", "settings.value failed", "settings.load warning"],
    ]);
    for (const name of ["FAIRWAY_BASEURL", "FAIRWAY_PROT", "FAIRWAY_PORT", "FAIRWAY_BASE_URL"])
      expect(textOf(findings)).toContain(name);
    expect([config?.port, [...wrong].sort()]).toEqual([3000, ["FAIRWAY_BASE_URL", "FAIRWAY_PORT"]]);
    expect(readdirSync(folder)).toEqual([]);
  });

  test("of which one is missing do not load, and one that nothing else needs is left out", () => {
    const missing = checkSettings({ FAIRWAY_DATA: folder, FAIRWAY_CLIENT_ID: "me" });
    expect([told(missing.findings), missing.config]).toEqual([["settings.value failed"], null]);
    const alone = checkSettings({ FAIRWAY_DATA: folder, FAIRWAY_ADMIN_PASSWORD: "x".repeat(20) });
    expect(told(alone.findings)).toEqual(["settings.value failed", "settings.load warning"]);
    expect(alone.config?.adminPassword).toBeNull();
  });

  test("take the keys of the data folder, and say which file is damaged", () => {
    writeFileSync(join(folder, "secret.key"), `${"k".repeat(43)}\n`);
    writeFileSync(
      join(folder, "credentials.json"),
      JSON.stringify({ clientId: "me", clientSecret: "s".repeat(16) }),
    );
    const { config, hasSecretKey } = checkSettings({ FAIRWAY_DATA: folder });
    expect([config?.clientId, hasSecretKey]).toEqual(["me", true]);
    writeFileSync(join(folder, "credentials.json"), "{");
    expect(told(checkSettings({ FAIRWAY_DATA: folder }).findings)).toEqual(["settings.credentials failed"]);
  });
});

describe("the data folder", () => {
  test("that is missing is a warning, and a file is none", async () => {
    expect(told(await checkDataFolder(join(folder, "none")))).toEqual(["data.folder warning"]);
    writeFileSync(join(folder, "file"), "");
    expect(told(await checkDataFolder(join(folder, "file")))).toEqual(["data.folder failed"]);
  });

  test("is for its owner only, and so are the keys in it", async () => {
    writeFileSync(join(folder, "secret.key"), "k", { mode: 0o600 });
    const well = await checkDataFolder(folder);
    expect(told(well)).toEqual([
      ...["data.write ok", expect.stringMatching(/^data\.space /), "data.keys ok"],
    ]);
    expect(readdirSync(folder)).toEqual(["secret.key"]);
    chmodSync(join(folder, "secret.key"), 0o644);
    chmodSync(folder, 0o770);
    const open = await checkDataFolder(folder);
    expect(told(open)).toEqual(expect.arrayContaining(["data.mode failed", "data.keys failed"]));
    expect(textOf(open)).toContain("secret.key (mode 0644)");
    chmodSync(folder, 0o700);
  });
});

test("Node and memory", () => {
  const usual = {
    ...{ version: "24.1.0", totalBytes: 8e9, freeBytes: 4e9, limitBytes: 0, processors: 2 },
  };
  expect(told(checkRuntime(usual))).toEqual(["runtime.node ok", "runtime.memory ok"]);
  expect(told(checkRuntime({ ...usual, version: "22.0.0", limitBytes: 5e8 }))).toEqual([
    ...["runtime.node failed", "runtime.memory warning"],
  ]);
});

test("migrations and the clock of the database", () => {
  const state = { newest: "0002_b.sql", pending: [], newer: [], edited: [] };
  expect(checkMigrations(state).status).toBe("ok");
  expect(checkMigrations({ ...state, pending: ["0003_c.sql"] })).toMatchObject({ status: "warning" });
  expect(checkMigrations({ ...state, newer: ["0009_z.sql"] })).toMatchObject({ status: "failed" });
  expect(checkMigrations({ ...state, edited: ["0001_a.sql"] }).what).toContain("0001_a.sql");
  expect(checkMigrations({ ...state, newest: null }).status).toBe("warning");
  expect([0.1, -10, 90].map((skew) => checkClock(skew).status)).toEqual(["ok", "warning", "failed"]);
});

test("queues, readers and drift, as the metrics tell them", () => {
  const { queues, feeds, derivation, databaseUp, role } = readMetrics(
    [
      '# HELP fairway_jobs_pending x\nfairway_jobs_pending{queue="dora"} 3\nfairway_jobs_failing{queue="dora"} 1',
      'fairway_jobs_late_seconds{queue="dora"} 7200.5\nfairway_feed_lag{reader="derive"} 6000',
      'fairway_derivation_drift 2\nfairway_database_up 1\nfairway_info{version="0.1.0",role="all"} 1',
    ].join("\n"),
  );
  expect([databaseUp, role, derivation.drift]).toEqual([true, "all", 2]);
  expect(told(checkWork({ queues, feeds, failing: null }))).toEqual([
    ...["work.queues warning", "work.failing warning", "work.feed warning"],
  ]);
  expect(told(checkWork({ queues: [], feeds: [], failing: [] }))).toEqual([
    ...["work.queues ok", "work.failing ok", "work.feed ok"],
  ]);
  expect([null, 0, 2].map((drift) => checkDrift(drift).status)).toEqual(["not checked", "ok", "failed"]);
});

test("a mail server is greeted and gets no mail", async () => {
  const mail = await startMailServer();
  expect(told(await checkMail(mail))).toEqual(["mail.server ok"]);
  expect(mail.count("a@example.com")).toBe(0);
  await mail.stop();
  const away = await checkMail({ url: mail.url.replace("smtp://", "smtp://me:secret-word@") });
  expect([told(away), textOf(away).includes("secret-word")]).toEqual([["mail.server failed"], false]);
  expect(told(await checkMail(null))).toEqual(["mail.server ok"]);
});

test("what is opened besides public addresses", async () => {
  const resolve = async (host: string): Promise<void> => {
    if (host === "gone.example.com") throw new Error("not found");
  };
  expect(told(await checkOutbound([], resolve))).toEqual(["outbound.allow ok"]);
  expect(told(await checkOutbound(["10.0.0.0/8", "a.example.com", "*.b.example.com"], resolve))).toEqual([
    "outbound.allow ok",
  ]);
  const wide = await checkOutbound(["0.0.0.0/0", "::/0", "gone.example.com"], resolve);
  expect(told(wide)).toEqual(Array.from({ length: 3 }, () => "outbound.allow warning"));
});

test("the age of backups", async () => {
  const make = (name: string, createdAt: string): void => {
    mkdirSync(join(folder, "backups", name), { recursive: true });
    const files = { "database/PG_VERSION": "0".repeat(64) };
    writeFileSync(
      join(folder, "backups", name, "manifest.json"),
      JSON.stringify({ format: 1, version: "0.1.0", createdAt, hasKey: true, bytes: 1, files }),
    );
  };
  expect(told(await checkBackups(folder, true, NOW))).toEqual(["backup.age warning"]);
  make("a", "2026-01-01T00:00:00Z");
  expect(textOf(await checkBackups(folder, true, NOW))).toContain("59 days");
  make("b", "2026-02-28T00:00:00Z");
  expect(told(await checkBackups(folder, true, NOW))).toEqual(["backup.age ok"]);
  mkdirSync(join(folder, "backups", "c"));
  expect(told(await checkBackups(folder, true, NOW))).toEqual(["backup.age warning", "backup.age ok"]);
  expect(told(await checkBackups(folder, false, NOW))).toEqual(["backup.age not checked"]);
});

describe("the address", () => {
  let double: Server | null = null;
  const answer = async (listener: RequestListener): Promise<string> => {
    double = createServer(listener).listen(0, "127.0.0.1");
    await once(double, "listening");
    return `http://127.0.0.1:${(double.address() as AddressInfo).port}`;
  };
  afterEach(() => {
    double?.closeAllConnections();
    double?.close();
    double = null;
  });
  const check = (baseUrl: string | null, page: string | null, host = "127.0.0.1"): Promise<Finding[]> =>
    checkAddress({ baseUrl, host, trustedProxies: [] }, page === null ? null : { url: page, page });

  test("that is not set is fine on this machine only", async () => {
    expect(told(await check(null, null))).toEqual(["address.setting ok"]);
    expect(told(await check(null, null, "0.0.0.0"))).toEqual(["address.setting warning"]);
  });

  test("answers as Fairway, and is that of the server", async () => {
    const url = await answer((_request, response) => response.end('{"ok":true}'));
    expect(told(await check(url, url))).toEqual(["address.reach ok"]);
    expect(told(await check(url, "http://localhost:3000"))).toEqual([
      "address.setting warning",
      "address.reach ok",
    ]);
  });

  test("with TLS has a proxy in front, which is named", async () => {
    const secure = { baseUrl: "https://127.0.0.1:1", host: "127.0.0.1" };
    for (const [trustedProxies, status] of [
      [[], "warning"],
      [["10.0.0.1"], "ok"],
    ] as const)
      expect(told(await checkAddress({ ...secure, trustedProxies }, null))).toEqual([
        ...[`address.proxy ${status}`, "address.reach not checked"],
      ]);
  });

  test("redirects, belongs to somebody else, or is away", async () => {
    const url = await answer((_request, response) =>
      response.writeHead(301, { location: "https://other.example.com/" }).end(),
    );
    expect(textOf(await check(url, url))).toContain("https://other.example.com/");
    double?.removeAllListeners("request").on("request", (_request, response) => response.end("<html>"));
    expect(told(await check(url, url))).toEqual(["address.reach failed"]);
    double?.closeAllConnections();
    double?.close();
    expect(told(await check(url, url))).toEqual(["address.reach failed"]);
    expect(told(await check(url, null))).toEqual(["address.reach not checked"]);
  });
});

test("a look that fails or takes too long says why", async () => {
  const [thrown] = await attempt("a.b", 1000, () => Promise.reject(new Error("the door is shut")));
  expect(thrown?.what).toBe("not checked, because the door is shut");
  const [late] = await attempt("a.b", 1, () => new Promise<never>(() => undefined));
  expect(late).toMatchObject({ status: "not checked", what: expect.stringContaining("no answer within") });
});

describe("the command", () => {
  const run = async (json: boolean): Promise<{ code: number; text: string }> => {
    const said: string[] = [];
    const output = {
      json,
      width: 80,
      style: createStyle(false),
      write: (line: string) => void said.push(line),
    };
    return { code: await doctorCommand(output, {}), text: said.join("\n") };
  };

  test("is 0 where nothing has failed, without a server and without a database", async () => {
    vi.stubEnv("FAIRWAY_DATA", join(folder, "none"));
    vi.stubEnv("DATABASE_URL", "");
    const { code, text } = await run(true);
    const answer = JSON.parse(text) as { ok: boolean; counts: { failed: number }; findings: Finding[] };
    expect(answer.findings.filter(({ status }) => status === "failed")).toEqual([]);
    expect([code, answer.ok]).toEqual([0, true]);
    expect(told(answer.findings)).toEqual(
      expect.arrayContaining(["data.folder warning", "server.ready warning", "database.reach not checked"]),
    );
    expect(readdirSync(folder)).toEqual([]);
  });

  test("is 1 where something has, and says in words what to do", async () => {
    vi.stubEnv("FAIRWAY_DATA", folder);
    vi.stubEnv("FAIRWAY_TYPO", "\u001B[31mred");
    vi.stubEnv("DATABASE_URL", "postgres://me:secret-word@127.0.0.1:1/fairway");
    const { code, text } = await run(false);
    expect(code).toBe(1);
    expect(text).toContain("✗ settings.unknown");
    expect(text).toContain("FAIRWAY_TYPO is no setting of Fairway");
    expect(text).toMatch(/✗ database\.reach +the database fairway on 127\.0\.0\.1:1 cannot be opened/);
    expect(text).toMatch(/ {24}do: /);
    expect(text).toMatch(/\d+ well, \d+ warnings, 2 failed, \d+ not checked$/);
    expect(text).not.toContain("secret-word");
    for (const line of text.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
  });

  const output = { json: true, width: 80, style: createStyle(false), write: () => undefined };
  test("takes no address of another machine", async () => {
    await expect(doctorCommand(output, { url: "http://a.example" })).rejects.toThrow(/takes no --url/);
  });

  test("is ended by a signal", async () => {
    await expect(doctorCommand(output, {}, AbortSignal.abort(new Error("interrupted")))).rejects.toThrow(
      "interrupted",
    );
  });
});

test("the read replica: is it one, does it answer, is it behind", async () => {
  const statusOf = (state: Parameters<typeof judgeReplica>[0]): string => judgeReplica(state).status;
  expect(statusOf({ isReplica: true, lateSeconds: null })).toBe("ok");
  expect(statusOf({ isReplica: true, lateSeconds: 29 })).toBe("ok");
  expect(statusOf({ isReplica: true, lateSeconds: 31 })).toBe("warning");
  expect(statusOf({ isReplica: false, lateSeconds: null })).toBe("failed");
  expect(await checkReplica(null)).toEqual([]);
  const [finding] = await checkReplica("postgres://u:hunter2@127.0.0.1:9/db");
  expect(finding).toMatchObject({ id: "database.replica", status: "warning" });
  expect(JSON.stringify(finding)).not.toContain("hunter2");
});
