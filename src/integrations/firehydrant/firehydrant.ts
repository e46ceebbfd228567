/** FireHydrant. Shapes by docs.firehydrant.com (API reference: incidents, services; Webhooks). */
import { invalid } from "../../model/error.ts";
import type { JsonObject } from "../../model/json.ts";
import { blueprint, incidentBlueprint, property, relationTo, serviceBlueprint } from "../blueprints.ts";
import type { Connector, Kind, Page, RawObject, Session } from "../connector.ts";
import { minutesBetween, resource, servicesNamed } from "../expressions.ts";
import { createHttpClient, type Query } from "../http-client.ts";
import { orNull } from "../or-null.ts";
import { keyAt, numberAt, objectAt, objects, objectsAt, textAt } from "../read-json.ts";
import { isSignedBy } from "../signature.ts";
import { checkLookback, LOOKBACK, lookbackStart } from "../lookback.ts";

const { text, time, texts } = property;
const PAGE = 100;

async function page(
  { http }: Session,
  path: string,
  cursor: string | null,
  query: Query,
  read: (object: JsonObject) => RawObject,
): Promise<Page> {
  const { body } = await http.get(path, { ...query, page: cursor ?? 1, per_page: PAGE });
  const pagination = objectAt(body, "pagination");
  const next = numberAt(pagination, "next");
  const total = numberAt(pagination, "count");
  return {
    objects: objectsAt(body, "data").map(read),
    next: next === null ? null : String(next),
    ...(total !== null && { total }),
  };
}

async function one(session: Session, path: string, ref: JsonObject): Promise<JsonObject | null> {
  const answer = await orNull(session.http.get(`${path}/${encodeURIComponent(keyAt(ref, "id"))}`));
  const [found] = objects([answer?.body]);
  return found === undefined || keyAt(found, "id") === "" ? null : found;
}

const serviceObject = (service: JsonObject): RawObject => ({
  ...{ key: keyAt(service, "id"), version: textAt(service, "updated_at"), payload: service },
});

/** When the milestone was reached last. */
function reached(incident: JsonObject, ...types: readonly string[]): string | null {
  const milestones = objectsAt(incident, "milestones");
  for (const type of types) {
    const times = milestones
      .filter((milestone) => textAt(milestone, "type") === type)
      .map((milestone) => textAt(milestone, "occurred_at"));
    const found = times.findLast((value) => value !== null);
    if (found !== undefined && found !== null) return found;
  }
  return null;
}

/** It has no time of its last change. */
const incidentObject = (incident: JsonObject): RawObject => ({
  key: keyAt(incident, "id"),
  version: null,
  payload: {
    ...incident,
    __startedAt:
      reached(incident, "started") ?? textAt(incident, "started_at") ?? textAt(incident, "created_at"),
    __detectedAt: reached(incident, "detected", "acknowledged"),
    // One that was opened again keeps its milestones.
    __resolvedAt: incident["active"] === true ? null : reached(incident, "resolved", "closed", "mitigated"),
  },
});

const oldest = ({ settings }: Session): string => new Date(lookbackStart(settings)).toISOString();

const kinds: readonly Kind[] = [
  {
    kind: "service",
    title: "Services",
    list: (session, { cursor }) => page(session, "/v1/services", cursor, {}, serviceObject),
    async fetch(session, ref) {
      const found = await one(session, "/v1/services", ref);
      return found === null ? null : serviceObject(found);
    },
  },
  {
    kind: "incident",
    title: "Incidents, closed ones too",
    incremental: true,
    list(session, { cursor, since }) {
      const query = { created_at_or_after: oldest(session), updated_after: since };
      return page(session, "/v1/incidents", cursor, query, incidentObject);
    },
    async fetch(session, ref) {
      const found = await one(session, "/v1/incidents", ref);
      // Archived ones are in no list.
      if (found === null || textAt(found, "discarded_at") !== null) return null;
      const created = Date.parse(textAt(found, "created_at") ?? "");
      return created >= Date.parse(oldest(session)) ? incidentObject(found) : null;
    },
  },
];

export const firehydrant: Connector = {
  ...{ type: "firehydrant", title: "FireHydrant", icon: "FireHydrant", category: "incidents" },
  settings: [
    {
      ...{ name: "token", title: "API key", secret: true, required: true },
      help: "Settings → API keys: of a bot user; it begins with fhb-.",
    },
    {
      ...{ name: "apiUrl", title: "API address", default: "https://api.firehydrant.io" },
      help: "Accounts in Europe: https://api.eu.firehydrant.io.",
    },
    LOOKBACK,
  ],
  kinds,
  open(settings, outbound) {
    checkLookback(settings);
    const authorization = `Bearer ${settings["token"] ?? ""}`;
    return {
      settings,
      http: createHttpClient({
        outbound,
        ...{ baseUrl: (settings["apiUrl"] ?? "").replace(/\/+$/, ""), system: "FireHydrant" },
        headers: () => Promise.resolve({ authorization }),
        whenRefused: "Check that the API key is valid, and of the region that the address names.",
      }),
    };
  },
  async check(session) {
    const { body } = await session.http.get("/v1/ping");
    return textAt(objectAt(body, "actor"), "name") ?? "the API key";
  },
  webhook: {
    help: "Settings → Webhooks → Add webhook: the address, the secret, and the events Incidents.",
    verify: (headers, rawBody, secret) => isSignedBy(secret, rawBody, headers["fh-signature"]),
    deliveryId: () => null,
    changes({ body }) {
      const data = objectAt(body, "data");
      if (Object.keys(data).length === 0)
        throw invalid("data is missing: this is no delivery of FireHydrant's webhooks");
      const id = keyAt(objectAt(data, "incident"), "id");
      return id === "" ? [] : [{ op: "refetch", kind: "incident", key: id, ref: { id } }];
    },
  },
  defaults: {
    blueprints: [
      serviceBlueprint,
      blueprint(
        "firehydrantService",
        "FireHydrant service",
        "FireHydrant",
        { description: text("Description"), slug: text("Slug"), updatedAt: time("Updated at") },
        { service: relationTo("Service", "service") },
      ),
      incidentBlueprint(
        "firehydrantIncident",
        "FireHydrant incident",
        "FireHydrant",
        {
          ...{ priority: text("Priority"), currentMilestone: text("Milestone"), tags: texts("Tags") },
          ...{ description: text("Description"), environments: texts("Environments") },
        },
        { firehydrantService: relationTo("FireHydrant services", "firehydrantService", true) },
      ),
    ],
    resources: [
      resource("service", "true", "firehydrantService", {
        ...{ identifier: ".id", title: ".name" },
        properties: { description: ".description", slug: ".slug", updatedAt: ".updated_at" },
        relations: { service: servicesNamed("[.name]") },
      }),
      resource("incident", "true", "firehydrantIncident", {
        ...{ identifier: ".id", title: ".name" },
        properties: {
          status: `if .active then "open" else "resolved" end`,
          ...{ severity: ".severity", priority: ".priority", url: ".incident_url" },
          ...{ createdAt: ".__startedAt", detectedAt: ".__detectedAt", resolvedAt: ".__resolvedAt" },
          recoveryTime: minutesBetween(".__startedAt", ".__resolvedAt"),
          serviceNames: "[.services[]?.name]",
          ...{ currentMilestone: ".current_milestone", tags: ".tag_list", description: ".description" },
          environments: "[.environments[]?.name]",
        },
        relations: {
          firehydrantService: "[.services[]?.id]",
          service: servicesNamed("[.services[]?.name]"),
        },
      }),
    ],
  },
  strategies: [],
  defaultStrategies: [],
};
