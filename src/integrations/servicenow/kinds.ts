/** How ServiceNow's tables are listed (docs.servicenow.com: Table API, pages by Link, display values beside values). */
import { isObject, type JsonObject } from "../../model/json.ts";
import type { Kind, RawObject, Session, Settings } from "../connector.ts";
import { objectAt, objectsAt, textAt } from "../read-json.ts";
import { lookbackStart } from "../lookback.ts";

const PAGE = 100;
const HOUR_MS = 3_600_000;
/** Times in queries are read in the time zone of the account, which is not told: no zone is further from UTC. */
const ZONES_MS = 14 * HOUR_MS;

const COMMON = ["sys_id", "number", "short_description", "sys_created_on", "sys_updated_on", "sys_mod_count"];

interface Table {
  readonly kind: string;
  readonly title: string;
  readonly fields: readonly string[];
  /** Setting with an encoded query that says which rows are read. */
  readonly filter?: string;
  readonly optional?: string;
}

const TABLES: readonly Table[] = [
  {
    kind: "cmdb_ci_service",
    title: "Business services",
    fields: ["sys_id", "name", "short_description", "operational_status", "busines_criticality", "owned_by"],
    optional: "business services (the account may not read cmdb_ci_service)",
  },
  {
    kind: "change_request",
    title: "Change requests",
    fields: [
      ...[...COMMON, "type", "state", "risk", "close_code", "start_date", "end_date", "work_start"],
      ...["work_end", "closed_at", "cmdb_ci", "business_service", "assignment_group"],
    ],
    filter: "changeQuery",
    optional: "change requests (the account may not read change_request)",
  },
  {
    kind: "incident",
    title: "Incidents, resolved ones too",
    fields: [
      ...[...COMMON, "state", "priority", "severity", "urgency", "impact", "category", "opened_at"],
      ...["resolved_at", "closed_at", "cmdb_ci", "business_service", "caused_by", "assignment_group"],
      "reopen_count",
    ],
    filter: "incidentQuery",
  },
];

/** Values of times are in UTC, as `2026-09-01 12:00:00`. */
function timesIn(row: JsonObject): Record<string, string> {
  return Object.fromEntries(
    Object.entries(row).flatMap(([field, cell]) => {
      const value = textAt(cell, "value");
      const parts = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)$/.exec(value ?? "");
      return parts === null ? [] : [[field, `${parts[1]}T${parts[2]}Z`]];
    }),
  );
}

function rowObject(settings: Settings, table: string, row: JsonObject): RawObject {
  const id = textAt(objectAt(row, "sys_id"), "value") ?? "";
  const __url = `${(settings["baseUrl"] ?? "").replace(/\/+$/, "")}/${table}.do?sys_id=${id}`;
  const __utc = timesIn(row);
  return { key: id, version: __utc["sys_updated_on"] ?? null, payload: { ...row, __utc, __url } };
}

const inQuery = (time: number): string =>
  new Date(time - ZONES_MS).toISOString().slice(0, 19).replace("T", " ");

function queryOf({ filter }: Table, settings: Settings, own: readonly string[]): string {
  const chosen = filter === undefined ? undefined : settings[filter];
  const oldest = lookbackStart(settings);
  // Services have no history.
  const bound = filter === undefined ? [] : [`sys_created_on>=${inQuery(oldest)}`];
  return [...own, ...bound, ...(chosen === undefined ? [] : [chosen])].join("^");
}

/** Encoded queries of settings are joined with others by `^`, which a group of its own or an order would break. */
export const isPlainQuery = (query: string): boolean =>
  !/\^(NQ|ORDERBY|GROUPBY)|^(ORDERBY|GROUPBY)/.test(query);

async function rows(
  session: Session,
  table: Table,
  query: string,
  limit: number,
): ReturnType<Session["http"]["get"]> {
  return session.http.get(`/api/now/table/${table.kind}`, {
    ...{ sysparm_query: query, sysparm_limit: limit, sysparm_fields: table.fields.join(",") },
    ...{ sysparm_display_value: "all", sysparm_exclude_reference_link: true },
  });
}

const kindOf = (table: Table): Kind => ({
  ...{ kind: table.kind, title: table.title, incremental: true },
  ...(table.optional !== undefined && { optional: table.optional }),
  async list(session, { cursor, since }) {
    const changed = since === null ? [] : [`sys_updated_on>=${inQuery(Date.parse(since))}`];
    const order = "^ORDERBYsys_created_on^ORDERBYsys_id";
    const query = `${queryOf(table, session.settings, changed)}${order}`.replace(/^\^/, "");
    const answer = cursor === null ? rows(session, table, query, PAGE) : session.http.get(cursor);
    const { body, next, headers } = await answer;
    const total = Number(headers.get("x-total-count") ?? Number.NaN);
    return {
      objects: objectsAt(body, "result").map((row) => rowObject(session.settings, table.kind, row)),
      next,
      ...(Number.isInteger(total) && { total }),
    };
  },
  async fetch(session, ref) {
    const id = textAt(ref, "id") ?? "";
    const { body } = await rows(session, table, queryOf(table, session.settings, [`sys_id=${id}`]), 1);
    const [row] = isObject(body) ? objectsAt(body, "result") : [];
    return row === undefined ? null : rowObject(session.settings, table.kind, row);
  },
});

export const servicenowKinds: readonly Kind[] = TABLES.map(kindOf);
