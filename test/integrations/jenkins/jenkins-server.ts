/**
 * Jenkins as its public reference describes it: jenkins.io Remote access API (`/api/json`, `tree` with ranges, names of
 * classes of Folders, Multibranch and Git plugins) and the payloads of the plugins Generic Event (docs/workflowrun.md of
 * its repository) and Notification. Fixtures are made here; nothing is taken from anywhere.
 */
import { createHash } from "node:crypto";
import type { SentEvent, Vendor } from "../connector-suite.ts";
import { type Asked, type Json, startVendor, type Told } from "../vendor-server.ts";

const TOKEN = "11jenkins0123456789";
const T0 = Date.parse("2026-03-01T08:00:00Z");
const HOUR = 3_600_000;
const shaOf = (text: string): string => createHash("sha1").update(text).digest("hex");
const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1);
const HOST = "https://jenkins.acme.test";

const PIPELINE = "org.jenkinsci.plugins.workflow.job.WorkflowJob";
const FOLDER = "com.cloudbees.hudson.plugins.folder.Folder";
const MULTIBRANCH = "org.jenkinsci.plugins.workflow.multibranch.WorkflowMultiBranchProject";

/** `job/team/job/shop/`. */
const pathOf = (fullName: string): string =>
  `job/${fullName.split("/").map(encodeURIComponent).join("/job/")}/`;

interface Item {
  readonly json: Json;
  readonly builds: Json[];
}

const RESULTS = ["SUCCESS", "FAILURE", "UNSTABLE", "ABORTED", "SUCCESS"];
const checkout = (repository: string, branch: string, sha: string): Json => ({
  _class: "hudson.plugins.git.util.BuildData",
  lastBuiltRevision: { SHA1: sha, branch: [{ SHA1: sha, name: `refs/remotes/origin/${branch}` }] },
  remoteUrls: [repository],
});

/** Half an hour long. Checks out a shared library before its own code. */
function build(fullName: string, number: number, isBuilding = false): Json {
  const branch = decodeURIComponent(fullName.split("/").at(-1) ?? "");
  const isBranch = fullName.startsWith("shop/");
  return {
    ...{ _class: "org.jenkinsci.plugins.workflow.job.WorkflowRun", id: String(number), number },
    ...{ displayName: `#${number}`, fullDisplayName: `${fullName} #${number}`, description: null },
    ...{ url: `${HOST}/${pathOf(fullName)}${number}/`, building: isBuilding },
    result: isBuilding ? null : RESULTS[number % 5],
    ...{ timestamp: T0 + number * HOUR, duration: isBuilding ? 0 : HOUR / 2 },
    actions: [
      { _class: "hudson.model.CauseAction", causes: [{ shortDescription: "Started by timer" }] },
      ...(isBranch
        ? [
            checkout("https://github.com/acme/pipeline-library.git", "main-library", shaOf("library")),
            checkout("git@github.com:acme/shop.git", branch, shaOf(`shop merge ${number}`)),
          ]
        : []),
      {},
    ],
  };
}

function item(type: string, fullName: string, count = 0): Item {
  const name = fullName.split("/").at(-1);
  return {
    json: {
      ...{ _class: type, name, fullName, displayName: name, description: `What ${fullName} does` },
      ...{ url: `${HOST}/${pathOf(fullName)}`, ...(type === PIPELINE && { color: "blue", buildable: true }) },
    },
    builds: numbers(count)
      .map((n) => build(fullName, n))
      .toReversed(),
  };
}

export class JenkinsServer implements Vendor {
  readonly items = [
    ...[item(FOLDER, "team"), item(PIPELINE, "billing-deploy", 110), item(MULTIBRANCH, "shop")],
    ...[item(PIPELINE, "team/web-tests", 60), item(PIPELINE, "team/old-deploy-staging", 5)],
    ...[item(PIPELINE, "shop/main", 115), item(PIPELINE, "shop/feature%2Fx", 5)],
  ];

  settings(url: string): Record<string, string> {
    return { baseUrl: `${url}/ci/`, user: "reader", token: TOKEN };
  }

  /** The plugin Generic Event can be given nothing but an address. */
  sign(): Record<string, string> {
    return {};
  }

  query(secret: string): string {
    return `?secret=${encodeURIComponent(secret)}`;
  }

  start(faults: Parameters<typeof startVendor>[3]): ReturnType<typeof startVendor> {
    const expected = `Basic ${Buffer.from(`reader:${TOKEN}`).toString("base64")}`;
    return startVendor(
      ({ headers }) => headers["authorization"] === expected,
      { status: 401, body: "<html><title>Error 401 Unauthorized</title></html>" },
      (asked) => this.#answer(asked),
      faults,
    );
  }

