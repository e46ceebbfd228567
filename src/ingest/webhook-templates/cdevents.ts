/**
 * CDEvents (cdevents.dev, spec 0.3 to 0.6) and CloudEvents 1.0 (HTTP binding): structured, binary and batched. A batch has
 * 500 events at most, as everything that `itemsToParse` gives.
 */
import {
  deploymentBlueprint,
  incidentBlueprint,
  property,
  serviceBlueprint,
} from "../../integrations/blueprints.ts";
import { environmentAmong, identifierOf } from "../../integrations/expressions.ts";
import type { JsonObject } from "../../model/json.ts";
import { mapping, wasGivenUp, type WebhookTemplate } from "./template.ts";

/** Every event of the request in one shape, whichever mode it came in. */
const ITEMS = `.headers as $h | [
  (.body | if type == "array" then .[] else . end | objects) as $ce
  | (if ($ce | has("data_base64")) then ($ce.data_base64 | @base64d | fromjson)
     elif ($ce | has("specversion")) then $ce.data else $ce end | objects) as $e
  | { type: ($e.context.type? // $ce.type? // $h["ce-type"] // ""),
      id: ($e.context.id? // $ce.id? // $h["ce-id"]),
      time: ($e.context.timestamp? // $ce.time? // $h["ce-time"]),
      subject: (($e.subject? | objects) // {}), custom: (($e.customData? | objects) // {}), data: $e } ]`;

/** `service/myapp` is `myapp`. */
const lastPart = (text: string): string => `(${text} | tostring | split("/") | map(select(. != "")) | last)`;
const CONTENT = ".item.subject.content";
const SERVICE = `(${identifierOf(lastPart(".item.subject.id"))})`;
const ENVIRONMENT = environmentAmong([`${CONTENT}.environment.name`, `${CONTENT}.environment.id`]);
const FAILED = `tostring | ascii_downcase | IN("failure", "failed", "error")`;
/** The commit that a package URL names: in `vcs_url`, or as the version of source code. */
const COMMIT = `((${CONTENT}.artifactId // "") | (capture("vcs_url=[^&#]*(@|%40)(?<sha>[0-9a-f]{7,64})") // capture("^pkg:(golang|github|gitlab|bitbucket|generic)/[^?#]*@(?<sha>[0-9a-f]{7,64})([?#]|$)")) | .sha)`;

const cdevent = (subject: string, predicates: string): string =>
  `(.item.type | test("^dev[.]cdevents[.]${subject}[.](${predicates})([.]|$)"))`;
const cloudevent = (word: string): string =>
  `(.item.type | test("(^|[./_-])${word}([./_-]|$)"; "i")) and (.item.type | startswith("dev.cdevents.") | not)`;

const each = (block: JsonObject): JsonObject => ({ ...block, itemsToParse: ITEMS });

const incidentOf = (predicate: string, properties: Readonly<Record<string, string>>): JsonObject =>
  each(
    mapping("cdeventsIncident", cdevent("incident", predicate), {
      identifier: identifierOf("(.item.subject.id | tostring)"),
      ...(predicate !== "resolved" && {
        title: `(${CONTENT}.description // (.item.subject.id | tostring))`,
      }),
      properties: {
        ...properties,
        // What happens elsewhere is no incident of production.
        status: `if (${ENVIRONMENT}) == "Production" then null else "ignored" end`,
      },
      relations: {
        service: `[${CONTENT}.service.id // empty | ${lastPart(".")} | ${identifierOf(".")}]`,
      },
    }),
  );

