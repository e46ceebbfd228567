/**
 * GitHub as its public reference describes it: docs.github.com/rest (repositories, organisation members, workflow runs,
 * releases, issues), docs.github.com/graphql (objects: Repository, PullRequest, Deployment, Ref, Commit, Team) and
 * docs.github.com/webhooks (events and payloads). Fixtures are made here; nothing is taken from anywhere.
 */
import { createHash, createHmac } from "node:crypto";
import type { SentEvent, Vendor } from "../connector-suite.ts";
import { type Asked, type Json, linkedPage, startVendor, type Told } from "../vendor-server.ts";

const GITHUB_TOKEN = "ghp_test0123456789";
const T0 = Date.parse("2026-03-01T08:00:00Z");
const at = (hours: number): string => new Date(T0 + hours * 3_600_000).toISOString().replace(".000Z", "Z");
const shaOf = (text: string): string => createHash("sha1").update(text).digest("hex");

interface Repo {
  readonly rest: Json;
  readonly pulls: Json[];
  readonly issues: Json[];
  readonly runs: Json[];
  readonly deployments: Json[];
  readonly releases: Json[];
  readonly tags: Json[];
  readonly commits: Json[];
}

const HOST = "https://github.com";
const user = (id: number): Json => ({ id, login: `dev${id}`, type: "User", html_url: `${HOST}/dev${id}` });

function repoOf(id: number, name: string): Repo {
  const rest = {
    ...{ id, name, full_name: `acme/${name}`, html_url: `${HOST}/acme/${name}`, private: false },
    ...{ description: `The ${name}`, language: "TypeScript", default_branch: "main", archived: false },
    ...{ updated_at: at(id), owner: { login: "acme", id: 1, type: "Organization" } },
  };
  return { rest, pulls: [], issues: [], runs: [], deployments: [], releases: [], tags: [], commits: [] };
}

/** GraphQL's PullRequest: merged, except every fifth (open) and every seventh (closed). */
function pull(name: string, number: number): Json {
  const opened = number * 3;
  const state = number % 5 === 0 ? "OPEN" : number % 7 === 0 ? "CLOSED" : "MERGED";
  const merged = state === "MERGED" ? at(opened + 5) : null;
  return {
    ...{ fullDatabaseId: String(7_000_000_000 + number), number, title: `Change ${number}` },
    ...{ url: `${HOST}/acme/${name}/pull/${number}`, state, isDraft: false },
    ...{ createdAt: at(opened), updatedAt: at(opened + 6), mergedAt: merged },
    closedAt: state === "OPEN" ? null : at(opened + 5),
    ...{ additions: 10, deletions: 2, changedFiles: 3, headRefName: `branch-${number}`, baseRefName: "main" },
    headRefOid: shaOf(`${name} head ${number}`),
    mergeCommit: merged === null ? null : { oid: shaOf(`${name} merge ${number}`) },
    author: { __typename: number % 11 === 0 ? "Bot" : "User", login: `dev${(number % 5) + 1}` },
    headRepository: { name, nameWithOwner: `acme/${name}` },
    labels: { nodes: [{ name: "feature" }] },
    assignees: { nodes: [] },
    reviewRequests: { nodes: [] },
    reviews: {
      nodes: [
        {
          state: "COMMENTED",
          submittedAt: at(opened + 1),
          author: { __typename: "User", login: `dev${(number % 5) + 1}` },
        },
        {
          state: "CHANGES_REQUESTED",
          submittedAt: at(opened + 2),
          author: { __typename: "User", login: "reviewer" },
        },
        { state: "APPROVED", submittedAt: at(opened + 4), author: { __typename: "User", login: "reviewer" } },
      ],
    },
    commits: {
      totalCount: 2,
      nodes: [
        {
          commit: {
            oid: shaOf(`${name} first ${number}`),
            authoredDate: at(opened - 2),
            committedDate: at(opened - 2),
          },
        },
      ],
    },
    timelineItems: { nodes: [] },
    files: {
      nodes: ["README.md", "services/cart/api.ts", ...(number % 2 === 0 ? ["services/pay/api.ts"] : [])].map(
        (path) => ({ path }),
      ),
    },
  };
}

