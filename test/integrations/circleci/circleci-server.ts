/**
 * CircleCI as its public reference describes it: circleci.com/docs/api/v2 (insights summary, project, pipelines,
 * workflows, jobs; pages by next_page_token) and circleci.com/docs/webhooks-reference. Fixtures are made here; nothing is
 * taken from anywhere.
 */
import { createHash, createHmac } from "node:crypto";
import type { SentEvent, Vendor } from "../connector-suite.ts";
import { type Asked, type Json, startVendor, type Told } from "../vendor-server.ts";

const TOKEN = "CCIPAT_test0123456789";
const T0 = Date.parse("2026-03-01T08:00:00Z");
const at = (hours: number): string => new Date(T0 + hours * 3_600_000).toISOString();
const shaOf = (text: string): string => createHash("sha1").update(text).digest("hex");
const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1);
const guid = (text: string): string =>
  shaOf(text).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, "$1-$2-$3-$4-$5");
const PAGE = 20;

const projectOf = (name: string): Json => ({
  ...{
    slug: `gh/acme/${name}`,
    name,
    id: guid(name),
    organization_name: "acme",
    organization_slug: "gh/acme",
  },
  vcs_info: { vcs_url: `https://github.com/acme/${name}`, provider: "GitHub", default_branch: "main" },
});
const pipelineOf = (name: string, number: number): Json => ({
  ...{ id: guid(`${name} pipeline ${number}`), number, project_slug: `gh/acme/${name}`, state: "created" },
  ...{ created_at: at(number * 3), updated_at: at(number * 3), errors: [], trigger: { type: "webhook" } },
  vcs: {
    ...{ provider_name: "GitHub", revision: shaOf(`${name} merge ${number}`) },
    ...{
      branch: number % 7 === 0 ? "dev" : "main",
      target_repository_url: `https://github.com/acme/${name}`,
    },
    origin_repository_url: `https://github.com/acme/${name}`,
  },
});
const STATUSES = ["success", "failed", "canceled", "error", "success"];
const workflowOf = (name: string, number: number, attempt = 1, status = STATUSES[number % 5]): Json => ({
  ...{ id: guid(`${name} workflow ${number} ${attempt}`), name: "build-and-deploy", status },
  ...{ pipeline_id: guid(`${name} pipeline ${number}`), pipeline_number: number },
  ...{ project_slug: `gh/acme/${name}`, created_at: at(number * 3), stopped_at: at(number * 3 + 0.5) },
});
const jobsOf = (workflow: Json): Json[] => {
  const number = Number(workflow["pipeline_number"]);
  return ["test", "deploy-staging", "deploy"].map((name, n) => ({
    ...{ id: guid(`${String(workflow["id"])} ${name}`), name, type: "build", job_number: number * 10 + n },
    ...{ status: n === 0 ? "success" : STATUSES[(number + n) % 5], project_slug: workflow["project_slug"] },
    ...{ started_at: at(number * 3 + n / 10), stopped_at: at(number * 3 + n / 10 + 0.1), dependencies: [] },
  }));
};

interface Project {
  readonly json: Json;
  /** The newest first. */
  readonly pipelines: Json[];
  readonly workflows: Json[];
}

const project = (name: string, count: number): Project => ({
  json: projectOf(name),
  pipelines: numbers(count)
    .map((n) => pipelineOf(name, n))
    .toReversed(),
  workflows: numbers(count).map((n) => workflowOf(name, n)),
});

export class CircleciServer implements Vendor {
  readonly projects = [project("shop", 50), project("billing", 11), project("old", 3)];

  settings(url: string): Record<string, string> {
    return { organization: "gh/acme", projects: "shop, billing,gh/acme/old", baseUrl: url, token: TOKEN };
  }

  sign(secret: string, rawBody: string): Record<string, string> {
    return { "circleci-signature": `v1=${createHmac("sha256", secret).update(rawBody).digest("hex")}` };
  }

  start(faults: Parameters<typeof startVendor>[3]): ReturnType<typeof startVendor> {
    return startVendor(
      ({ headers }) => headers["circle-token"] === TOKEN,
      { status: 401, body: { message: "You must log in first." } },
      (asked) => this.#answer(asked),
      faults,
    );
  }

