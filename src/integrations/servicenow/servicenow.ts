/** ServiceNow: incidents, change requests and business services. Shapes by docs.servicenow.com (Table API). */
import { invalid } from "../../model/error.ts";
import type { JsonObject } from "../../model/json.ts";
import {
  blueprint,
  changeBlueprint,
  deploymentBlueprint,
  incidentBlueprint,
  property,
  relationTo,
  serviceBlueprint,
} from "../blueprints.ts";
import type { Connector, Delivery, LiveChange, Session, Settings, Strategy } from "../connector.ts";
import { minutesBetween, resource, servicesNamed } from "../expressions.ts";
import { createHttpClient } from "../http-client.ts";
import type { Outbound } from "../outbound.ts";
import { textAt } from "../read-json.ts";
import { carriesSecret } from "../signature.ts";
import { isPlainQuery, servicenowKinds } from "./kinds.ts";
import { checkLookback, LOOKBACK } from "../lookback.ts";

const { text, time, link } = property;

const IS_OVER = `(.state.value | IN("6", "7"))`;
const RESOLVED = `(if ${IS_OVER} then (.__utc.resolved_at // .__utc.closed_at) else null end)`;
const NAMES = `[.cmdb_ci.display_value, .business_service.display_value] | map(select(. != null and . != "")) | unique`;
const SERVICES = servicesNamed(NAMES);
const BUSINESS_SERVICE = `.business_service.value | if . == "" then null else . end`;
/** An empty cell has an empty text. */
const given = (field: string): string => `.${field}.display_value | if . == "" then null else . end`;

const strategies: readonly Strategy[] = [
  {
    id: "change-request",
    title: "Change requests as deployments",
    description:
      "Closed change requests with the close code successful, successful_issues or unsuccessful, when their work ended. Cancelled ones count as nothing; emergency changes are hotfixes. Incidents that name the change that caused them relate to it.",
    resources: [
      resource(
        "change_request",
        `.state.value == "3" and (.close_code.value | IN("successful", "successful_issues", "unsuccessful"))`,
        "deployment",
        {
          identifier: ".number.value",
          title: ".short_description.value",
          properties: {
            createdAt: ".__utc.work_end // .__utc.closed_at",
            ...{ startedAt: ".__utc.work_start", environment: `"Production"`, url: ".__url" },
            deploymentStatus: `if .close_code.value == "unsuccessful" then "Failed" else "Success" end`,
            trigger: `if .type.value == "emergency" then "hotfix" else null end`,
          },
          relations: { service: SERVICES },
        },
      ),
      resource("incident", `(.caused_by.value // "") != ""`, "serviceNowIncident", {
        identifier: ".number.value",
        properties: {},
        relations: { deployment: ".caused_by.display_value" },
      }),
    ],
  },
];

const blueprints: readonly JsonObject[] = [
  ...[serviceBlueprint, changeBlueprint, deploymentBlueprint],
  blueprint(
    "serviceNowService",
    "ServiceNow service",
    "Servicenow",
    {
      ...{ description: text("Description"), operationalStatus: text("Operational status") },
      ...{ criticality: text("Criticality"), owner: text("Owner"), url: link("URL") },
    },
    { service: relationTo("Service", "service") },
  ),
  blueprint(
    "serviceNowChange",
    "ServiceNow change request",
    "Servicenow",
    {
      ...{ state: text("State"), type: text("Type"), risk: text("Risk"), closeCode: text("Close code") },
      ...{ plannedStart: time("Planned start"), plannedEnd: time("Planned end"), url: link("URL") },
      ...{ workStart: time("Began at"), workEnd: time("Ended at"), closedAt: time("Closed at") },
    },
    {
      service: relationTo("Services", "service", true),
      serviceNowService: relationTo("ServiceNow service", "serviceNowService"),
    },
  ),
  incidentBlueprint(
    "serviceNowIncident",
    "ServiceNow incident",
    "Servicenow",
    { state: text("State"), category: text("Category"), group: text("Assignment group") },
    {
      serviceNowService: relationTo("ServiceNow service", "serviceNowService"),
      deployment: relationTo("Caused by", "deployment"),
    },
  ),
];

