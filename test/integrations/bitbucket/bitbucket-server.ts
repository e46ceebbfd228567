/**
 * Bitbucket Cloud as its public reference describes it: developer.atlassian.com/cloud/bitbucket/rest (repositories,
 * pull requests with activity and commits, commits, pipelines, deployments, environments, refs; pages with `next`, which
 * pipelines leave out) and support.atlassian.com: event payloads. Fixtures are made here; nothing is taken from anywhere.
 */
import { createHash, createHmac } from "node:crypto";
import type { SentEvent, Vendor } from "../connector-suite.ts";
import { type Asked, type Json, startVendor, type Told } from "../vendor-server.ts";

const TOKEN = "bbtok-test0123456789";
const EMAIL = "reader@acme.test";
const T0 = Date.parse("2026-03-01T08:00:00Z");
/** As Bitbucket writes times. */
const at = (hours: number): string =>
  new Date(T0 + hours * 3_600_000).toISOString().replace(/\.\d+Z$/, ".273346+00:00");
const shaOf = (text: string): string => createHash("sha1").update(text).digest("hex");
const uuid = (text: string): string =>
  shaOf(text).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, "{$1-$2-$3-$4-$5}");
const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1);
const html = (path: string): Json => ({ html: { href: `https://bitbucket.org/acme/${path}` } });

const person = (n: number): Json => ({
  ...{ type: "user", uuid: uuid(`person ${n}`), nickname: `dev${n}`, display_name: `Dev ${n}` },
});
const repositoryOf = (slug: string): Json => ({
  ...{ type: "repository", uuid: uuid(slug), name: slug, slug, full_name: `acme/${slug}`, is_private: true },
  ...{ mainbranch: { type: "branch", name: "main" }, language: "go", description: `What ${slug} does` },
  ...{ created_on: at(0), updated_on: at(1), links: html(slug) },
});

const STATES = ["MERGED", "MERGED", "MERGED", "DECLINED", "OPEN"];
const pullRequest = (slug: string, id: number, state = STATES[id % 5]): Json => ({
  ...{ type: "pullrequest", id, title: `Change ${id}`, state, author: person((id % 3) + 1), draft: false },
  ...{ created_on: at(id * 4), updated_on: at(id * 4 + 6), links: html(`${slug}/pull-requests/${id}`) },
  source: { branch: { name: `b${id}` }, commit: { hash: shaOf(`${slug} head ${id}`).slice(0, 12) } },
  destination: { branch: { name: id % 10 === 2 ? "release" : "main" }, commit: { hash: "0".repeat(12) } },
  // Bitbucket shortens them here.
  merge_commit: state === "MERGED" ? { hash: shaOf(`${slug} merge ${id}`).slice(0, 12) } : null,
});
/** The commit of an abbreviated hash. */
const mergeOf = (slug: string, short: string): Json | undefined => {
  const hash = numbers(200)
    .map((n) => shaOf(`${slug} merge ${n}`))
    .find((one) => one.startsWith(short));
  return hash === undefined ? undefined : { type: "commit", hash };
};
/** Commented by the author, another, and an app, approved, merged, and commented again: the newest first. */
const activityOf = (id: number): Json[] => {
  const [author, other] = [person((id % 3) + 1), person(((id + 1) % 3) + 1)];
  const app = { type: "app_user", uuid: uuid("app"), nickname: "Checks", display_name: "Checks" };
  // Another person under the author's name.
  const namesake = { ...author, uuid: uuid("namesake") };
  return [
    { comment: { id: 5, created_on: at(id * 4 + 5), user: person(9) } },
    { update: { state: "MERGED", date: at(id * 4 + 3), author: other } },
    { changes_requested: { date: at(id * 4 + 2.5), user: namesake } },
    { approval: { date: at(id * 4 + 2), user: other } },
    { comment: { id: 3, created_on: at(id * 4 + 1.5), user: app } },
    { comment: { id: 2, created_on: at(id * 4 + 1), user: other } },
    { comment: { id: 1, created_on: at(id * 4 + 0.5), user: author } },
    { update: { state: "OPEN", date: at(id * 4), author } },
  ];
};
const RESULTS = ["SUCCESSFUL", "FAILED", "STOPPED", "ERROR", "SUCCESSFUL"];
const pipeline = (slug: string, n: number): Json => ({
  ...{ type: "pipeline", uuid: uuid(`${slug} pipeline ${n}`), build_number: n, trigger: { name: "PUSH" } },
  target: {
    ...{ type: "pipeline_ref_target", ref_type: "branch", ref_name: n % 7 === 0 ? "dev" : "main" },
    commit: { type: "commit", hash: shaOf(`${slug} merge ${n}`) },
  },
  state: { name: "COMPLETED", type: "pipeline_state_completed", result: { name: RESULTS[n % 5] } },
  ...{ created_on: at(n), completed_on: at(n + 0.5), duration_in_seconds: 1800 },
});
const ENVIRONMENTS: readonly Json[] = [
  { uuid: uuid("live"), name: "eu-1", slug: "eu-1", environment_type: { name: "Production", rank: 2 } },
  { uuid: uuid("stage"), name: "stage", slug: "stage", environment_type: { name: "Staging", rank: 1 } },
];
const deployment = (slug: string, n: number): Json => ({
  ...{ type: "deployment", uuid: uuid(`${slug} deployment ${n}`) },
  state: {
    ...{ type: "deployment_state_completed", name: n % 9 === 0 ? "IN_PROGRESS" : "COMPLETED" },
    status: { name: ["SUCCESSFUL", "FAILED", "STOPPED"][n % 3] },
    ...{
      started_on: at(n * 2),
      completed_on: at(n * 2 + 1),
      url: `https://bitbucket.org/acme/${slug}/p/${n}`,
    },
  },
  environment: { type: "deployment_environment", uuid: ENVIRONMENTS[n % 2]?.["uuid"] },
  release: { name: `#${n}`, commit: { hash: shaOf(`${slug} merge ${n}`) } },
});
const tag = (slug: string, n: number): Json => ({
  ...{
    type: "tag",
    name: `v1.${n}.0`,
    date: n % 2 === 0 ? at(n * 20) : null,
    links: html(`${slug}/tag`),
  },
  target: { hash: shaOf(`${slug} merge ${n}`), date: at(n * 20 - 1) },
});
const commit = (slug: string, n: number): Json => ({
  ...{ hash: shaOf(`${slug} merge ${n}`), date: at(n), message: `Change ${n}` },
  author: { raw: "Dev <dev@acme.test>" },
  parents: n === 1 ? [] : [{ hash: shaOf(`${slug} merge ${n - 1}`) }],
});

