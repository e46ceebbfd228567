/** The blueprints that the DORA numbers read (docs/dora.md), as every connector of a kind brings them. */
import type { JsonObject } from "../model/json.ts";

const text = (title: string): JsonObject => ({ type: "string", title });
const time = (title: string): JsonObject => ({ type: "string", format: "date-time", title });
const link = (title: string): JsonObject => ({ type: "string", format: "url", title });
const texts = (title: string): JsonObject => ({ type: "array", items: { type: "string" }, title });

export const property = { text, time, link, texts } as const;

export const relationTo = (title: string, target: string, many = false): JsonObject => ({
  ...{ title, target, required: false, many },
});

export const blueprint = (
  identifier: string,
  title: string,
  icon: string,
  properties: JsonObject,
  relations: JsonObject = {},
): JsonObject => ({ identifier, title, icon, schema: { properties, required: [] }, relations });

export const serviceBlueprint = blueprint("service", "Service", "Service", {
  ...{ repository: text("Repository"), url: link("URL"), paths: texts("Paths") },
  ...{ description: text("Description"), language: text("Language") },
  // What incident tools call it where they do not use its title.
  aliases: texts("Names in other systems"),
});

export const changeBlueprint = blueprint(
  "change",
  "Change",
  "Git",
  {
    number: { type: "number", title: "Number" },
    ...{ url: link("URL"), repository: text("Repository") },
    status: {
      type: "string",
      title: "Status",
      enum: ["open", "merged", "closed"],
      enumColors: { open: "blue", merged: "purple", closed: "lightGray" },
    },
    ...{ openedAt: time("Opened at"), firstCommitAt: time("First commit at") },
    readyForReviewAt: time("Ready for review at"),
    ...{ firstReviewAt: time("First review at"), approvedAt: time("Approved at") },
    // By whom and when: `{by, at}`.
    reviews: { type: "array", title: "Reviews", items: { type: "object" } },
    ...{ mergedAt: time("Merged at"), mergeSha: text("Merge commit"), headSha: text("Head commit") },
    leadTimeHours: { type: "number", title: "Opened to merged (hours)" },
    ...{ author: text("Author"), isBot: { type: "boolean", title: "By a bot" }, labels: texts("Labels") },
  },
  { service: relationTo("Services", "service", true) },
);

export const deploymentBlueprint = blueprint(
  "deployment",
  "Deployment",
  "Deployment",
  {
    createdAt: time("Deployment time"),
    environment: {
      type: "string",
      title: "Environment",
      enum: ["Production", "Staging", "Testing"],
      enumColors: { Production: "green", Staging: "orange", Testing: "blue" },
    },
    deploymentStatus: {
      type: "string",
      title: "Deployment status",
      enum: ["Success", "Failed"],
      enumColors: { Success: "green", Failed: "red" },
    },
    ...{ startedAt: time("Started at"), sha: text("Commit"), previousSha: text("Previous commit") },
    ...{ ref: text("Tag or branch"), url: link("URL") },
    trigger: { type: "string", title: "Trigger", enum: ["normal", "rollback", "hotfix"] },
  },
  { service: relationTo("Service", "service"), pullRequest: relationTo("Change", "change") },
);

/** An incident as the DORA numbers read it, under the name of its system. */
export const incidentBlueprint = (
  identifier: string,
  title: string,
  icon: string,
  properties: JsonObject = {},
  relations: JsonObject = {},
): JsonObject =>
  blueprint(
    identifier,
    title,
    icon,
    {
      ...{ status: text("Status"), severity: text("Severity"), url: link("URL") },
      ...{ createdAt: time("Began at"), detectedAt: time("Detected at"), resolvedAt: time("Resolved at") },
      recoveryTime: { type: "number", title: "Time to recovery (minutes)" },
      // Whether or not the catalog has such services: what is missing in their aliases.
      serviceNames: texts("Services, as the tool names them"),
      ...properties,
    },
    { service: relationTo("Services", "service", true), ...relations },
  );
