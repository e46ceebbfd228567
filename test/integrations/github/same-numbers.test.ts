/** One history, three ways in: git import, GitHub backfill, GitHub's webhooks. The DORA numbers are the same. */
import { createHmac } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { endProcesses, runCli } from "../../flows/support/processes.ts";
import { startTestApp, type TestApp } from "../../support/app.ts";
import { createRepository, type GitRepository } from "../../support/git.ts";
import { comes, patient } from "../../support/patience.ts";
import type { Json, VendorServer } from "../vendor-server.ts";
import { GithubServer } from "./github-server.ts";

const HOUR = 3_600_000;
const T0 = Date.parse("2026-02-01T08:00:00Z");
const iso = (ms: number): string => new Date(ms).toISOString().replace(".000Z", "Z");

interface History {
  readonly repository: GitRepository;
  readonly pulls: Json[];
  readonly commits: Json[];
  readonly tags: Json[];
}

/** Thirty pull requests of two commits, merged with merge commits; a version after every third, a hotfix after some. */
function history(): History {
  const repository = createRepository();
  const { git, at, commit } = repository;
  git("remote", "add", "origin", "https://github.com/acme/shop.git");
  const pulls: Json[] = [];
  let now = T0;
  const step = (hours: number): number => {
    now += hours * HOUR;
    at(now);
    return now;
  };
  const tag = (name: string): void => {
    step(2);
    git("tag", "-a", name, "-m", name);
  };
  step(1);
  commit("Begin");
  for (let number = 1; number <= 30; number += 1) {
    const isFix = number % 10 === 0;
    git("checkout", "-q", "-b", `branch-${number}`);
    const begun = step(1 + (number % 4));
    const first = commit(isFix ? `fix: repair ${number}` : `Work on ${number}`);
    step(2);
    const head = commit(`More of ${number}`);
    const opened = now;
    git("checkout", "-q", "main");
    const merged = step(3 + (number % 5));
    git(
      "merge",
      "-q",
      "--no-ff",
      `branch-${number}`,
      "-m",
      `Merge pull request #${number} from acme/branch-${number}\n\nChange ${number}`,
    );
    pulls.push({
      ...{
        fullDatabaseId: String(number),
        number,
        title: `Change ${number}`,
        state: "MERGED",
        isDraft: false,
      },
      url: `https://github.com/acme/shop/pull/${number}`,
      ...{ createdAt: iso(opened), updatedAt: iso(merged), closedAt: iso(merged), mergedAt: iso(merged) },
      ...{ headRefName: `branch-${number}`, headRefOid: head, baseRefName: "main" },
      mergeCommit: { oid: repository.head() },
      author: { __typename: "User", login: "dev1" },
      commits: { totalCount: 2, nodes: [{ commit: { oid: first, authoredDate: iso(begun) } }] },
    });
    if (number % 3 === 0) tag(`v1.${number / 3}.0`);
    if (isFix) tag(`v1.${Math.floor(number / 3)}.1`);
    if (number % 7 === 0) {
      step(1);
      commit(`Straight to main after ${number}`);
    }
  }
  const commits = git("log", "--format=%H%x09%P%x09%aI%x09%cI%x09%an%x09%ae", "main")
    .split("\n")
    .map((line): Json => {
      const [oid = "", parents = "", authoredDate = "", committedDate = "", name = "", email = ""] =
        line.split("\t");
      return {
        ...{
          oid,
          authoredDate,
          committedDate,
          author: { name, email },
          message: git("log", "-1", "--format=%B", oid),
        },
        parents: {
          nodes: parents
            .split(" ")
            .filter((sha) => sha !== "")
            .map((sha) => ({ oid: sha })),
        },
      };
    });
  const tags = git("tag", "--format=%(refname:short)%09%(*objectname)%09%(taggerdate:iso-strict)")
    .split("\n")
    .map((line): Json => {
      const [name, oid, date] = line.split("\t");
      const target = { __typename: "Commit", oid, committedDate: date };
      return { name, target: { __typename: "Tag", oid: "0", tagger: { date }, target } };
    });
  return { repository, pulls, commits, tags };
}

let apps: TestApp[] = [];
let one: History;
const servers: VendorServer[] = [];

beforeAll(async () => {
  one = history();
  apps = await Promise.all([startTestApp(), startTestApp(), startTestApp()]);
});
afterAll(async () => {
  await endProcesses();
  await Promise.all(apps.map((app) => app.stop()));
  await Promise.all(servers.map((server) => server.stop()));
  one.repository.remove();
});

