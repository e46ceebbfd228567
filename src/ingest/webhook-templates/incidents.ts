/**
 * PagerDuty (developer.pagerduty.com: webhooks v3), Opsgenie (support.atlassian.com: webhook integration) and Jira
 * (developer.atlassian.com: webhooks).
 */
import { incidentBlueprint, serviceBlueprint } from "../../integrations/blueprints.ts";
import { minutesBetween, servicesNamed } from "../../integrations/expressions.ts";
import { mapping, OWN_HEADER, type WebhookTemplate } from "./template.ts";

const DATA = ".body.event.data";
const TYPE = ".body.event.event_type";
const NAMES = `[${DATA}.service.summary // empty]`;
const OCCURRED = ".body.event.occurred_at";

export const pagerdutyTemplate: WebhookTemplate = {
  ...{ id: "pagerduty", title: "PagerDuty", icon: "pagerduty" },
  description: "Incidents from now on, related to the services that are called as PagerDuty's are.",
  help: "Integrations → Generic Webhooks (v3) → New webhook: the address, scope Account, all incident events. PagerDuty makes the secret; put it into the webhook.",
  security: {
    ...{ signatureHeaderName: "X-PagerDuty-Signature", signatureAlgorithm: "sha256", signaturePrefix: "v1=" },
    requestIdentifierPath: ".body.event.id",
  },
  blueprints: [serviceBlueprint, incidentBlueprint("pagerdutyIncident", "PagerDuty incident", "pagerduty")],
  mappings: [
    mapping(
      "pagerdutyIncident",
      `(${TYPE} | startswith("incident.")) and ${DATA}.type == "incident"`,
      {
        ...{ identifier: `${DATA}.id`, title: `${DATA}.title` },
        properties: {
          ...{ status: `${DATA}.status`, severity: `${DATA}.priority.summary // ${DATA}.urgency` },
          ...{ url: `${DATA}.html_url`, createdAt: `${DATA}.created_at`, serviceNames: NAMES },
        },
        relations: { service: servicesNamed(NAMES) },
      },
      OCCURRED,
    ),
    mapping(
      "pagerdutyIncident",
      `${TYPE} == "incident.resolved"`,
      {
        identifier: `${DATA}.id`,
        properties: {
          resolvedAt: OCCURRED,
          recoveryTime: minutesBetween(`${DATA}.created_at`, OCCURRED),
        },
      },
      OCCURRED,
    ),
    mapping(
      "pagerdutyIncident",
      `${TYPE} == "incident.reopened"`,
      {
        identifier: `${DATA}.id`,
        properties: { resolvedAt: "null", recoveryTime: "null" },
      },
      OCCURRED,
    ),
  ],
};

const ALERT = ".body.alert";
const CREATED = `(${ALERT}.createdAt / 1000 | floor | todate)`;
/** In nanoseconds. */
const UPDATED = `(${ALERT}.updatedAt / 1000000000 | floor | todate)`;

const TAGS = `[${ALERT}.tags[]? | capture("^service[:=] *(?<name>.+)$"; "i").name]`;
const TAGGED = servicesNamed(TAGS);