export const cdeventsTemplate: WebhookTemplate = {
  ...{ id: "cdevents", title: "CDEvents, CloudEvents", icon: "Webhook" },
  description:
    "CDEvents: service deployed and upgraded are deployments, rolledback is one that rolls back, incident detected, reported and resolved make incidents; published and removed count nothing. CloudEvents of other types count when the type has the word deployment or incident (docs/data-sources.md has the data).",
  help: "Give senders the address and Authorization: Bearer with the secret. Structured, binary and batched mode are taken.",
  security: {
    ...{ signatureHeaderName: "Authorization", signatureAlgorithm: "plain", signaturePrefix: "Bearer " },
    // Source and id make an event; batches are known by what they say.
    requestIdentifierPath: `.headers as $h | .body | if type != "object" then null elif has("specversion") then [.source, .id] elif has("context") then [.context.source, .context.id] elif $h["ce-id"] then [$h["ce-source"], $h["ce-id"]] else null end | if . == null then null else map(tostring) | join(" ") end`,
  },
  blueprints: [
    serviceBlueprint,
    deploymentBlueprint,
    incidentBlueprint("cdeventsIncident", "Incident (events)", "Alert", {
      reportedAt: property.time("Reported at"),
    }),
  ],
  mappings: [
    each(
      mapping("deployment", cdevent("service", "deployed|upgraded|rolledback"), {
        identifier: `${SERVICE} + "@" + (${identifierOf("(.item.id | tostring)")})`,
        title: `${SERVICE} + " " + (.item.type | split(".")[3])`,
        properties: {
          createdAt: ".item.time",
          environment: ENVIRONMENT,
          deploymentStatus: `if (${CONTENT}.outcome // .item.custom.outcome // .item.custom.status // "success" | ${FAILED}) then "Failed" else "Success" end`,
          sha: `.item.custom.sha // .item.custom.commit // ${COMMIT} // null`,
          ref: ".item.custom.ref // .item.custom.version",
          url: ".item.custom.url",
          trigger: `if (.item.type | test("rolledback")) then "rollback" else ([.item.custom.trigger | select(IN("normal", "rollback", "hotfix"))] | .[0]) end`,
        },
        relations: { service: SERVICE },
      }),
    ),
    incidentOf("detected", { detectedAt: ".item.time", severity: ".item.custom.severity" }),
    incidentOf("reported", {
      ...{ reportedAt: ".item.time", severity: ".item.custom.severity" },
      url: `[${CONTENT}.ticketURI // empty | select(test("^https?://"))] | .[0]`,
    }),
    incidentOf("resolved", { resolvedAt: ".item.time" }),
    each(
      mapping(
        "deployment",
        `${cloudevent("deployment")} and (.item.data.service | type) == "string" and (${wasGivenUp(".item.data.status")} | not)`,
        {
          identifier: `(${identifierOf("(.item.data.service)")}) + "@" + (${identifierOf("((.item.data.id // .item.id) | tostring)")})`,
          title: `.item.data.service + " " + ((.item.data.id // .item.id) | tostring)`,
          properties: {
            createdAt: ".item.data.at // .item.time",
            environment: environmentAmong([".item.data.environment"]),
            deploymentStatus: `if (.item.data.status // "success" | ${FAILED}) then "Failed" else "Success" end`,
            ...{ sha: ".item.data.sha", ref: ".item.data.ref", url: ".item.data.url" },
          },
          relations: { service: identifierOf("(.item.data.service)") },
        },
      ),
    ),
    each(
      mapping(
        "cdeventsIncident",
        `${cloudevent("incident")} and .item.data.id != null and .item.data.startedAt != null`,
        {
          identifier: identifierOf("(.item.data.id | tostring)"),
          title: ".item.data.title // (.item.data.id | tostring)",
          properties: {
            ...{ createdAt: ".item.data.startedAt", severity: ".item.data.severity", url: ".item.data.url" },
          },
          relations: { service: `[.item.data.service // empty | ${identifierOf("tostring")}]` },
        },
      ),
    ),
    each(
      mapping(
        "cdeventsIncident",
        `${cloudevent("incident")} and .item.data.id != null and .item.data.resolvedAt != null`,
        {
          identifier: identifierOf("(.item.data.id | tostring)"),
          properties: { resolvedAt: ".item.data.resolvedAt" },
        },
      ),
    ),
  ],
};
