/** What demo data has not and people do: every widget, every type of property, very long and foreign names. */
import type { TestServer } from "../../test/e2e/support/server.ts";

const LONG = "Zahlungsverkehrsabwicklungsschnittstellenkoordinationsstelle";
const SENTENCE =
  "A service whose name somebody pasted from a ticket, with everything that was in it and no thought of who reads it in a table";

/** Types by the names that their fields have. */
const PROPERTIES = {
  text: { type: "string", title: "Text" },
  long: { type: "string", title: "Long text", description: "What it is about, for those who come later" },
  number: { type: "number", title: "Number" },
  boolean: { type: "boolean", title: "Yes or no" },
  choice: {
    ...{ type: "string", title: "Choice", enum: ["gold", "silver", "bronze"] },
    enumColors: { gold: "yellow", silver: "lightGray", bronze: "orange" },
  },
  time: { type: "string", format: "date-time", title: "Time" },
  timer: { type: "string", format: "timer", title: "Timer" },
  url: { type: "string", format: "url", title: "URL" },
  email: { type: "string", format: "email", title: "E-mail" },
  user: { type: "string", format: "user", title: "User" },
  team: { type: "string", format: "team", title: "Team" },
  yaml: { type: "string", format: "yaml", title: "YAML" },
  notes: { type: "string", format: "markdown", title: "Notes" },
  ip: { type: "string", format: "ipv4", title: "Address" },
  object: { type: "object", title: "Object" },
  link: { type: "object", format: "labeled-url", title: "Link" },
  tags: { type: "array", title: "Tags", items: { type: "string" } },
  urls: { type: "array", title: "URLs", items: { type: "string", format: "url" } },
  numbers: { type: "array", title: "Numbers", items: { type: "number" } },
  api: { type: "object", spec: "open-api", title: "API" },
} as const;

const OPEN_API = {
  ...{ openapi: "3.1.0", info: { title: "Ledger", version: "1.4.0", description: "Books and postings" } },
  paths: {
    "/postings": {
      get: {
        ...{ summary: "Postings of an account", tags: ["Postings"] },
        parameters: [{ name: "account", in: "query", required: true, schema: { type: "string" } }],
        responses: { 200: { description: "The postings, the latest first" } },
      },
      post: { summary: "Posts", tags: ["Postings"], responses: { 201: { description: "Posted" } } },
    },
  },
};

const MARKDOWN = `# Ledger

Keeps the books. **Two** of three regions write; reads go to the nearest.

| Region | Role | Latency |
|---|---|---|
| eu-1 | writes | 4 ms |
| us-1 | reads | 90 ms |

1. Look at [DORA metrics](/dora)
2. Call whoever is on duty

> Never restart both at once.

\`\`\`sh
kubectl rollout restart deploy/ledger
\`\`\`
`;

export async function addGallery(server: TestServer): Promise<void> {
  const day = 86_400_000;
  const at = (days: number): string => new Date(Date.now() + days * day).toISOString();
  await server.post("/v1/blueprints", {
    ...{ identifier: "everything", title: "Example", icon: "Box" },
    description: "One property of each type",
    schema: { properties: PROPERTIES, required: ["text"] },
    relations: {
      service: { title: "Service", target: "service", required: false, many: false },
      others: { title: "Others", target: "service", required: false, many: true },
    },
    mirrorProperties: { repository: { title: "Its repository", path: "service.repository" } },
    calculationProperties: { loud: { title: "Loud", type: "string", calculation: ".title | ascii_upcase" } },
  });
  const values = {
    ...{ text: "A text", long: SENTENCE, number: 1_234_567.891, boolean: true, choice: "gold" },
    ...{
      time: at(-40),
      timer: at(2),
      url: "https://wiki.example.com/a/very/long/path/to/some/page?with=a&query=too",
    },
    ...{ email: "ada.byron@example.com", user: "ada.byron@example.com", team: "Ledger people" },
    ...{ yaml: "replicas: 2\nregion: eu-1\n", notes: MARKDOWN, ip: "10.0.0.1" },
    ...{
      object: { a: { deep: ["object", 1, true] }, empty: null },
      link: { url: "https://example.com", displayText: "The runbook" },
    },
    ...{ tags: ["books", "critical", "pci", "eu", "us", "a tag that is longer than the others"] },
    ...{ urls: ["https://one.example.com", "https://two.example.com"], numbers: [1, 2, 3.5], api: OPEN_API },
  };
  const relations = { service: "ledger-api", others: ["ledger-api", "ledger-postings"] };
  for (const [identifier, title, properties] of [
    ["one", "One of everything", values],
    ["empty", "Nothing but a text", { text: "only this" }],
    [LONG, LONG, { ...values, text: LONG.repeat(2) }],
    ["sentence", SENTENCE, values],
    ["arabic", "خدمة الدفع والتسويات", { ...values, text: "نص من اليمين إلى اليسار with some English" }],
    ["japanese", "決済サービス 🛒 <b>bold?</b>", { ...values, number: -0.000_012 }],
  ] as const)
    await server.post("/v1/blueprints/everything/entities", { identifier, title, properties, relations });
  await server.post("/v1/pages", EVERY_WIDGET);
}

