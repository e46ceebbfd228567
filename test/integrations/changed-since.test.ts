/** How incident tools are asked, without a catalog: only what changed, and settings that cannot be used together. */
import { describe, expect, test } from "vitest";
import type { Connector, Page, Session } from "../../src/integrations/connector.ts";
import type { HttpAnswer, HttpClient } from "../../src/integrations/http-client.ts";
import { incidentio } from "../../src/integrations/incidentio/incidentio.ts";
import { jira } from "../../src/integrations/jira/jira.ts";
import { opsgenie } from "../../src/integrations/opsgenie/opsgenie.ts";
import { servicenow } from "../../src/integrations/servicenow/servicenow.ts";
import { statuspage } from "../../src/integrations/statuspage/statuspage.ts";
import type { Vendor } from "./connector-suite.ts";
import { IncidentioServer } from "./incidentio/incidentio-server.ts";
import { JiraServer } from "./jira/jira-server.ts";
import { OpsgenieServer } from "./opsgenie/opsgenie-server.ts";
import { ServicenowServer } from "./servicenow/servicenow-server.ts";
import { StatuspageServer } from "./statuspage/statuspage-server.ts";
import { LOOPBACK } from "./vendor-server.ts";

/** Keys of all pages. */
async function listed(
  connector: Connector,
  session: Session,
  kindName: string,
  since: string | null,
): Promise<string[]> {
  const kind = connector.kinds.find((one) => one.kind === kindName);
  const keys: string[] = [];
  for (let cursor: string | null = null; ;) {
    const page: Page | undefined = await kind?.list(session, { parent: null, cursor, since });
    keys.push(...(page?.objects ?? []).map(({ key }) => key));
    cursor = page?.next ?? null;
    if (cursor === null) return keys;
  }
}

const TEN_DAYS_AGO = new Date(Date.now() - 240 * 3_600_000).toISOString();

const CASES: readonly [string, Connector, string, () => Vendor, Record<string, string>?][] = [
  ["Jira Cloud", jira, "issue", () => new JiraServer()],
  // Without an e-mail the token is a personal access token.
  ["Jira Data Center", jira, "issue", () => new JiraServer(), { edition: "data-center", email: "" }],
  ["Opsgenie", opsgenie, "alert", () => new OpsgenieServer()],
  ["incident.io", incidentio, "incident", () => new IncidentioServer()],
  ["ServiceNow", servicenow, "incident", () => new ServicenowServer()],
];

test.each(CASES)(
  "%s lists everything once, and what changed since",
  async (_name, connector, kind, vendor, own) => {
    const made = vendor();
    const server = await made.start([]);
    const settings = Object.fromEntries(
      Object.entries({ ...made.settings(server.url), ...own }).filter(([, value]) => value !== ""),
    );
    const session = connector.open(settings, LOOPBACK);
    const all = await listed(connector, session, kind, null);
    expect(all.length).toBeGreaterThan(100);
    expect(new Set(all).size).toBe(all.length);
    const changed = await listed(connector, session, kind, TEN_DAYS_AGO);
    expect(changed.length).toBeGreaterThan(0);
    expect(changed.length).toBeLessThan(15);
    expect(all).toEqual(expect.arrayContaining(changed));
    await server.stop();
  },
);

test("more alerts than Opsgenie's offsets reach are listed, those of one millisecond too", async () => {
  const begin = Date.now() - 86_400_000;
  // Seven in each millisecond.
  const timeOf = (n: number): number => begin + Math.floor(n / 7);
  const alerts = Array.from({ length: 20_150 }, (_, n) => ({
    ...{ id: `a${n}`, createdAt: new Date(timeOf(n)).toISOString() },
  }));
  const get = (_path: string, query: Readonly<Record<string, unknown>> = {}): Promise<HttpAnswer> => {
    const [offset, limit] = [Number(query["offset"]), Number(query["limit"])];
    expect(offset + limit).toBeLessThanOrEqual(20_000);
    const after = Number(/\d+$/.exec(String(query["query"]))?.[0]);
    const matching = alerts.filter((_, n) => timeOf(n) > after);
    const paging = offset + limit < matching.length ? { next: "https://api.opsgenie.com/…" } : {};
    const body = { data: matching.slice(offset, offset + limit), paging };
    return Promise.resolve({ status: 200, headers: new Headers(), body, next: null });
  };
  const http: HttpClient = { get, post: (path) => get(path), at: () => http };
  const session: Session = { settings: {}, http };
  expect(new Set(await listed(opsgenie, session, "alert", null)).size).toBe(alerts.length);
});

test("Opsgenie's and Statuspage's incidents, which are not listed by change, are asked for since a month before", async () => {
  const vendors = [
    [opsgenie, new OpsgenieServer(), null],
    [statuspage, new StatuspageServer(), { key: "sp1", ref: { page: "sp1" } }],
  ] as const;
  for (const [connector, vendor, parent] of vendors) {
    const server = await vendor.start([]);
    const session = connector.open(vendor.settings(server.url), LOOPBACK);
    const kind = connector.kinds.find((one) => one.kind === "incident");
    const page = await kind?.list(session, { parent, cursor: null, since: new Date().toISOString() });
    expect(page?.next).toBeNull();
    expect(page?.objects.length).toBeLessThan(101);
    expect(page?.objects.length).toBeGreaterThan(10);
    await server.stop();
  }
});

describe("settings that cannot be used", () => {
  const baseUrl = "https://acme.test";
  test.each<[string, Connector, Record<string, string>, RegExp]>([
    [
      "an order in JQL",
      jira,
      { baseUrl, token: "t", jql: "project = A order by key" },
      /settings\.jql .*ORDER BY/,
    ],
    [
      "an unknown edition",
      jira,
      { baseUrl, token: "t", edition: "server" },
      /settings\.edition "server" is none/,
    ],
    ["no credentials", servicenow, { baseUrl, username: "u" }, /settings\.password.* missing/],
    [
      "an encoded query of several groups",
      servicenow,
      { baseUrl, token: "t", incidentQuery: "category=software^NQpriority=1" },
      /settings\.incidentQuery .*\^NQ/,
    ],
    ["days that are none", opsgenie, { token: "t", lookbackDays: "-1" }, /settings\.lookbackDays must be/],
  ])("%s", (_what, connector, settings, message) => {
    expect(() => connector.open(settings, LOOPBACK)).toThrow(message);
  });
});
