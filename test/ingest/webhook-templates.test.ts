/** Every template is a webhook that the API takes, and makes of what its tool sends what the DORA numbers read. */
import { expect, test } from "vitest";
import { compileWebhookMapping, mapPayload } from "../../src/ingest/mapping.ts";
import { checkWebhook } from "../../src/ingest/webhook-definition.ts";
import { listWebhookTemplates, webhookTemplates } from "../../src/ingest/webhook-templates/list-templates.ts";

const NOW = new Date("2026-03-01T12:00:00Z");
const SHA = "4f2a91c04f2a91c04f2a91c04f2a91c04f2a91c0";

interface Sent {
  readonly template: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: object;
  /** By `blueprint/identifier`: properties that must be so. */
  readonly made: Readonly<Record<string, object>>;
  readonly deleted?: readonly string[];
}

const repository = {
  ...{ name: "shop", full_name: "acme/shop", html_url: "https://github.com/acme/shop" },
  ...{ description: "Sells", language: "Go", default_branch: "main" },
};
const pull = {
  ...{ number: 7, title: "Faster", html_url: "https://github.com/acme/shop/pull/7", state: "closed" },
  ...{ created_at: "2026-03-01T08:00:00Z", merged_at: "2026-03-01T10:30:00Z", merge_commit_sha: SHA },
  ...{ head: { sha: "c0ffee" }, user: { login: "dev", type: "User" }, labels: [{ name: "feature" }] },
};
const github = (event: string, body: object): Omit<Sent, "made"> => ({
  ...{ template: "github", headers: { "x-github-event": event }, body: { repository, ...body } },
});
const project = {
  ...{
    id: 31,
    name: "Shop",
    path_with_namespace: "acme/shop",
    web_url: "https://gitlab.example.com/acme/shop",
  },
  ...{ default_branch: "main", description: null },
};
const pagerduty = (type: string, occurred: string): Omit<Sent, "made"> => ({
  template: "pagerduty",
  body: {
    event: {
      ...{ id: "01E", event_type: type, resource_type: "incident", occurred_at: occurred },
      data: {
        ...{
          id: "PI1",
          type: "incident",
          title: "Down",
          status: "triggered",
          urgency: "high",
          priority: null,
        },
        ...{ html_url: "https://acme.pagerduty.com/incidents/PI1", created_at: "2026-03-01T10:00:00Z" },
        service: { id: "PS1", summary: "Shop" },
      },
    },
  },
});
const alert = (action: string, priority = "P1"): Omit<Sent, "made"> => ({
  template: "opsgenie",
  body: {
    action,
    alert: {
      ...{ alertId: "a-1", message: "Down", priority, tags: ["service: checkout"], status: "open" },
      ...{ createdAt: 1_772_359_200_000, updatedAt: 1_772_362_800_000_000_000 },
    },
  },
});
const issue = (event: string): Omit<Sent, "made"> => ({
  template: "jira",
  body: {
    webhookEvent: event,
    issue: {
      ...{ key: "OPS-7", self: "https://acme.atlassian.net/rest/api/2/issue/10007" },
      fields: {
        ...{
          summary: "Outage of search",
          issuetype: { name: "Incident" },
          labels: [],
          priority: { name: "High" },
        },
        ...{ created: "2026-03-01T10:00:00.000+0100", resolutiondate: "2026-03-01T11:30:00.000+0100" },
        ...{ components: [{ name: "search" }], status: { name: "Done" } },
      },
    },
  },
});
const workflow = (status: string, vcs: object): Omit<Sent, "made"> => ({
  template: "circleci",
  body: {
    ...{ type: "workflow-completed", id: "3888f21b", happened_at: "2026-03-01T10:00:00Z" },
    workflow: {
      ...{ id: "fda08377", name: "deploy-production", status, url: "https://app.circleci.com/pipelines/1" },
      ...{ created_at: "2026-03-01T09:50:00Z", stopped_at: "2026-03-01T10:00:00Z" },
    },
    ...{ project: { name: "shop", slug: "gh/acme/shop" }, pipeline: { id: "1285fe1d", number: 12, vcs } },
  },
});

