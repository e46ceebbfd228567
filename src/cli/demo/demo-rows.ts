/** The organisation and its year as entities of the catalog. */
import { repositoryOf } from "./generate-demo.ts";
import { services } from "./services.ts";
import type { SimulatedChange, SimulatedDeployment } from "./simulated.ts";
import { domains, teams } from "./teams.ts";

export interface EntityBody {
  readonly identifier: string;
  readonly title: string;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly relations: Readonly<Record<string, unknown>>;
}

/** A blueprint that the demo needs beside those of the importer. */
export interface BlueprintBody {
  readonly identifier: string;
  readonly title: string;
  readonly icon: string;
  readonly schema: { readonly properties: Readonly<Record<string, unknown>>; readonly required: readonly [] };
  readonly relations: Readonly<Record<string, unknown>>;
}

export const demoBlueprints: readonly BlueprintBody[] = [
  {
    identifier: "domain",
    title: "Domain",
    icon: "Box",
    schema: { properties: { description: { type: "string", title: "Description" } }, required: [] },
    relations: {},
  },
  {
    identifier: "team",
    title: "Team",
    icon: "Team",
    schema: { properties: { url: { type: "string", format: "url", title: "URL" } }, required: [] },
    relations: { domain: { title: "Domain", target: "domain", required: false, many: false } },
  },
];

/** Added to the importer's service blueprint. */
export const serviceRelations = {
  team: { title: "Team", target: "team", required: false, many: false },
};

export const domainRows: readonly EntityBody[] = domains.map(({ id, title, description }) => ({
  identifier: id,
  title,
  properties: { description },
  relations: {},
}));

export const teamRows: readonly EntityBody[] = teams.map(({ id, title, domain }) => ({
  identifier: id,
  title,
  properties: { url: `https://teams.acme.example/${id}` },
  relations: { domain },
}));

export const serviceRows: readonly EntityBody[] = services.map((spec) => ({
  identifier: spec.id,
  title: spec.id,
  properties: {
    repository: repositoryOf(spec),
    url: `https://${repositoryOf(spec)}`,
    ...(spec.paths === undefined ? {} : { paths: spec.paths }),
  },
  relations: { team: spec.team },
}));

const iso = (time: number) => new Date(time).toISOString();

/** Leaves out what is not known. */
function known(properties: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== null));
}

export function deploymentBody(deployment: SimulatedDeployment): EntityBody {
  return {
    identifier: deployment.id,
    title: deployment.title,
    properties: known({
      createdAt: iso(deployment.finishedAt),
      startedAt: iso(deployment.startedAt),
      environment: deployment.environment,
      deploymentStatus: deployment.succeeded ? "Success" : "Failed",
      sha: deployment.sha,
      previousSha: deployment.previousSha,
      ref: deployment.ref,
      url: `https://deploy.acme.example/${deployment.service}/runs/${deployment.run}`,
      trigger: deployment.trigger,
    }),
    relations: { service: deployment.service },
  };
}

export function changeBody(change: SimulatedChange): EntityBody {
  const time = (at: number | null) => (at === null ? null : iso(at));
  return {
    identifier: `${change.repository}/${change.number}`,
    title: change.title,
    properties: known({
      number: change.number,
      url: `https://${change.repository}/pull/${change.number}`,
      repository: change.repository,
      firstCommitAt: iso(change.firstCommitAt),
      openedAt: iso(change.openedAt),
      firstReviewAt: time(change.firstReviewAt),
      approvedAt: time(change.approvedAt),
      mergedAt: time(change.mergedAt),
      mergeSha: change.mergeSha,
      headSha: change.headSha,
      author: change.author,
      isBot: change.isBot,
      labels: change.labels,
    }),
    relations: { service: change.services },
  };
}
