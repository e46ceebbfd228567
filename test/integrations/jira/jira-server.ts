/**
 * Jira as its public references describe it: developer.atlassian.com/cloud/jira/platform/rest/v3 (project search, search
 * by JQL with nextPageToken, issues), docs.atlassian.com REST v2 of Data Center (search with startAt) and
 * developer.atlassian.com/cloud/jira/platform/webhooks. Fixtures are made here; nothing is taken from anywhere.
 */
import { createHmac } from "node:crypto";
import type { SentEvent, Vendor } from "../connector-suite.ts";
import { type Asked, type Json, startVendor, type Told } from "../vendor-server.ts";

const TOKEN = "jira-test0123456789";
const EMAIL = "bot@acme.test";
const NOW = Date.now();
const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1);
/** Hours ago, as Jira tells it to an account in Berlin. */
const ago = (hours: number): string =>
  new Date(NOW - (hours - 2) * 3_600_000).toISOString().replace("Z", "+0200");

const TYPES = ["Story", "Bug", "[System] Incident", "[System] Change"] as const;
const NOT_THERE = {
  errorMessages: ["Issue does not exist or you do not have permission to see it."],
  errors: {},
};

const project = (n: number): Json => ({
  ...{ id: String(10_000 + n), key: `P${n}`, name: `Project ${n}`, projectTypeKey: "software" },
  ...{ self: `https://acme.atlassian.net/rest/api/3/project/${10_000 + n}`, simplified: false },
});

/** One every thirty hours; the last four are open. Done after ninety minutes. */
function issue(n: number, count: number): Json {
  const began = (count - n) * 30 + 40;
  const isDone = n <= count - 4;
  const isChange = n % 4 === 0;
  const status = isDone ? (isChange && n % 8 === 0 ? "Failed" : "Done") : "In Progress";
  return {
    ...{ id: String(20_000 + n), key: `P1-${n}`, expand: "names,schema" },
    self: `https://acme.atlassian.net/rest/api/3/issue/${20_000 + n}`,
    fields: {
      ...{ summary: `Issue ${n}`, labels: [], project: { id: "10001", key: "P1", name: "Project 1" } },
      issuetype: { id: "1", name: TYPES[(n - 1) % 4], subtask: false },
      status: { name: status, statusCategory: { key: isDone ? "done" : "indeterminate", id: 3 } },
      priority: { id: "2", name: "High" },
      components: [{ id: "7", name: n % 3 === 0 ? "pay-api" : "Checkout" }],
      ...{ created: ago(began), updated: ago(began - 2), statuscategorychangedate: ago(began - 1.5) },
      // Workflows without a resolution, now and then.
      resolutiondate: isDone && n % 5 !== 0 ? ago(began - 1.5) : null,
      resolution: isDone && n % 5 !== 0 ? { name: "Done" } : null,
      assignee: { accountId: "a1", displayName: "Ada" },
      reporter: { accountId: "a2", displayName: "Grace" },
    },
  };
}

const fields = (one: Json): Json => one["fields"] as Json;
const bodyText = (body: Json, key: string): string => {
  const value = body[key];
  return typeof value === "string" ? value : "";
};

export class JiraServer implements Vendor {
  readonly issues: Json[] = numbers(320).map((n) => issue(n, 320));
  readonly projects: Json[] = numbers(3).map(project);

  settings(url: string): Record<string, string> {
    return { baseUrl: url, email: EMAIL, token: TOKEN, lookbackDays: "500" };
  }

  sign(secret: string, rawBody: string): Record<string, string> {
    const hex = createHmac("sha256", secret).update(rawBody).digest("hex");
    return { "x-hub-signature": `sha256=${hex}` };
  }

  start(faults: Parameters<typeof startVendor>[3]): ReturnType<typeof startVendor> {
    const basic = `Basic ${Buffer.from(`${EMAIL}:${TOKEN}`).toString("base64")}`;
    return startVendor(
      ({ headers, path }) =>
        headers["authorization"] === (path.startsWith("/rest/api/2") ? `Bearer ${TOKEN}` : basic),
      { status: 401, body: "Client must be authenticated to access this resource." },
      (asked) => this.#answer(asked),
      faults,
    );
  }

