/**
 * Codefresh as its public reference describes it: g.codefresh.io/api (openapi.json: /pipelines with limit and offset,
 * /workflow with limit and page, /builds/{id}), codefresh.io/docs/docs/pipelines/hooks. Fixtures are made here; nothing is
 * taken from anywhere.
 */
import { createHash } from "node:crypto";
import type { SentEvent, Vendor } from "../connector-suite.ts";
import { type Asked, type Json, startVendor, type Told } from "../vendor-server.ts";

const KEY = "63a1b2c3d4e5f60718293a4b.0123456789abcdef";
const T0 = Date.parse("2026-03-01T08:00:00Z");
const at = (hours: number): string => new Date(T0 + hours * 3_600_000).toISOString();
export const shaOf = (text: string): string => createHash("sha1").update(text).digest("hex");
const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1);

const NAMES = ["deploy-production", "test", "deploy-staging", "release", "lint"];
const pipelineId = (n: number): string => shaOf(`pipeline ${n}`).slice(0, 24);
const nameOf = (n: number): string => `shop-${Math.ceil(n / 5)}/${NAMES[n % 5] ?? ""}`;

const pipeline = (n: number): Json => ({
  metadata: {
    ...{ id: pipelineId(n), name: nameOf(n), project: `shop-${Math.ceil(n / 5)}`, accountId: "account" },
    ...{ created_at: at(0), updated_at: at(n), isPublic: false, labels: { tags: [] } },
  },
  ...{ kind: "pipeline", version: "1.0", spec: { triggers: [], steps: {} } },
});

const STATUSES = ["success", "error", "terminated", "running", "denied", "success", "success"];
export const buildId = (n: number): string => shaOf(`build ${n}`).slice(0, 24);

function build(n: number, status = STATUSES[n % STATUSES.length] ?? ""): Json {
  const of = (n % 20) + 1;
  const isOver = status !== "running";
  return {
    ...{ id: buildId(n), serviceId: pipelineId(of), pipelineName: nameOf(of), status },
    ...{ created: at(n), started: at(n + 0.1), finished: isOver ? at(n + 0.5) : null },
    ...{ branchName: "main", revision: shaOf(`commit ${n}`), repoOwner: "acme", userName: "dev" },
    // Some builds are started by a clock and know no repository.
    ...(n % 11 === 0 ? {} : { repoName: `shop-${Math.ceil(of / 5)}` }),
    ...{ userYamlDescriptor: "version: '1.0'", webhookTriggered: true },
  };
}

export class CodefreshServer implements Vendor {
  readonly pipelines = numbers(20).map(pipeline);
  readonly builds = numbers(310)
    .map((n) => build(n))
    .toReversed();

  settings(url: string): Record<string, string> {
    return { baseUrl: url, token: KEY };
  }

  sign(secret: string): Record<string, string> {
    return { "x-fairway-secret": secret };
  }

  start(faults: Parameters<typeof startVendor>[3]): ReturnType<typeof startVendor> {
    return startVendor(
      ({ headers }) => headers["authorization"] === KEY,
      { status: 401, body: { status: 401, code: "2", name: "UNAUTHORIZED_ERROR", message: "Unauthorized" } },
      (asked) => this.#answer(asked),
      faults,
    );
  }

  #answer({ path, query }: Asked): Told {
    const missing: Told = { status: 404, body: { status: 404, message: "Not found" } };
    const limit = Number(query.get("limit") ?? 10);
    if (path === "/api/pipelines") {
      const offset = Number(query.get("offset") ?? 0);
      const docs = this.pipelines.slice(offset, offset + limit);
      return { body: { docs, count: this.pipelines.length } };
    }
    if (path === "/api/workflow") {
      const page = Number(query.get("page") ?? 1);
      const docs = this.builds.slice((page - 1) * limit, page * limit);
      const isMore = page * limit < this.builds.length;
      return { body: { workflows: { docs }, pagination: { page, pageSize: limit, nextPage: isMore } } };
    }
    const [, , kind, id] = path.split("/");
    const found =
      kind === "builds"
        ? this.builds.find((one) => one["id"] === id)
        : this.pipelines.find((one) => (one["metadata"] as Json)["id"] === id);
    return found === undefined ? missing : { body: found };
  }

  live(): readonly SentEvent[] {
    const event = (body: Json): SentEvent => ({ headers: { "content-type": "application/json" }, body });
    this.builds.unshift(build(400, "success"), build(401, "error"), build(402, "running"));
    // What was running ended.
    Object.assign(this.builds.find((one) => one["id"] === buildId(3)) as Json, build(3, "success"));
    this.builds.splice(
      this.builds.findIndex((one) => one["id"] === buildId(12)),
      1,
    );
    this.pipelines.push(pipeline(41));
    Object.assign((this.pipelines[1] as Json)["metadata"] as Json, {
      name: "shop-1/verify",
      updated_at: at(900),
    });
    return [
      event({ build: buildId(400), event: "finished", pipeline: pipelineId(1) }),
      event({ build: buildId(400), event: "started" }),
      event({ build: buildId(401), event: "finished" }),
      event({ build: buildId(402), event: "started" }),
      event({ build: buildId(3), event: "finished" }),
      event({ build: buildId(12), event: "finished" }),
      event({ pipeline: pipelineId(41) }),
      event({ pipeline: pipelineId(2) }),
    ];
  }

  vanish(): readonly string[] {
    // Builds that are listed no more stay; a pipeline goes.
    this.builds.splice(250, 20);
    this.pipelines.splice(4, 1);
    return [`codefreshPipeline/${pipelineId(5)}`];
  }
}