const CASES: readonly (Sent & { readonly name: string })[] = [
  {
    ...{
      name: "GitHub: a merged pull request",
      ...github("pull_request", { action: "closed", pull_request: pull }),
    },
    made: {
      "service/shop": { repository: "github.com/acme/shop" },
      "change/github.com/acme/shop/7": { status: "merged", mergeSha: SHA, leadTimeHours: 2.5, isBot: false },
    },
  },
  {
    name: "GitHub: closed is not merged",
    ...github("pull_request", { action: "closed", pull_request: { ...pull, merged_at: null } }),
    made: { "service/shop": {}, "change/github.com/acme/shop/7": { status: "closed", mergeSha: null } },
  },
  {
    name: "GitHub: a deployment that failed",
    ...github("deployment_status", {
      deployment_status: {
        state: "failure",
        created_at: "2026-03-01T10:00:00Z",
        target_url: "https://ci.example.com/1",
      },
      deployment: {
        id: 5,
        sha: SHA,
        ref: "main",
        environment: "staging",
        created_at: "2026-03-01T09:00:00Z",
      },
    }),
    made: {
      "service/shop": {},
      "deployment/shop@deployment-5": { deploymentStatus: "Failed", environment: "Staging", sha: SHA },
    },
  },
  {
    name: "GitHub: one that runs counts as nothing",
    ...github("deployment_status", { deployment_status: { state: "in_progress" }, deployment: { id: 5 } }),
    made: { "service/shop": {} },
  },
  {
    name: "GitLab: a merged merge request",
    template: "gitlab",
    body: {
      ...{ object_kind: "merge_request", project, user: { username: "dev" }, labels: [{ title: "bug" }] },
      object_attributes: {
        ...{
          iid: 3,
          title: "Fix",
          state: "merged",
          action: "merge",
          url: "https://gitlab.example.com/acme/shop/-/merge_requests/3",
        },
        ...{
          created_at: "2026-03-01 08:00:00 UTC",
          updated_at: "2026-03-01 10:00:00 UTC",
          merge_commit_sha: SHA,
        },
        last_commit: { id: "c0ffee" },
      },
    },
    made: {
      "service/acme/shop": { repository: "gitlab.example.com/acme/shop" },
      "change/gitlab.example.com/acme/shop/3": {
        ...{
          status: "merged",
          openedAt: "2026-03-01T08:00:00Z",
          mergedAt: "2026-03-01T10:00:00Z",
          mergeSha: SHA,
        },
      },
    },
  },
  {
    name: "GitLab: a deployment",
    template: "gitlab",
    body: {
      ...{
        object_kind: "deployment",
        status: "success",
        status_changed_at: "2026-03-01 11:00:00 +0200",
        deployment_id: 15,
      },
      ...{
        environment: "production",
        project,
        ref: "main",
        deployable_url: "https://gitlab.example.com/acme/shop/-/jobs/1",
      },
      commit_url: `https://gitlab.example.com/acme/shop/-/commit/${SHA}`,
    },
    made: {
      "service/acme/shop": {},
      "deployment/acme/shop@deployment-15": {
        ...{
          createdAt: "2026-03-01T11:00:00+02:00",
          deploymentStatus: "Success",
          environment: "Production",
          sha: SHA,
        },
      },
    },
  },
  {
    ...{ name: "PagerDuty: an incident begins", ...pagerduty("incident.triggered", "2026-03-01T10:00:00Z") },
    made: {
      "pagerdutyIncident/PI1": { status: "triggered", severity: "high", createdAt: "2026-03-01T10:00:00Z" },
    },
  },
  {
    ...{ name: "PagerDuty: and ends", ...pagerduty("incident.resolved", "2026-03-01T11:30:00Z") },
    made: { "pagerdutyIncident/PI1": { resolvedAt: "2026-03-01T11:30:00Z", recoveryTime: 90 } },
  },
  {
    ...{ name: "PagerDuty: and was not over", ...pagerduty("incident.reopened", "2026-03-01T11:40:00Z") },
    made: { "pagerdutyIncident/PI1": { resolvedAt: null, recoveryTime: null } },
  },
  {
    ...{ name: "Opsgenie: an alert closes", ...alert("Close") },
    made: {
      "opsgenieIncident/a-1": { status: "closed", resolvedAt: "2026-03-01T11:00:00Z", recoveryTime: 60 },
    },
  },
  { ...{ name: "Opsgenie: a small one counts as nothing", ...alert("Create", "P4") }, made: {} },
  {
    ...{ name: "Opsgenie: one is deleted", ...alert("Delete") },
    ...{ made: {}, deleted: ["opsgenieIncident/a-1"] },
  },
  {
    ...{ name: "Jira: an incident is resolved", ...issue("jira:issue_updated") },
    made: {
      "jiraIncident/OPS-7": {
        ...{ status: "resolved", createdAt: "2026-03-01T10:00:00.000+01:00", recoveryTime: 90 },
        url: "https://acme.atlassian.net/browse/OPS-7",
      },
    },
  },
  {
    ...{ name: "Jira: an issue is deleted", ...issue("jira:issue_deleted") },
    ...{ made: {}, deleted: ["jiraIncident/OPS-7"] },
  },
  {
    name: "CircleCI: a workflow of main",
    ...workflow("failed", { revision: SHA, branch: "main" }),
    made: {
      "deployment/shop@circleci-fda08377": {
        deploymentStatus: "Failed",
        environment: "Production",
        sha: SHA,
      },
    },
  },
  {
    ...{
      name: "CircleCI: a branch counts as nothing",
      ...workflow("success", { revision: SHA, branch: "topic" }),
    },
    made: {},
  },
  {
    name: "Jenkins: a build ends",
    template: "jenkins",
    body: {
      ...{ type: "run.finalized", url: "job/shop/job/deploy-production/12/", dataType: "org.jenkinsci.Run" },
      data: {
        ...{
          result: "SUCCESS",
          startTime: 1_772_359_200_000,
          duration: 60_500,
          fullDisplayName: "shop » deploy #12",
        },
        actions: [{}, { lastBuiltRevision: { SHA1: SHA } }],
      },
    },
    made: {
      "deployment/shop@jenkins-job-shop-job-deploy-production-12": {
        ...{
          createdAt: "2026-03-01T10:01:00Z",
          deploymentStatus: "Success",
          environment: "Production",
          sha: SHA,
        },
      },
    },
  },
  {
    ...{
      name: "any pipeline: a service is enough",
      template: "pipeline",
      body: { service: "shop", sha: SHA },
    },
    made: {
      [`deployment/shop@${SHA}`]: {
        ...{ createdAt: "2026-03-01T12:00:00Z", deploymentStatus: "Success", environment: "Production" },
      },
    },
  },
  {
    name: "any pipeline: everything told",
    template: "pipeline",
    body: { service: "shop", id: 12, status: "failed", environment: "staging", at: "2026-02-01T00:00:00Z" },
    made: {
      "deployment/shop@12": {
        createdAt: "2026-02-01T00:00:00Z",
        deploymentStatus: "Failed",
        environment: "Staging",
      },
    },
  },
  {
    ...{ name: "any pipeline: a cancelled one counts as nothing", template: "pipeline", made: {} },
    body: { service: "shop", id: 13, status: "cancelled" },
  },
];

