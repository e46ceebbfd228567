/** How Opsgenie's objects are listed (docs.opsgenie.com: Alert API v2, Incident and Service API v1). */
import { isObject, type JsonObject } from "../../model/json.ts";
import type { Kind, ListRequest, Page, RawObject, Session } from "../connector.ts";
import { orNull } from "../or-null.ts";
import { keyAt, numberAt, objectAt, objects, objectsAt, textAt } from "../read-json.ts";
import { lookbackStart } from "../lookback.ts";

const PAGE = 100;
/** Offset and limit together may be this at most; then the listing goes on from the last time seen. */
const MAX_OFFSET = 20_000;
const DAY_MS = 86_400_000;
/** Lists of incidents know no time of change: a quick run asks for those that began not longer before. */
const YOUNG_MS = 30 * DAY_MS;

const textsIn = (value: unknown): string[] =>
  (Array.isArray(value) ? value : []).filter((one): one is string => typeof one === "string");

const objectOf = (object: JsonObject): RawObject => ({
  key: keyAt(object, "id"),
  version: textAt(object, "updatedAt"),
  payload: object,
});

/** So many milliseconds after the beginning; null when there is no such number. */
function later(begin: string | null, ms: number | null): string | null {
  const time = begin === null || ms === null ? Number.NaN : Date.parse(begin) + ms;
  return Number.isNaN(time) ? null : new Date(time).toISOString();
}

function alertObject(alert: JsonObject): RawObject {
  const report = objectAt(alert, "report");
  const created = textAt(alert, "createdAt");
  const closed = later(created, numberAt(report, "closeTime")) ?? textAt(alert, "updatedAt");
  const __resolvedAt = alert["status"] === "closed" ? closed : null;
  return objectOf({ ...alert, __resolvedAt, __acknowledgedAt: later(created, numberAt(report, "ackTime")) });
}

/** Names of Opsgenie's services by id, asked for once each while a listing goes on. */
class ServiceNames {
  readonly #names = new Map<string, string | null>();

  async of(session: Session, ids: readonly string[]): Promise<string[]> {
    const names: string[] = [];
    for (const id of ids) {
      let name = this.#names.get(id);
      if (name === undefined) {
        name = textAt((await fetchOne(session, "/v1/services", id, objectOf))?.payload, "name");
        this.#names.set(id, name);
      }
      if (name !== null) names.push(name);
    }
    return names;
  }
}

const namesOfListing = new WeakMap<Session, ServiceNames>();

async function incidentObject(
  session: Session,
  names: ServiceNames,
  incident: JsonObject,
): Promise<RawObject> {
  const isOver = incident["status"] === "resolved" || incident["status"] === "closed";
  return objectOf({
    ...incident,
    // The end of the impact is set when the incident is resolved, or by hand.
    __resolvedAt: isOver ? (textAt(incident, "impactEndDate") ?? textAt(incident, "updatedAt")) : null,
    __services: await names.of(session, textsIn(incident["impactedServices"])),
  });
}

async function fetchOne(
  session: Session,
  path: string,
  id: string,
  read: (object: JsonObject) => RawObject | Promise<RawObject>,
): Promise<RawObject | null> {
  const found = await orNull(session.http.get(`${path}/${encodeURIComponent(id)}`));
  const [object] = objects([objectAt(found?.body, "data")]);
  return object === undefined || keyAt(object, "id") === "" ? null : read(object);
}

const services: Kind = {
  kind: "service",
  title: "Services",
  optional: "services (the plan of the account has none)",
  async list({ http }, { cursor }) {
    const offset = Number(cursor ?? 0);
    const { body } = await http.get("/v1/services", { limit: PAGE, offset, sort: "name", order: "asc" });
    const found = objectsAt(body, "data");
    const next = textAt(objectAt(body, "paging"), "next") === null ? null : String(offset + found.length);
    return { objects: found.map(objectOf), next: found.length === 0 ? null : next };
  },
  fetch: (session, ref) => fetchOne(session, "/v1/services", keyAt(ref, "id"), objectOf),
};

const lookbackOf = ({ settings }: Session): number => lookbackStart(settings);

/**
 * Oldest first. The cursor holds the time to begin after and an offset: at the end of what offsets reach, the time of
 * the last object is the next beginning.
 */
async function timePage(
  session: Session,
  path: string,
  { cursor, since }: ListRequest,
  read: (object: JsonObject) => RawObject | Promise<RawObject>,
): Promise<Page> {
  const young = since === null ? 0 : Date.parse(since) - YOUNG_MS;
  const begin = String(Math.max(lookbackOf(session), young));
  const [from = begin, skipped = "0"] = cursor?.split("|") ?? [];
  const offset = Number(skipped);
  const { body } = await session.http.get(path, {
    ...{ query: `createdAt > ${from}`, sort: "createdAt", order: "asc", limit: PAGE, offset },
  });
  const found = objectsAt(body, "data");
  const list: RawObject[] = [];
  for (const object of found) list.push(await read(object));
  const hasNext = textAt(objectAt(body, "paging"), "next") !== null && found.length > 0;
  const end = offset + found.length;
  if (hasNext && end + PAGE <= MAX_OFFSET) return { objects: list, next: `${from}|${end}` };
  const last = Date.parse(textAt(found.at(-1), "createdAt") ?? "");
  // Those of the same millisecond come twice, which does no harm.
  const goesOn = end + PAGE > MAX_OFFSET && found.length > 0 && last - 1 > Number(from);
  return { objects: list, next: goesOn ? `${last - 1}|0` : null };
}

const incidents: Kind = {
  kind: "incident",
  title: "Incidents, resolved ones too",
  optional: "incidents (the plan of the account has none; choose the strategy for alerts)",
  incremental: true,
  list(session, request) {
    if (request.cursor === null) namesOfListing.set(session, new ServiceNames());
    const names = namesOfListing.get(session) ?? new ServiceNames();
    namesOfListing.set(session, names);
    return timePage(session, "/v1/incidents", request, (one) => incidentObject(session, names, one));
  },
  fetch: (session, ref) =>
    fetchOne(session, "/v1/incidents", keyAt(ref, "id"), (one) =>
      incidentObject(session, new ServiceNames(), one),
    ),
};

const alerts: Kind = {
  kind: "alert",
  title: "Alerts, closed ones too",
  incremental: true,
  list: (session, request) =>
    request.since === null
      ? timePage(session, "/v2/alerts", request, alertObject)
      : changedAlerts(session, request.since, Number(request.cursor ?? 0)),
  fetch: (session, ref) => fetchOne(session, "/v2/alerts", keyAt(ref, "id"), alertObject),
};

/** Queries know no time of change, but lists are sorted by it: newest first, until one is older. */
async function changedAlerts(session: Session, since: string, offset: number): Promise<Page> {
  const { body } = await session.http.get("/v2/alerts", {
    ...{ query: `createdAt > ${lookbackOf(session)}`, sort: "updatedAt", order: "desc" },
    ...{ limit: PAGE, offset },
  });
  const found = objectsAt(body, "data");
  const isNew = (alert: JsonObject): boolean =>
    Date.parse(textAt(alert, "updatedAt") ?? "") >= Date.parse(since);
  const fresh = found.filter(isNew);
  const end = offset + found.length;
  const paging = isObject(body) ? objectAt(body, "paging") : {};
  const goesOn = fresh.length === found.length && textAt(paging, "next") !== null && end + PAGE <= MAX_OFFSET;
  return { objects: fresh.map(alertObject), next: goesOn ? String(end) : null };
}

export const opsgenieKinds: readonly Kind[] = [services, incidents, alerts];
