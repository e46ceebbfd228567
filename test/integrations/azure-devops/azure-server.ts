/**
 * Azure DevOps as its public reference describes it: learn.microsoft.com/rest/api/azure/devops 7.1 (core/projects,
 * git/repositories, git/pull-requests, pull-request-commits, pull-request-threads, build/builds, build/definitions,
 * release/releases, release/deployments, environments and their deployment records; x-ms-continuationtoken) and
 * learn.microsoft.com/azure/devops/service-hooks/events. Fixtures are made here; nothing is taken from anywhere.
 */
import { createHash } from "node:crypto";
import type { SentEvent, Vendor } from "../connector-suite.ts";
import { type Asked, type Json, startVendor, type Told } from "../vendor-server.ts";

const TOKEN = "azpat-test0123456789";
const T0 = Date.parse("2026-03-01T08:00:00Z");
const at = (hours: number): string => new Date(T0 + hours * 3_600_000).toISOString();
const shaOf = (text: string): string => createHash("sha1").update(text).digest("hex");
const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1);
const HOST = "https://dev.azure.com/acme";

const guid = (text: string): string =>
  shaOf(text).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, "$1-$2-$3-$4-$5");
const person = (n: number): Json => ({
  ...{ id: guid(`person ${n}`), displayName: `Dev ${n}`, uniqueName: `dev${n}@acme.test` },
});
const projectOf = (name: string): Json => ({
  ...{ id: guid(name), name, description: `What ${name} does`, state: "wellFormed", revision: 12 },
  ...{ visibility: "private", lastUpdateTime: at(1), url: `${HOST}/_apis/projects/${guid(name)}` },
});
const briefly = ({ id, name }: Json): Json => ({ id, name });
const webUrl = (project: Json, name: string): string =>
  `${HOST}/${encodeURIComponent(String(project["name"]))}/_git/${name}`;
const repositoryOf = (project: Json, name: string): Json => ({
  ...{ id: guid(`repository ${name}`), name, project, defaultBranch: "refs/heads/main", size: 728 },
  ...{ remoteUrl: webUrl(project, name), webUrl: webUrl(project, name), isDisabled: false },
});

const STATUSES = ["completed", "completed", "completed", "abandoned", "active"];

/** Completed three hours after it was opened. */
function pullRequest(repository: Json, n: number, status = STATUSES[n % 5]): Json {
  const name = String(repository["name"]);
  const { project } = repository as { project: Json };
  return {
    repository: { ...briefly(repository), project },
    ...{ pullRequestId: n, codeReviewId: n, status, createdBy: person((n % 3) + 1), title: `Change ${n}` },
    ...{ creationDate: at(n * 4), ...(status !== "active" && { closedDate: at(n * 4 + 3) }) },
    ...{ sourceRefName: `refs/heads/branch-${n}`, isDraft: false, mergeStatus: "succeeded" },
    targetRefName: n % 10 === 2 ? "refs/heads/release/1" : "refs/heads/main",
    lastMergeSourceCommit: { commitId: shaOf(`${name} head ${n}`) },
    lastMergeCommit: { commitId: shaOf(`${name} merge ${n}`) },
    ...{ reviewers: [{ ...person(1), vote: 10 }], supportsIterations: true },
  };
}

/** A draft published, comments of the author, another, the system and a pipeline, an approval; one after the merge. */
function threadsOf(pull: Json): Json[] {
  const n = Number(pull["pullRequestId"]);
  const author = pull["createdBy"] as Json;
  const other = person(((n + 1) % 3) + 1);
  const comment = (who: Json, hours: number, commentType = "text"): Json => ({
    ...{ id: hours, publishedDate: at(n * 4 + hours), properties: {}, identities: null },
    comments: [{ id: 1, author: who, content: "…", publishedDate: at(n * 4 + hours), commentType }],
  });
  const pipeline = { id: guid("pipeline"), displayName: "Build", uniqueName: "Build\\7f3a" };
  const draft = (hours: number, nowSet: string): Json => ({
    ...comment(author, hours, "system"),
    properties: {
      CodeReviewThreadType: { $type: "System.String", $value: "IsDraftUpdate" },
      CodeReviewIsDraftNowSet: { $type: "System.String", $value: nowSet },
    },
  });
  return [
    ...[draft(0.0625, "1"), draft(0.125, "0"), draft(2.25, "1"), draft(2.5, "0")],
    ...[comment(author, 0.25), comment(other, 0.5, "system"), comment(other, 1), comment(pipeline, 1.5)],
    comment(person(9), 5),
    {
      ...{ id: 9, publishedDate: at(n * 4 + 2), identities: { "1": other } },
      properties: {
        CodeReviewThreadType: { $type: "System.String", $value: "VoteUpdate" },
        CodeReviewVoteResult: { $type: "System.String", $value: "10" },
        CodeReviewVotedByIdentity: { $type: "System.String", $value: "1" },
      },
      comments: [{ id: 1, author: other, content: "voted 10", commentType: "system" }],
    },
  ];
}

