/** How PagerDuty's objects are listed (developer.pagerduty.com: REST API v2, classic pagination). */
import type { JsonObject } from "../../model/json.ts";
import type { Kind, Page, RawObject, Session } from "../connector.ts";
import { HttpError } from "../http-client.ts";
import { keyAt, numberAt, objectAt, objects, objectsAt, textAt } from "../read-json.ts";
import { lookbackStart } from "../lookback.ts";

const PAGE = 100;
const DAY_MS = 86_400_000;
/** PagerDuty answers ranges of less than six months, and 10,000 rows of each. */
const WINDOW_MS = 30 * DAY_MS;

const objectOf = (object: JsonObject): RawObject => ({
  key: keyAt(object, "id"),
  version: textAt(object, "updated_at"),
  payload: object,
});

async function offsetPage(
  session: Session,
  path: string,
  field: string,
  offset: number,
  query: Readonly<Record<string, string>> = {},
  read: (object: JsonObject) => RawObject = objectOf,
): Promise<{ page: Omit<Page, "next">; nextOffset: number | null }> {
  const { body } = await session.http.get(path, { ...query, limit: PAGE, offset, total: true });
  const total = numberAt(body, "total");
  const more = (body as JsonObject | null)?.["more"] === true;
  return {
    page: { objects: objectsAt(body, field).map(read), ...(total !== null && { total }) },
    nextOffset: more ? offset + PAGE : null,
  };
}

const flat = (
  kind: string,
  title: string,
  query: Readonly<Record<string, string>> = {},
  read?: (object: JsonObject) => RawObject,
): Kind => ({
  ...{ kind, title },
  async list(session, { cursor }) {
    const { page, nextOffset } = await offsetPage(
      session,
      `/${kind}`,
      kind,
      Number(cursor ?? 0),
      query,
      read,
    );
    return { ...page, next: nextOffset === null ? null : String(nextOffset) };
  },
});

async function fetchOne(
  session: Session,
  kind: string,
  field: string,
  id: string,
): Promise<RawObject | null> {
  try {
    const { body } = await session.http.get(`/${kind}/${encodeURIComponent(id)}`);
    const [found] = objects([objectAt(body, field)]);
    return found === undefined || keyAt(found, "id") === "" ? null : objectOf(found);
  } catch (error) {
    if (error instanceof HttpError && error.status === 404) return null;
    throw error;
  }
}

/** They have no id of their own. */
const oncallObject = (oncall: JsonObject): RawObject => {
  const part = (name: string): string => keyAt(objectAt(oncall, name), "id");
  const level = numberAt(oncall, "escalation_level") ?? 0;
  const key = `${part("escalation_policy")}.${level}.${part("schedule") || "always"}.${part("user")}`;
  return { key, version: null, payload: { ...oncall, __key: key } };
};

const incidents: Kind = {
  kind: "incidents",
  title: "Incidents, resolved ones too",
  async list(session, { cursor }) {
    const begin = new Date(lookbackStart(session.settings)).toISOString();
    const [from = begin, offset = "0"] = cursor?.split("|") ?? [];
    const until = new Date(Date.parse(from) + WINDOW_MS).toISOString();
    const query = { since: from, until, sort_by: "created_at:asc" };
    const { page, nextOffset } = await offsetPage(session, "/incidents", "incidents", Number(offset), query);
    // A total of one window is none of all.
    const { objects } = page;
    if (nextOffset !== null) return { objects, next: `${from}|${nextOffset}` };
    return { objects, next: Date.parse(until) > Date.now() ? null : `${until}|0` };
  },
  fetch: (session, ref) => fetchOne(session, "incidents", "incident", keyAt(ref, "id")),
};

export const pagerdutyKinds: readonly Kind[] = [
  flat("users", "Users"),
  {
    ...flat("services", "Services"),
    fetch: (session, ref) => fetchOne(session, "services", "service", keyAt(ref, "id")),
  },
  flat("oncalls", "Who is on call", {}, oncallObject),
  incidents,
];
