/**
 * GitLab as its public reference describes it: docs.gitlab.com/api (projects, members, merge requests, notes, pipelines, jobs,
 * deployments, releases, tags, commits; offset pages with Link and X-Total) and docs.gitlab.com/user/project/integrations/
 * webhook_events. Fixtures are made here; nothing is taken from anywhere.
 */
import { createHash } from "node:crypto";
import type { SentEvent, Vendor } from "../connector-suite.ts";
import { type Asked, type Json, linkedPage, startVendor, type Told } from "../vendor-server.ts";

const TOKEN = "glpat-test0123456789";
const T0 = Date.parse("2026-03-01T08:00:00Z");
const at = (hours: number): string => new Date(T0 + hours * 3_600_000).toISOString();
const shaOf = (text: string): string => createHash("sha1").update(text).digest("hex");
const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1);
const HOST = "https://gitlab.example.com";

/** What is listed under a project, by the last part of its address. */
type Lists = Record<
  "merge_requests" | "pipelines" | "jobs" | "deployments" | "releases" | "tags" | "commits",
  Json[]
>;

interface Project {
  readonly rest: Json;
  readonly lists: Lists;
}

const member = (id: number): Json => ({
  ...{
    id,
    username: `dev.${id}`,
    name: `Dev ${id}`,
    state: "active",
    access_level: 30,
    web_url: `${HOST}/dev.${id}`,
  },
});

function mergeRequest(path: string, iid: number): Json {
  const state = iid % 5 === 0 ? "opened" : iid % 7 === 0 ? "closed" : "merged";
  const merged = state === "merged" ? at(iid * 3 + 5) : null;
  return {
    ...{ id: 5000 + iid, iid, title: `Change ${iid}`, state, draft: false, labels: ["feature"] },
    ...{ created_at: at(iid * 3), updated_at: at(iid * 3 + 6), merged_at: merged },
    closed_at: state === "closed" ? at(iid * 3 + 5) : null,
    ...{ author: member((iid % 3) + 1), source_branch: `branch-${iid}`, target_branch: "main" },
    ...{ sha: shaOf(`${path} head ${iid}`), squash_commit_sha: null },
    // Every third is merged by fast-forward, which makes no commit.
    merge_commit_sha: merged === null || iid % 3 === 0 ? null : shaOf(`${path} merge ${iid}`),
    ...{ web_url: `${HOST}/${path}/-/merge_requests/${iid}`, references: { full: `${path}!${iid}` } },
  };
}

/** Ready, commented by the author, a bot and another, approved, and commented once more when it was merged. */
function notesOf(iid: number): Json[] {
  const begin = iid * 3;
  const [author, other] = [member((iid % 3) + 1), member(((iid + 1) % 3) + 1)];
  const bot = { ...member(90), username: "project_31_bot_5f1c" };
  const note = (hours: number, who: Json, body: string, system = false): Json => ({
    ...{ id: begin * 100 + hours, type: null, body, author: who, system, noteable_iid: iid },
    ...{ created_at: at(begin + hours), updated_at: at(begin + hours), resolvable: false },
  });
  return [
    note(0.25, author, "marked this merge request as **ready**", true),
    note(0.5, author, "Please have a look"),
    note(0.75, other, "requested review from @dev.1", true),
    // In the zone of the server.
    {
      ...note(2, other, "Why not simpler?"),
      created_at: at(begin + 4).replace("Z", "+02:00"),
    },
    note(2.5, bot, "Coverage: 93 %"),
    note(3, other, "approved this merge request", true),
    note(9, other, "Seen in production"),
  ];
}