const issue = (name: string, number: number): Json => ({
  ...{ id: 50_000 + number, number, title: `Issue ${number}`, state: number % 2 === 0 ? "open" : "closed" },
  ...{ html_url: `${HOST}/acme/${name}/issues/${number}`, user: user(1), labels: [{ name: "bug" }] },
  ...{
    created_at: at(number),
    updated_at: at(number + 1),
    closed_at: number % 2 === 0 ? null : at(number + 1),
  },
});

const CONCLUSIONS = ["success", "failure", "cancelled", "timed_out", "skipped"];

function run(repo: Repo, number: number): Json {
  const name = String(repo.rest["name"]);
  return {
    ...{
      id: 900_000 + number,
      name: number % 2 === 0 ? "Deploy" : "Lint",
      run_number: number,
      run_attempt: 1,
    },
    ...{ event: "push", status: "completed", conclusion: CONCLUSIONS[number % 5], head_branch: "main" },
    ...{
      head_sha: shaOf(`${name} merge ${number}`),
      html_url: `${HOST}/acme/${name}/actions/runs/${900_000 + number}`,
    },
    ...{ created_at: at(number), run_started_at: at(number), updated_at: at(number + 1) },
    ...{ repository: repo.rest, head_repository: repo.rest },
  };
}

/** GraphQL's Deployment; a later one makes the earlier inactive. */
const deployment = (name: string, number: number, states: readonly string[]): Json => ({
  ...{ id: `DE_${number}`, databaseId: 300_000 + number, commitOid: shaOf(`${name} merge ${number}`) },
  ...{ createdAt: at(number * 4), updatedAt: at(number * 4 + 1), task: "deploy", description: null },
  environment: number % 3 === 0 ? "staging" : "production",
  ...{ ref: { name: "main" }, creator: { __typename: "User", login: "dev1" } },
  statuses: {
    nodes: states
      .map((state, i) => ({
        ...{ state, createdAt: at(number * 4 + i), environmentUrl: null, description: "" },
        logUrl: `${HOST}/acme/${name}/actions/runs/${number}`,
      }))
      .toReversed(),
  },
});

const release = (name: string, number: number): Json => ({
  ...{ id: 40_000 + number, name: `Release ${number}`, tag_name: `v1.${number}.0`, target_commitish: "main" },
  ...{
    draft: number === 3,
    prerelease: number === 4,
    html_url: `${HOST}/acme/${name}/releases/tag/v1.${number}.0`,
  },
  ...{ created_at: at(number * 20), published_at: number === 3 ? null : at(number * 20 + 1) },
});

const tag = (name: string, number: number, isAnnotated: boolean): Json => {
  const commit = {
    __typename: "Commit",
    oid: shaOf(`${name} merge ${number}`),
    committedDate: at(number * 20),
  };
  return {
    name: `v1.${number}.0`,
    target: isAnnotated
      ? {
          __typename: "Tag",
          oid: shaOf(`tag ${number}`),
          tagger: { date: at(number * 20 + 1) },
          target: commit,
        }
      : commit,
  };
};

const commit = (name: string, number: number): Json => ({
  oid: shaOf(`${name} merge ${number}`),
  message: `Change ${number} (#${number})`,
  ...{ authoredDate: at(number * 3 + 5), committedDate: at(number * 3 + 5) },
  author: { name: "Dev", email: "dev@example.com" },
  parents: { nodes: number === 1 ? [] : [{ oid: shaOf(`${name} merge ${number - 1}`) }] },
});

const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1);