function github(filled: boolean): GithubServer {
  const vendor = new GithubServer();
  vendor.state.repos.splice(1);
  const [shop] = vendor.state.repos;
  if (shop === undefined) throw new Error("no repository");
  for (const list of [
    shop.pulls,
    shop.commits,
    shop.tags,
    shop.issues,
    shop.runs,
    shop.deployments,
    shop.releases,
  ])
    list.splice(0);
  if (filled) fill(vendor);
  return vendor;
}

function fill({ state: { repos } }: GithubServer): void {
  repos[0]?.pulls.push(...one.pulls);
  repos[0]?.commits.push(...one.commits);
  repos[0]?.tags.push(...one.tags);
}

interface Connected {
  readonly id: string;
  readonly secret: string;
  readonly path: string;
}

async function connect(app: TestApp, vendor: GithubServer): Promise<Connected> {
  const server = await vendor.start([]);
  servers.push(server);
  const { body } = await app.send<{ dataSource: { id: string }; webhookSecret: string; webhookUrl: string }>(
    "POST",
    "/v1/data-sources",
    { type: "github", settings: vendor.settings(server.url), strategies: ["tag"] },
  );
  const { id } = body.dataSource;
  await idle(app, id);
  return { id, secret: body.webhookSecret, path: new URL(body.webhookUrl).pathname };
}

async function idle(app: TestApp, id: string): Promise<void> {
  type Source = { run: { status: string; errors: unknown[] } | null; deliveries: { waiting: number } };
  const { run } = await comes(
    async () => (await app.send<{ dataSource: Source }>("GET", `/v1/data-sources/${id}`)).body.dataSource,
    (one) => one.run !== null && one.run.status !== "running" && one.deliveries.waiting === 0,
    patient(60_000),
  );
  expect(run).toMatchObject({ status: "completed", errors: [] });
}

const WINDOW = "from=2026-02-01T00:00:00Z&to=2026-04-01T00:00:00Z&timezone=UTC&interval=week";

/** The metrics, without what git does not know: when a request was opened divides the stages of its lead time. */
async function numbers(app: TestApp): Promise<Record<string, Json>> {
  await app.settled(patient(60_000));
  const { status, body } = await app.send<{ metrics: Record<string, Json> }>(
    "GET",
    `/v1/dora/metrics?blueprint=service&entity=shop&${WINDOW}`,
  );
  expect(status).toBe(200);
  return Object.fromEntries(
    Object.entries(body.metrics).map(([name, metric]) => {
      const { stages: _stages, ...rest } = metric;
      return [name, rest];
    }),
  );
}

test("git import, backfill and webhooks give the same numbers", async () => {
  const [git, backfill, hooks] = apps as [TestApp, TestApp, TestApp];
  const ended = await runCli(git.dataDir, ["import", "git", one.repository.path]).ended;
  expect(ended).toMatchObject({ code: 0 });
  await connect(backfill, github(true));

  const vendor = github(false);
  const { id, secret, path } = await connect(hooks, vendor);
  fill(vendor);
  const repository = vendor.state.repos[0]?.rest;
  const events: (readonly [string, Json])[] = [
    ...one.pulls.map(
      ({ number }) => ["pull_request", { action: "closed", pull_request: { number } }] as const,
    ),
    ...one.tags.map(({ name }) => ["create", { ref_type: "tag", ref: name }] as const),
    ["push", { ref: "refs/heads/main", deleted: false }],
  ];
  for (const [index, [name, body]] of events.entries()) {
    const text = JSON.stringify({ ...body, repository });
    const signature = createHmac("sha256", secret).update(text).digest("hex");
    const { status } = await hooks.send("POST", path, text, {
      authorization: "",
      ...{
        "x-github-event": name,
        "x-github-delivery": String(index),
        "x-hub-signature-256": `sha256=${signature}`,
      },
    });
    expect(status).toBe(202);
  }
  await idle(hooks, id);

  const expected = await numbers(git);
  expect(expected["deploymentFrequency"]).toMatchObject({ count: 13 });
  expect(Number(expected["changeLeadTime"]?.["n"])).toBeGreaterThan(30);
  expect(await numbers(backfill)).toEqual(expected);
  expect(await numbers(hooks)).toEqual(expected);
});
