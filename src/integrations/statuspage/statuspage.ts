/** Statuspage. Shapes by developer.statuspage.io (REST API v1) and support.atlassian.com/statuspage (webhook notifications). */
import { invalid } from "../../model/error.ts";
import type { JsonObject } from "../../model/json.ts";
import { blueprint, incidentBlueprint, property, relationTo, serviceBlueprint } from "../blueprints.ts";
import type { Connector, Delivery, Kind, LiveChange, RawObject, Session, Settings } from "../connector.ts";
import { minutesBetween, resource, servicesNamed } from "../expressions.ts";
import { createHttpClient } from "../http-client.ts";
import type { Outbound } from "../outbound.ts";
import { orNull } from "../or-null.ts";
import { keyAt, objectAt, objects, textAt, utcAt } from "../read-json.ts";
import { carriesSecret } from "../signature.ts";

const { text, time, link } = property;
const PAGE = 100;
/** Lists know no time of change, and begin with the newest: a quick run ends with those that were made longer before. */
const YOUNG_MS = 30 * 86_400_000;

const pageObject = (page: JsonObject): RawObject => ({
  key: keyAt(page, "id"),
  version: utcAt(page, "updated_at"),
  payload: page,
  ref: { page: keyAt(page, "id") },
});

/** Times come in the time zone of the page. */
const inPage = (object: JsonObject, page: string): RawObject => ({
  key: keyAt(object, "id"),
  version: utcAt(object, "updated_at"),
  parent: page,
  payload: {
    ...object,
    __startedAt: utcAt(object, "started_at") ?? utcAt(object, "created_at"),
    ...{ __resolvedAt: utcAt(object, "resolved_at"), __updatedAt: utcAt(object, "updated_at") },
    ...{ __scheduledFor: utcAt(object, "scheduled_for"), __scheduledUntil: utcAt(object, "scheduled_until") },
  },
});

const pathOf = (ref: JsonObject): string => `/v1/pages/${encodeURIComponent(keyAt(ref, "page"))}`;

/** What belongs to a page, listed by number; the last page is the one that is not full. */
const underPage = (kind: string, title: string, sizeName: "per_page" | "limit"): Kind => ({
  ...{ kind, title, under: "page", incremental: true },
  async list({ http }, { parent, cursor, since }) {
    const ref = parent?.ref ?? {};
    const number = Number(cursor ?? 1);
    const { body } = await http.get(`${pathOf(ref)}/${kind}s`, { page: number, [sizeName]: PAGE });
    const found = objects(body);
    const last = kind === "incident" ? utcAt(found.at(-1), "created_at") : null;
    const isOld = since !== null && last !== null && Date.parse(last) < Date.parse(since) - YOUNG_MS;
    return {
      objects: found.map((object) => inPage(object, keyAt(ref, "page"))),
      next: found.length < PAGE || isOld ? null : String(number + 1),
    };
  },
  async fetch({ http }, ref) {
    const answer = await orNull(http.get(`${pathOf(ref)}/${kind}s/${encodeURIComponent(keyAt(ref, "id"))}`));
    const [found] = objects([answer?.body]);
    return found === undefined || keyAt(found, "id") === "" ? null : inPage(found, keyAt(ref, "page"));
  },
});

const kinds: readonly Kind[] = [
  {
    kind: "page",
    title: "Pages",
    async list({ http, settings }) {
      const { pageId } = settings;
      const { body } = await http.get(
        pageId === undefined ? "/v1/pages" : `/v1/pages/${encodeURIComponent(pageId)}`,
      );
      return { objects: objects([body].flat()).map(pageObject), next: null };
    },
  },
  underPage("component", "Components", "per_page"),
  underPage("incident", "Incidents and maintenances, resolved ones too", "limit"),
];

function open(settings: Settings, outbound: Outbound): Session {
  const authorization = `OAuth ${settings["token"] ?? ""}`;
  return {
    settings,
    http: createHttpClient({
      outbound,
      ...{ baseUrl: (settings["apiUrl"] ?? "").replace(/\/+$/, ""), system: "Statuspage" },
      headers: () => Promise.resolve({ authorization }),
      whenRefused: "Check that the API key is valid and its user may see the page.",
    }),
  };
}

