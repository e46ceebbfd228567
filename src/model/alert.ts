/** Alerts as people send them: what is watched, when it fires, who is told. Checked here; automations are made of them. */
import { checkOneOfAt, checkTextAt, closedAt, isGiven, objectAt } from "./action-fields.ts";
import { isActionIdentifier } from "./action.ts";
import { invalid } from "./error.ts";
import { checkJson, isObject, type JsonObject, kindOf, show } from "./json.ts";
import { parseInstant } from "./instant.ts";

export const ALERT_METRICS = [
  "deploymentFrequency",
  "changeLeadTime",
  "changeFailureRate",
  "failedDeploymentRecoveryTime",
  "meanTimeToRecovery",
  "reworkRate",
] as const;
export type AlertMetric = (typeof ALERT_METRICS)[number];

/** What numbers, levels or times are watched. */
export type AlertSource =
  | {
      readonly type: "metric";
      readonly metric: AlertMetric;
      /** e.g. `30d`. */
      readonly window: string;
      /** Blueprint of which each entity is watched (service, _team, domain …); null: the organisation as a whole. */
      readonly per: string | null;
      readonly environment: string | null;
    }
  | { readonly type: "property"; readonly blueprint: string; readonly property: string }
  | { readonly type: "scorecard"; readonly blueprint: string; readonly scorecard: string }
  /** Hours since the newest entity of the blueprint came or changed. */
  | { readonly type: "silence"; readonly blueprint: string }
  /** Hours since a data source was last heard of: an event, or a run that came to its end. */
  | { readonly type: "dataSource"; readonly dataSource: string }
  /** Hours since a timer property passed. */
  | { readonly type: "timer"; readonly blueprint: string; readonly property: string };

export type AlertRule =
  | {
      readonly type: "threshold";
      readonly is: "above" | "below";
      readonly value: number;
      /** It is over only when the number has come back to this. */
      readonly clear: number;
    }
  /** Tier of a metric, or level of a scorecard. */
  | { readonly type: "fall" }
  /** Significantly worse than in the window before. */
  | { readonly type: "regression" };

export interface AlertRecipients {
  /** Members of the teams that own the subject. */
  readonly owners: boolean;
  /** Of these the moderators and administrators. */
  readonly managers: boolean;
  readonly emails: readonly string[];
  /** Property of `_team` that holds the address of the team's own channel. */
  readonly teamChannel: string | null;
  readonly teamChannelFormat: "slack" | "teams";
  readonly slack: string | null;
  readonly teams: string | null;
  readonly webhook: string | null;
}

export interface Alert {
  readonly identifier: string;
  readonly title: string;
  readonly description: string | null;
  readonly enabled: boolean;
  readonly source: AlertSource;
  readonly rule: AlertRule;
  /** Numbers of fewer observations are not judged. */
  readonly minimum: number;
  /** Only this entity; null: all. */
  readonly entity: string | null;
  readonly recipients: AlertRecipients;
  /** Tells of recoveries too. */
  readonly resolved: boolean;
  readonly digest: "hour" | "day" | null;
  readonly mutedUntil: number | null;
  readonly maintenance: readonly { readonly from: number; readonly to: number }[];
}

const KEYS = [
  ...["identifier", "title", "description", "enabled", "source", "rule", "minimum", "entity"],
  ...["recipients", "resolved", "digest", "mutedUntil", "maintenance"],
];
const SERVER_KEYS = ["createdAt", "createdBy", "updatedAt", "updatedBy", "automations"];
const WINDOW = /^[1-9][0-9]{0,3}[dwm]$/;
const MAX_WINDOWS = 100;
const MAX_IDENTIFIER = 60;
const EMAIL = /^[^\s@]{1,64}@[^\s@]{1,255}$/;