export const opsgenieTemplate: WebhookTemplate = {
  ...{ id: "opsgenie", title: "Opsgenie", icon: "OpsGenie" },
  description:
    "Alerts of priority P1 and P2 as incidents, from created to closed; they relate to the services that their tags name, such as service:checkout.",
  help: "Settings → Integrations → Webhook: the address, a custom header X-Fairway-Secret with the secret, and all alert actions with their details.",
  security: OWN_HEADER,
  blueprints: [serviceBlueprint, incidentBlueprint("opsgenieIncident", "Opsgenie incident", "OpsGenie")],
  mappings: [
    mapping(
      "opsgenieIncident",
      `.body.action == "Create" and (${ALERT}.priority | IN("P1", "P2"))`,
      {
        ...{ identifier: `${ALERT}.alertId`, title: `${ALERT}.message` },
        properties: {
          ...{ status: `"open"`, severity: `${ALERT}.priority`, createdAt: CREATED, serviceNames: TAGS },
        },
        relations: { service: TAGGED },
      },
      `${ALERT}.updatedAt`,
    ),
    mapping(
      "opsgenieIncident",
      `.body.action == "Close" and (${ALERT}.priority | IN("P1", "P2"))`,
      {
        // Also what the creation told: should that come later, it is left out.
        ...{ identifier: `${ALERT}.alertId`, title: `${ALERT}.message`, relations: { service: TAGGED } },
        properties: {
          ...{ status: `"closed"`, severity: `${ALERT}.priority`, createdAt: CREATED, resolvedAt: UPDATED },
          ...{ recoveryTime: minutesBetween(CREATED, UPDATED), serviceNames: TAGS },
        },
      },
      `${ALERT}.updatedAt`,
    ),
    {
      ...mapping(
        "opsgenieIncident",
        `.body.action == "Delete"`,
        { identifier: `${ALERT}.alertId` },
        `${ALERT}.updatedAt`,
      ),
      operation: { type: "delete", deleteDependents: false },
    },
  ],
};

const FIELDS = ".body.issue.fields";
/** `2026-03-01T10:00:00.000+0100`: Jira writes the offset without a colon. */
const instant = (time: string): string =>
  `(${time} | if . == null then null else sub("(?<hour>[+-][0-9]{2})(?<minute>[0-9]{2})$"; "\\(.hour):\\(.minute)") end)`;
/** Both have the offset of the server, so that it does not count. */
const local = (time: string): string =>
  `(${time} | if . == null then null else sub("[+-][0-9]{4}$"; "Z") end)`;
const COMPONENTS = `[${FIELDS}.components[]?.name]`;
const IS_INCIDENT = `((${FIELDS}.issuetype.name | test("incident|outage"; "i")) or any(${FIELDS}.labels[]?; test("^(incident|outage)$"; "i")))`;

export const jiraTemplate: WebhookTemplate = {
  ...{ id: "jira", title: "Jira", icon: "Jira" },
  description:
    "Issues whose type or label says incident or outage, from created to resolved, related to the services that are called as their components.",
  help: "Settings → System → WebHooks: the address, the secret, and the events Issue created, updated and deleted.",
  security: {
    ...{ signatureHeaderName: "X-Hub-Signature", signatureAlgorithm: "sha256", signaturePrefix: "sha256=" },
    requestIdentifierPath: `.headers["x-atlassian-webhook-identifier"]`,
  },
  blueprints: [serviceBlueprint, incidentBlueprint("jiraIncident", "Jira incident", "Jira")],
  mappings: [
    mapping(
      "jiraIncident",
      `(.body.webhookEvent | IN("jira:issue_created", "jira:issue_updated")) and ${IS_INCIDENT}`,
      {
        ...{ identifier: ".body.issue.key", title: `${FIELDS}.summary` },
        properties: {
          status: `if ${FIELDS}.resolutiondate == null then "open" else "resolved" end`,
          ...{ severity: `${FIELDS}.priority.name`, createdAt: instant(`${FIELDS}.created`) },
          url: `(.body.issue.self | sub("/rest/api/.*$"; "")) + "/browse/" + .body.issue.key`,
          resolvedAt: instant(`${FIELDS}.resolutiondate`),
          recoveryTime: minutesBetween(local(`${FIELDS}.created`), local(`${FIELDS}.resolutiondate`)),
          serviceNames: COMPONENTS,
        },
        relations: { service: servicesNamed(COMPONENTS) },
      },
      instant(`${FIELDS}.updated`),
    ),
    {
      ...mapping(
        "jiraIncident",
        `.body.webhookEvent == "jira:issue_deleted"`,
        { identifier: ".body.issue.key" },
        instant(`${FIELDS}.updated`),
      ),
      operation: { type: "delete", deleteDependents: false },
    },
  ],
};