/** Folders are listed with their files; some merges move a file into another service. */
const changesOf = (sha: string): Json[] => [
  { item: { path: "/services", gitObjectType: "tree", isFolder: true }, changeType: "edit" },
  { item: { path: "/services/cart", gitObjectType: "tree", isFolder: true }, changeType: "edit" },
  { item: { path: "/services/cart/api.ts", gitObjectType: "blob" }, changeType: "edit" },
  ...(sha < "4"
    ? [
        {
          item: { path: "/services/pay/pay.ts", gitObjectType: "blob" },
          ...{ changeType: "edit, sourceRename", sourceServerItem: "/lib/pay.ts" },
        },
      ]
    : []),
];

const RESULTS = ["succeeded", "failed", "canceled", "partiallySucceeded", "succeeded"];
const build = (repository: Json, n: number): Json => ({
  ...{ id: n, buildNumber: `20260301.${n}`, status: "completed", result: RESULTS[n % 5] },
  ...{ queueTime: at(n), startTime: at(n + 0.1), finishTime: at(n + 0.5), lastChangedDate: at(n + 0.6) },
  ...{ definition: { id: (n % 2) + 1, name: n % 2 === 0 ? "web-tests" : "web deploy", path: "\\" } },
  ...{ project: repository["project"], sourceBranch: "refs/heads/main", reason: "individualCI" },
  ...{ sourceVersion: shaOf(`web merge ${n}`), requestedFor: person(1) },
  repository: { id: repository["id"], type: "TfsGit", clean: null, checkoutSubmodules: false },
  _links: { web: { href: `${HOST}/web/_build/results?buildId=${n}` } },
});
const definition = (repository: Json, id: number, name: string): Json => ({
  ...{ id, name, path: "\\", revision: 2, type: "build", queueStatus: "enabled", createdDate: at(0) },
  ...{ project: repository["project"], repository: { id: repository["id"], type: "TfsGit" } },
  _links: { web: { href: `${HOST}/web/_build/definition?definitionId=${id}` } },
});
const release = (n: number): Json => ({
  ...{ id: n, name: `Release-${n}`, status: "active", reason: "continuousIntegration" },
  ...{ createdOn: at(n * 3), modifiedOn: at(n * 3 + 2), createdBy: person(2) },
  releaseDefinition: { id: 1, name: "web" },
  _links: { web: { href: `${HOST}/web/_release?releaseId=${n}` } },
});
const DEPLOYED = ["succeeded", "failed", "notDeployed", "partiallySucceeded", "inProgress"];
const deployment = (repository: Json, n: number): Json => ({
  id: n,
  release: {
    ...{ id: n, name: `Release-${n}`, webAccessUri: `${HOST}/web/_release?releaseId=${n}` },
    artifacts: [
      {
        ...{ sourceId: "1:2", type: "Build", alias: "_web", isPrimary: true },
        definitionReference: {
          ...{ definition: { id: "1", name: "web deploy" }, version: { id: String(n), name: `b${n}` } },
          repository: { id: repository["id"], name: "web" },
          branch: { id: "refs/heads/main", name: "refs/heads/main" },
          sourceVersion: { id: shaOf(`web merge ${n}`), name: "" },
        },
      },
    ],
  },
  releaseDefinition: { id: 1, name: "web", path: "\\" },
  releaseEnvironment: { id: n * 2, name: n % 2 === 0 ? "UAT" : "Production" },
  ...{ attempt: 1, reason: "automated", deploymentStatus: DEPLOYED[n % 5], operationStatus: "Approved" },
  ...{ queuedOn: at(n * 3), startedOn: at(n * 3 + 1), completedOn: at(n * 3 + 2) },
  lastModifiedOn: at(n * 3 + 2),
});
const record = (n: number): Json => ({
  ...{ id: n, environmentId: 5, stageName: "deploy", jobName: "web", requestIdentifier: `r${n}` },
  ...{ definition: { id: 1, name: "web deploy" }, planType: "Build", result: RESULTS[n % 5] },
  owner: {
    id: n,
    name: `20260301.${n}`,
    _links: { web: { href: `${HOST}/web/_build/results?buildId=${n}` } },
  },
  ...{ queueTime: at(n), startTime: at(n + 0.1), finishTime: at(n + 0.4) },
});