type Lists = Record<"pullrequests" | "pipelines" | "deployments" | "refs/tags" | "commits/main", Json[]>;
const listsOf = (slug: string, count: number): Lists => ({
  pullrequests: numbers(count).map((n) => pullRequest(slug, n)),
  pipelines: numbers(count)
    .map((n) => pipeline(slug, n))
    .toReversed(),
  deployments: numbers(Math.ceil(count / 6))
    .map((n) => deployment(slug, n))
    .toReversed(),
  "refs/tags": numbers(Math.min(6, count)).map((n) => tag(slug, n)),
  "commits/main": numbers(count)
    .map((n) => commit(slug, n))
    .toReversed(),
});

export class BitbucketServer implements Vendor {
  readonly repositories = ["shop", "billing", "search"].map(repositoryOf);
  readonly lists = new Map([
    ["shop", listsOf("shop", 125)],
    ["billing", listsOf("billing", 12)],
    ["search", listsOf("search", 6)],
  ]);

  settings(url: string): Record<string, string> {
    return {
      workspace: "acme",
      serviceFolders: "services/",
      email: EMAIL,
      token: TOKEN,
      apiUrl: `${url}/2.0`,
    };
  }

  sign(secret: string, rawBody: string): Record<string, string> {
    return { "x-hub-signature": `sha256=${createHmac("sha256", secret).update(rawBody).digest("hex")}` };
  }

  start(faults: Parameters<typeof startVendor>[3]): ReturnType<typeof startVendor> {
    const expected = `Basic ${Buffer.from(`${EMAIL}:${TOKEN}`).toString("base64")}`;
    return startVendor(
      ({ headers }) => headers["authorization"] === expected,
      { status: 401, body: { type: "error", error: { message: "Token is invalid or expired" } } },
      (asked) => this.#answer(asked),
      faults,
    );
  }