function filled(): { repos: Repo[]; users: Json[]; teams: Json[] } {
  const shop = repoOf(11, "shop");
  const billing = repoOf(12, "billing");
  shop.pulls.push(...numbers(180).map((n) => pull("shop", n)));
  billing.pulls.push(...numbers(30).map((n) => pull("billing", n)));
  shop.issues.push(...numbers(120).map((n) => issue("shop", n)));
  shop.runs.push(...numbers(110).map((n) => run(shop, n)));
  shop.deployments.push(
    ...numbers(20).map((n) =>
      deployment("shop", n, n % 6 === 0 ? ["QUEUED", "FAILURE"] : ["IN_PROGRESS", "SUCCESS", "INACTIVE"]),
    ),
  );
  shop.releases.push(...numbers(6).map((n) => release("shop", n)));
  shop.tags.push(...numbers(8).map((n) => tag("shop", n, n % 2 === 0)));
  for (const repo of [shop, billing])
    repo.commits.push(
      ...numbers(150)
        .map((n) => commit(String(repo.rest["name"]), n))
        .toReversed(),
    );
  const users = numbers(5).map(user);
  const members = { pageInfo: { hasNextPage: false }, nodes: users.slice(0, 3) };
  const team = (id: number, slug: string): Json => ({
    ...{ databaseId: id, name: slug.toUpperCase(), slug, description: null, privacy: "VISIBLE" },
    ...{ url: `${HOST}/orgs/acme/teams/${slug}`, parentTeam: null, members },
  });
  return { repos: [shop, billing], users, teams: [team(71, "core"), team(72, "web")] };
}

/** A connection of GraphQL: `first` is in the text, `after` is a variable. */
function connection(all: readonly Json[], body: Json, field: string): Json {
  const text = String(body["query"]);
  const first = Number(new RegExp(`${field}\\(\\s*first: (\\d+)`).exec(text)?.[1] ?? Number.NaN);
  if (!(first >= 1 && first <= 100)) throw new Error(`${field} needs first, 1 to 100`);
  const after = (body["variables"] as Json)["after"];
  const from =
    typeof after === "string" ? Number(Buffer.from(after, "base64").toString("utf8").split(":")[1]) : 0;
  const order = new RegExp(`${field}\\([^)]*direction: DESC`).test(text) ? all.toReversed() : all;
  const nodes = order.slice(from, from + first);
  const end = from + nodes.length;
  return {
    totalCount: all.length,
    pageInfo: { hasNextPage: end < all.length, endCursor: Buffer.from(`cursor:${end}`).toString("base64") },
    nodes,
  };
}

const missing = (what: string): Told => ({
  body: {
    data: { repository: null },
    errors: [{ type: "NOT_FOUND", message: `Could not resolve to ${what}.` }],
  },
});

export class GithubServer implements Vendor {
  readonly state = filled();

  settings(url: string): Record<string, string> {
    return { owner: "acme", apiUrl: url, token: GITHUB_TOKEN };
  }

  sign(secret: string, rawBody: string): Record<string, string> {
    return { "x-hub-signature-256": `sha256=${createHmac("sha256", secret).update(rawBody).digest("hex")}` };
  }

  start(faults: Parameters<typeof startVendor>[3]): ReturnType<typeof startVendor> {
    return startVendor(
      ({ headers }) => headers["authorization"] === `Bearer ${GITHUB_TOKEN}`,
      {
        status: 401,
        body: { message: "Bad credentials", documentation_url: "https://docs.github.com/rest" },
      },
      (asked) => (asked.path === "/graphql" ? this.#graphql(asked.body) : this.#rest(asked)),
      faults,
    );
  }

  #rest(asked: Asked): Told {
    const list = (all: readonly unknown[]): Told => {
      const { items, headers } = linkedPage(asked, all);
      return { headers, body: items };
    };
    const { path } = asked;
    if (path === "/users/acme") return { body: { login: "acme", id: 1, type: "Organization" } };
    if (path === "/orgs/acme/repos") return list(this.state.repos.map(({ rest }) => rest));
    if (path === "/orgs/acme/members") return list(this.state.users);
    const [, name, what = "", id] =
      /^\/repos\/acme\/([^/]+)(?:\/(actions\/runs|issues|releases)(?:\/(\d+))?)?$/.exec(path) ?? [];
    const repo = this.state.repos.find(({ rest }) => rest["name"] === name);
    const notFound: Told = { status: 404, body: { message: "Not Found" } };
    if (repo === undefined) return notFound;
    if (what === "issues") return list(repo.issues);
    if (what === "releases") {
      if (id === undefined) return list(repo.releases);
      const one = repo.releases.find((release) => String(release["id"]) === id);
      return one === undefined ? notFound : { body: one };
    }
    if (what === "actions/runs") {
      const { items, headers } = linkedPage(asked, repo.runs);
      return { headers, body: { total_count: repo.runs.length, workflow_runs: items } };
    }
    return { body: repo.rest };
  }

