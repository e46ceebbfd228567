/**
 * CircleCI (circleci.com/docs: outbound webhooks reference), Jenkins (the plugin Generic Event), and anything that can run
 * curl.
 */
import { changeBlueprint, deploymentBlueprint, serviceBlueprint } from "../../integrations/blueprints.ts";
import { environmentAmong, identifierOf } from "../../integrations/expressions.ts";
import { mapping, OWN_HEADER, wasGivenUp, type WebhookTemplate } from "./template.ts";

const blueprints = [serviceBlueprint, changeBlueprint, deploymentBlueprint];

export const circleciTemplate: WebhookTemplate = {
  ...{ id: "circleci", title: "CircleCI", icon: "CircleCI", blueprints },
  description:
    "Workflows of main and master, and of tags, whose name says deploy, release or CD. success is a successful deployment, failed and error a failed one.",
  help: "Project settings → Webhooks: the address, the secret as Secret token, and the event Workflow completed.",
  security: {
    ...{ signatureHeaderName: "circleci-signature", signatureAlgorithm: "sha256", signaturePrefix: "v1=" },
    requestIdentifierPath: ".body.id",
  },
  mappings: [
    mapping(
      "deployment",
      `.body.type == "workflow-completed" and (.body.workflow.status | IN("success", "failed", "error")) and (.body.workflow.name | test("(^|[^a-z])(deploy|release|cd)"; "i")) and (.body.pipeline.vcs.branch | IN(null, "main", "master"))`,
      {
        identifier: `(${identifierOf(".body.project.name")}) + "@circleci-" + .body.workflow.id`,
        title: `.body.project.name + " " + .body.workflow.name + " #" + (.body.pipeline.number | tostring)`,
        properties: {
          ...{ createdAt: ".body.workflow.stopped_at", startedAt: ".body.workflow.created_at" },
          environment: environmentAmong([".body.workflow.name"]),
          deploymentStatus: `if .body.workflow.status == "success" then "Success" else "Failed" end`,
          ...{
            sha: ".body.pipeline.vcs.revision",
            ref: ".body.pipeline.vcs.tag // .body.pipeline.vcs.branch",
          },
          url: ".body.workflow.url",
        },
        relations: { service: identifierOf(".body.project.name") },
      },
    ),
  ],
};

/** `job/shop/job/deploy/12/`: the names of folders and job. */
const JOBS = `[.body.url | scan("job/([^/]+)") | .[0]]`;

export const jenkinsTemplate: WebhookTemplate = {
  ...{ id: "jenkins", title: "Jenkins", icon: "Jenkins", blueprints },
  description:
    "Finished builds of jobs whose path says deploy, release or CD. SUCCESS is a successful deployment, FAILURE and UNSTABLE a failed one; the first name of the path is the service.",
  help: "Install the plugin Generic Event; Manage Jenkins → System → Event Dispatcher: the address. The plugin sends no header, so the address is the secret: give the webhook none.",
  security: {},
  mappings: [
    mapping(
      "deployment",
      `.body.type == "run.finalized" and (.body.url | test("(^|[^a-z])(deploy|release|cd)"; "i")) and (.body.data.result | IN("SUCCESS", "FAILURE", "UNSTABLE"))`,
      {
        identifier: `(${JOBS} | .[0]) + "@jenkins-" + (.body.url | sub("/$"; "") | gsub("/"; "-"))`,
        title: `.body.data.fullDisplayName // .body.url`,
        properties: {
          createdAt: "(.body.data.startTime + .body.data.duration) / 1000 | floor | todate",
          startedAt: ".body.data.startTime / 1000 | floor | todate",
          environment: environmentAmong([".body.url"]),
          deploymentStatus: `if .body.data.result == "SUCCESS" then "Success" else "Failed" end`,
          sha: "[.body.data.actions[]? | .lastBuiltRevision?.SHA1? // empty] | .[0]",
        },
        relations: { service: `${JOBS} | .[0]` },
      },
    ),
  ],
};

export const pipelineTemplate: WebhookTemplate = {
  ...{ id: "pipeline", title: "Any pipeline", icon: "Deployment", blueprints },
  description:
    "A line of curl in any pipeline: {service, sha, status, environment, at, id, url}. Only service is needed: status is success unless it says otherwise (what was cancelled or skipped counts as nothing), the environment is Production, the time is now.",
  help: "Keep address and secret as secrets of the pipeline; docs/pipelines.md has the lines for curl, GitHub Actions, GitLab and Jenkins.",
  security: OWN_HEADER,
  mappings: [
    mapping("deployment", `(.body.service | type) == "string" and (${wasGivenUp(".body.status")} | not)`, {
      identifier: `(${identifierOf(".body.service")}) + "@" + ((.body.id // .body.sha // (now | floor)) | tostring | ${identifierOf(".")})`,
      title: `.body.service + " " + ((.body.id // .body.sha // "") | tostring)`,
      properties: {
        createdAt: ".body.at // (now | floor | todate)",
        environment: environmentAmong([".body.environment"]),
        deploymentStatus: `if (.body.status // "success" | ascii_downcase | IN("success", "succeeded", "passed", "ok")) then "Success" else "Failed" end`,
        ...{ sha: ".body.sha", ref: ".body.ref", url: ".body.url" },
      },
      relations: { service: identifierOf(".body.service") },
    }),
  ],
};
