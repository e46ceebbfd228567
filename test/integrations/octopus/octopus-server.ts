/**
 * Octopus Deploy as its public reference describes it: octopus.com/docs/octopus-rest-api (spaces, projects, releases,
 * deployments, tasks; skip, take, ids, `Links["Page.Next"]`), the resources of its public client (DeploymentResource,
 * TaskResource, ReleaseResource) and octopus.com/docs/administration/managing-infrastructure/subscriptions. Fixtures are
 * made here; nothing is taken from anywhere.
 */
import { createHash } from "node:crypto";
import type { SentEvent, Vendor } from "../connector-suite.ts";
import { type Asked, type Json, startVendor, type Told } from "../vendor-server.ts";

const KEY = "API-TEST0123456789";
const T0 = Date.parse("2026-03-01T08:00:00Z");
/** .NET tells the offset. */
const at = (hours: number): string => new Date(T0 + hours * 3_600_000).toISOString().replace("Z", "+00:00");
export const shaOf = (text: string): string => createHash("sha1").update(text).digest("hex");
const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1);

type Lists = Record<"environments" | "projects" | "releases" | "deployments" | "tasks", Json[]>;

const project = (space: string, n: number): Json => ({
  ...{ Id: `Projects-${n}`, SpaceId: space, Name: `Shop ${n}`, Slug: `shop-${n}`, IsDisabled: false },
  ...{ Description: `What shop ${n} sells`, TenantedDeploymentMode: "Untenanted", Links: {} },
});

/** Every third knows its packages' builds, others the commit of the process, others none. */
const release = (space: string, n: number, projectId: string): Json => ({
  ...{ Id: `Releases-${n}`, SpaceId: space, ProjectId: projectId, Version: `1.${n}.0`, Assembled: at(n) },
  ...{ ReleaseNotes: "", ChannelId: "Channels-1", SelectedPackages: [] },
  BuildInformation:
    n % 3 === 0 ? [{ PackageId: "shop", Version: `1.${n}.0`, VcsCommitNumber: shaOf(`build ${n}`) }] : [],
  VersionControlReference:
    n % 3 === 1 ? { GitRef: "refs/heads/main", GitCommit: shaOf(`process ${n}`) } : null,
});

const STATES = ["Success", "Success", "Failed", "Canceled", "Executing", "TimedOut"];

const deployment = (space: string, n: number, of: Json): Json => ({
  ...{ Id: `Deployments-${n}`, SpaceId: space, ReleaseId: of["Id"], ProjectId: of["ProjectId"] },
  ...{ EnvironmentId: `Environments-${space === "Spaces-1" ? (n % 2) + 1 : 9}`, TaskId: `ServerTasks-${n}` },
  ...{
    Name: "Deploy",
    Created: at(n),
    DeployedBy: "ci",
    Comments: "",
    Changes: [],
    FailureEncountered: false,
  },
});

const task = (space: string, n: number, state: string): Json => {
  const isCompleted = state !== "Executing";
  return {
    ...{
      Id: `ServerTasks-${n}`,
      SpaceId: space,
      Name: "Deploy",
      Arguments: { DeploymentId: `Deployments-${n}` },
    },
    ...{ State: state, IsCompleted: isCompleted, FinishedSuccessfully: state === "Success" },
    ...{ QueueTime: at(n), StartTime: at(n + 0.5), CompletedTime: isCompleted ? at(n + 1) : null },
  };
};

function space(
  id: string,
  first: number,
  counts: { projects: number; releases: number; deployments: number },
): Lists {
  const projects = numbers(counts.projects).map((n) => project(id, first + n));
  const releases = numbers(counts.releases).map((n) =>
    release(id, first + n, String((projects[n % projects.length] as Json)["Id"])),
  );
  return {
    projects,
    environments: (id === "Spaces-1" ? ["Production", "Staging"] : ["prod-eu"]).map((name, i) => ({
      ...{ Id: `Environments-${id === "Spaces-1" ? i + 1 : 9}`, Name: name, SpaceId: id },
    })),
    releases: releases.toReversed(),
    deployments: numbers(counts.deployments)
      .map((n) => deployment(id, first + n, releases[n % releases.length] as Json))
      .toReversed(),
    tasks: numbers(counts.deployments).map((n) => task(id, first + n, STATES[n % STATES.length] ?? "")),
  };
}

export class OctopusServer implements Vendor {
  readonly spaces: Json[] = [
    { Id: "Spaces-1", Name: "Default", Slug: "default", Description: "", IsDefault: true },
    { Id: "Spaces-2", Name: "Payments", Slug: "payments", Description: "Money", IsDefault: false },
    { Id: "Spaces-3", Name: "Sandbox", Slug: "sandbox", Description: "", IsDefault: false },
  ];
  readonly lists: Record<string, Lists> = {
    "Spaces-1": space("Spaces-1", 0, { projects: 8, releases: 105, deployments: 205 }),
    "Spaces-2": space("Spaces-2", 1000, { projects: 2, releases: 10, deployments: 20 }),
    "Spaces-3": space("Spaces-3", 2000, { projects: 1, releases: 1, deployments: 1 }),
  };

