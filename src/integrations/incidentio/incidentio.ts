/** incident.io. Shapes by api-docs.incident.io (Incidents V2, Webhooks). */
import { invalid } from "../../model/error.ts";
import { incidentBlueprint, property, serviceBlueprint } from "../blueprints.ts";
import type { Connector, Delivery, LiveChange } from "../connector.ts";
import { minutesBetween, resource, servicesNamed } from "../expressions.ts";
import { createHttpClient } from "../http-client.ts";
import { keyAt, objectAt, textAt } from "../read-json.ts";
import { isSignedBySvix } from "../signature.ts";
import { incidentioKinds } from "./kinds.ts";
import { checkLookback, LOOKBACK } from "../lookback.ts";

const { text, time } = property;

/** Of public incidents the event holds the incident, or (a change of status) holds it inside; of private ones its id. */
function changes({ body }: Delivery): readonly LiveChange[] {
  const type = textAt(body, "event_type");
  if (type === null) throw invalid("event_type is missing: this is no delivery of incident.io's webhooks");
  if (!/^(public|private)_incident\.incident_[a-z_]+_v\d+$/.test(type)) return [];
  const told = objectAt(body, type);
  const id = keyAt(objectAt(told, "incident"), "id") || keyAt(told, "id");
  if (id === "") throw invalid(`the id of the incident is missing in ${type}`);
  return [{ op: "refetch", kind: "incident", key: id, ref: { id } }];
}

export const incidentio: Connector = {
  ...{ type: "incidentio", title: "incident.io", icon: "IncidentIO", category: "incidents" },
  settings: [
    {
      ...{ name: "token", title: "API key", secret: true, required: true },
      help: "Settings → API keys, with the right to view data (and private incidents, if they shall come).",
    },
    {
      ...{ name: "apiUrl", title: "API address", default: "https://api.incident.io" },
      help: "Only other behind a proxy of your own.",
    },
    LOOKBACK,
  ],
  kinds: incidentioKinds,
  open(settings, outbound) {
    checkLookback(settings);
    const authorization = `Bearer ${settings["token"] ?? ""}`;
    return {
      settings,
      http: createHttpClient({
        outbound,
        ...{ baseUrl: (settings["apiUrl"] ?? "").replace(/\/+$/, ""), system: "incident.io" },
        headers: () => Promise.resolve({ authorization }),
        whenRefused: "Check that the API key is valid and may view incidents.",
      }),
    };
  },
  async check(session) {
    const { body } = await session.http.get("/v1/identity");
    return textAt(objectAt(body, "identity"), "name") ?? "the API key";
  },
  webhook: {
    help: "Settings → Webhooks → Add endpoint: the address, and the events of incidents (created, updated, status updated). incident.io makes the secret: give it to the data source as webhookSecret.",
    verify: (headers, rawBody, secret) => isSignedBySvix(secret, rawBody, headers),
    deliveryId: ({ headers }) => headers["webhook-id"] ?? headers["svix-id"] ?? null,
    changes,
  },
  defaults: {
    blueprints: [
      serviceBlueprint,
      incidentBlueprint("incidentioIncident", "incident.io incident", "IncidentIO", {
        ...{ reference: text("Reference"), stage: text("Stage"), type: text("Type") },
        ...{ reportedAt: time("Reported at"), summary: text("Summary") },
      }),
    ],
    resources: [
      resource("incident", "true", "incidentioIncident", {
        ...{ identifier: ".id", title: `.reference + " " + .name` },
        properties: {
          ...{ status: ".__state", severity: ".severity.name", url: ".permalink" },
          ...{ createdAt: ".__startedAt", detectedAt: ".__detectedAt", resolvedAt: ".__resolvedAt" },
          recoveryTime: minutesBetween(".__startedAt", ".__resolvedAt"),
          serviceNames: ".__services",
          ...{ reference: ".reference", stage: ".incident_status.name", type: ".incident_type.name" },
          ...{ reportedAt: ".created_at", summary: ".summary" },
        },
        relations: { service: servicesNamed(".__services") },
      }),
    ],
  },
  strategies: [],
  defaultStrategies: [],
};
