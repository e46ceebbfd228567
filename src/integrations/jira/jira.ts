/** Jira, Cloud and Data Center: issues, and which of them are incidents, changes or deployments. */
import {
  blueprint,
  changeBlueprint,
  deploymentBlueprint,
  incidentBlueprint,
  property,
  relationTo,
  serviceBlueprint,
} from "../blueprints.ts";
import type { Connector, Strategy } from "../connector.ts";
import { hoursBetween, minutesBetween, resource, servicesNamed } from "../expressions.ts";
import { textAt } from "../read-json.ts";
import { apiOf, openJira } from "./client.ts";
import { jiraKinds } from "./kinds.ts";
import { jiraWebhook } from "./webhook.ts";
import { LOOKBACK } from "../lookback.ts";

const { text, time, link, texts } = property;

const TYPE = '(.fields.issuetype.name // "")';
const IS_DONE = `(.fields.status.statusCategory.key == "done")`;
/** Done, and nothing came of it. */
const IS_DROPPED = `(.fields.resolution.name // .fields.status.name // "" | test("duplicate|won.?t|cancel|declined|rejected|cannot reproduce|not a bug"; "i"))`;
const SERVICES = servicesNamed(".__services");

const strategies: readonly Strategy[] = [
  {
    id: "incident",
    title: "Issues as incidents",
    description:
      "Issues whose type says incident or outage, or with such a label. From created to resolved; duplicates and cancelled ones count as none.",
    resources: [
      resource(
        "issue",
        `(${TYPE} | test("incident|outage"; "i")) or any(.fields.labels[]?; test("^(incident|outage)$"; "i"))`,
        "jiraIncident",
        {
          identifier: ".key",
          title: ".fields.summary",
          properties: {
            status: `if ${IS_DONE} then (if ${IS_DROPPED} then "canceled" else "resolved" end) else "open" end`,
            ...{ severity: ".fields.priority.name", url: ".__url", issueStatus: ".fields.status.name" },
            ...{ createdAt: ".__created", resolvedAt: ".__resolved" },
            recoveryTime: minutesBetween(".__created", ".__resolved"),
            serviceNames: ".__services",
          },
          relations: { service: SERVICES, issue: ".key" },
        },
      ),
    ],
  },
  {
    id: "change",
    title: "Issues as changes",
    description:
      "Stories, tasks and bugs as changes, merged when they are done. For teams whose source control is not connected; with it, changes would count twice.",
    resources: [
      resource("issue", `${TYPE} | test("^(story|task|bug|improvement|new feature)$"; "i")`, "change", {
        identifier: ".key",
        title: ".fields.summary",
        properties: {
          url: ".__url",
          status: `if ${IS_DONE} | not then "open" elif ${IS_DROPPED} then "closed" else "merged" end`,
          openedAt: ".__created",
          mergedAt: `if ${IS_DONE} and (${IS_DROPPED} | not) then .__resolved else null end`,
          leadTimeHours: `if ${IS_DONE} and (${IS_DROPPED} | not) then (${hoursBetween(".__created", ".__resolved")}) else null end`,
          ...{ author: ".fields.assignee.displayName", labels: ".fields.labels" },
        },
        relations: { service: SERVICES },
      }),
    ],
  },
  {
    id: "change-request",
    title: "Change requests as deployments",
    description:
      "Change requests of Jira Service Management (a type that ends in Change) that are done: a production deployment, failed where status or resolution says so. Cancelled and declined ones count as nothing.",
    resources: [
      resource(
        "issue",
        `(${TYPE} | test("change( request)?$"; "i")) and ${IS_DONE} and (${IS_DROPPED} | not)`,
        "deployment",
        {
          identifier: ".key",
          title: ".fields.summary",
          properties: {
            ...{ createdAt: ".__resolved", environment: `"Production"`, url: ".__url" },
            deploymentStatus: `if [.fields.status.name, .fields.resolution.name // ""] | any(test("fail|rolled.?back|backed.?out|unsuccessful"; "i")) then "Failed" else "Success" end`,
          },
          relations: { service: SERVICES },
        },
      ),
    ],
  },
];

export const jira: Connector = {
  ...{ type: "jira", title: "Jira", icon: "Jira", category: "issues" },
  settings: [
    {
      ...{ name: "baseUrl", title: "Address", required: true },
      help: "https://acme.atlassian.net, or that of your own Jira.",
    },
    {
      ...{ name: "edition", title: "Edition", default: "cloud" },
      help: "cloud or data-center.",
    },
    {
      ...{ name: "email", title: "E-mail" },
      help: "Cloud: of the account that the API token belongs to. Empty: the token is sent as Bearer.",
    },
    {
      ...{ name: "token", title: "Token", secret: true, required: true },
      help: "Cloud: id.atlassian.com → Security → API tokens. Data Center: Profile → Personal Access Tokens.",
    },
    {
      ...{ name: "jql", title: "Which issues" },
      help: "JQL without ORDER BY, such as project in (OPS, SHOP). Empty: all that the account sees.",
    },
    {
      ...{ name: "serviceField", title: "Field that names the service", default: "components" },
      help: "components, labels, or a field's id such as customfield_10050. Its values are titles or aliases of services.",
    },
    {
      ...{ name: "fields", title: "Further fields" },
      help: "Ids of fields that your mapping needs besides the usual ones, with commas between.",
    },
    { ...LOOKBACK, help: "Issues that were made before are left out." },
  ],
  kinds: jiraKinds,
  open: openJira,
  async check({ http, settings }) {
    const { body } = await http.get(`${apiOf(settings)}/myself`);
    return textAt(body, "displayName") ?? "the account of the token";
  },
  webhook: jiraWebhook,
  defaults: {
    blueprints: [
      ...[serviceBlueprint, changeBlueprint, deploymentBlueprint],
      blueprint("jiraProject", "Jira project", "Jira", { key: text("Key"), url: link("URL") }),
      blueprint(
        "jiraIssue",
        "Jira issue",
        "Jira",
        {
          ...{
            status: text("Status"),
            issueType: text("Type"),
            priority: text("Priority"),
            url: link("URL"),
          },
          ...{ components: texts("Components"), labels: texts("Labels"), assignee: text("Assignee") },
          ...{ reporter: text("Reporter"), created: time("Created"), updated: time("Updated") },
          resolutionDate: time("Resolved"),
        },
        {
          project: relationTo("Project", "jiraProject"),
          service: relationTo("Services", "service", true),
        },
      ),
      incidentBlueprint(
        "jiraIncident",
        "Jira incident",
        "Jira",
        { issueStatus: text("Status of the issue") },
        { issue: relationTo("Issue", "jiraIssue") },
      ),
    ],
    resources: [
      resource("project", "true", "jiraProject", {
        ...{ identifier: ".key", title: ".name" },
        properties: { key: ".key", url: ".__url" },
      }),
      resource("issue", "true", "jiraIssue", {
        ...{ identifier: ".key", title: ".fields.summary" },
        properties: {
          ...{ status: ".fields.status.name", issueType: ".fields.issuetype.name", url: ".__url" },
          ...{ priority: ".fields.priority.name", components: "[.fields.components[]?.name]" },
          ...{ labels: ".fields.labels", assignee: ".fields.assignee.displayName" },
          ...{ reporter: ".fields.reporter.displayName", created: ".__created", updated: ".__updated" },
          resolutionDate: ".__resolved",
        },
        relations: { project: ".fields.project.key", service: SERVICES },
      }),
    ],
  },
  strategies,
  defaultStrategies: ["incident"],
};