const STATUSES = ["success", "failed", "canceled", "skipped", "running"];
const pipeline = (path: string, id: number): Json => ({
  ...{
    id,
    iid: id,
    status: STATUSES[id % 5],
    source: "push",
    ref: "main",
    sha: shaOf(`${path} merge ${id}`),
  },
  ...{ created_at: at(id), updated_at: at(id + 1), web_url: `${HOST}/${path}/-/pipelines/${id}` },
});
const job = (path: string, id: number): Json => ({
  ...{ id, name: id % 2 === 0 ? "deploy-production" : "test", stage: "deploy", status: STATUSES[id % 5] },
  ...{ ref: "main", tag: false, created_at: at(id), started_at: at(id), finished_at: at(id + 1) },
  ...{
    commit: { id: shaOf(`${path} merge ${id}`) },
    pipeline: { id: 1 + (id % 20) },
    web_url: `${HOST}/${path}/-/jobs/${id}`,
  },
});
const deployment = (path: string, id: number): Json => ({
  ...{ id, iid: id, ref: "main", sha: shaOf(`${path} merge ${id}`), status: STATUSES[id % 5] },
  ...{
    created_at: at(id * 4),
    updated_at: at(id * 4 + 2),
    environment: { name: id % 3 === 0 ? "staging" : "production" },
  },
  deployable: {
    started_at: at(id * 4),
    finished_at: at(id * 4 + 1),
    web_url: `${HOST}/${path}/-/jobs/${id}`,
  },
});
const release = (path: string, n: number): Json => ({
  ...{ tag_name: `v1.${n}.0`, name: `Release ${n}`, created_at: at(n * 20), released_at: at(n * 20 + 1) },
  ...{
    commit: { id: shaOf(`${path} merge ${n}`) },
    upcoming_release: false,
    _links: { self: `${HOST}/${path}/-/releases/v1.${n}.0` },
  },
});
const tag = (path: string, n: number): Json => ({
  ...{ name: `v1.${n}.0`, created_at: n % 2 === 0 ? at(n * 20) : null },
  commit: { id: shaOf(`${path} merge ${n}`), committed_date: at(n * 20 - 1) },
});
const commit = (path: string, n: number): Json => ({
  ...{ id: shaOf(`${path} merge ${n}`), parent_ids: n === 1 ? [] : [shaOf(`${path} merge ${n - 1}`)] },
  ...{ message: `Change ${n}`, author_name: "Dev", author_email: "dev@example.com" },
  ...{ authored_date: "2026-03-01T10:00:00.000+02:00", committed_date: at(n) },
});

function project(id: number, path: string, count: number): Project {
  const few = numbers(Math.ceil(count / 10));
  return {
    rest: {
      ...{ id, name: path.split("/").at(-1), path_with_namespace: path, web_url: `${HOST}/${path}` },
      ...{ description: `What ${path} does`, default_branch: "main", updated_at: at(1) },
    },
    lists: {
      merge_requests: numbers(count).map((n) => mergeRequest(path, n)),
      pipelines: numbers(Math.ceil(count * 0.8)).map((n) => pipeline(path, id * 1000 + n)),
      jobs: numbers(count / 2).map((n) => job(path, id * 1000 + n)),
      deployments: few.map((n) => deployment(path, id * 1000 + n)),
      releases: few.slice(0, 5).map((n) => release(path, n)),
      tags: few.slice(0, 6).map((n) => tag(path, n)),
      commits: numbers(120)
        .map((n) => commit(path, n))
        .toReversed(),
    },
  };
}

export class GitlabServer implements Vendor {
  readonly projects = [project(31, "acme/shop", 140), project(32, "acme/pay/billing", 40)];
  readonly members = numbers(6).map(member);

  settings(url: string): Record<string, string> {
    return { group: "acme", baseUrl: url, token: TOKEN };
  }

  sign(secret: string): Record<string, string> {
    return { "x-gitlab-token": secret };
  }

  start(faults: Parameters<typeof startVendor>[3]): ReturnType<typeof startVendor> {
    return startVendor(
      ({ headers }) => headers["private-token"] === TOKEN,
      { status: 401, body: { message: "401 Unauthorized" } },
      (asked) => this.#answer(asked),
      faults,
    );
  }