  #answer({ path, query }: Asked): Told {
    const missing: Told = { status: 404, body: { message: "Not found" } };
    const single = (found: Json | undefined): Told => (found === undefined ? missing : { body: found });
    const list = (all: readonly Json[] | undefined): Told => {
      if (all === undefined) return missing;
      const from = Number(query.get("page-token") ?? 0);
      const next_page_token = from + PAGE < all.length ? String(from + PAGE) : null;
      return { body: { items: all.slice(from, from + PAGE), next_page_token } };
    };
    const inside = path.replace(/^\/api\/v2/, "");
    if (inside === "/me") return { body: { id: guid("me"), login: "reader", name: "Reader" } };
    if (inside === "/insights/gh/acme/summary") {
      const all = this.projects.map(({ json }) => json["name"]);
      return { body: { org_data: {}, org_project_data: [], all_projects: all } };
    }
    const [, name, more] = /^\/project\/(?:gh|github)\/acme\/([^/]+)(?:\/(pipeline))?$/.exec(inside) ?? [];
    if (name !== undefined) {
      const found = this.projects.find(({ json }) => json["name"] === name);
      return more === undefined ? single(found?.json) : list(found?.pipelines);
    }
    const [, kind, id, part] =
      /^\/(pipeline|workflow)\/([0-9a-f-]+)(?:\/(workflow|job))?$/.exec(inside) ?? [];
    const pipeline = this.projects.flatMap((one) => one.pipelines).find((one) => one["id"] === id);
    const workflows = this.projects.flatMap((one) => one.workflows);
    const workflow = workflows.find((one) => one["id"] === id);
    if (kind === "pipeline")
      return part === undefined
        ? single(pipeline)
        : list(workflows.filter((one) => one["pipeline_id"] === id));
    return part === undefined
      ? single(workflow)
      : list(workflow === undefined ? undefined : jobsOf(workflow));
  }

  live(): readonly SentEvent[] {
    let sent = 0;
    const [shop, billing] = this.projects as [Project, Project];
    const about = (type: string, body: Json): SentEvent => ({
      headers: { "content-type": "application/json", "circleci-event-type": type },
      body: {
        ...{ type, id: guid(`event ${(sent += 1)}`), happened_at: at(900), webhook: { id: guid("hook") } },
        ...{ project: { id: guid("shop"), name: "shop", slug: "github/acme/shop" }, ...body },
        organization: { id: guid("acme"), name: "acme" },
      },
    });
    const completed = (workflow: Json): SentEvent =>
      about("workflow-completed", { workflow, pipeline: { id: workflow["pipeline_id"] } });
    const job = (workflow: Json, done: Json): SentEvent =>
      about("job-completed", { workflow, pipeline: { id: workflow["pipeline_id"] }, job: done });
    const created = workflowOf("shop", 51, 1, "success");
    shop.pipelines.unshift(pipelineOf("shop", 51));
    shop.workflows.push(created);
    // The failed one is run again: another workflow of the same pipeline.
    const again = workflowOf("shop", 46, 2, "success");
    shop.workflows.push(again);
    const changed = billing.workflows[1] as Json;
    Object.assign(changed, { status: "success", stopped_at: at(700) });
    const [gone] = billing.workflows.splice(4, 1) as [Json];
    return [
      job(created, jobsOf(created)[2] as Json),
      completed(created),
      completed({ ...created, status: "running" }),
      ...jobsOf(created).map((one) => job(created, one)),
      completed(again),
      ...jobsOf(again).map((one) => job(again, one)),
      completed(changed),
      completed(gone),
      ...jobsOf(gone).map((one) => job(gone, one)),
      about("ping", {}),
    ];
  }

  vanish(): readonly string[] {
    const [shop] = this.projects as [Project];
    // Old pipelines go by CircleCI's own retention, which takes nothing from the history of deployments.
    shop.pipelines.splice(-3, 3);
    const [old] = this.projects.splice(2, 1) as [Project];
    const deployed = (jobs: readonly Json[]): Json[] =>
      jobs.filter((one) => one["name"] !== "test" && ["success", "failed"].includes(String(one["status"])));
    return [
      `circleciProject/${guid("old")}`,
      ...old.pipelines.map((one) => `circleciPipeline/${String(one["id"])}`),
      ...old.workflows.flatMap((one) => [
        `circleciWorkflow/${String(one["id"])}`,
        ...(one["status"] === "canceled" ? [] : [`deployment/old@workflow-${String(one["id"])}`]),
        ...jobsOf(one).map((job) => `circleciJob/${String(job["id"])}`),
        ...deployed(jobsOf(one)).map((job) => `deployment/old@job-${String(job["id"])}`),
      ]),
    ];
  }
}