test.each(CASES)("$name", ({ template, headers = {}, body, made, deleted = [] }) => {
  const found = webhookTemplates.find(({ id }) => id === template);
  const plan = compileWebhookMapping(found?.mappings ?? []);
  const mapped = mapPayload(plan, null, { body, headers, queryParams: {} }, { now: NOW });
  expect(mapped.errors).toEqual([]);
  const entities: Record<string, Record<string, unknown>> = {};
  for (const { blueprint, body: entity } of mapped.entities) {
    const name = `${blueprint}/${String(entity["identifier"])}`;
    entities[name] = { ...entities[name], ...(entity["properties"] as object) };
  }
  expect(Object.keys(entities).toSorted()).toEqual(Object.keys(made).toSorted());
  expect(entities).toMatchObject(made);
  expect(mapped.deletes.map(({ blueprint, identifier }) => `${blueprint}/${identifier}`)).toEqual(deleted);
});

test.each(webhookTemplates)(
  "$id is a webhook that the API takes; its blueprints have what it writes",
  (template) => {
    const listed = listWebhookTemplates().find((one) => one["id"] === template.id);
    const { secret } = checkWebhook(listed?.["webhook"]);
    expect(secret).toBeUndefined();
    for (const { blueprint, entity } of template.mappings) {
      const owner = template.blueprints.find(({ identifier }) => identifier === blueprint);
      const { properties = {} } = (owner?.["schema"] ?? {}) as { properties?: object };
      const { properties: written = {} } = entity as { properties?: object };
      expect(Object.keys(properties)).toEqual(expect.arrayContaining(Object.keys(written)));
    }
  },
);