  #answer({ path, query, origin }: Asked): Told {
    const missing: Told = { status: 404, body: { type: "error", error: { message: "Not found" } } };
    const single = (found: Json | undefined): Told => (found === undefined ? missing : { body: found });
    const list = (all: readonly Json[], isPlain = false): Told => {
      const length = Number(query.get("pagelen") ?? 10);
      const page = Number(query.get("page") ?? 1);
      const next = new URLSearchParams(query);
      next.set("page", String(page + 1));
      const hasMore = page * length < all.length && !isPlain;
      return {
        body: {
          ...{
            page,
            pagelen: length,
            size: all.length,
            values: all.slice((page - 1) * length, page * length),
          },
          ...(hasMore && { next: `${origin}${path}?${next.toString()}` }),
        },
      };
    };
    if (path === "/2.0/repositories/acme") return list(this.repositories);
    const [, slug = "", rest = ""] = /^\/2\.0\/repositories\/acme\/([^/]+)(?:\/(.+))?$/.exec(path) ?? [];
    const repository = this.repositories.find((one) => one["slug"] === slug);
    const lists = this.lists.get(slug);
    if (repository === undefined || lists === undefined) return missing;
    if (rest === "") return { body: repository };
    if (rest === "environments") return list(ENVIRONMENTS);
    if (rest.startsWith("commit/")) return single(mergeOf(slug, rest.slice("commit/".length)));
    const [, id, part] = /^pullrequests\/(\d+)(?:\/([a-z]+))?$/.exec(rest) ?? [];
    if (part === "diffstat") {
      // Every third moves a file from one service to another.
      const path = `services/${Number(id) % 2 === 0 ? "cart" : "pay"}/main.go`;
      const old = Number(id) % 3 === 0 ? "services/legacy/main.go" : path;
      return list([
        { type: "diffstat", old: { path: old }, new: { path } },
        { new: { path: "README.md" }, old: null },
      ]);
    }
    if (part === "activity") return list(activityOf(Number(id)));
    if (part === "commits")
      return list([
        { hash: shaOf(`last ${id}`), date: at(Number(id) * 4 - 1) },
        { hash: shaOf(`first ${id}`), date: at(Number(id) * 4 - 2) },
      ]);
    if (id !== undefined) return single(lists.pullrequests.find((one) => String(one["id"]) === id));
    const name = rest.startsWith("refs/tags/") ? decodeURIComponent(rest.slice("refs/tags/".length)) : null;
    if (name !== null) return single(lists["refs/tags"].find((one) => one["name"] === name));
    const all = lists[rest as keyof Lists] as Json[] | undefined;
    if (all === undefined) return missing;
    const states = query.getAll("state");
    const sha = query.get("target.commit.hash");
    const [, updated = "1970-01-01"] = /^updated_on>=(.+)$/.exec(query.get("q") ?? "") ?? [];
    const wanted = all.filter((one) =>
      rest === "pullrequests"
        ? states.includes(String(one["state"])) &&
          Date.parse(String(one["updated_on"])) >= Date.parse(updated)
        : sha === null || ((one["target"] as Json)["commit"] as Json)["hash"] === sha,
    );
    return list(wanted, rest === "pipelines");
  }

  live(): readonly SentEvent[] {
    let sent = 0;
    const event = (key: string, body: Json, slug = "shop"): SentEvent => ({
      headers: {
        ...{ "x-event-key": key, "x-request-uuid": `d-${(sent += 1)}`, "content-type": "application/json" },
      },
      // Without the main branch, as in the event payloads.
      body: { actor: person(1), repository: { ...repositoryOf(slug), mainbranch: undefined }, ...body },
    });
    const shop = this.lists.get("shop") as Lists;
    shop.pullrequests.push(pullRequest("shop", 126, "MERGED"), pullRequest("shop", 129));
    const merged = shop.pullrequests[3] as Json;
    Object.assign(merged, { ...pullRequest("shop", 4, "MERGED"), updated_on: at(800) });
    shop.pipelines.unshift(pipeline("shop", 126));
    shop.deployments.unshift(deployment("shop", 31));
    shop["refs/tags"].push(tag("shop", 9));
    shop["refs/tags"].splice(1, 1);
    shop["commits/main"].unshift(commit("shop", 126));
    Object.assign(this.repositories[0] as Json, { description: "Everything sold", updated_on: at(900) });
    this.repositories.splice(2, 1);
    this.repositories.push(repositoryOf("mobile"));
    this.lists.set("mobile", listsOf("mobile", 0));
    const pull = (id: number, state: string): Json => ({ pullrequest: pullRequest("shop", id, state) });
    const status = (state: string): Json => ({
      commit_status: {
        ...{ key: "-1879968562", type: "build", state, name: "Pipeline #126 for main", refname: "main" },
        commit: { type: "commit", hash: shaOf("shop merge 126") },
        url: "https://bitbucket.org/acme/shop/addon/pipelines/home#!/results/126",
      },
    });
    const push = (type: string, name: string, isGone = false): Json => ({
      push: { changes: [isGone ? { old: { type, name }, new: null } : { old: null, new: { type, name } }] },
    });
    return [
      event("pullrequest:fulfilled", pull(126, "MERGED")),
      event("pullrequest:created", pull(126, "OPEN")),
      event("pullrequest:created", pull(129, "OPEN")),
      event("pullrequest:fulfilled", pull(4, "MERGED")),
      event("pullrequest:approved", pull(4, "OPEN")),
      event("repo:commit_status_updated", status("SUCCESSFUL")),
      event("repo:commit_status_created", status("INPROGRESS")),
      event("repo:push", push("tag", "v1.9.0")),
      event("repo:push", push("tag", "v1.2.0", true)),
      event("repo:push", push("branch", "main")),
      event("repo:push", push("branch", "feature/x")),
      event("repo:updated", { changes: { description: { new: "Everything sold", old: "…" } } }),
      event("repo:created", {}, "mobile"),
      event("repo:deleted", {}, "search"),
      event("pullrequest:created", { repository: { full_name: "others/shop" }, ...pull(1, "OPEN") }),
    ];
  }

  vanish(): readonly string[] {
    const shop = this.lists.get("shop") as Lists;
    // Old pipelines go by Bitbucket's own retention, which takes nothing from the history of deployments.
    shop.pipelines.splice(-5, 5);
    shop["refs/tags"].splice(0, 1);
    const billing = this.lists.get("billing") as Lists;
    billing.pullrequests.splice(3, 1);
    billing.pullrequests.splice(0, 1);
    return [
      "deployment/shop@v1.1.0",
      ...["1", "4"].map((id) => `change/bitbucket.org/acme/billing/${id}`),
      `deployment/pay@${shaOf("billing merge 1").slice(0, 12)}`,
    ];
  }
}
