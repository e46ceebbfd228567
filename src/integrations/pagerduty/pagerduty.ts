/** PagerDuty. Shapes by developer.pagerduty.com (REST API v2, webhooks v3). */
import { invalid } from "../../model/error.ts";
import { blueprint, property, relationTo, serviceBlueprint } from "../blueprints.ts";
import type { Connector, LiveChange } from "../connector.ts";
import { resource, servicesNamed } from "../expressions.ts";
import { createHttpClient } from "../http-client.ts";
import { keyAt, objectAt, textAt } from "../read-json.ts";
import { isSignedBy } from "../signature.ts";
import { pagerdutyKinds } from "./kinds.ts";
import { checkLookback, LOOKBACK } from "../lookback.ts";

const { text, time, link, texts } = property;

/** As the article has it, in minutes; fractions of seconds are left out. */
const MINUTES = `if .resolved_at == null then null else ((.resolved_at | sub("\\\\.[0-9]+"; "") | fromdateiso8601) - (.created_at | sub("\\\\.[0-9]+"; "") | fromdateiso8601)) / 60 end`;

const NAMES = "[.service.summary // empty]";

export const pagerduty: Connector = {
  ...{ type: "pagerduty", title: "PagerDuty", icon: "pagerduty", category: "incidents" },
  settings: [
    {
      ...{ name: "token", title: "API key", secret: true, required: true },
      help: "Integrations → API Access Keys; read-only is enough.",
    },
    {
      ...{ name: "apiUrl", title: "API address", default: "https://api.pagerduty.com" },
      help: "Service region Europe: https://api.eu.pagerduty.com.",
    },
    LOOKBACK,
  ],
  kinds: pagerdutyKinds,
  open(settings, outbound) {
    checkLookback(settings);
    const headers = {
      authorization: `Token token=${settings["token"] ?? ""}`,
      accept: "application/vnd.pagerduty+json;version=2",
    };
    return {
      settings,
      http: createHttpClient({
        outbound,
        baseUrl: (settings["apiUrl"] ?? "").replace(/\/+$/, ""),
        ...{ system: "PagerDuty", resetHeader: "ratelimit-reset" },
        headers: () => Promise.resolve(headers),
        whenRefused: "Check that the API key is valid, and of the region that the address names.",
      }),
    };
  },
  async check(session) {
    await session.http.get("/services", { limit: 1 });
    return "the account of the API key";
  },
  webhook: {
    help: "Integrations → Generic Webhooks (v3) → New webhook: the address, scope Account, and all incident and service events. PagerDuty makes the secret: give it to the data source as webhookSecret.",
    verify: (headers, rawBody, secret) =>
      // Several while a secret is being changed.
      (headers["x-pagerduty-signature"] ?? "")
        .split(",")
        .some((signature) => isSignedBy(secret, rawBody, signature.trim(), { prefix: "v1=" })),
    deliveryId: ({ body }) => textAt(objectAt(body, "event"), "id"),
    changes: ({ body }): readonly LiveChange[] => {
      const event = objectAt(body, "event");
      const type = textAt(event, "event_type");
      if (type === null) throw invalid("event.event_type is missing: this is no webhook v3 of PagerDuty");
      const data = objectAt(event, "data");
      if (type.startsWith("service."))
        return type === "service.deleted"
          ? [{ op: "delete", kind: "services", key: keyAt(data, "id"), version: null }]
          : [{ op: "refetch", kind: "services", key: keyAt(data, "id"), ref: { id: keyAt(data, "id") } }];
      if (!type.startsWith("incident.")) return [];
      // Events about a part of an incident (a note, a responder) name the incident inside.
      const id = keyAt(textAt(data, "type") === "incident" ? data : objectAt(data, "incident"), "id");
      return id === "" ? [] : [{ op: "refetch", kind: "incidents", key: id, ref: { id } }];
    },
  },
  defaults: {
    blueprints: [
      serviceBlueprint,
      blueprint("pagerdutyUser", "PagerDuty user", "pagerduty", { email: text("E-mail"), url: link("URL") }),
      blueprint("pagerdutyService", "PagerDuty service", "pagerduty", {
        ...{ status: text("Status"), url: link("URL") },
      }),
      blueprint(
        "pagerdutyOncall",
        "PagerDuty on-call",
        "pagerduty",
        {
          level: { type: "number", title: "Escalation level" },
          ...{ schedule: text("Schedule"), policy: text("Escalation policy") },
          ...{ start: time("Since"), end: time("Until") },
        },
        { user: relationTo("User", "pagerdutyUser") },
      ),
      blueprint(
        "pagerdutyIncident",
        "PagerDuty incident",
        "pagerduty",
        {
          ...{ status: text("Status"), urgency: text("Urgency"), priority: text("Priority") },
          ...{ url: link("URL"), created_at: time("Began at"), resolvedAt: time("Resolved at") },
          recoveryTime: { type: "number", title: "Time to recovery (minutes)" },
          serviceNames: texts("Services, as the tool names them"),
        },
        {
          pagerdutyService: relationTo("PagerDuty service", "pagerdutyService"),
          service: relationTo("Service", "service"),
        },
      ),
    ],
    resources: [
      resource("users", "true", "pagerdutyUser", {
        ...{ identifier: ".id", title: ".name" },
        properties: { email: ".email", url: ".html_url" },
      }),
      resource("services", "true", "pagerdutyService", {
        ...{ identifier: ".id", title: ".name" },
        properties: { status: ".status", url: ".html_url" },
      }),
      resource("oncalls", ".user != null", "pagerdutyOncall", {
        identifier: ".__key",
        title: ".user.summary",
        properties: {
          ...{ level: ".escalation_level", schedule: ".schedule.summary" },
          ...{ policy: ".escalation_policy.summary", start: ".start", end: ".end" },
        },
        relations: { user: ".user.id" },
      }),
      resource("incidents", "true", "pagerdutyIncident", {
        ...{ identifier: ".id", title: ".title" },
        properties: {
          ...{ status: ".status", urgency: ".urgency", priority: ".priority.summary", url: ".html_url" },
          ...{ created_at: ".created_at", resolvedAt: ".resolved_at", recoveryTime: MINUTES },
          serviceNames: NAMES,
        },
        relations: { pagerdutyService: ".service.id", service: servicesNamed(NAMES) },
      }),
    ],
  },
  strategies: [],
  defaultStrategies: [],
};
