/** How Jira's projects and issues are listed. Issues keep the shape of REST; times in UTC are beside it. */
import { isObject, type JsonObject } from "../../model/json.ts";
import type { Kind, Page, RawObject, Session, Settings } from "../connector.ts";
import { HttpError } from "../http-client.ts";
import { orNull } from "../or-null.ts";
import { keyAt, numberAt, objectAt, objects, objectsAt, textAt, utcAt } from "../read-json.ts";
import { apiOf, isCloud, siteOf } from "./client.ts";
import { lookbackDays, lookbackStart } from "../lookback.ts";

const PROJECT_PAGE = 50;
const ISSUE_PAGE = 100;
const MINUTE_MS = 60_000;
/** The others (descriptions, comments, worklogs) are most of an issue's bytes. */
const FIELDS = [
  ...["summary", "status", "issuetype", "priority", "components", "labels", "project", "parent"],
  ...["creator", "reporter", "assignee", "created", "updated", "resolution", "resolutiondate"],
  ...["statuscategorychangedate"],
];

function projectObject(settings: Settings, project: JsonObject): RawObject {
  const __url = `${siteOf(settings)}/browse/${keyAt(project, "key")}`;
  return { key: keyAt(project, "id"), version: null, payload: { ...project, __url } };
}

const projects: Kind = {
  kind: "project",
  title: "Projects",
  async list({ http, settings }, { cursor }) {
    const read = (project: JsonObject): RawObject => projectObject(settings, project);
    if (!isCloud(settings)) {
      const { body } = await http.get("/rest/api/2/project");
      return { objects: objects(body).map(read), next: null };
    }
    const startAt = Number(cursor ?? 0);
    const query = { startAt, maxResults: PROJECT_PAGE, orderBy: "key" };
    const { body } = await http.get("/rest/api/3/project/search", query);
    const values = objectsAt(body, "values");
    const total = numberAt(body, "total");
    const isLast = values.length === 0 || (isObject(body) && body["isLast"] === true);
    return {
      objects: values.map(read),
      next: isLast ? null : String(startAt + values.length),
      ...(total !== null && { total }),
    };
  },
  async fetch({ http, settings }, ref) {
    const found = await orNull(
      http.get(`${apiOf(settings)}/project/${encodeURIComponent(keyAt(ref, "id"))}`),
    );
    return isObject(found?.body) ? projectObject(settings, found.body) : null;
  },
};

const serviceField = (settings: Settings): string => settings["serviceField"] ?? "components";

/** What the field that names services holds: texts, components, options, or one of them. */
function namesIn(value: unknown): string[] {
  return [value].flat().flatMap((one) => {
    const name = isObject(one)
      ? (textAt(one, "name") ?? textAt(one, "value") ?? textAt(one, "displayName"))
      : one;
    return typeof name === "string" && name !== "" ? [name] : [];
  });
}

function issueObject(settings: Settings, issue: JsonObject): RawObject {
  const fields = objectAt(issue, "fields");
  const isDone = keyAt(objectAt(objectAt(fields, "status"), "statusCategory"), "key") === "done";
  // Times come in the zone of whoever asks.
  const [__created, __updated] = [utcAt(fields, "created"), utcAt(fields, "updated")];
  // Workflows that set no resolution have a time only for the change of status.
  const __resolved =
    utcAt(fields, "resolutiondate") ?? (isDone ? utcAt(fields, "statuscategorychangedate") : null);
  return {
    key: keyAt(issue, "id"),
    version: __updated,
    payload: {
      ...issue,
      ...{ __created, __updated, __resolved },
      __services: namesIn(fields[serviceField(settings)]),
      __url: `${siteOf(settings)}/browse/${keyAt(issue, "key")}`,
    },
  };
}

const fieldsOf = (settings: Settings): string[] =>
  [...new Set([...FIELDS, serviceField(settings), ...(settings["fields"] ?? "").split(/[\s,]+/)])].filter(
    (field) => field !== "",
  );

/** Relative times: absolute ones are read in the time zone of the account. */
function jqlOf(settings: Settings, since: string | null): string {
  const own = settings["jql"] === undefined ? [] : [`(${settings["jql"]})`];
  const minutes = since === null ? 0 : Math.ceil((Date.now() - Date.parse(since)) / MINUTE_MS) + 1;
  const changed = since === null ? [] : [`updated >= -${minutes}m`];
  const bounds = [...own, `created >= -${lookbackDays(settings)}d`, ...changed];
  return `${bounds.join(" AND ")} ORDER BY created ASC, key ASC`;
}

/** Cloud gives a token for the next page and no total, Data Center counts. */
async function search(
  session: Session,
  jql: string,
  cursor: string | null,
  more: JsonObject = {},
): Promise<Page> {
  const { http, settings } = session;
  const question = { jql, fields: fieldsOf(settings), maxResults: ISSUE_PAGE };
  const read = (issue: JsonObject): RawObject => issueObject(settings, issue);
  if (isCloud(settings)) {
    const token = cursor === null ? {} : { nextPageToken: cursor };
    const { body } = await http.post("/rest/api/3/search/jql", { ...question, ...token, ...more });
    return { objects: objectsAt(body, "issues").map(read), next: textAt(body, "nextPageToken") };
  }
  const startAt = Number(cursor ?? 0);
  const { body } = await http.post("/rest/api/2/search", { ...question, startAt });
  const issues = objectsAt(body, "issues");
  const total = numberAt(body, "total") ?? 0;
  const end = startAt + issues.length;
  return { objects: issues.map(read), next: issues.length === 0 || end >= total ? null : String(end), total };
}

const issues: Kind = {
  kind: "issue",
  title: "Issues, done ones too",
  incremental: true,
  list: (session, { cursor, since }) => search(session, jqlOf(session.settings, since), cursor),
  async fetch(session, ref) {
    const { http, settings } = session;
    const id = keyAt(ref, "id");
    const path = `${apiOf(settings)}/issue/${encodeURIComponent(id)}`;
    const found = await orNull(http.get(path, { fields: fieldsOf(settings).join(",") }));
    if (!isObject(found?.body)) return null;
    const object = issueObject(settings, found.body);
    const created = textAt(object.payload, "__created");
    if (created === null || Date.parse(created) < lookbackStart(settings)) return null;
    return (await isWanted(session, id)) ? object : null;
  },
};

/** Does the issue fit the JQL of the settings? */
async function isWanted(session: Session, id: string): Promise<boolean> {
  const { jql } = session.settings;
  if (jql === undefined) return true;
  try {
    // Without reconcileIssues Cloud's index may not have the change yet.
    const number = Number(id);
    const { objects: found } = await search(session, `(${jql}) AND id = ${number}`, null, {
      reconcileIssues: [number],
    });
    return found.length > 0;
  } catch (error) {
    // An issue that is gone by now is an error in JQL.
    if (error instanceof HttpError && error.status === 400) return false;
    throw error;
  }
}

export const jiraKinds: readonly Kind[] = [projects, issues];
