import { createHash } from "node:crypto";
import { expect, test, vi } from "vitest";
import { loadDemo } from "../../src/cli/demo/load-demo.ts";
import type { DemoOptions } from "../../src/cli/demo/load-demo.ts";
import { startApiDouble } from "../cli/support/api-double.ts";
import type { ApiDouble } from "../cli/support/api-double.ts";

const MIB = 1024 * 1024;

// Each load sends twenty megabytes through a real socket; machines that run other tests meanwhile are slow.
vi.setConfig({ testTimeout: 120_000 });

async function startDouble(): Promise<ApiDouble> {
  const double = await startApiDouble();
  double.intercept = ({ method, path }) => {
    if (method === "GET" && path === "/v1/dora/imports")
      return { status: 200, body: { ok: true, imports: double.runs } };
    if (method === "GET" && path === "/v1/setup")
      return { status: 200, body: { ok: true, empty: double.commits.size === 0 } };
    return undefined;
  };
  return double;
}

function options(double: ApiDouble, rest: Partial<DemoOptions> = {}): DemoOptions {
  return {
    url: double.url,
    clientId: "cli",
    clientSecret: "secret",
    now: new Date("2026-11-25T10:00:00Z"),
    onProgress: () => {},
    ...rest,
  };
}

/** One hash of all requests; those that are under way at the same time may arrive in any order. */
function fingerprint(double: ApiDouble): string {
  const lines = double.requests.map(({ method, path, query, body }) => {
    const hash = createHash("sha256").update(JSON.stringify(body)).digest("hex");
    return `${method} ${path}?${query.toString()} ${hash}`;
  });
  return lines.sort().join("\n");
}

function contents(double: ApiDouble): string {
  const entities = ["domain", "team", "service", "deployment", "change"].map((blueprint) =>
    [...double.entities(blueprint).entries()].sort(([left], [right]) => (left < right ? -1 : 1)),
  );
  const commits = [...double.commits.values()].sort((left, right) => (left.sha < right.sha ? -1 : 1));
  return createHash("sha256")
    .update(JSON.stringify([entities, commits]))
    .digest("hex");
}

test("two loads of one day send the same bytes, whatever the hour", async () => {
  const first = await startDouble();
  const second = await startDouble();
  const fractions: number[] = [];
  const summary = await loadDemo(options(first, { onProgress: (fraction) => fractions.push(fraction) }));
  await loadDemo(options(second, { now: new Date("2026-11-25T23:59:59Z") }));
  expect(fingerprint(second)).toBe(fingerprint(first));
  expect(summary).toMatchObject({ domains: 4, teams: 12, services: 60, unchanged: false });
  expect(first.entities("deployment").size).toBe(summary.deployments);
  expect(first.entities("change").size).toBe(summary.changes);
  expect(first.commits.size).toBe(summary.commits);
  const sent = { commits: summary.commits, deployments: summary.deployments, changes: summary.changes };
  expect(first.runs.map((run) => ({ status: run.status, sent: run.sent }))).toEqual([
    { status: "completed", sent },
  ]);
  expectWithinLimits(first);
  // Progress never falls and ends at 1.
  expect(fractions).toEqual(fractions.toSorted((left, right) => left - right));
  expect(fractions.at(-1)).toBe(1);
  expect(fractions.length).toBeGreaterThan(10);
});

/** Bytes per body and rows per request; the double itself refuses more than 500 entities. */
function expectWithinLimits(double: ApiDouble): void {
  const tooLarge = double.requests.filter(
    ({ path, bytes }) => bytes > (path === "/v1/dora/commits" ? 8 : 1) * MIB,
  );
  expect(tooLarge).toEqual([]);
  const rows = double.sent("POST", "/v1/dora/commits").map(({ body }) => body["commits"] as unknown[]);
  expect(Math.max(...rows.map(({ length }) => length))).toBeLessThanOrEqual(5000);
}

test("a load that was interrupted is completed with the year it began with, also on a later day", async () => {
  const undisturbed = await startDouble();
  await loadDemo(options(undisturbed));

  const double = await startDouble();
  const controller = new AbortController();
  const interrupted = loadDemo(
    options(double, {
      signal: controller.signal,
      onProgress: (fraction) => {
        if (fraction > 0.4) controller.abort(new Error("stopped"));
      },
    }),
  );
  await expect(interrupted).rejects.toThrow("stopped");
  expect(double.runs.map(({ status }) => status)).toEqual(["running"]);

  const summary = await loadDemo(options(double, { now: new Date("2026-11-27T08:00:00Z") }));
  expect(summary.end).toEqual(new Date("2026-11-25T00:00:00Z"));
  expect(double.runs.map(({ status }) => status)).toEqual(["completed", "failed"]);
  expect(contents(double)).toBe(contents(undisturbed));

  const before = double.requests.length;
  const again = await loadDemo(options(double, { now: new Date("2026-11-28T08:00:00Z") }));
  expect(again.unchanged).toBe(true);
  expect(
    double.requests.slice(before).every(({ method, path }) => method === "GET" || path.includes("auth")),
  ).toBe(true);
});

test("an entity that is refused ends the load and is named", async () => {
  const double = await startDouble();
  const { intercept } = double;
  double.intercept = (request) =>
    request.path === "/v1/blueprints/team/entities/bulk"
      ? {
          status: 207,
          body: { ok: false, entities: [], errors: [{ identifier: "ledger", message: "no such domain" }] },
        }
      : intercept?.(request);
  await expect(loadDemo(options(double))).rejects.toThrow("team ledger was refused: no such domain");
});

test("a portal with data of its own gets no demo", async () => {
  const double = await startDouble();
  await loadDemo(options(double));
  double.runs.length = 0;
  await expect(loadDemo(options(double))).rejects.toThrow("empty portal only");
});
