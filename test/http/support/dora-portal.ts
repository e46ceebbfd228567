/** Blueprints and entities of a small portal that DORA is measured in, over the public API. */
import type { TestApp } from "../../support/app.ts";

const text = { type: "string" };
const time = { type: "string", format: "date-time" };
const relation = (target: string, many = false) => ({ title: target, target, required: false, many });

export interface DoraPortal {
  put(blueprint: string, identifier: string, properties: object, relations?: object): Promise<void>;
  remove(blueprint: string, identifier: string): Promise<void>;
  /** @throws when the status is not 200 */
  get<T>(path: string): Promise<T>;
}

export async function defineDora(app: TestApp): Promise<DoraPortal> {
  const define = async (identifier: string, properties: object, relations: object) => {
    const schema = { properties, required: [] };
    const answer = await app.send("POST", "/v1/blueprints", {
      identifier,
      title: identifier,
      schema,
      relations,
    });
    if (answer.status !== 201) throw new Error(`${identifier}: ${JSON.stringify(answer.body)}`);
  };
  await define("domain", {}, {});
  await define("system", {}, { domain: relation("domain") });
  await define("squad", {}, {});
  await define(
    "service",
    { repository: text, tier: text },
    { system: relation("system"), squad: relation("squad") },
  );
  const deployment = {
    createdAt: time,
    startedAt: time,
    environment: text,
    deploymentStatus: text,
    sha: text,
    region: text,
    trigger: text,
  };
  await define(
    "change",
    { mergedAt: time, openedAt: time, firstCommitAt: time, number: { type: "number" } },
    {
      service: relation("service"),
    },
  );
  await define("deployment", deployment, {
    service: relation("service"),
    pullRequest: relation("change", true),
  });
  await define(
    "incident",
    { startedAt: time, detectedAt: time, resolvedAt: time, severity: text, status: text, url: text },
    { service: relation("service", true), deployment: relation("deployment") },
  );
  return {
    put: async (blueprint, identifier, properties, relations = {}) => {
      const answer = await app.send("POST", `/v1/blueprints/${blueprint}/entities?upsert=true&merge=true`, {
        identifier,
        properties,
        relations,
      });
      if (answer.status > 201) throw new Error(`${identifier}: ${JSON.stringify(answer.body)}`);
    },
    remove: async (blueprint, identifier) => {
      await app.send("DELETE", `/v1/blueprints/${blueprint}/entities/${identifier}`);
    },
    get: (async (path: string) => {
      const answer = await app.send("GET", path);
      if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
      return answer.body;
    }) as DoraPortal["get"],
  };
}

/** Hours after midnight of 3 August 2026 as ISO text. */
export const at = (hours: number): string => new Date(Date.UTC(2026, 7, 3) + hours * 3_600_000).toISOString();
