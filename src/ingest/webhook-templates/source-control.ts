/** GitHub (docs.github.com: webhook events and payloads) and GitLab (docs.gitlab.com: webhook events). */
import { changeBlueprint, deploymentBlueprint, serviceBlueprint } from "../../integrations/blueprints.ts";
import { environmentOf, hoursBetween, identifierOf } from "../../integrations/expressions.ts";
import { mapping, type WebhookTemplate } from "./template.ts";

const blueprints = [serviceBlueprint, changeBlueprint, deploymentBlueprint];
const HOST = `sub("^https?://"; "")`;

const EVENT = `.headers["x-github-event"]`;
const REPOSITORY = `(.body.repository.html_url | ${HOST})`;
const PULL = ".body.pull_request";

export const githubTemplate: WebhookTemplate = {
  ...{ id: "github", title: "GitHub", icon: "Github", blueprints },
  description:
    "Repositories, pull requests and deployments, from now on. The connector brings the history too.",
  help: "Settings → Webhooks of the organisation or repository: the address, content type application/json, the secret, and the events Pull requests and Deployment statuses.",
  security: {
    ...{
      signatureHeaderName: "X-Hub-Signature-256",
      signatureAlgorithm: "sha256",
      signaturePrefix: "sha256=",
    },
    requestIdentifierPath: `.headers["x-github-delivery"]`,
  },
  mappings: [
    mapping("service", ".body.repository != null", {
      ...{ identifier: ".body.repository.name", title: ".body.repository.name" },
      properties: {
        repository: REPOSITORY,
        ...{ url: ".body.repository.html_url", description: ".body.repository.description" },
        language: ".body.repository.language",
      },
    }),
    mapping(
      "change",
      `${EVENT} == "pull_request"`,
      {
        identifier: `${REPOSITORY} + "/" + (${PULL}.number | tostring)`,
        title: `${PULL}.title`,
        properties: {
          ...{ number: `${PULL}.number`, url: `${PULL}.html_url`, repository: REPOSITORY },
          status: `if ${PULL}.merged_at != null then "merged" else ${PULL}.state end`,
          ...{ openedAt: `${PULL}.created_at`, mergedAt: `${PULL}.merged_at`, headSha: `${PULL}.head.sha` },
          // Of an open one it is only a trial.
          mergeSha: `if ${PULL}.merged_at == null then null else ${PULL}.merge_commit_sha end`,
          leadTimeHours: hoursBetween(`${PULL}.created_at`, `${PULL}.merged_at`),
          ...{
            author: `${PULL}.user.login`,
            isBot: `${PULL}.user.type == "Bot"`,
            labels: `[${PULL}.labels[].name]`,
          },
        },
        relations: { service: "[.body.repository.name]" },
      },
      `${PULL}.updated_at`,
    ),
    mapping(
      "deployment",
      `${EVENT} == "deployment_status" and (.body.deployment_status.state | IN("success", "failure", "error"))`,
      {
        identifier: `.body.repository.name + "@deployment-" + (.body.deployment.id | tostring)`,
        title: `.body.repository.name + " " + .body.deployment.environment`,
        properties: {
          createdAt: ".body.deployment_status.created_at",
          startedAt: ".body.deployment.created_at",
          environment: environmentOf(".body.deployment.environment"),
          deploymentStatus: `if .body.deployment_status.state == "success" then "Success" else "Failed" end`,
          ...{ sha: ".body.deployment.sha", ref: ".body.deployment.ref" },
          url: ".body.deployment_status.log_url // .body.deployment_status.target_url",
        },
        relations: { service: ".body.repository.name" },
      },
      ".body.deployment_status.created_at",
    ),
  ],
};

const PROJECT = ".body.project";
const SERVICE = `(${identifierOf(`${PROJECT}.path_with_namespace`)})`;
const GITLAB_REPOSITORY = `(${PROJECT}.web_url | ${HOST})`;
const MERGE = ".body.object_attributes";
/** `2026-03-01 10:00:00 UTC` and `2026-03-01 10:00:00 +0200`, as older versions and deployments have it. */
const instant = (time: string): string =>
  `(${time} | if . == null then null else sub(" UTC$"; "Z") | sub(" (?<sign>[+-])(?<hour>[0-9]{2})(?<minute>[0-9]{2})$"; "\\(.sign)\\(.hour):\\(.minute)") | sub(" "; "T") end)`;
const MERGED_AT = `(if ${MERGE}.state == "merged" then ${instant(`(${MERGE}.merged_at // ${MERGE}.updated_at)`)} else null end)`;

export const gitlabTemplate: WebhookTemplate = {
  ...{ id: "gitlab", title: "GitLab", icon: "GitLab", blueprints },
  description: "Projects, merge requests and deployments, from now on. The connector brings the history too.",
  help: "Settings → Webhooks of the group or project: the address, the secret as Secret token, and the triggers Merge request events and Deployment events.",
  security: {
    ...{ signatureHeaderName: "X-Gitlab-Token", signatureAlgorithm: "plain" },
    requestIdentifierPath: `.headers["idempotency-key"] // .headers["x-gitlab-event-uuid"]`,
  },
  mappings: [
    mapping("service", `${PROJECT} != null`, {
      ...{ identifier: SERVICE, title: `${PROJECT}.name` },
      properties: {
        repository: GITLAB_REPOSITORY,
        url: `${PROJECT}.web_url`,
        description: `${PROJECT}.description`,
      },
    }),
    mapping(
      "change",
      `.body.object_kind == "merge_request"`,
      {
        identifier: identifierOf(`${GITLAB_REPOSITORY} + "/" + (${MERGE}.iid | tostring)`),
        title: `${MERGE}.title`,
        properties: {
          ...{ number: `${MERGE}.iid`, url: `${MERGE}.url`, repository: GITLAB_REPOSITORY },
          status: `{opened: "open", locked: "open", merged: "merged"}[${MERGE}.state] // "closed"`,
          ...{
            openedAt: instant(`${MERGE}.created_at`),
            mergedAt: MERGED_AT,
            headSha: `${MERGE}.last_commit.id`,
          },
          mergeSha: `if ${MERGE}.state == "merged" then ${MERGE}.merge_commit_sha // ${MERGE}.last_commit.id else null end`,
          ...{ author: ".body.user.username", labels: "[.body.labels[]?.title]" },
        },
        relations: { service: `[${SERVICE}]` },
      },
      instant(`${MERGE}.updated_at`),
    ),
    mapping(
      "deployment",
      `.body.object_kind == "deployment" and (.body.status | IN("success", "failed"))`,
      {
        identifier: `${SERVICE} + "@deployment-" + (.body.deployment_id | tostring)`,
        title: `${PROJECT}.name + " " + .body.environment`,
        properties: {
          createdAt: instant(".body.status_changed_at"),
          environment: environmentOf(".body.environment"),
          deploymentStatus: `if .body.status == "success" then "Success" else "Failed" end`,
          ...{ sha: `.body.commit_url | split("/") | last`, ref: ".body.ref", url: ".body.deployable_url" },
        },
        relations: { service: SERVICE },
      },
      instant(".body.status_changed_at"),
    ),
  ],
};