/** @throws AppError invalid_request naming field, value and rule */
export function parseAlert(body: unknown): { readonly alert: Alert; readonly document: JsonObject } {
  checkJson(body, "alert");
  if (!isObject(body)) throw invalid(`the alert must be an object, not ${kindOf(body)}`);
  closedAt(body, [...KEYS, ...SERVER_KEYS], "alert");
  const { identifier } = body;
  if (typeof identifier !== "string" || identifier.length > MAX_IDENTIFIER || !isActionIdentifier(identifier))
    throw invalid(
      `alert.identifier ${show(identifier)} must have 1 to ${MAX_IDENTIFIER} characters: letters, digits and @ _ . + : = -`,
    );
  checkTextAt(body["title"], "alert.title", { max: 200 });
  checkTextAt(body["description"], "alert.description", { max: 2000 });
  checkTextAt(body["entity"], "alert.entity", { max: 1000 });
  const source = sourceOf(objectAt(body["source"], "alert.source"));
  const rule = ruleOf(objectAt(body["rule"], "alert.rule"), source);
  const alert: Alert = {
    ...{ identifier, source, rule },
    title: textOf(body["title"]) ?? identifier,
    description: textOf(body["description"]),
    enabled: flag(body, "enabled", true),
    minimum: number(body["minimum"] ?? 0, "alert.minimum"),
    entity: textOf(body["entity"]),
    recipients: recipientsOf(
      isGiven(body["recipients"]) ? objectAt(body["recipients"], "alert.recipients") : {},
    ),
    resolved: flag(body, "resolved", false),
    digest: digestOf(body["digest"]),
    mutedUntil: isGiven(body["mutedUntil"]) ? instant(body["mutedUntil"], "alert.mutedUntil") : null,
    maintenance: maintenanceOf(body["maintenance"]),
  };
  const document = Object.fromEntries(
    Object.entries(body).filter(([key, value]) => !SERVER_KEYS.includes(key) && value !== null),
  );
  return { alert, document };
}

const TYPES = ["metric", "property", "scorecard", "silence", "dataSource", "timer"];

function sourceOf(source: JsonObject): AlertSource {
  const at = "alert.source";
  checkOneOfAt(source["type"], `${at}.type`, TYPES);
  const need = (key: string): string => {
    checkTextAt(source[key], `${at}.${key}`, { required: true, max: 200 });
    return String(source[key]);
  };
  switch (source["type"]) {
    case "metric": {
      closedAt(source, ["type", "metric", "window", "per", "environment"], at);
      checkOneOfAt(source["metric"], `${at}.metric`, ALERT_METRICS);
      const window = source["window"] ?? "30d";
      if (typeof window !== "string" || !WINDOW.test(window))
        throw invalid(
          `${at}.window ${show(window)} must be a number of days, weeks or months, such as 30d, 12w, 6m`,
        );
      for (const key of ["per", "environment"]) checkTextAt(source[key], `${at}.${key}`, { max: 200 });
      return {
        ...{ type: "metric", metric: source["metric"] as AlertMetric, window },
        per: textOf(source["per"]),
        environment: textOf(source["environment"]),
      };
    }
    case "property":
    case "timer":
      closedAt(source, ["type", "blueprint", "property"], at);
      return { type: source["type"], blueprint: need("blueprint"), property: need("property") };
    case "scorecard":
      closedAt(source, ["type", "blueprint", "scorecard"], at);
      return { type: "scorecard", blueprint: need("blueprint"), scorecard: need("scorecard") };
    case "dataSource":
      closedAt(source, ["type", "dataSource"], at);
      return { type: "dataSource", dataSource: need("dataSource") };
    default:
      closedAt(source, ["type", "blueprint"], at);
      return { type: "silence", blueprint: need("blueprint") };
  }
}

const NUMBERS = ["metric", "property", "silence", "dataSource", "timer"];

