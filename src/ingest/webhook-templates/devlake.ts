/**
 * What is sent to webhooks of Apache DevLake (devlake.apache.org: incoming webhooks), by the addresses of its API
 * (ingest/devlake-request.ts), which says in `queryParams` what was sent to.
 */
import {
  changeBlueprint,
  deploymentBlueprint,
  incidentBlueprint,
  serviceBlueprint,
} from "../../integrations/blueprints.ts";
import { environmentAmong, identifierOf } from "../../integrations/expressions.ts";
import { mapping, type WebhookTemplate } from "./template.ts";

/** `https://github.com/acme/shop.git` is `shop`. */
const repositoryName = (url: string): string =>
  `(${url} // "" | sub("[?#].*$"; "") | sub("(\\\\.git)?/*$"; "") | split("/") | map(select(. != "")) | last)`;
/** The repository of a request's page, on GitHub, GitLab or Bitbucket. */
const REPOSITORY = `(.body.url // "" | sub("/(-/)?(pull|pulls|merge_requests|pull-requests)/.*$"; ""))`;
const hostAndPath = (url: string): string =>
  `(${url} // "" | sub("^[a-z+]+://([^@/]*@)?"; "") | sub("(\\\\.git)?/*$"; "") | if . == "" then null else . end)`;
/** As the address says, else the repository, else what the connection is called by name. */
const serviceOf = (url: string): string =>
  `(.queryParams.service // ${repositoryName(url)} // .queryParams.connectionName | ${identifierOf(".")})`;

/** The header in which a mapping finds when the request came: closing an issue says no time. */
export const RECEIVED_AT = "x-fairway-received-at";
const CAME = `.headers["${RECEIVED_AT}"]`;

const is = (kind: string): string => `.queryParams.devlake == "${kind}"`;
const RESULT = `(.item.result // .body.result // "SUCCESS" | ascii_upcase)`;
const isDone = `(.body.status | ascii_upcase) == "DONE"`;
const ended = `if ${isDone} then (.body.resolutionDate // .body.updatedDate // ${CAME}) else null end`;

export const devlakeTemplate: WebhookTemplate = {
  ...{ id: "devlake", title: "DevLake webhooks", icon: "Webhook" },
  description:
    "What pipelines send to webhooks of Apache DevLake: deployments (one for each commit and its repository), pull requests, and issues of the type INCIDENT. Only the base address changes.",
  help: "Call the webhook devlake-1 where DevLake's connection has the number 1 (or as the connection is called), and take the API key that the senders have as its secret. docs/data-sources.md has the addresses.",
  security: {
    ...{ signatureHeaderName: "Authorization", signatureAlgorithm: "plain", signaturePrefix: "Bearer " },
  },
  blueprints: [
    serviceBlueprint,
    changeBlueprint,
    deploymentBlueprint,
    incidentBlueprint("devlakeIncident", "DevLake incident", "Alert"),
  ],
  mappings: [
    {
      ...mapping("deployment", is("deployment"), {
        identifier: `${serviceOf(".item.repoUrl")} + "@" + (${identifierOf("(.body.id | tostring)")})`,
        title: ".body.displayTitle // .item.displayTitle // .body.name // .body.id",
        properties: {
          createdAt: ".item.finishedDate // .body.finishedDate",
          startedAt: ".item.startedDate // .body.startedDate",
          environment: environmentAmong([".body.environment"]),
          deploymentStatus: `if ${RESULT} == "SUCCESS" then "Success" else "Failed" end`,
          ...{ sha: ".item.commitSha", ref: ".item.refName" },
        },
        relations: { service: serviceOf(".item.repoUrl") },
      }),
      itemsToParse: ".body.deploymentCommits",
    },
    mapping("change", is("pull_request"), {
      identifier: `${serviceOf(REPOSITORY)} + "/" + (.body.pullRequestKey | tostring)`,
      title: ".body.displayTitle",
      properties: {
        ...{ number: ".body.pullRequestKey", url: ".body.url", author: ".body.authorName" },
        repository: hostAndPath(REPOSITORY),
        status: `(.body.status // (if .body.mergedDate then "MERGED" else "OPEN" end)) | ascii_downcase`,
        ...{ openedAt: ".body.createdDate", mergedAt: ".body.mergedDate" },
        ...{ mergeSha: ".body.mergeCommitSha", headSha: ".body.headCommitSha" },
      },
      relations: { service: `[${serviceOf(REPOSITORY)}]` },
    }),
    mapping("devlakeIncident", `${is("issue")} and ((.body.type // "") | ascii_upcase) == "INCIDENT"`, {
      identifier: identifierOf("(.body.issueKey)"),
      title: ".body.title",
      properties: {
        status: `if ${isDone} then "resolved" else "open" end`,
        ...{ severity: ".body.severity // .body.priority", createdAt: ".body.createdDate" },
        ...{ url: `[.body.url // empty | select(test("^https?://"))] | .[0]`, resolvedAt: ended },
      },
      relations: {
        service: `[.queryParams.service, .body.component, .queryParams.connectionName | strings | select(. != "")] | .[0:1] | map(${identifierOf(".")})`,
      },
    }),
    mapping("devlakeIncident", is("close"), {
      identifier: identifierOf("(.queryParams.issueKey)"),
      properties: { status: `"resolved"`, resolvedAt: CAME },
    }),
  ],
};
