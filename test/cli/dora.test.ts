import { describe, expect, it } from "vitest";
import { doraCommand, doraQuery } from "../../src/cli/commands/dora.ts";
import type { DoraOptions } from "../../src/cli/commands/dora.ts";
import { formatDuration, formatInterval, formatPerDay, formatRatio } from "../../src/cli/format-number.ts";
import { pageAddress, summaryWindow } from "../../src/cli/import/import-summary.ts";
import { sparkline } from "../../src/cli/sparkline.ts";
import { createStyle, plain, wantsColour } from "../../src/cli/style.ts";
import { startApiDouble } from "./support/api-double.ts";

const band = (tier: string | null) => ({ tier, benchmark: "dora-2024", note: null });
const metrics = {
  deploymentFrequency: {
    value: 0.5,
    unit: "per_day",
    count: 45,
    few: false,
    interval95: [0.36, 0.67],
    tier: "high",
    band: band("high"),
    previous: { value: 0.25, n: 23 },
    trend: { significant: true },
  },
  changeLeadTime: {
    value: 90_000,
    unit: "seconds",
    n: 120,
    few: false,
    interval95: [80_000, 110_000],
    tier: "high",
    band: band("high"),
    previous: { value: 180_000, n: 80 },
    trend: { significant: true },
  },
  changeFailureRate: {
    value: 0.125,
    unit: "ratio",
    failed: 1,
    total: 8,
    few: true,
    interval95: [0.02, 0.47],
    tier: null,
    band: band(null),
    previous: null,
    trend: null,
  },
  failedDeploymentRecoveryTime: {
    value: null,
    unit: "seconds",
    n: 0,
    few: true,
    interval95: null,
    tier: null,
    band: band(null),
    previous: null,
  },
  meanTimeToRecovery: { value: null, unit: "seconds", n: 0, few: true },
  reworkRate: {
    value: 0.1,
    unit: "ratio",
    rework: 1,
    total: 10,
    few: false,
    interval95: [0.02, 0.4],
    tier: null,
    band: band(null),
    previous: { value: 0.2, n: 10 },
    trend: { significant: false },
  },
};
const point = (value: number | null, partial = false) => ({
  id: "x",
  from: "",
  to: "",
  value,
  n: 1,
  partial,
});
const answer = {
  ok: true,
  scope: { blueprint: "service", entity: "shop", title: "Shop \u001B[31m" },
  window: { from: "2026-08-01T00:00:00Z", to: "2026-10-30T00:00:00Z", timezone: "UTC", interval: "week" },
  metrics,
  series: { deploymentFrequency: [point(0), point(1), point(null), point(2), point(1, true)] },
};

async function table(
  width: number,
  colour: boolean,
  options: DoraOptions = { service: "shop" },
  body: unknown = answer,
): Promise<string[]> {
  const double = await startApiDouble();
  double.intercept = ({ path }) => (path === "/v1/dora/metrics" ? { status: 200, body } : undefined);
  const lines: string[] = [];
  await doraCommand(double.client(), options, {
    json: false,
    width,
    style: createStyle(colour),
    write: (line) => lines.push(line),
  });
  return lines;
}