function ruleOf(rule: JsonObject, source: AlertSource): AlertRule {
  const at = "alert.rule";
  checkOneOfAt(rule["type"], `${at}.type`, ["threshold", "fall", "regression"]);
  const fits = (types: readonly string[]): void => {
    if (!types.includes(source.type))
      throw invalid(
        `${at}.type ${show(rule["type"])} goes with ${types.join(", ")}, not with ${source.type}`,
      );
  };
  switch (rule["type"]) {
    case "threshold": {
      fits(NUMBERS);
      closedAt(rule, ["type", "is", "value", "clear"], at);
      const is = rule["is"] ?? "above";
      if (is !== "above" && is !== "below") throw invalid(`${at}.is ${show(is)} must be above or below`);
      const value = number(rule["value"], `${at}.value`);
      const clear = number(rule["clear"] ?? value, `${at}.clear`);
      if (is === "above" ? clear > value : clear < value)
        throw invalid(`${at}.clear ${clear} lies where the alert fires; it must not be ${is} ${value}`);
      return { type: "threshold", is, value, clear };
    }
    case "fall":
      fits(["metric", "scorecard"]);
      closedAt(rule, ["type"], at);
      return { type: "fall" };
    default:
      fits(["metric"]);
      closedAt(rule, ["type"], at);
      return { type: "regression" };
  }
}

function recipientsOf(recipients: JsonObject): AlertRecipients {
  const at = "alert.recipients";
  const keys = [
    ...["owners", "managers", "emails", "teamChannel", "teamChannelFormat", "slack", "teams", "webhook"],
  ];
  closedAt(recipients, keys, at);
  const emails = recipients["emails"] ?? [];
  if (!Array.isArray(emails)) throw invalid(`${at}.emails must be a list, not ${kindOf(emails)}`);
  for (const [i, email] of emails.entries())
    if (typeof email !== "string" || !EMAIL.test(email))
      throw invalid(`${at}.emails[${i}] ${show(email)} is no e-mail address`);
  for (const key of ["teamChannel", "slack", "teams", "webhook"])
    checkTextAt(recipients[key], `${at}.${key}`, { max: 2000 });
  const format = recipients["teamChannelFormat"] ?? "slack";
  if (format !== "slack" && format !== "teams")
    throw invalid(`${at}.teamChannelFormat ${show(format)} must be slack or teams`);
  return {
    owners: flag(recipients, "owners", false, at),
    managers: flag(recipients, "managers", false, at),
    emails: emails as string[],
    teamChannel: textOf(recipients["teamChannel"]),
    teamChannelFormat: format,
    slack: textOf(recipients["slack"]),
    teams: textOf(recipients["teams"]),
    webhook: textOf(recipients["webhook"]),
  };
}

function maintenanceOf(windows: unknown): { from: number; to: number }[] {
  if (!isGiven(windows)) return [];
  if (!Array.isArray(windows)) throw invalid(`alert.maintenance must be a list, not ${kindOf(windows)}`);
  if (windows.length > MAX_WINDOWS)
    throw invalid(`alert.maintenance has ${windows.length} items; at most ${MAX_WINDOWS} are allowed`);
  return windows.map((window, i) => {
    const at = `alert.maintenance[${i}]`;
    const one = objectAt(window, at);
    closedAt(one, ["from", "to"], at);
    const [from, to] = [instant(one["from"], `${at}.from`), instant(one["to"], `${at}.to`)];
    if (from >= to) throw invalid(`${at}.to must be later than from`);
    return { from, to };
  });
}

function digestOf(value: unknown): Alert["digest"] {
  if (!isGiven(value)) return null;
  if (value !== "hour" && value !== "day") throw invalid(`alert.digest ${show(value)} must be hour or day`);
  return value;
}

function flag(object: JsonObject, key: string, usual: boolean, at = "alert"): boolean {
  const value = object[key] ?? usual;
  if (typeof value !== "boolean") throw invalid(`${at}.${key} must be a boolean, not ${kindOf(value)}`);
  return value;
}

function number(value: unknown, field: string): number {
  if (typeof value !== "number") throw invalid(`${field} must be a number, not ${kindOf(value)}`);
  return value;
}

function instant(value: unknown, field: string): number {
  const at = typeof value === "string" ? parseInstant(value) : null;
  if (at === null) throw invalid(`${field} ${show(value)} must be an ISO date-time with an offset`);
  return at;
}

const textOf = (value: unknown): string | null => (typeof value === "string" && value !== "" ? value : null);
