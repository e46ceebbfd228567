import { describe, expect, it } from "vitest";
import { startApiDouble } from "./support/api-double.ts";
import type { ApiDouble } from "./support/api-double.ts";
import { createRepository, gitIn, temporaryFolder } from "./support/git-fixture.ts";
import type { GitFixture } from "./support/git-fixture.ts";
import { importInto } from "./support/import-into.ts";

/** Merge commits, squash commits, a direct commit, a cherry-pick, and tags of all kinds. */
function shop(): GitFixture & { readonly shas: Record<string, string> } {
  const repository = createRepository();
  const shas: Record<string, string> = {};
  shas["root"] = repository.commit("first commit");
  repository.tag("v1.0.0");
  repository.git(["checkout", "-q", "-b", "feature/cart"]);
  repository.commit("cart: add", { author: "Bob <bob@example.org>" });
  shas["cartHead"] = repository.commit("cart: fix", { author: "Cleo <cleo@example.org>" });
  repository.git(["checkout", "-q", "main"]);
  shas["merge"] = repository.merge("feature/cart", "Merge pull request #11 from bob/cart\n\nAdd a cart");
  shas["squash"] = repository.commit("Pay by card (#12)\n\n* wip\n* wip", {
    author: "dependabot[bot] <bot@example.org>",
    authored: "2026-01-01T03:30:00Z",
  });
  repository.tag("v1.1.0", { tagged: "2026-01-05T12:00:00Z" });
  shas["fix"] = repository.commit("fix: rounding");
  repository.tag("v1.1.1");
  repository.tag("v1.2.0-rc.1");
  repository.git(["checkout", "-q", "-b", "1.0", "v1.0.0"]);
  repository.git(["cherry-pick", shas["squash"]], { env: { GIT_COMMITTER_DATE: "2026-01-09T00:00:00Z" } });
  shas["picked"] = repository.head();
  repository.tag("v1.0.1");
  repository.git(["checkout", "-q", "main"]);
  repository.git(["remote", "add", "origin", "https://ada:pass@github.com/acme/shop.git"]);
  return { ...repository, shas };
}

/** What a portal holds after an import, without the order in which it came. */
function state(double: ApiDouble): unknown {
  const sorted = <T>(map: ReadonlyMap<string, T>) => [...map].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    commits: sorted(double.commits),
    services: sorted(double.entities("service")),
    deployments: sorted(double.entities("deployment")),
    changes: sorted(double.entities("change")),
  };
}

const writes = (double: ApiDouble) =>
  double.requests.filter(({ method, path }) => method !== "GET" && !path.includes("access_token"));