describe("fairway dora", () => {
  it("prints a table that fits 80 columns, sparklines below", async () => {
    const lines = await table(80, false);
    expect(lines).toEqual([
      "Shop ?[31m, 2026-08-01 to 2026-10-30 (UTC, per week)",
      "",
      "Metric                Value        Band     Change           n  95 %",
      "Deployment frequency  3.5 / week   high     ↑ 100 %        45   2.5–4.7 / week",
      "  ▁▅ █▅·",
      "Change lead time      1 d          high     ↓ 50 %        120   22.2 h–1.3 d",
      "Change failure rate   13 %         –        –               8*  2–47 %",
      "Recovery time         –            –        –               0*  –",
      "Time to recovery      –            –        –               0*  –",
      "Rework rate           10 %         –        ↓ 10 pp        10   2–40 %",
      "",
      "Band: dora-2024. Change: against the previous window.",
      "* fewer than 10, too few for a band: change failure rate 8 of 10 needed.",
      "·: the last bucket is not complete.",
    ]);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it("says of what too little is known for a band", async () => {
    const changeLeadTime = { ...metrics.changeLeadTime, covered: false };
    const lines = await table(80, false, undefined, { ...answer, metrics: { ...metrics, changeLeadTime } });
    expect(lines[5]).toContain("Change lead time      1 d          –  ");
    expect(lines.join("\n")).toContain("Too little known for a band: change lead time.");
  });

  it("puts sparklines beside the numbers where there is room", async () => {
    const lines = await table(120, false);
    expect(lines[3]).toBe(
      "Deployment frequency  3.5 / week   high     ↑ 100 %        45   2.5–4.7 / week   ▁▅ █▅·",
    );
    expect(lines[4]).toContain("Change lead time");
  });

  it("colours only where it is wanted, and only what is significant", async () => {
    const escape = String.fromCodePoint(27);
    expect((await table(80, false)).join("")).not.toContain(escape);
    const lines = await table(80, true);
    expect(lines.find((line) => line.includes("Deployment frequency"))).toContain(`${escape}[32m↑ 100 %`);
    expect(lines.find((line) => line.includes("Change lead time"))).toContain(`${escape}[32m↓ 50 %`);
    expect(lines.find((line) => line.includes("Rework rate"))).not.toContain(`m↓ 10 pp`);
    expect(wantsColour({ isTTY: false })).toBe(false);
    process.env["NO_COLOR"] = "1";
    expect(wantsColour({ isTTY: true })).toBe(false);
    process.env["NO_COLOR"] = "";
    process.env["TERM"] = "xterm";
    expect(wantsColour({ isTTY: true })).toBe(true);
    delete process.env["NO_COLOR"];
  });

  it("prints one row per entity for a blueprint alone", async () => {
    const rows = [
      { scope: { entity: "shop", title: "Shop" }, metrics },
      { scope: { entity: "x".repeat(60) }, metrics: {} },
    ];
    const lines = await table(80, false, { blueprint: "service" }, { ...answer, rows });
    expect(lines.slice(2)).toEqual([
      "                            Deployments Lead time   Failures    Rework",
      "Shop                        3.5 / week  1 d         13 %        10 %",
      `${"x".repeat(26)}… –           –           –           –`,
    ]);
  });

  it("gives the server's answer as JSON", async () => {
    const double = await startApiDouble();
    double.intercept = ({ path }) =>
      path === "/v1/dora/metrics" ? { status: 200, body: answer } : undefined;
    const lines: string[] = [];
    const output = {
      json: true,
      width: 80,
      style: createStyle(false),
      write: (line: string) => lines.push(line),
    };
    await doraCommand(double.client(), { service: "shop", interval: "day", environment: "Staging" }, output);
    expect(JSON.parse(lines.join("\n"))).toEqual(answer);
    const [request] = double.sent("GET", "/v1/dora/metrics");
    expect(Object.fromEntries(request?.query ?? [])).toEqual({
      compare: "previous",
      blueprint: "service",
      entity: "shop",
      interval: "day",
      environment: "Staging",
      last: "90d",
    });
  });

  it("asks for the comparison that is named", () => {
    const asked = (options: object): object => Object.fromEntries(doraQuery({ last: "90d", ...options }));
    const window = "2026-01-01/2026-04-01";
    expect(asked({ compare: window })).toEqual({ last: "90d", compare: window });
    expect(asked({ service: "shop", compareEntity: "cart" })).toMatchObject({
      ...{ entity: "shop", compare: "none", compareEntity: "cart" },
    });
  });

  it("tells an unknown service from a wrong value", async () => {
    const double = await startApiDouble();
    const output = { json: false, width: 80, style: createStyle(false), write: () => {} };
    double.intercept = ({ path }) =>
      path === "/v1/dora/metrics"
        ? { status: 404, body: { ok: false, error: "not_found", message: "service x was not found" } }
        : undefined;
    await expect(doraCommand(double.client(), { service: "x" }, output)).rejects.toMatchObject({
      exit: 1,
      code: "not_found",
    });
    double.intercept = ({ path }) =>
      path === "/v1/dora/metrics"
        ? { status: 422, body: { ok: false, error: "invalid_request", message: "interval" } }
        : undefined;
    await expect(doraCommand(double.client(), { interval: "x" }, output)).rejects.toMatchObject({ exit: 2 });
  });

  it.each<[DoraOptions, RegExp]>([
    [{ service: "a", entity: "b", blueprint: "c" }, /one or the other/],
    [{ entity: "b" }, /--entity needs --blueprint/],
    [{ last: "90d", from: "2026-01-01" }, /exclude each other/],
  ])("%j is wrong usage", (options, message) => {
    expect(() => doraQuery(options)).toThrow(message);
  });
});

describe("numbers", () => {
  it.each([
    [0, "0 s"],
    [0.25, "0.25 s"],
    [59, "59 s"],
    [90, "1.5 min"],
    [3600, "1 h"],
    [86_399, "24 h"],
    [86_400 * 12.34, "12.3 d"],
    [86_400 * 300, "300 d"],
    [86_400 * 800, "2.2 y"],
    [-90, "-1.5 min"],
  ])("%f seconds are %s", (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text);
  });

  it("writes rates and frequencies in units that a person reads", () => {
    expect([0, 0.004, 0.0951, 0.5, 1].map(formatRatio)).toEqual(["0 %", "0.4 %", "9.5 %", "50 %", "100 %"]);
    expect([0, 12, 1, 0.5, 0.05, 0.01].map(formatPerDay)).toEqual([
      "0 / day",
      "12 / day",
      "1 / day",
      "3.5 / week",
      "1.5 / month",
      "3.7 / year",
    ]);
    expect(formatInterval([0.1, 0.2], "ratio")).toBe("10–20 %");
    expect(formatInterval([0, 0.04], "per_day")).toBe("0–1.2 / month");
    expect(formatInterval([0.01, 0.04], "per_day", 0.02)).toBe("3.7–14.6 / year");
    expect(formatInterval([0, 0], "per_day")).toBe("0–0 / day");
    expect(formatInterval([60, 7200], "seconds")).toBe("1 min–2 h");
    expect(formatInterval(null, "ratio")).toBe("–");
  });

  it("draws sparklines from zero, with gaps", () => {
    const points = [0, 4, null, 8].map((value) => ({ value, partial: false }));
    expect(sparkline(points, 20)).toBe("▁▅ █");
    expect(sparkline([...points, { value: 2, partial: true }], 4)).toBe("…█▃·");
    expect(sparkline(points, 4)).toBe("▁▅ █");
    expect(sparkline([], 20)).toBe("");
    expect(sparkline([{ value: 0, partial: false }], 20)).toBe("▁");
  });

  it("does not let a name steer the terminal", () => {
    expect(plain("a\u001B[2Jb\u202Ec\r\n")).toBe("a?[2Jb?c??");
  });
});

describe("summaryWindow", () => {
  const now = Date.parse("2026-11-25T12:00:00Z") / 1000;
  it("is the last 90 days, or the last year of a history that ended before", () => {
    expect(summaryWindow(now - 89 * 86_400, now).query).toEqual({ last: "90d" });
    expect(summaryWindow(null, now).query).toEqual({ last: "90d" });
    const old = summaryWindow(Date.parse("2020-02-29T12:00:00Z") / 1000, now);
    expect(old.query).toEqual({ from: "2019-03-02T00:00:00.000Z", to: "2020-03-01T00:00:00.000Z" });
    expect(pageAddress("http://h", "a/b c", old, "Staging")).toBe(
      "http://h/dora?scope=service:a/b%20c&from=2019-03-02&to=2020-02-29&env=Staging",
    );
    expect(pageAddress("http://h", "api", summaryWindow(now, now), "Production")).toBe(
      "http://h/dora?scope=service:api",
    );
    expect(old.words).toContain("2019-03-02 to 2020-02-29");
  });
});