  #answer(asked: Asked): Told {
    const { method, path, query } = asked;
    const [, , , version, what, id] = path.split("/");
    if (path === "/rest/api/2/project") return { body: this.projects };
    if (path === "/rest/api/3/project/search") {
      const [startAt, maxResults] = [Number(query.get("startAt")), 2];
      const values = this.projects.slice(startAt, startAt + maxResults);
      const isLast = startAt + maxResults >= this.projects.length;
      return { body: { ...{ startAt, maxResults, total: this.projects.length, isLast }, values } };
    }
    if (method === "POST") return this.#search(asked, version === "3");
    const all = what === "issue" ? this.issues : what === "project" ? this.projects : [];
    const found = all.find((one) => one["id"] === id || one["key"] === id);
    return found === undefined ? { status: 404, body: NOT_THERE } : { body: found };
  }

  #search({ body }: Asked, isCloud: boolean): Told {
    const jql = bodyText(body, "jql");
    const bound = /created >= -(\d+)d/.exec(jql);
    if (bound === null)
      return {
        status: 400,
        body: { errorMessages: ["Unbounded JQL queries are not allowed here."], errors: {} },
      };
    const changed = /updated >= -(\d+)m/.exec(jql);
    const matching = this.issues.filter((one) => {
      const created = Date.parse(String(fields(one)["created"]));
      const updated = Date.parse(String(fields(one)["updated"]));
      return (
        created >= Date.now() - Number(bound[1]) * 86_400_000 &&
        (changed === null || updated >= Date.now() - Number(changed[1]) * 60_000)
      );
    });
    const size = Math.min(100, Number(body["maxResults"]));
    const start = isCloud ? Number(body["nextPageToken"] ?? 0) : Number(body["startAt"]);
    const issues = matching.slice(start, start + size);
    const end = start + issues.length;
    if (!isCloud) return { body: { startAt: start, maxResults: size, total: matching.length, issues } };
    const isLast = end >= matching.length;
    return { body: { issues, isLast, ...(!isLast && { nextPageToken: String(end) }) } };
  }

  live(): readonly SentEvent[] {
    let sent = 0;
    const event = (name: string, what: Json, timestamp = NOW): SentEvent => ({
      headers: {
        "x-atlassian-webhook-identifier": `w-${(sent += 1)}`,
        "x-atlassian-webhook-flow": "Primary",
      },
      body: { timestamp, webhookEvent: name, ...what },
    });
    /** Webhooks carry the shape of v2, and here an older state. */
    const told = (one: Json): Json => ({ issue: { id: one["id"], key: one["key"], fields: {} } });
    const open = this.issues[318] as Json;
    Object.assign(fields(open), {
      status: { name: "Done", statusCategory: { key: "done", id: 3 } },
      ...{ resolution: { name: "Duplicate" }, resolutiondate: ago(1), updated: ago(1) },
    });
    const made = { ...issue(319, 321), id: "20321", key: "P1-321" };
    this.issues.push(made);
    const [gone] = this.issues.splice(10, 1) as [Json];
    this.projects.push(project(9));
    Object.assign(this.projects[1] as Json, { name: "Renamed" });
    const [dropped] = this.projects.splice(2, 1) as [Json];
    return [
      event("jira:issue_updated", told(open)),
      event("jira:issue_deleted", told(gone)),
      event("jira:issue_updated", told(gone), NOW - 5000),
      event("jira:issue_updated", told(made)),
      event("jira:issue_created", told(made)),
      event("comment_created", { comment: { id: "1" }, ...told(open) }),
      event("project_created", { project: { id: "10009", key: "P9" } }),
      event("project_updated", { project: { id: "10002", key: "P2" } }),
      event("project_deleted", { project: { id: dropped["id"], key: dropped["key"] } }),
    ];
  }

  vanish(): readonly string[] {
    const [incident, story] = [this.issues[101] as Json, this.issues[103] as Json];
    this.issues.splice(101, 1);
    this.issues.splice(102, 1);
    const [first, second] = [String(incident["key"]), String(story["key"])];
    this.projects.splice(1, 1);
    return [
      `jiraIssue/${first}`,
      `jiraIncident/${first}`,
      `jiraIssue/${second}`,
      `change/${second}`,
      "jiraProject/P2",
    ];
  }
}