function changes({ body }: Delivery, settings: Settings): readonly LiveChange[] {
  const page = keyAt(objectAt(body, "page"), "id");
  const incident = keyAt(objectAt(body, "incident"), "id");
  const component =
    keyAt(objectAt(body, "component_update"), "component_id") || keyAt(objectAt(body, "component"), "id");
  if (page === "") throw invalid("page.id is missing: this is no notification of Statuspage");
  if (settings["pageId"] !== undefined && settings["pageId"] !== page) return [];
  const again = (kind: string, id: string): LiveChange[] =>
    id === "" ? [] : [{ op: "refetch", kind, key: id, ref: { page, id } }];
  return [...again("component", component), ...again("incident", incident)];
}

export const statuspage: Connector = {
  ...{ type: "statuspage", title: "Statuspage", icon: "StatusPage", category: "incidents" },
  settings: [
    {
      ...{ name: "token", title: "API key", secret: true, required: true },
      help: "Your picture → API info → User API keys.",
    },
    {
      ...{ name: "pageId", title: "Page" },
      help: "Id of the page, as the address of its management names it. Empty: every page of the key.",
    },
    {
      ...{ name: "apiUrl", title: "API address", default: "https://api.statuspage.io" },
      help: "Only other behind a proxy of your own.",
    },
  ],
  kinds,
  open,
  async check({ http, settings }) {
    const { pageId } = settings;
    const { body } = await http.get(
      pageId === undefined ? "/v1/pages" : `/v1/pages/${encodeURIComponent(pageId)}`,
    );
    return objects([body].flat())
      .map((page) => textAt(page, "name") ?? keyAt(page, "id"))
      .join(", ");
  },
  webhook: {
    help: "Subscribers → Settings: allow Webhook; then on the page Subscribe → Webhook: the address with ?secret= and the secret at its end. Statuspage signs nothing.",
    verify: (headers, _rawBody, secret) => carriesSecret(secret, headers),
    deliveryId: () => null,
    changes,
  },
  defaults: {
    blueprints: [
      serviceBlueprint,
      blueprint("statuspagePage", "Status page", "StatusPage", {
        url: link("URL"),
        headline: text("Headline"),
      }),
      blueprint(
        "statuspageComponent",
        "Status page component",
        "StatusPage",
        { status: text("Status"), description: text("Description"), updatedAt: time("Updated at") },
        {
          page: relationTo("Page", "statuspagePage"),
          service: relationTo("Service", "service"),
        },
      ),
      incidentBlueprint(
        "statuspageIncident",
        "Status page incident",
        "StatusPage",
        { updatedAt: time("Updated at") },
        {
          page: relationTo("Page", "statuspagePage"),
          components: relationTo("Components", "statuspageComponent", true),
        },
      ),
      blueprint(
        "statuspageMaintenance",
        "Status page maintenance",
        "StatusPage",
        {
          ...{ status: text("Status"), impact: text("Impact"), url: link("URL") },
          ...{ scheduledFor: time("Begins at"), scheduledUntil: time("Ends at") },
        },
        {
          page: relationTo("Page", "statuspagePage"),
          components: relationTo("Components", "statuspageComponent", true),
        },
      ),
    ],
    resources: [
      resource("page", "true", "statuspagePage", {
        ...{ identifier: ".id", title: ".name" },
        properties: {
          url: `if .domain then "https://" + .domain else .url end`,
          headline: ".headline",
        },
      }),
      resource("component", ".group != true", "statuspageComponent", {
        ...{ identifier: ".id", title: ".name" },
        properties: { status: ".status", description: ".description", updatedAt: ".__updatedAt" },
        relations: { page: ".page_id", service: servicesNamed("[.name]") },
      }),
      resource("incident", ".scheduled_for == null", "statuspageIncident", {
        ...{ identifier: ".id", title: ".name" },
        properties: {
          status: `if .status == "postmortem" then "resolved" else .status end`,
          ...{ severity: ".impact", url: ".shortlink", updatedAt: ".__updatedAt" },
          ...{ createdAt: ".__startedAt", resolvedAt: ".__resolvedAt" },
          recoveryTime: minutesBetween(".__startedAt", ".__resolvedAt"),
          serviceNames: "[.components[]?.name]",
        },
        relations: {
          ...{ page: ".page_id", components: "[.components[]?.id]" },
          service: servicesNamed("[.components[]?.name]"),
        },
      }),
      // Planned work is no failure.
      resource("incident", ".scheduled_for != null", "statuspageMaintenance", {
        ...{ identifier: ".id", title: ".name" },
        properties: {
          ...{ status: ".status", impact: ".impact", url: ".shortlink" },
          ...{ scheduledFor: ".__scheduledFor", scheduledUntil: ".__scheduledUntil" },
        },
        relations: { page: ".page_id", components: "[.components[]?.id]" },
      }),
    ],
  },
  strategies: [],
  defaultStrategies: [],
};