describe("fairway import git", () => {
  it("sends commits, changes, deployments and the service of a repository", async () => {
    const repository = shop();
    const double = await startApiDouble();
    const result = await importInto(double, repository.folder);
    expect(result.exit).toBe(0);
    const { shas } = repository;
    expect([...double.commits.values()].every((commit) => commit.repository === "github.com/acme/shop")).toBe(
      true,
    );
    expect(double.commits.size).toBe(7);
    expect(double.commits.get(shas["merge"] ?? "")?.parents).toEqual([shas["root"], shas["cartHead"]]);
    expect(double.commits.get(shas["squash"] ?? "")).toMatchObject({
      authoredAt: "2026-01-01T03:30:00.000Z",
      author: "dependabot[bot] <bot@example.org>",
    });
    expect(double.entities("service").get("shop")).toMatchObject({
      properties: { repository: "github.com/acme/shop", url: "https://github.com/acme/shop" },
    });
    expect([...double.entities("deployment").keys()].sort()).toEqual([
      "shop@v1.0.0",
      "shop@v1.0.1",
      "shop@v1.1.0",
      "shop@v1.1.1",
    ]);
    expect(double.entities("deployment").get("shop@v1.1.0")).toEqual({
      identifier: "shop@v1.1.0",
      title: "shop v1.1.0",
      properties: {
        createdAt: "2026-01-05T12:00:00.000Z",
        environment: "Production",
        deploymentStatus: "Success",
        sha: shas["squash"],
        ref: "v1.1.0",
        url: "https://github.com/acme/shop/releases/tag/v1.1.0",
      },
      relations: { service: "shop" },
    });
    expect(double.entities("deployment").get("shop@v1.0.0")?.properties["createdAt"]).toBe(
      "2026-01-01T01:00:00.000Z",
    );
    expect(double.entities("change").get("github.com/acme/shop/11")).toEqual({
      identifier: "github.com/acme/shop/11",
      title: "Add a cart",
      properties: {
        number: 11,
        repository: "github.com/acme/shop",
        url: "https://github.com/acme/shop/pull/11",
        mergedAt: double.commits.get(shas["merge"] ?? "")?.committedAt,
        mergeSha: shas["merge"],
        headSha: shas["cartHead"],
        author: "Cleo",
        isBot: false,
      },
      relations: { service: ["shop"] },
    });
    // The cherry-pick repeats the number: the change stays what was merged first.
    expect(double.entities("change").get("github.com/acme/shop/12")?.properties).toMatchObject({
      mergeSha: shas["squash"],
      isBot: true,
      firstCommitAt: "2026-01-01T03:30:00.000Z",
    });
    const patch = double.commits.get(shas["picked"] ?? "")?.patchId;
    expect(patch).toMatch(/^[0-9a-f]{40}$/);
    expect(double.commits.get(shas["squash"] ?? "")?.patchId).toBe(patch);
    expect(double.commits.get(shas["fix"] ?? "")).not.toHaveProperty("patchId");
    expect(result.notes.join("\n")).toContain("1 pre-release tag left out (v1.2.0-rc.1)");
    expect(double.runs).toMatchObject([
      {
        status: "completed",
        totals: { commits: 7, deployments: 4, changes: 2 },
        sent: { commits: 7, deployments: 4, changes: 2 },
      },
    ]);
  });

  it("writes nothing and records no run when nothing is new", async () => {
    const repository = shop();
    const double = await startApiDouble();
    await importInto(double, repository.folder);
    const before = state(double);
    const count = writes(double).length;
    const result = await importInto(double, repository.folder);
    expect(result.output[0]).toContain("Nothing new");
    expect(state(double)).toEqual(before);
    expect(double.runs).toHaveLength(1);
    // Only upserts that change nothing: the service and the deployments.
    expect(
      writes(double)
        .slice(count)
        .map(({ path }) => path),
    ).toEqual(["/v1/blueprints/service/entities", "/v1/blueprints/deployment/entities/bulk"]);
  });

  it("sends only what is new, and ends where one import of everything ends", async () => {
    const repository = shop();
    const grown = await startApiDouble();
    await importInto(grown, repository.folder);
    const first = grown.sent("POST", "/v1/dora/commits").length;
    repository.commit("Search (#13)");
    // A copy of a commit that was sent before, then as the only one with its author and time.
    repository.git(["checkout", "-q", "1.0"]);
    repository.git(["cherry-pick", repository.shas["fix"] ?? ""], {
      env: { GIT_COMMITTER_DATE: "2026-01-10T00:00:00Z" },
    });
    repository.tag("v1.0.2");
    repository.git(["checkout", "-q", "main"]);
    repository.tag("v1.2.0");
    await importInto(grown, repository.folder);
    const later = grown.sent("POST", "/v1/dora/commits").slice(first);
    const subjects = later.flatMap(({ body }) =>
      (body["commits"] as { message: string }[]).map(({ message }) => message.trim()),
    );
    expect(subjects.sort()).toEqual(["Search (#13)", "fix: rounding", "fix: rounding"]);
    const fresh = await startApiDouble();
    await importInto(fresh, repository.folder);
    expect(state(grown)).toEqual(state(fresh));
    expect(grown.runs[0]?.heads).toEqual(fresh.runs[0]?.heads);
  });

  it("continues after an import that was cut off", async () => {
    const repository = shop();
    const double = await startApiDouble();
    double.intercept = ({ path }) =>
      path === "/v1/blueprints/deployment/entities/bulk"
        ? { status: 500, body: { ok: false, error: "x", message: "x" } }
        : undefined;
    await expect(importInto(double, repository.folder)).rejects.toThrow("x");
    expect(double.runs[0]).toMatchObject({ status: "failed", error: "x" });
    // A run that was killed has no end; it is closed by the next one once it is silent for a minute.
    double.runs[0] = {
      ...double.runs[0],
      status: "running",
      updatedAt: "2026-01-01T00:00:00Z",
    } as (typeof double.runs)[0];
    double.intercept = null;
    const bodies = double.sent("POST", "/v1/dora/commits").map(({ body }) => body);
    await importInto(double, repository.folder);
    const again = double
      .sent("POST", "/v1/dora/commits")
      .map(({ body }) => body)
      .slice(bodies.length);
    expect(again).toEqual(bodies);
    expect(double.runs.map(({ status }) => status)).toEqual(["completed", "failed"]);
    const fresh = await startApiDouble();
    await importInto(fresh, repository.folder);
    expect(state(double)).toEqual(state(fresh));
  });

  it("sends everything again after a rewritten history, other options, or --full", async () => {
    const repository = createRepository();
    repository.commit("a");
    const double = await startApiDouble();
    await importInto(double, repository.folder);
    await importInto(double, repository.folder, { full: true });
    await importInto(double, repository.folder, { tags: ["*"] });
    repository.git(["commit", "-q", "--amend", "-m", "b"]);
    repository.git(["reflog", "expire", "--expire=now", "--all"]);
    repository.git(["gc", "-q", "--prune=now"]);
    const result = await importInto(double, repository.folder);
    expect(result.notes.join("\n")).toContain("rewritten");
    expect(double.runs.map(({ totals }) => totals)).toEqual(
      Array.from({ length: 4 }, () => ({ commits: 1, deployments: 0, changes: 0 })),
    );
  });

  it("collects refused rows, goes on, exits 4, and tries them again next time", async () => {
    const repository = shop();
    const double = await startApiDouble();
    const bad = repository.shas["fix"] ?? "";
    double.intercept = ({ path, body }) => {
      if (path === "/v1/dora/commits" && JSON.stringify(body).includes(`"sha":"${bad}"`))
        return { status: 422, body: { ok: false, error: "invalid_request", message: "no such luck" } };
      if (path !== "/v1/blueprints/deployment/entities/bulk") return undefined;
      const errors = [
        { identifier: "shop@v1.1.1", index: 0, statusCode: 422, error: "invalid", message: "bad tag" },
      ];
      return { status: 207, body: { ok: true, entities: [], errors } };
    };
    const result = await importInto(double, repository.folder);
    expect(result.exit).toBe(4);
    expect(double.commits.size).toBe(6);
    expect(result.output).toContain(`  commit ${bad}: no such luck`);
    expect(result.output).toContain("  deployment shop@v1.1.1: bad tag");
    expect(double.runs[0]).toMatchObject({ status: "completed", heads: null, error: "2 rows were refused" });
    double.intercept = null;
    expect((await importInto(double, repository.folder)).exit).toBe(0);
    expect(double.commits.size).toBe(7);
  });

  it("stops when the server refuses every row", async () => {
    const repository = createRepository();
    for (let index = 0; index < 30; index += 1) repository.commit(`c${index}`);
    const double = await startApiDouble();
    double.intercept = ({ path }) =>
      path === "/v1/dora/commits"
        ? { status: 422, body: { ok: false, error: "invalid", message: "never" } }
        : undefined;
    await expect(importInto(double, repository.folder)).rejects.toThrow("never");
  });

  it("survives a server that drops connections and restarts with other tokens", async () => {
    const repository = shop();
    const double = await startApiDouble();
    let calls = 0;
    double.intercept = ({ path }) => {
      if (!path.startsWith("/v1/dora/commits") && !path.includes("bulk")) return undefined;
      calls += 1;
      if (calls === 1) return "reset";
      if (calls === 2) return { status: 503, body: {} };
      if (calls === 3) double.token = "token-2";
      return undefined;
    };
    expect((await importInto(double, repository.folder)).exit).toBe(0);
    const calm = await startApiDouble();
    await importInto(calm, repository.folder);
    expect(state(double)).toEqual(state(calm));
  });

  it("adds to blueprints what is missing and keeps what is there", async () => {
    const double = await startApiDouble();
    double.blueprints.set("service", {
      identifier: "service",
      schema: { properties: { tier: { type: "string" } } },
      relations: {},
    });
    double.blueprints.set("deployment", {
      identifier: "deployment",
      schema: { properties: { createdAt: { type: "string", format: "date-time", title: "Mine" } } },
      relations: { service: { target: "service", many: true } },
    });
    await importInto(double, shop().folder);
    const patches = double.requests.filter(
      ({ method, path }) => method === "PATCH" && path.startsWith("/v1/blueprints/"),
    );
    expect(patches.map(({ path }) => path)).toEqual(["/v1/blueprints/service", "/v1/blueprints/deployment"]);
    expect(JSON.stringify(patches[1]?.body["schema"])).not.toContain('"createdAt"');
    expect(patches[1]?.body).not.toHaveProperty("relations");
    expect(double.entities("deployment").get("shop@v1.0.0")?.relations).toEqual({ service: ["shop"] });
    await importInto(double, createRepository("empty-of-tags").folder);
    expect(
      double.requests.filter(({ method, path }) => method === "PATCH" && path.startsWith("/v1/blueprints/")),
    ).toHaveLength(2);
  });

  it("refuses to feed one service from two repositories", async () => {
    const double = await startApiDouble();
    await importInto(double, shop().folder);
    const other = createRepository("shop");
    other.commit("x");
    await expect(importInto(double, other.folder)).rejects.toThrow(/fed by github.com\/acme\/shop/);
    expect((await importInto(double, other.folder, { service: "shop 2" })).exit).toBe(0);
    expect(double.entities("service").get("shop=202")?.title).toBe("shop 2");
  });

  it("cuts requests by rows and by bytes", async () => {
    const repository = createRepository();
    const stream: string[] = [];
    for (let index = 0; index < 1203; index += 1) {
      const message = `change ${index} (#${index + 1})\n${index < 120 ? "m".repeat(40_000) : ""}`;
      stream.push(
        `commit refs/heads/main\ncommitter A <a@b> ${1_700_000_000 + index} +0000\ndata ${message.length}\n${message}\n`,
      );
    }
    repository.git(["fast-import", "--quiet"], { input: stream.join("") });
    const double = await startApiDouble();
    await importInto(double, repository.folder);
    const commits = double.sent("POST", "/v1/dora/commits");
    // Two requests are on their way at once, so the second and third may arrive in either order.
    const sizes = commits.map(({ body }) => (body["commits"] as unknown[]).length);
    expect(sizes.sort((a, b) => a - b)).toEqual([99, 104, 1000]);
    expect(Math.max(...commits.map(({ bytes }) => bytes))).toBeLessThan(4 * 1024 * 1024);
    const changes = double.sent("POST", "/v1/blueprints/change/entities/bulk");
    const changeSizes = changes.map(({ body }) => (body["entities"] as unknown[]).length);
    expect(changeSizes.sort((a, b) => a - b)).toEqual([203, 500, 500]);
    expect(double.commits.size).toBe(1203);
    expect(double.runs[0]?.sent).toEqual({ commits: 1203, deployments: 0, changes: 1203 });
  });

  it("imports a bare clone like its work tree", async () => {
    const repository = shop();
    const bare = `${temporaryFolder()}/shop.git`;
    gitIn(repository.folder, ["clone", "-q", "--bare", ".", bare]);
    const [one, two] = [await startApiDouble(), await startApiDouble()];
    await importInto(one, repository.folder, { repository: "r", service: "s" });
    await importInto(two, bare, { repository: "r", service: "s" });
    expect(state(two)).toEqual(state(one));
  });
});
