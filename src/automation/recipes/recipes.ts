/** The recipes that come with Fairway. Parameters are put in for `${…}`; everything made is an ordinary automation. */
import type { JsonObject } from "../../model/json.ts";
import type { Recipe, RecipeParameter } from "./recipe.ts";

const AFTER = ".event.diff.after";
const url: RecipeParameter = {
  ...{ name: "url", type: "string" },
  title: "Address of the Slack webhook; {{ .secrets.NAME }} for a secret",
};
const text = (name: string, title: string, usual?: string): RecipeParameter => ({
  ...{ name, title, type: "string" },
  ...(usual === undefined ? {} : { default: usual }),
});
const number = (name: string, title: string, usual: number): RecipeParameter => ({
  ...{ name, title, type: "number", default: usual },
});

const slack = (to: string, message: string): JsonObject => ({
  ...{ type: "SLACK", url: to, synchronized: true, body: { text: message } },
});
const set = (blueprint: string, properties: JsonObject): JsonObject => ({
  type: "UPSERT_ENTITY",
  blueprintIdentifier: blueprint,
  mapping: { identifier: "{{ .event.context.entityIdentifier }}", properties },
});
const automation = (
  identifier: string,
  title: string,
  event: JsonObject,
  expressions: readonly string[],
  invocationMethod: JsonObject,
): JsonObject => ({
  ...{ identifier, title, icon: "Automation", invocationMethod, publish: true },
  trigger: { type: "automation", event, condition: { type: "JQ", expressions, combinator: "and" } },
});

const timer = (title: string): JsonObject => ({ type: "string", format: "timer", title });
const isOpen = '.diff.after.properties["${statusProperty}"] == "${openStatus}"';
const isUnreviewed = '.diff.after.properties["${reviewProperty}"] == null';
const reviewTimer: JsonObject = {
  ...{
    type: "TIMER_PROPERTY_EXPIRED",
    blueprintIdentifier: "${blueprint}",
    propertyIdentifier: "review_timer",
  },
};
const waiting = `{{ ${AFTER}.title // .event.context.entityIdentifier }} waits for a review since {{ ${AFTER}.createdAt }}`;
const link = `{{ ${AFTER}.properties["\${linkProperty}"] // "" }}`;
const pullRequest = [
  text("blueprint", "Blueprint of pull requests", "githubPullRequest"),
  text("statusProperty", "Property that says whether it is open", "status"),
  text("openStatus", "What that says of an open one", "open"),
  text("linkProperty", "Property with its address", "link"),
];
const hasFailed = [
  '.diff.after.properties["${statusProperty}"] == "${failedStatus}"',
  '(.diff.before.properties["${statusProperty}"] // null) != "${failedStatus}"',
];
const deployment = [
  text("blueprint", "Blueprint of deployments", "deployment"),
  text("statusProperty", "Property with the outcome", "deploymentStatus"),
  text("failedStatus", "What it says of a failed one", "Failed"),
];
const anyDeployment: JsonObject = { type: "ANY_ENTITY_CHANGE", blueprintIdentifier: "${blueprint}" };