  settings(url: string): Record<string, string> {
    return { baseUrl: url, token: KEY, spaces: "Default, Spaces-2" };
  }

  sign(secret: string): Record<string, string> {
    return { "x-fairway-secret": secret };
  }

  start(faults: Parameters<typeof startVendor>[3]): ReturnType<typeof startVendor> {
    return startVendor(
      ({ headers }) => headers["x-octopus-apikey"] === KEY,
      { status: 401, body: { ErrorMessage: "The API key you provided was not valid." } },
      (asked) => this.#answer(asked),
      faults,
    );
  }

  #answer({ path, query }: Asked): Told {
    const missing: Told = { status: 404, body: { ErrorMessage: "The resource was not found." } };
    const [, , of = "", kind, id] = path.split("/");
    if (path === "/api/users/me") return { body: { Id: "Users-1", Username: "fairway" } };
    const all = of === "spaces" ? this.spaces : this.lists[of]?.[kind as keyof Lists];
    if (all === undefined) return missing;
    if (id !== undefined) {
      const found = all.find((one) => one["Id"] === id);
      return found === undefined ? missing : { body: found };
    }
    const ids = query.get("ids")?.split(",");
    const chosen = all.filter((one) => ids === undefined || ids.includes(String(one["Id"])));
    const [skip, take] = [Number(query.get("skip") ?? 0), Number(query.get("take") ?? 30)];
    const isMore = skip + take < chosen.length;
    const links = isMore ? { "Page.Next": `${path}?skip=${skip + take}&take=${take}` } : {};
    return {
      body: {
        ...{ ItemType: "Resource", TotalResults: chosen.length, ItemsPerPage: take },
        ...{
          Items: chosen.slice(skip, skip + take),
          Links: { ...links, "Page.Current": `${path}?skip=${skip}` },
        },
      },
    };
  }

  live(): readonly SentEvent[] {
    const lists = this.lists["Spaces-1"] as Lists;
    let sent = 0;
    const event = (category: string, ids: readonly string[], spaceId = "Spaces-1"): SentEvent => ({
      headers: { "content-type": "application/json" },
      body: {
        ...{ EventType: "SubscriptionPayload", Timestamp: at(999) },
        Payload: {
          ServerUri: "https://acme.octopus.app",
          Event: {
            ...{ Id: `Events-${(sent += 1)}`, Category: category, SpaceId: spaceId, RelatedDocumentIds: ids },
            ...{ Occurred: at(998), Username: "system", Message: `${category} for ${ids.join(" ")}` },
          },
        },
      },
    });
    const ofDeployment = (n: number): string[] => [
      `Deployments-${n}`,
      ...["Projects-2", "Releases-301", "Environments-1", `ServerTasks-${n}`, "Channels-1"],
    ];
    lists.projects.push(project("Spaces-1", 50));
    Object.assign(lists.projects[0] as Json, { Description: "Everything" });
    const added = release("Spaces-1", 301, "Projects-2");
    lists.releases.unshift(added);
    lists.deployments.unshift(deployment("Spaces-1", 401, added), deployment("Spaces-1", 402, added));
    lists.tasks.push(task("Spaces-1", 401, "Success"), task("Spaces-1", 402, "Failed"));
    // What was running ended.
    const running = lists.tasks.find((one) => one["Id"] === "ServerTasks-4") as Json;
    Object.assign(running, task("Spaces-1", 4, "Success"));
    lists.deployments.splice(
      lists.deployments.findIndex((one) => one["Id"] === "Deployments-8"),
      1,
    );
    lists.releases.splice(
      lists.releases.findIndex((one) => one["Id"] === "Releases-99"),
      1,
    );
    for (const one of lists.deployments.filter((each) => each["ReleaseId"] === "Releases-99"))
      lists.deployments.splice(lists.deployments.indexOf(one), 1);
    return [
      event("DeploymentSucceeded", ofDeployment(401)),
      event("DeploymentStarted", ofDeployment(401)),
      event("DeploymentFailed", ofDeployment(402)),
      event("DeploymentQueued", ofDeployment(402)),
      event("Created", ["Projects-2", "Releases-301", "Channels-1"]),
      event("DeploymentSucceeded", ["Deployments-4", "Projects-5", "Releases-5", "ServerTasks-4"]),
      event("Created", ["Projects-50"]),
      event("Modified", ["Projects-1"]),
      event("Deleted", ["Deployments-8", "Projects-1"]),
      event("Deleted", ["Deployments-98"]),
      event("Deleted", ["Deployments-203"]),
      event("Deleted", ["Releases-99", "Projects-4"]),
      event("MachineHealthy", ["Machines-3", "Environments-1"]),
      event("LoginSucceeded", ["Users-1"]),
    ];
  }

  vanish(): readonly string[] {
    const lists = this.lists["Spaces-2"] as Lists;
    lists.deployments.splice(
      lists.deployments.findIndex((one) => one["Id"] === "Deployments-1001"),
      1,
    );
    lists.releases.splice(
      lists.releases.findIndex((one) => one["Id"] === "Releases-1009"),
      1,
    );
    return ["deployment/shop-1001@octopus-Deployments-1001", "octopusRelease/Releases-1009"];
  }
}
