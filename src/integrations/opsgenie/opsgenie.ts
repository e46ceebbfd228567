/** Opsgenie. Shapes by docs.opsgenie.com (Alert, Incident and Service API; Webhook integration). */
import { invalid } from "../../model/error.ts";
import type { JsonObject } from "../../model/json.ts";
import { blueprint, incidentBlueprint, property, relationTo, serviceBlueprint } from "../blueprints.ts";
import type { Connector, Delivery, LiveChange, Strategy } from "../connector.ts";
import { minutesBetween, resource, servicesNamed } from "../expressions.ts";
import { createHttpClient } from "../http-client.ts";
import { keyAt, objectAt, textAt } from "../read-json.ts";
import { carriesSecret } from "../signature.ts";
import { opsgenieKinds } from "./kinds.ts";
import { checkLookback, LOOKBACK } from "../lookback.ts";

const { text, time, link, texts } = property;

const STARTED = "(.impactStartDate // .createdAt)";

/** What the tags name, such as `service:checkout`. */
const TAGGED = `[.tags[]? | capture("^service[:=] *(?<name>.+)$"; "i").name]`;

const strategies: readonly Strategy[] = [
  {
    id: "incident",
    title: "Incidents",
    description:
      "Opsgenie's incidents, from the beginning of their impact to its end. They relate to the services that are named as their impacted services.",
    resources: [
      resource("service", "true", "opsgenieService", {
        ...{ identifier: ".id", title: ".name" },
        properties: { description: ".description", url: ".links.web", tags: ".tags" },
        relations: { service: servicesNamed("[.name]") },
      }),
      resource("incident", "true", "opsgenieIncident", {
        ...{ identifier: ".id", title: ".message" },
        properties: {
          ...{ status: ".status", priority: ".priority", url: ".links.web", tags: ".tags" },
          ...{ createdAt: STARTED, resolvedAt: ".__resolvedAt", updatedAt: ".updatedAt" },
          recoveryTime: minutesBetween(STARTED, ".__resolvedAt"),
          serviceNames: ".__services",
        },
        relations: { opsgenieService: ".impactedServices", service: servicesNamed(".__services") },
      }),
    ],
  },
  {
    id: "alert",
    title: "Alerts as incidents",
    description:
      "Alerts of priority P1 and P2, from created to closed. For accounts without incidents; with both, an incident and its alerts would count. They relate to the services that their tags name, such as service:checkout.",
    resources: [
      resource("alert", `.priority | IN("P1", "P2")`, "opsgenieIncident", {
        ...{ identifier: ".id", title: ".message" },
        properties: {
          status: `if .status == "closed" then "closed" elif .acknowledged then "acknowledged" else "open" end`,
          ...{ priority: ".priority", tags: ".tags", createdAt: ".createdAt", updatedAt: ".updatedAt" },
          ...{ detectedAt: ".__acknowledgedAt", resolvedAt: ".__resolvedAt" },
          recoveryTime: minutesBetween(".createdAt", ".__resolvedAt"),
          serviceNames: TAGGED,
        },
        relations: {
          service: servicesNamed(TAGGED),
        },
      }),
    ],
  },
];

const blueprints: readonly JsonObject[] = [
  serviceBlueprint,
  blueprint(
    "opsgenieService",
    "Opsgenie service",
    "OpsGenie",
    { description: text("Description"), url: link("URL"), tags: texts("Tags") },
    { service: relationTo("Service", "service") },
  ),
  incidentBlueprint(
    "opsgenieIncident",
    "Opsgenie incident",
    "OpsGenie",
    { priority: text("Priority"), tags: texts("Tags"), updatedAt: time("Updated at") },
    { opsgenieService: relationTo("Opsgenie services", "opsgenieService", true) },
  ),
];

function changes({ body }: Delivery): readonly LiveChange[] {
  const action = textAt(body, "action");
  const alert = objectAt(body, "alert");
  const id = keyAt(alert, "alertId");
  if (action === null || id === "")
    throw invalid(
      "action or alert.alertId is missing: this is no delivery of Opsgenie's Webhook integration",
    );
  // Webhooks are about alerts only; those that tell responders of an incident name it.
  const incident = keyAt(objectAt(alert, "details"), "incident-id");
  const about: LiveChange[] =
    incident === "" ? [] : [{ op: "refetch", kind: "incident", key: incident, ref: { id: incident } }];
  return action === "Delete"
    ? [{ op: "delete", kind: "alert", key: id, version: null }, ...about]
    : [{ op: "refetch", kind: "alert", key: id, ref: { id } }, ...about];
}

export const opsgenie: Connector = {
  ...{ type: "opsgenie", title: "Opsgenie", icon: "OpsGenie", category: "incidents" },
  settings: [
    {
      ...{ name: "token", title: "API key", secret: true, required: true },
      help: "Settings → API key management, with the rights Read and Configuration access.",
    },
    {
      ...{ name: "apiUrl", title: "API address", default: "https://api.opsgenie.com" },
      help: "Accounts in Europe: https://api.eu.opsgenie.com.",
    },
    { ...LOOKBACK, help: "Older incidents and alerts are left out." },
  ],
  kinds: opsgenieKinds,
  open(settings, outbound) {
    checkLookback(settings);
    const authorization = `GenieKey ${settings["token"] ?? ""}`;
    return {
      settings,
      http: createHttpClient({
        outbound,
        baseUrl: (settings["apiUrl"] ?? "").replace(/\/+$/, ""),
        ...{ system: "Opsgenie", resetHeader: "x-ratelimit-period-in-sec" },
        headers: () => Promise.resolve({ authorization }),
        whenRefused:
          "Check that the API key has Read and Configuration access, and is of the region that the address names.",
      }),
    };
  },
  async check(session) {
    const { body } = await session.http.get("/v2/account");
    return textAt(objectAt(body, "data"), "name") ?? "the account of the API key";
  },
  webhook: {
    help: "Settings → Integrations → Webhook: the address, and a custom header X-Fairway-Secret with the secret; send all alert actions. Opsgenie signs nothing.",
    verify: (headers, _rawBody, secret) => carriesSecret(secret, headers),
    deliveryId: () => null,
    changes,
  },
  defaults: { blueprints, resources: [] },
  strategies,
  defaultStrategies: ["incident"],
};