export const RECIPES: readonly Recipe[] = [
  {
    identifier: "nudge-reviewers",
    title: "Nudge reviewers",
    description:
      "A pull request that waits for its first review is brought to the reviewers' mind, again and again; after some times somebody else is told. Ends with the review.",
    parameters: [
      ...pullRequest,
      text("reviewProperty", "Property that has a value once it was reviewed", "firstReviewAt"),
      ...[
        number("hours", "Hours until the first nudge", 24),
        number("repeatHours", "Hours between nudges", 24),
      ],
      number("escalateAfter", "Nudges before somebody else is told", 2),
      ...[url, text("escalationUrl", "Where that is told", "${url}")],
    ],
    properties: {
      blueprint: "blueprint",
      of: { review_timer: timer("Next nudge"), review_nudges: { type: "number", title: "Nudges" } },
    },
    automations: [
      automation(
        "${blueprint}-nudge-start",
        "Wait for the first review",
        { type: "ENTITY_CREATED", blueprintIdentifier: "${blueprint}" },
        [isOpen],
        set("${blueprint}", {
          review_timer: `{{ ${AFTER} | .properties.createdAt // .createdAt | sub("\\\\.[0-9]+Z$"; "Z") | fromdate + \${hours} * 3600 | todate }}`,
          review_nudges: 0,
        }),
      ),
      automation(
        "${blueprint}-nudge-reviewers",
        "Nudge reviewers",
        reviewTimer,
        [isOpen, isUnreviewed],
        slack("${url}", `${waiting} ${link}`),
      ),
      automation(
        "${blueprint}-nudge-escalate",
        "Nudges did not help",
        reviewTimer,
        [isOpen, isUnreviewed, "(.diff.after.properties.review_nudges // 0) >= ${escalateAfter}"],
        slack("${escalationUrl}", `${waiting}; \${escalateAfter} nudges did not help ${link}`),
      ),
      automation(
        "${blueprint}-nudge-again",
        "Next nudge",
        reviewTimer,
        [isOpen, isUnreviewed],
        set("${blueprint}", {
          review_timer: "{{ now + ${repeatHours} * 3600 | todate }}",
          review_nudges: `{{ (${AFTER}.properties.review_nudges // 0) + 1 }}`,
        }),
      ),
    ],
  },
  {
    identifier: "failed-deployment-message",
    title: "Message of a failed deployment",
    description: "A message when a deployment fails; once for each, however often it is written.",
    parameters: [...deployment, url],
    properties: null,
    automations: [
      automation(
        "${blueprint}-failed-message",
        "Deployment failed",
        anyDeployment,
        hasFailed,
        slack("${url}", `Deployment {{ ${AFTER}.title // .event.context.entityIdentifier }} failed`),
      ),
    ],
  },
  {
    identifier: "incident-from-failed-deployment",
    title: "Incident from a failed deployment",
    description:
      "Opens an entity of the incident blueprint when a deployment fails, one for each deployment.",
    parameters: [
      ...deployment,
      text("incidentBlueprint", "Blueprint of incidents", "incident"),
      text("incidentStatusProperty", "Its property with the state", "status"),
      text("incidentOpenStatus", "What that says of an open one", "open"),
    ],
    properties: null,
    automations: [
      automation("${blueprint}-failed-incident", "Open an incident", anyDeployment, hasFailed, {
        type: "UPSERT_ENTITY",
        blueprintIdentifier: "${incidentBlueprint}",
        mapping: {
          identifier: "deployment-{{ .event.context.entityIdentifier }}",
          title: `Deployment {{ ${AFTER}.title // .event.context.entityIdentifier }} failed`,
          properties: { "${incidentStatusProperty}": "${incidentOpenStatus}" },
        },
      }),
    ],
  },
  {
    identifier: "stale-pull-request",
    title: "Stale pull requests",
    description: "A message when an open pull request has not changed for some days; any change begins anew.",
    parameters: [...pullRequest, number("days", "Days without a change", 7), url],
    properties: { blueprint: "blueprint", of: { stale_timer: timer("Stale from") } },
    automations: [
      automation(
        "${blueprint}-stale-watch",
        "Watch for standstill",
        { type: "ANY_ENTITY_CHANGE", blueprintIdentifier: "${blueprint}" },
        [
          isOpen,
          // Its own write is no sign of life.
          "(.diff.before.properties.stale_timer // null) == (.diff.after.properties.stale_timer // null)",
        ],
        set("${blueprint}", { stale_timer: "{{ now + ${days} * 86400 | todate }}" }),
      ),
      automation(
        "${blueprint}-stale-message",
        "Stale pull request",
        {
          ...{ type: "TIMER_PROPERTY_EXPIRED", blueprintIdentifier: "${blueprint}" },
          propertyIdentifier: "stale_timer",
        },
        [isOpen],
        slack(
          "${url}",
          `{{ ${AFTER}.title // .event.context.entityIdentifier }} has not changed for \${days} days ${link}`,
        ),
      ),
    ],
  },
  {
    identifier: "environment-expiry",
    title: "End of an environment",
    description:
      "Calls whoever takes environments down when the time of one is over, and marks it as expired.",
    parameters: [
      text("blueprint", "Blueprint of environments", "environment"),
      text("timerProperty", "Its timer property", "ttl"),
      text("statusProperty", "Its property with the state", "status"),
      text("expiredStatus", "What that says then", "Expired"),
      text("url", "Address that takes it down"),
    ],
    properties: {
      blueprint: "blueprint",
      of: { "${timerProperty}": timer("Ends at"), "${statusProperty}": { type: "string", title: "Status" } },
    },
    automations: [
      automation(
        "${blueprint}-take-down",
        "Take the environment down",
        {
          ...{ type: "TIMER_PROPERTY_EXPIRED", blueprintIdentifier: "${blueprint}" },
          propertyIdentifier: "${timerProperty}",
        },
        [],
        { type: "WEBHOOK", url: "${url}", synchronized: true, body: { environment: `{{ ${AFTER} }}` } },
      ),
      automation(
        "${blueprint}-mark-expired",
        "Mark the environment as expired",
        {
          ...{ type: "TIMER_PROPERTY_EXPIRED", blueprintIdentifier: "${blueprint}" },
          propertyIdentifier: "${timerProperty}",
        },
        [],
        set("${blueprint}", { "${statusProperty}": "${expiredStatus}" }),
      ),
    ],
  },
];