  #graphql(body: Json): Told {
    const query = String(body["query"]);
    const variables = body["variables"] as Json;
    const data = (value: Json): Told => ({ body: { data: value } });
    if (query.includes("organization(login")) {
      if (variables["owner"] !== "acme") return missing("an Organization");
      const slug = variables["slug"];
      return data({
        organization:
          slug === undefined
            ? { teams: connection(this.state.teams, body, "teams") }
            : { team: this.state.teams.find((team) => team["slug"] === slug) ?? null },
      });
    }
    if (query.includes("node(id:")) {
      const all = this.state.repos.flatMap(({ deployments }) => deployments);
      return data({ node: all.find(({ id }) => id === variables["id"]) ?? null });
    }
    const repo = this.state.repos.find(({ rest }) => rest["name"] === variables["name"]);
    if (repo === undefined) return missing("a Repository");
    const number = /pullRequest\(number: (\d+)\)/.exec(query)?.[1];
    if (number !== undefined) {
      const one = repo.pulls.find((pull) => pull["number"] === Number(number));
      return one === undefined ? missing("a PullRequest") : data({ repository: { one } });
    }
    const refName = (ref: unknown): string => String(ref).replace("refs/tags/", "");
    const tagOf = (name: string): Json | null => repo.tags.find((tag) => tag["name"] === name) ?? null;
    const ref = /one: ref\(qualifiedName: "([^"]+)"\)/.exec(query)?.[1];
    if (ref !== undefined) return data({ repository: { one: tagOf(refName(ref)) } });
    if (query.includes("t0: ref(")) {
      const names = Object.entries(variables).filter(([name]) => /^t\d+$/.test(name));
      return data({
        repository: Object.fromEntries(names.map(([key, name]) => [key, tagOf(refName(name))])),
      });
    }
    if (query.includes("history(")) {
      const history = connection(repo.commits, body, "history");
      return data({ repository: { defaultBranchRef: { target: { history } } } });
    }
    for (const [field, all] of [
      ["pullRequests", repo.pulls],
      ["deployments", repo.deployments],
      ["refs", repo.tags],
    ] as const)
      if (query.includes(`${field}(`)) return data({ repository: { [field]: connection(all, body, field) } });
    return { body: { errors: [{ type: "undefinedField", message: "Field does not exist" }] } };
  }

  live(): readonly SentEvent[] {
    const [shop, billing] = this.state.repos as [Repo, Repo];
    const organization = { login: "acme", id: 1 };
    let delivery = 0;
    const event = (name: string, body: Json, repo: Repo | null = shop): SentEvent => ({
      headers: {
        "x-github-event": name,
        "x-github-delivery": `d-${(delivery += 1)}`,
        "content-type": "application/json",
      },
      body: {
        ...body,
        organization,
        sender: user(1),
        ...(repo !== null && { repository: { ...repo.rest } }),
      },
    });
    const opened = pull("shop", 185);
    const merged = pull("shop", 183);
    shop.pulls.push(opened, merged);
    const reviewed = shop.pulls[4] as Json;
    Object.assign(reviewed, {
      state: "MERGED",
      mergedAt: at(900),
      closedAt: at(900),
      updatedAt: at(900),
      mergeCommit: { oid: shaOf("late") },
    });

    const running: Json = { ...run(shop, 400), name: "Deploy", status: "in_progress", conclusion: null };
    const completed: Json = { ...running, status: "completed", conclusion: "failure" };
    shop.runs.push(completed);

    const edited = { ...shop.issues[2], title: "Edited", updated_at: at(500) };
    const closed: Json = { ...edited, state: "closed", closed_at: at(501), updated_at: at(501) };
    shop.issues[2] = closed;
    const [deleted] = shop.issues.splice(9, 1) as [Json];

    const started = deployment("shop", 50, ["IN_PROGRESS"]);
    shop.deployments.push(deployment("shop", 50, ["IN_PROGRESS", "ERROR"]));

    shop.releases.push(release("shop", 7));
    const [unreleased] = shop.releases.splice(1, 1) as [Json];
    shop.tags.push(tag("shop", 9, true));
    const [untagged] = shop.tags.splice(7, 1) as [Json];
    shop.commits.unshift(commit("shop", 151));

    const [web] = this.state.teams.splice(1, 1) as [Json];
    const core = this.state.teams[0] as Json;
    core["members"] = { pageInfo: { hasNextPage: false }, nodes: [user(1), user(9)] };
    const [left] = this.state.users.splice(4, 1) as [Json];
    this.state.users.push(user(9));
    shop.rest["description"] = "Everything sold";
    const before = { ...shop.rest, description: "Older", updated_at: at(20) };
    shop.rest["updated_at"] = at(600);
    this.state.repos.splice(1, 1);

    const pullBody = (one: Json, action: string): Json => ({
      action,
      number: one["number"],
      pull_request: { number: one["number"] },
    });
    return [
      event("pull_request", pullBody(merged, "closed")),
      event("pull_request", pullBody(merged, "opened")),
      event("pull_request", pullBody(opened, "opened")),
      event("pull_request_review", { ...pullBody(reviewed, "submitted"), review: { state: "approved" } }),
      event("workflow_run", { action: "completed", workflow_run: completed }),
      event("workflow_run", { action: "in_progress", workflow_run: running }),
      event("issues", { action: "closed", issue: closed }),
      event("issues", { action: "edited", issue: edited }),
      event("issues", { action: "deleted", issue: deleted }),
      event("issues", { action: "edited", issue: deleted }),
      event("deployment_status", {
        action: "created",
        deployment: { id: 300_050, node_id: "DE_50" },
        deployment_status: { state: "error" },
      }),
      event("deployment", { action: "created", deployment: { id: started["databaseId"], node_id: "DE_50" } }),
      event("release", { action: "published", release: release("shop", 7) }),
      event("release", { action: "deleted", release: unreleased }),
      event("create", { ref_type: "tag", ref: "v1.9.0", master_branch: "main" }),
      event("delete", { ref_type: "tag", ref: untagged["name"] }),
      event("push", {
        ref: "refs/heads/main",
        before: shaOf("a"),
        after: shaOf("b"),
        deleted: false,
        commits: [],
      }),
      event("organization", { action: "member_added", membership: { user: user(9) } }, null),
      event(
        "membership",
        { action: "added", scope: "team", member: user(9), team: { id: 71, slug: "core" } },
        null,
      ),
      event("team", { action: "deleted", team: { id: web["databaseId"], slug: "web" } }, null),
      event("organization", { action: "member_removed", membership: { user: left } }, null),
      event("repository", { action: "edited" }),
      event("repository", { action: "edited", repository: before }, { ...shop, rest: before }),
      event("repository", { action: "deleted" }, billing),
      event("star", { action: "created" }),
    ];
  }

  vanish(): readonly string[] {
    const [shop] = this.state.repos as [Repo];
    shop.issues.splice(0, 2);
    shop.deployments.splice(0, 1);
    shop.tags.splice(0, 1);
    this.state.users.splice(3, 1);
    return [
      ...["githubIssue/github.com/acme/shop/issues/1", "githubIssue/github.com/acme/shop/issues/2"],
      ...["deployment/shop@deployment-300001", "deployment/shop@v1.1.0", "githubUser/dev4"],
    ];
  }
}
