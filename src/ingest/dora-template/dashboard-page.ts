/** The dashboard of the template: the numbers of thirty days, their course, and all services in a table. */
import type { JsonObject } from "../../model/json.ts";
import { type Counted, RESOLVED_MEAN, WITH_FAILED_STATUS } from "./service-properties.ts";

const PAGE = "dora_dashboard";
const COLUMNS = 12;
const IN_ROW = 4;

/** Columns beside the title; those that nothing is counted for are none. */
const TABLE = [
  "$team",
  "dora_deployments_per_week",
  "dora_failure_percent",
  "dora_merge_hours",
  "dora_recovery_minutes",
];

interface Row {
  readonly height: number;
  readonly widgets: readonly JsonObject[];
}

export function dashboardPage(service: string, counted: readonly Counted[]): JsonObject {
  const numbers = counted.flatMap(numberCharts);
  const rows: readonly Row[] = [
    ...chunks(numbers, IN_ROW).map((widgets) => ({ height: 200, widgets })),
    ...chunks(counted.flatMap(lineCharts), 2).map((widgets) => ({ height: 350, widgets })),
    {
      height: 500,
      widgets: [
        {
          ...{ id: "services", type: "table-entities-explorer", title: "Services", blueprint: service },
          blueprintConfig: { [service]: { propertiesSettings: { shown: TABLE } } },
        },
      ],
    },
    {
      height: 150,
      widgets: [
        {
          ...{ id: "more", type: "links-widget", title: "The whole story" },
          links: [{ title: "DORA metrics, with the rows behind each number", url: "/dora" }],
        },
      ],
    },
  ];
  return {
    ...{
      identifier: PAGE,
      type: "dashboard",
      title: "DORA dashboard",
      icon: "LineChart",
      showInSidebar: true,
    },
    description:
      "Deployments, changes and incidents of the last thirty days by the time they happened. Everything here can be changed.",
    widgets: [
      {
        ...{ id: "board", type: "dashboard-widget" },
        layout: rows.map(({ height, widgets }) => ({
          height,
          columns: widgets.map(({ id }) => ({ id, size: COLUMNS / widgets.length })),
        })),
        widgets: rows.flatMap(({ widgets }) => widgets),
      },
    ],
  };
}

const count = (id: string, title: string, blueprint: string, dataset: JsonObject): JsonObject => ({
  ...{ id, type: "entities-number-chart", title, blueprint, dataset },
  ...{ chartType: "countEntities", calculationBy: "entities", func: "count" },
});

const fold = (
  id: string,
  title: string,
  { blueprint, time, all }: Extract<Counted, { role: "change" | "incident" }>,
  rest: JsonObject,
): JsonObject => ({
  ...{ id, type: "entities-number-chart", title, blueprint, dataset: all, measureTimeBy: time },
  ...{ chartType: "aggregateByProperty", calculationBy: "property", ...rest },
});

function numberCharts(source: Counted): JsonObject[] {
  const { blueprint } = source;
  switch (source.role) {
    case "deployment":
      return [
        count(`deployments-${blueprint}`, "Deployments (30 days)", blueprint, source.succeeded),
        count(`failed-${blueprint}`, `${WITH_FAILED_STATUS} (30 days)`, blueprint, source.failed),
      ];
    case "change":
      return [
        fold(`merge-${blueprint}`, "First commit to merge, median (30 days)", source, {
          ...{ func: "median", property: "dora_merge_hours" },
        }),
      ];
    default:
      return [
        fold(`recovery-${blueprint}`, `${RESOLVED_MEAN} (30 days)`, source, {
          ...{ func: "average", averageOf: "total", property: "dora_recovery_minutes" },
        }),
      ];
  }
}

function lineCharts(source: Counted): JsonObject[] {
  if (source.role === "change") return [];
  const { blueprint, time } = source;
  const title = source.role === "deployment" ? "Deployments per week" : "Incidents per week";
  return [
    {
      ...{ id: `weeks-${blueprint}`, type: "line-chart", title, blueprint, measureTimeBy: time },
      ...{ chartType: "countEntities", calculationBy: "entities", func: "count" },
      ...{ timeInterval: "isoWeek", timeRange: { preset: "last3Months" } },
      ...(source.role === "deployment" && { breakdownProperty: source.status }),
    },
  ];
}

/** Lists of `size` at most: of one to four a row of twelve columns has equal parts. */
const chunks = <T>(list: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(list.length / size) }, (_, i) => list.slice(i * size, (i + 1) * size));