export class AzureServer implements Vendor {
  readonly #shop = projectOf("Web Shop");
  readonly #pay = projectOf("Pay");
  readonly #web = repositoryOf(this.#shop, "web");
  readonly projects = [this.#shop, this.#pay];
  readonly repositories = [
    ...[this.#web, repositoryOf(this.#shop, "mobile"), repositoryOf(this.#pay, "billing")],
  ];
  readonly pulls = new Map(
    this.repositories.map(
      (one, i) =>
        [...[one["id"], numbers([120, 10, 10][i] ?? 0).map((n) => pullRequest(one, n))]] as [unknown, Json[]],
    ),
  );
  readonly definitions = [definition(this.#web, 1, "web deploy"), definition(this.#web, 2, "web-tests")];
  readonly builds = numbers(110).map((n) => build(this.#web, n));
  readonly releases = numbers(15).map(release);
  readonly deployments = numbers(20).map((n) => deployment(this.#web, n));
  readonly records = numbers(15).map(record).toReversed();

  settings(url: string): Record<string, string> {
    return { organizationUrl: `${url}/acme/`, token: TOKEN };
  }

  sign(secret: string): Record<string, string> {
    return { authorization: `Basic ${Buffer.from(`fairway:${secret}`).toString("base64")}` };
  }

  start(faults: Parameters<typeof startVendor>[3]): ReturnType<typeof startVendor> {
    const expected = `Basic ${Buffer.from(`:${TOKEN}`).toString("base64")}`;
    return startVendor(
      ({ headers }) => headers["authorization"] === expected,
      { status: 401, body: "" },
      (asked) => this.#answer(asked),
      faults,
    );
  }

  #answer({ path, query }: Asked): Told {
    const missing: Told = {
      status: 404,
      body: { $id: "1", message: "TF401019: it does not exist", errorCode: 0 },
    };
    const single = (found: Json | undefined): Told => (found === undefined ? missing : { body: found });
    const list = (all: readonly Json[]): Told => {
      const size = Number(query.get("$top") ?? query.get("top") ?? 100);
      const from = Number(query.get("continuationToken") ?? query.get("$skip") ?? 0);
      const value = all.slice(from, from + size);
      const isLast = from + size >= all.length || query.has("$skip");
      return {
        headers: isLast ? {} : { "x-ms-continuationtoken": String(from + size) },
        body: { count: value.length, value },
      };
    };
    if (query.get("api-version")?.startsWith("7.1") !== true)
      return { status: 400, body: { message: "No api-version was supplied" } };
    if (path === "/acme/_apis/projects") return list(this.projects);
    const [, id, area = "", kind = "", key, part, number, more] =
      /^\/acme\/([0-9a-f-]{36})\/_apis\/([a-z]+)\/([a-z]+)(?:\/([^/]+)(?:\/([A-Za-z]+)(?:\/([0-9a-f]+)(?:\/([a-z]+))?)?)?)?$/.exec(
        path,
      ) ?? [];
    const project = this.projects.find((one) => one["id"] === id);
    if (project === undefined) return missing;
    const own = <T extends Json>(all: readonly T[]): T[] => (project === this.#shop ? [...all] : []);
    const byId = (all: readonly Json[]): Told => single(own(all).find((one) => String(one["id"]) === key));
    const since = (name: string, all: readonly Json[], field: string): Json[] =>
      own(all).filter((one) => String(one[field]) >= (query.get(name) ?? ""));
    switch (`${area}/${kind}`) {
      case "git/repositories": {
        const mine = this.repositories.filter((one) => (one["project"] as Json)["id"] === id);
        if (key === undefined) return list(mine);
        const repository = mine.find((one) => one["id"] === key);
        if (repository === undefined || part === undefined) return single(repository);
        const pulls = this.pulls.get(key) ?? [];
        const pull = pulls.find((one) => String(one["pullRequestId"]) === number);
        if (more === "threads") return list(threadsOf(pull ?? {}));
        if (more === "commits") {
          const n = Number(number);
          return list([
            { commitId: shaOf(`last ${n}`), author: { name: "Dev", date: at(n * 4 - 1) } },
            { commitId: shaOf(`first ${n}`), author: { name: "Dev", date: at(n * 4 - 2) } },
          ]);
        }
        if (part === "commits" && more === "changes") return { body: { changes: changesOf(number ?? "") } };
        const wanted = query.get("searchCriteria.status") ?? "active";
        const closed = query.get("searchCriteria.minTime") ?? "";
        if (closed !== "" && query.get("searchCriteria.queryTimeRangeType") !== "closed")
          return { status: 400, body: { message: "this server filters by the time of closing only" } };
        return number === undefined
          ? list(
              pulls
                .filter(({ status }) => wanted === "all" || status === wanted)
                .filter(({ closedDate }) => closed === "" || String(closedDate) >= closed)
                .toReversed(),
            )
          : single(pull);
      }
      case "build/builds":
        return key === undefined ? list(since("minTime", this.builds, "queueTime")) : byId(this.builds);
      case "build/definitions":
        return list(own(this.definitions));
      case "release/releases":
        return key === undefined
          ? list(since("minCreatedTime", this.releases, "createdOn"))
          : byId(this.releases);
      case "release/deployments":
        return list(since("minModifiedTime", this.deployments, "lastModifiedOn"));
      case "distributedtask/environments":
        return list(
          key === undefined ? own([{ id: 5, name: "live", lastModifiedOn: at(0) }]) : own(this.records),
        );
      default:
        return missing;
    }
  }

  live(): readonly SentEvent[] {
    let sent = 0;
    const event = (eventType: string, resource: Json): SentEvent => ({
      headers: { "content-type": "application/json" },
      body: {
        ...{ subscriptionId: guid("subscription"), notificationId: (sent += 1), id: guid(`event ${sent}`) },
        ...{ eventType, publisherId: "tfs", resource, resourceVersion: "1.0", createdDate: at(900) },
        resourceContainers: { account: { id: guid("acme") }, project: { id: this.#shop["id"] } },
      },
    });
    const pulls = this.pulls.get(this.#web["id"]) ?? [];
    const created = pullRequest(this.#web, 121, "completed");
    pulls.push(created, pullRequest(this.#web, 124));
    const completed = pulls[3] as Json;
    Object.assign(completed, { status: "completed", closedDate: at(800) });
    const late = build(this.#web, 111);
    this.builds.push(late);
    this.releases.push(release(16));
    const deployed = deployment(this.#web, 21);
    this.deployments.push(deployed);
    Object.assign(this.deployments[3] as Json, { deploymentStatus: "succeeded", lastModifiedOn: at(850) });
    const search = repositoryOf(this.#shop, "search");
    this.repositories.push(search);
    const [gone] = this.repositories.splice(1, 1) as [Json];
    const deploymentEvent = (told: Json): Json => ({
      ...{ environment: told["releaseEnvironment"], project: briefly(this.#shop) },
      deployment: { ...told, release: { id: told["id"], name: "…" } },
    });
    return [
      event("git.pullrequest.merged", created),
      event("git.pullrequest.created", { ...created, status: "active" }),
      event("git.pullrequest.created", pulls[121] as Json),
      event("git.pullrequest.updated", completed),
      event("git.pullrequest.created", { ...completed, status: "active" }),
      event("build.complete", { id: 111, status: "completed", result: late["result"] }),
      event("ms.vss-pipelines.run-state-changed-event", { run: { id: 111, state: "inProgress" } }),
      event("ms.vss-release.release-created-event", { release: { id: 16 }, project: briefly(this.#shop) }),
      event("ms.vss-release.deployment-completed-event", deploymentEvent(deployed)),
      event(
        "ms.vss-release.deployment-started-event",
        deploymentEvent({ ...deployed, deploymentStatus: "inProgress" }),
      ),
      event("ms.vss-release.deployment-completed-event", deploymentEvent(this.deployments[3] as Json)),
      event("git.repo.created", { repository: search }),
      event("git.repo.deleted", {
        project: this.#shop,
        repositoryId: gone["id"],
        repositoryName: gone["name"],
      }),
      event("workitem.updated", { id: 5 }),
    ];
  }

  vanish(): readonly string[] {
    // Old builds are thrown away by Azure DevOps itself, which takes nothing from the history of deployments.
    this.builds.splice(0, 5);
    this.definitions.splice(1, 1);
    const billing = this.repositories.findIndex((one) => one["name"] === "billing");
    const [gone] = this.repositories.splice(billing, 1) as [Json];
    const pulls = this.pulls.get(gone["id"]) ?? [];
    const merged = pulls.filter(({ status }) => status === "completed");
    const onMain = merged.filter(({ targetRefName }) => targetRefName === "refs/heads/main");
    return [
      `azureDevopsPipeline/${String(this.#shop["id"])}/2`,
      "service/Pay/billing",
      ...pulls.map((one) => `change/dev.azure.com/acme/Pay/_git/billing/${String(one["pullRequestId"])}`),
      ...onMain.map(
        (one) =>
          `deployment/Pay/billing@${shaOf(`billing merge ${String(one["pullRequestId"])}`).slice(0, 12)}`,
      ),
    ];
  }
}