  #answer({ path, query }: Asked): Told {
    const missing: Told = { status: 404, body: "<html><title>Error 404 Not Found</title></html>" };
    const [, inside = ""] = /^\/ci((?:\/[^/]+)*)\/api\/json$/.exec(path) ?? [];
    const names = [...inside.matchAll(/\/job\/([^/]+)/g)].map(([, name = ""]) => decodeURIComponent(name));
    const [, number] = /\/(\d+)$/.exec(inside) ?? [];
    const tree = query.get("tree") ?? "";
    const [, list, from, to] = /^(jobs|allBuilds)\[.*\]\{(\d+),(\d+)\}$/.exec(tree) ?? [];
    const fullName = names.join("/");
    const found = this.items.find(({ json }) => json["fullName"] === fullName);
    if (fullName !== "" && found === undefined) return missing;
    if (number !== undefined) {
      const one = found?.builds.find((each) => String(each["number"]) === number);
      return one === undefined ? missing : { body: one };
    }
    const range = (all: readonly Json[]): Json[] => all.slice(Number(from), Number(to));
    const parentOf = ({ json }: Item): string => String(json["fullName"]).split("/").slice(0, -1).join("/");
    const inIt = this.items.filter((one) => parentOf(one) === fullName).map(({ json }) => json);
    if (list === "jobs") return { body: { _class: "hudson.model.Hudson", jobs: range(inIt) } };
    if (list === "allBuilds") return { body: { _class: PIPELINE, allBuilds: range(found?.builds ?? []) } };
    return {
      body: found?.json ?? { _class: "hudson.model.Hudson", url: `${HOST}/`, nodeDescription: "built-in" },
    };
  }

  live(): readonly SentEvent[] {
    let sent = 0;
    const headers = { "content-type": "application/json" };
    const ran = (type: string, fullName: string, number: number): SentEvent => ({
      headers,
      body: {
        ...{ type, id: `e-${(sent += 1)}`, source: pathOf(fullName), url: `${pathOf(fullName)}${number}/` },
        ...{ dataType: "WorkflowRunData", time: "2026-03-10T17:53:28.484+0800" },
        data: { multiBranch: true, parentFullName: "shop", projectName: "main", run: { number } },
      },
    });
    const about = (type: string, fullName: string): SentEvent => ({
      headers,
      body: { type, id: `e-${(sent += 1)}`, source: "", url: pathOf(fullName), data: {} },
    });
    const notified = (fullName: string, number: number, phase: string): SentEvent => ({
      headers,
      body: {
        ...{ name: fullName, display_name: fullName, url: pathOf(fullName) },
        build: {
          number,
          phase,
          url: `${pathOf(fullName)}${number}/`,
          timestamp: (sent += 1),
          status: "SUCCESS",
        },
      },
    });
    const [, billing, , , , main] = this.items as [Item, Item, Item, Item, Item, Item];
    main.builds.unshift(build("shop/main", 116), build("shop/main", 117, true));
    billing.builds.unshift(build("billing-deploy", 111));
    Object.assign(billing.json, { color: "red_anime" });
    this.items.push(item(PIPELINE, "shop/PR-7", 1), item(FOLDER, "new"));
    this.items.splice(6, 1);
    return [
      ran("run.finalized", "shop/main", 116),
      ran("run.started", "shop/main", 116),
      ran("run.started", "shop/main", 117),
      notified("billing-deploy", 111, "FINALIZED"),
      notified("billing-deploy", 111, "STARTED"),
      about("item.created", "shop/PR-7"),
      ran("run.completed", "shop/PR-7", 1),
      about("item.updated", "billing-deploy"),
      about("item.created", "new"),
      about("item.deleted", "shop/feature%2Fx"),
      // Builds that Jenkins throws away are no deployments that did not happen.
      ran("run.deleted", "billing-deploy", 1),
      about("queue.left", "billing-deploy"),
    ];
  }

  vanish(): readonly string[] {
    const [, billing] = this.items as [Item, Item];
    // Old builds are thrown away, which takes nothing from the history of deployments.
    billing.builds.splice(-5, 5);
    this.items.splice(4, 1);
    return [
      "jenkinsJob/team/old-deploy-staging",
      ...numbers(5).map((n) => `jenkinsBuild/team/old-deploy-staging/${n}`),
      ...["1", "4", "5"].map((n) => `deployment/team/old-deploy-staging@build-${n}`),
    ];
  }
}
