/** The facts of one service as requests to the public API, cut into deliveries that can come in any order. */
import type { ChangeFact, CommitFact, DeploymentFact, ServiceFacts } from "../../../src/dora/facts.ts";
import type { Portal } from "./portal.ts";
import type { Random } from "./random.ts";

export interface Delivery {
  readonly name: string;
  /** Names of deliveries that must be there before: a relation needs its target. */
  readonly needs: readonly string[];
  readonly method: "POST" | "PUT";
  readonly path: string;
  readonly body: unknown;
}

export type Baseline = "none" | "all";

const text = { type: "string" };
const time = { type: "string", format: "date-time" };
const service = { service: { title: "Service", target: "service", required: false, many: false } };

/** What must exist before any fact. */
const BLUEPRINTS = [
  {
    identifier: "service",
    title: "Service",
    schema: { properties: { repository: text, paths: { type: "array", items: text } }, required: [] },
  },
  {
    identifier: "change",
    title: "Change",
    schema: {
      properties: {
        ...{ number: { type: "number" }, repository: text, mergeSha: text, headSha: text, author: text },
        ...{ openedAt: time, firstCommitAt: time, firstReviewAt: time, mergedAt: time },
        labels: { type: "array", items: text },
      },
      required: [],
    },
    relations: service,
  },
  {
    identifier: "deployment",
    title: "Deployment",
    schema: {
      properties: {
        ...{ createdAt: time, startedAt: time, environment: text, deploymentStatus: text },
        ...{ sha: text, previousSha: text, ref: text, trigger: text },
      },
      required: [],
    },
    relations: {
      ...service,
      pullRequest: { title: "Changes", target: "change", required: false, many: true },
    },
  },
];

export async function createBlueprints(portal: Portal): Promise<void> {
  for (const blueprint of BLUEPRINTS) await portal.send("POST", "/v1/blueprints", blueprint);
  const bare = { identifier: "shop", title: "shop", properties: {} };
  await portal.send("POST", "/v1/blueprints/service/entities", bare);
}

const iso = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());
/** Left out rather than null, as sources do. */
const known = (values: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));

function commitBody(commit: CommitFact): object {
  const { patchId, authoredAt, committedAt, ...rest } = commit;
  // The generator's `patch 12` in the form that git prints.
  const hex = patchId === null ? null : Number(/\d+/.exec(patchId)?.[0]).toString(16).padStart(40, "0");
  return { ...rest, authoredAt: iso(authoredAt), committedAt: iso(committedAt), patchId: hex };
}

function changeBody(change: ChangeFact): object {
  const { id, title, number, repository, mergeSha, headSha, author, labels } = change;
  const { openedAt, firstCommitAt, firstReviewAt, mergedAt } = change;
  return {
    identifier: id,
    ...(title !== null && { title }),
    properties: known({
      ...{ number, repository, mergeSha, headSha, author, labels },
      ...{ openedAt: iso(openedAt), firstCommitAt: iso(firstCommitAt) },
      ...{ firstReviewAt: iso(firstReviewAt), mergedAt: iso(mergedAt) },
    }),
    relations: { service: "shop" },
  };
}

function deploymentBody(deployment: DeploymentFact): object {
  const { id, environment, status, sha, previousSha, ref, trigger } = deployment;
  const words = { success: "Success", failure: "Failed", ignored: "Cancelled", unknown: "Weird" };
  return {
    identifier: id,
    properties: known({
      ...{ environment, deploymentStatus: words[status], sha, previousSha, ref, trigger },
      ...{ createdAt: iso(deployment.finishedAt), startedAt: iso(deployment.startedAt) },
    }),
    relations: { service: "shop" },
  };
}

function chunks<T>(list: readonly T[], random: Random): T[][] {
  const result: T[][] = [];
  for (let at = 0; at < list.length;) {
    const size = random.between(1, 25);
    result.push(list.slice(at, at + size));
    at += size;
  }
  return result;
}

/** In the order in which things happened. */
export function deliveries(facts: ServiceFacts, baseline: Baseline, random: Random): Delivery[] {
  const bulk = (blueprint: string): string =>
    `/v1/blueprints/${blueprint}/entities/bulk?upsert=true&merge=true`;
  const result: Delivery[] = [];
  const add = (kind: string, path: string, body: unknown, needs: readonly string[] = []): string => {
    const name = `${kind} ${result.length}`;
    result.push({ name, needs, method: kind === "settings" ? "PUT" : "POST", path, body });
    return name;
  };
  add("settings", "/v1/dora/settings", { baseline: { policy: baseline } });
  const properties = { repository: "shop", ...(facts.paths !== null && { paths: facts.paths }) };
  add("service", bulk("service"), { entities: [{ identifier: "shop", properties }] });
  for (const some of chunks(facts.commits, random))
    add("commits", "/v1/dora/commits", { commits: some.map(commitBody) });
  const changes = chunks(facts.changes, random).map((some) =>
    add("changes", bulk("change"), { entities: some.map(changeBody) }),
  );
  for (const some of chunks(facts.deployments, random)) {
    const deployed = add("deployments", bulk("deployment"), { entities: some.map(deploymentBody) });
    const related = some
      .filter(({ changeIds }) => changeIds.length > 0)
      .map(({ id, changeIds }) => ({ identifier: id, relations: { pullRequest: changeIds } }));
    if (related.length > 0)
      add("relations", bulk("deployment"), { entities: related }, [...changes, deployed]);
  }
  return result;
}

/** The same order as far as nothing comes before what it needs. */
export function inLegalOrder(order: readonly Delivery[]): Delivery[] {
  const waiting = [...order];
  const sent = new Set<string>();
  const result: Delivery[] = [];
  while (waiting.length > 0) {
    const at = waiting.findIndex(({ needs }) => needs.every((name) => sent.has(name)));
    const [next] = waiting.splice(at, 1) as [Delivery];
    sent.add(next.name);
    result.push(next);
  }
  return result;
}