const resources: readonly JsonObject[] = [
  resource("cmdb_ci_service", "true", "serviceNowService", {
    ...{ identifier: ".sys_id.value", title: ".name.value" },
    properties: {
      ...{ description: given("short_description"), operationalStatus: given("operational_status") },
      ...{ criticality: given("busines_criticality"), owner: given("owned_by"), url: ".__url" },
    },
    relations: { service: servicesNamed("[.name.value]") },
  }),
  resource("change_request", "true", "serviceNowChange", {
    ...{ identifier: ".number.value", title: ".short_description.value" },
    properties: {
      ...{ state: given("state"), type: given("type"), risk: given("risk"), closeCode: given("close_code") },
      ...{ plannedStart: ".__utc.start_date", plannedEnd: ".__utc.end_date", url: ".__url" },
      ...{ workStart: ".__utc.work_start", workEnd: ".__utc.work_end", closedAt: ".__utc.closed_at" },
    },
    relations: { service: SERVICES, serviceNowService: BUSINESS_SERVICE },
  }),
  resource("incident", "true", "serviceNowIncident", {
    ...{ identifier: ".number.value", title: ".short_description.value" },
    properties: {
      status: `if ${IS_OVER} then "resolved" elif .state.value == "8" then "canceled" else "open" end`,
      ...{ severity: given("priority"), url: ".__url", state: given("state") },
      ...{ createdAt: ".__utc.opened_at", resolvedAt: RESOLVED },
      recoveryTime: minutesBetween(".__utc.opened_at", RESOLVED),
      serviceNames: NAMES,
      ...{ category: given("category"), group: given("assignment_group") },
    },
    relations: { service: SERVICES, serviceNowService: BUSINESS_SERVICE },
  }),
];

function open(settings: Settings, outbound: Outbound): Session {
  const { username, password, token } = settings;
  if (token === undefined && (username === undefined || password === undefined))
    throw invalid("settings.username and settings.password, or settings.token, are missing");
  checkLookback(settings);
  for (const name of ["incidentQuery", "changeQuery"])
    if (!isPlainQuery(settings[name] ?? ""))
      throw invalid(
        `settings.${name} must not have ^NQ, ORDERBY or GROUPBY: it only says which rows are read`,
      );
  const authorization =
    token === undefined
      ? `Basic ${Buffer.from(`${username}:${password}`, "utf8").toString("base64")}`
      : `Bearer ${token}`;
  return {
    settings,
    http: createHttpClient({
      outbound,
      ...{ baseUrl: (settings["baseUrl"] ?? "").replace(/\/+$/, ""), system: "ServiceNow" },
      headers: () => Promise.resolve({ authorization }),
      whenRefused:
        "Check user name and password (or the OAuth token), and that the account may read the tables by REST (roles itil and snc_platform_rest_api_access).",
    }),
  };
}

/** The body that the business rule of docs/connectors.md sends. */
function changes({ body }: Delivery): readonly LiveChange[] {
  const [table, operation, id] = ["table", "operation", "sys_id"].map((name) => textAt(body, name));
  if (!table || !operation || !/^[0-9a-zA-Z]{1,32}$/.test(id ?? ""))
    throw invalid("table, operation and sys_id are missing: is this the business rule of the documentation?");
  const key = id ?? "";
  if (!servicenowKinds.some(({ kind }) => kind === table)) return [];
  return operation === "delete"
    ? [{ op: "delete", kind: table, key, version: null }]
    : [{ op: "refetch", kind: table, key, ref: { id: key } }];
}

export const servicenow: Connector = {
  ...{ type: "servicenow", title: "ServiceNow", icon: "Servicenow", category: "incidents" },
  settings: [
    {
      ...{ name: "baseUrl", title: "Address", required: true },
      help: "Of the instance: https://acme.service-now.com.",
    },
    { name: "username", title: "User name", help: "Of an account for integrations." },
    { name: "password", title: "Password", secret: true, help: "Of that account." },
    { name: "token", title: "OAuth token", secret: true, help: "Instead of user name and password." },
    {
      ...{ name: "incidentQuery", title: "Which incidents" },
      help: "An encoded query, such as category=software^priority<=2. Empty: all.",
    },
    {
      ...{ name: "changeQuery", title: "Which change requests" },
      help: "An encoded query, such as category=Software. Empty: all.",
    },
    { ...LOOKBACK, help: "Older incidents and change requests are left out." },
  ],
  kinds: servicenowKinds,
  open,
  async check({ http, settings }) {
    await http.get("/api/now/table/incident", { sysparm_limit: 1, sysparm_fields: "sys_id" });
    return settings["username"] ?? "the account of the token";
  },
  webhook: {
    help: "A business rule on incident, change_request and cmdb_ci_service, after insert, update and delete, with the script of docs/connectors.md; the secret goes into the header X-Fairway-Secret.",
    verify: (headers, _rawBody, secret) => carriesSecret(secret, headers),
    deliveryId: () => null,
    changes,
  },
  defaults: { blueprints, resources },
  strategies,
  defaultStrategies: [],
};