const number = (id: string, title: string, more: object) => ({
  ...{ id, title, type: "entities-number-chart", blueprint: "service" },
  ...more,
});
const line = {
  chartType: "countEntities",
  func: "count",
  timeInterval: "isoWeek",
  timeRange: { preset: "last3Months" },
};
const half = (left: string, right: string, height: number) => ({
  height,
  columns: [
    { id: left, size: 6 },
    { id: right, size: 6 },
  ],
});

/** A widget of each kind, with data, without, and with more than it has room for. */
const EVERY_WIDGET = {
  ...{ identifier: "every_widget", type: "dashboard", title: "Every widget" },
  description: "What a dashboard can show",
  widgets: [
    {
      ...{ id: "root", type: "dashboard-widget" },
      layout: [
        { height: 170, columns: ["n1", "n2", "n3", "n4"].map((id) => ({ id, size: 3 })) },
        half("pie", "bars", 400),
        half("lines", "several", 400),
        half("pie-none", "bars-many", 400),
        { height: 440, columns: [{ id: "table", size: 12 }] },
        half("text", "details", 400),
        { height: 480, columns: [{ id: "graph", size: 12 }] },
        { height: 300, columns: ["links", "recent", "viewed"].map((id) => ({ id, size: 4 })) },
        half("mine", "audit", 400),
        half("frame", "unknown", 400),
        half("broken", "history", 400),
      ],
      widgets: [
        number("n1", "Lead", { chartType: "countEntities", func: "count" }),
        number("n2", "Deployments a week", {
          ...{ blueprint: "deployment", chartType: "countEntities", func: "average", averageOf: "week" },
          measureTimeBy: "createdAt",
          dataset: {
            combinator: "and",
            rules: [{ property: "createdAt", operator: "between", value: { preset: "lastMonth" } }],
          },
          conditionalFormatting: [{ operator: ">", value: 1, message: "On target", color: "green" }],
        }),
        number("n3", "A number of one entity", {
          ...{
            blueprint: "everything",
            chartType: "displaySingleProperty",
            entity: "one",
            property: "number",
          },
          ...{ unit: "custom", unitCustom: "EUR a month" },
        }),
        number("n4", "No value", {
          ...{
            blueprint: "everything",
            chartType: "displaySingleProperty",
            entity: "empty",
            property: "number",
          },
          emptyStateText: "Nobody has filled it in",
        }),
        {
          ...{ id: "pie", type: "entities-pie-chart", title: "Deployments by status" },
          ...{ blueprint: "deployment", property: "property#deploymentStatus" },
        },
        {
          ...{ id: "bars", type: "bar-chart", title: "Services by team" },
          ...{ blueprint: "service", property: "relation#team" },
        },
        {
          ...{ id: "lines", type: "line-chart", title: "Deployments", blueprint: "deployment" },
          ...{ ...line, measureTimeBy: "createdAt", breakdownProperty: "deploymentStatus" },
        },
        {
          ...{ id: "several", type: "multi-line-chart", title: "Changes and deployments" },
          ...{ timeInterval: "isoWeek", timeRange: { preset: "last3Months" }, baselines: [] },
          lines: [
            { title: "Changes", blueprint: "change", ...line, measureTimeBy: "mergedAt" },
            { title: "Deployments", blueprint: "deployment", ...line, measureTimeBy: "createdAt" },
          ],
        },
        {
          ...{ id: "pie-none", type: "entities-pie-chart", title: "A pie of nothing", blueprint: "service" },
          property: "property#language",
        },
        {
          ...{ id: "bars-many", type: "bar-chart", title: "Changes by author", blueprint: "change" },
          property: "property#author",
        },
        { id: "table", type: "table-entities-explorer", title: "Everything", blueprint: "everything" },
        { id: "text", type: "markdown", title: "Text", markdown: MARKDOWN },
        {
          id: "details",
          type: "entity-details",
          title: "Details",
          blueprint: "service",
          entity: "ledger-api",
        },
        {
          id: "graph",
          type: "graph-entities-explorer",
          title: "Graph",
          blueprint: "service",
          entity: "ledger-api",
        },
        {
          ...{ id: "links", type: "links-widget", title: "Links" },
          links: [
            { title: "Runbook", url: "https://wiki.example.com/runbook", description: "What to do at night" },
            { title: "DORA", url: "/dora" },
          ],
        },
        { id: "recent", type: "recently-used-actions", title: "Recent actions" },
        { id: "viewed", type: "recently-viewed-entities", title: "Recently viewed" },
        { id: "mine", type: "my-entities", title: "Mine", blueprint: "service" },
        {
          id: "audit",
          type: "table-audit-log",
          title: "History",
          blueprint: "service",
          entity: "ledger-api",
        },
        {
          id: "frame",
          type: "iframe-widget",
          title: "Another page",
          url: "https://example.com",
          urlType: "public",
        },
        { id: "unknown", type: "ai-agent", title: "Of a later version" },
        {
          id: "broken",
          type: "bar-chart",
          title: "Of a blueprint that is gone",
          blueprint: "gone",
          property: "x",
        },
        {
          ...{ id: "history", type: "line-chart", title: "A number as it was", blueprint: "everything" },
          ...{ chartType: "propertiesValueHistory", entity: "one", properties: ["number"] },
          ...{ timeInterval: "isoWeek", timeRange: { preset: "last3Months" } },
        },
      ],
    },
  ],
};
