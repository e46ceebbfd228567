/** What systems send while the soak goes on: pull requests that live for ten events each, and deployments that succeed. */
import type { Portal } from "../../test/flows/support/portal.ts";
import { SIZE_M } from "../dora/fill.ts";
import { pullRequestEvent } from "../pull-request.ts";
import { deploymentEvent } from "../support/alert-probes.ts";

const EVENTS_OF_ONE = 10;

const HOOK = {
  ...{ identifier: "github", title: "GitHub", enabled: true },
  security: { requestIdentifierPath: '.headers."x-github-delivery"' },
  mappings: [
    {
      blueprint: "change",
      filter: '.headers."x-github-event" == "pull_request"',
      entity: {
        identifier: '"live-" + (.body.pull_request.id | tostring)',
        title: ".body.pull_request.title",
        properties: {
          number: ".body.pull_request.number",
          openedAt: ".body.pull_request.created_at",
          firstReviewAt: ".body.pull_request.updated_at",
          mergedAt: ".body.pull_request.merged_at",
          mergeSha: ".body.pull_request.merge_commit_sha",
        },
        relations: { service: ".body.repository.name" },
      },
    },
  ],
};

/** @returns the key of the webhook */
export async function defineEvents(portal: Portal): Promise<string> {
  const created = await portal.send("POST", "/v1/webhooks", HOOK);
  return (created as { integration: { webhookKey: string } }).integration.webhookKey;
}

const serviceOf = (n: number): string => `service-${1 + (n % SIZE_M.services)}`;

export const eventHeaders = (n: number): Record<string, string> => ({
  ...{ "content-type": "application/json", "x-github-event": "pull_request", "x-github-delivery": `d-${n}` },
});

/** Each changes its pull request; the last of the ten merges it. */
export function pullRequestBody(n: number): string {
  const id = Math.floor(n / EVENTS_OF_ONE);
  const now = new Date().toISOString();
  const isMerged = n % EVENTS_OF_ONE === EVENTS_OF_ONE - 1;
  return JSON.stringify({
    ...pullRequestEvent,
    repository: { ...pullRequestEvent.repository, name: serviceOf(id) },
    pull_request: {
      ...pullRequestEvent.pull_request,
      ...{ id, number: id, created_at: "2026-01-05T08:00:00Z", updated_at: now },
      merged_at: isMerged ? now : null,
      merge_commit_sha: isMerged ? id.toString(16).padStart(40, "0") : null,
    },
  });
}

export const deploymentBody = (n: number): string => deploymentEvent(`live-${n}`, serviceOf(n), "Success");