  #answer(asked: Asked): Told {
    const list = (all: readonly Json[]): Told => {
      const { items, headers } = linkedPage(asked, all, 20);
      return { headers: { ...headers, "x-total": String(all.length) }, body: items };
    };
    const missing: Told = { status: 404, body: { message: "404 Not found" } };
    const single = (found: Json | undefined): Told => (found === undefined ? missing : { body: found });
    const path = asked.path.replace(/^\/api\/v4/, "");
    if (path === "/groups/acme") return { body: { id: 1, full_path: "acme" } };
    if (path === "/groups/acme/projects") return list(this.projects.map(({ rest }) => rest));
    if (path === "/groups/acme/members/all") return list(this.members);
    const user = /^\/groups\/acme\/members\/all\/(\d+)$/.exec(path)?.[1];
    if (user !== undefined) return single(this.members.find(({ id }) => String(id) === user));
    const [, id, kind = "", key] =
      /^\/projects\/(\d+)(?:\/(?:repository\/)?([a-z_]+)(?:\/(.+))?)?$/.exec(path) ?? [];
    const found = this.projects.find(({ rest }) => String(rest["id"]) === id);
    if (found === undefined) return missing;
    if (kind === "") return { body: found.rest };
    const all = found.lists[kind as keyof Lists] as Json[] | undefined;
    if (all === undefined) return missing;
    if (key === undefined) return list(kind === "jobs" ? all.toReversed() : all);
    const [name = "", more] = key.split("/").map(decodeURIComponent);
    const one = all.find(
      (item) =>
        String(
          item["iid"] !== undefined && kind === "merge_requests"
            ? item["iid"]
            : (item["id"] ?? item["tag_name"] ?? item["name"]),
        ) === name,
    );
    if (more === "commits")
      return list([
        { id: shaOf(`last ${name}`), authored_date: at(Number(name) * 3 - 1) },
        { id: shaOf(`first ${name}`), authored_date: at(Number(name) * 3 - 2) },
      ]);
    if (more === "notes") return list(notesOf(Number(name)));
    if (more === "diffs")
      return list([
        { old_path: "services/cart/api.ts", new_path: "services/cart/api.ts" },
        { old_path: "README.md", new_path: "README.md" },
        // Every fourth moves a file into another service.
        ...(Number(name) % 4 === 0 ? [{ old_path: "lib/pay.ts", new_path: "services/pay/pay.ts" }] : []),
      ]);
    return single(one);
  }

  live(): readonly SentEvent[] {
    const [shop, billing] = this.projects as [Project, Project];
    let sent = 0;
    const event = (header: string, body: Json, { rest } = shop): SentEvent => ({
      headers: {
        "x-gitlab-event": header,
        "idempotency-key": `e-${(sent += 1)}`,
        "content-type": "application/json",
      },
      body: {
        ...body,
        project: {
          id: rest["id"],
          name: rest["name"],
          path_with_namespace: rest["path_with_namespace"],
          web_url: rest["web_url"],
          default_branch: "main",
        },
      },
    });
    const { lists } = shop;
    lists.merge_requests.push(mergeRequest("acme/shop", 141), mergeRequest("acme/shop", 145));
    Object.assign(lists.merge_requests[4] as Json, {
      state: "merged",
      merged_at: at(800),
      updated_at: at(800),
      merge_commit_sha: shaOf("late"),
    });
    const late = pipeline("acme/shop", 31_901);
    lists.pipelines.push(late);
    lists.jobs.push(job("acme/shop", 31_902));
    lists.deployments.push(deployment("acme/shop", 31_905));
    lists.releases.push(release("acme/shop", 9));
    lists.releases.splice(0, 1);
    lists.tags.push(tag("acme/shop", 9));
    lists.tags.splice(1, 1);
    lists.commits.unshift(commit("acme/shop", 121));
    this.members.splice(5, 1);
    this.members.push(member(9));
    shop.rest["description"] = "Everything sold";
    this.projects.splice(1, 1);
    const request = (iid: number, action: string): Json => ({
      object_kind: "merge_request",
      object_attributes: { id: 5000 + iid, iid, action },
    });
    const group = (body: Json): SentEvent => ({
      headers: { "x-gitlab-event": "Member Hook", "idempotency-key": `e-${(sent += 1)}` },
      body: { group_path: "acme", ...body },
    });
    return [
      event("Merge Request Hook", request(141, "merge")),
      event("Merge Request Hook", request(141, "open")),
      event("Merge Request Hook", request(145, "open")),
      event("Merge Request Hook", request(5, "merge")),
      event("Pipeline Hook", {
        object_kind: "pipeline",
        object_attributes: { id: late["id"], status: "success" },
      }),
      event("Pipeline Hook", {
        object_kind: "pipeline",
        object_attributes: { id: late["id"], status: "running" },
      }),
      event("Job Hook", { object_kind: "build", build_id: 31_902, build_status: "success" }),
      event("Deployment Hook", { object_kind: "deployment", deployment_id: 31_905, status: "success" }),
      event("Release Hook", { object_kind: "release", tag: "v1.9.0", action: "create" }),
      event("Release Hook", { object_kind: "release", tag: "v1.1.0", action: "delete" }),
      event("Tag Push Hook", { object_kind: "tag_push", ref: "refs/tags/v1.9.0" }),
      event("Tag Push Hook", { object_kind: "tag_push", ref: "refs/tags/v1.2.0", after: "0".repeat(40) }),
      event("Push Hook", { object_kind: "push", ref: "refs/heads/main" }),
      group({ event_name: "user_add_to_group", user_id: 9 }),
      group({ event_name: "user_remove_from_group", user_id: 6 }),
      group({ event_name: "project_update", project_id: 31, path_with_namespace: "acme/shop" }),
      group({ event_name: "project_destroy", project_id: 32, path_with_namespace: "acme/pay/billing" }),
      event("Pipeline Hook", { object_kind: "pipeline", object_attributes: { id: 32_001 } }, billing),
    ];
  }

  vanish(): readonly string[] {
    const [shop] = this.projects as [Project];
    shop.lists.pipelines.splice(0, 2);
    shop.lists.tags.splice(0, 1);
    this.members.splice(1, 1);
    return [
      "gitlabPipeline/31001",
      "gitlabPipeline/31002",
      "deployment/acme/shop@pipeline-31001",
      "deployment/acme/shop@v1.1.0",
      "gitlabMember/dev.2",
    ];
  }
}
