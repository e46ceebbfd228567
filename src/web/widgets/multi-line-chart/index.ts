import { IconChartDots3 } from "@tabler/icons-react";
import { TIME_FIELDS } from "../time-fields.ts";
import type { WidgetKind } from "../widget-kind.ts";
import { MultiLineChart } from "./view.tsx";

export const kind: WidgetKind = {
  type: "multi-line-chart",
  label: "Multi-line Chart",
  about: "Several blueprints in one chart over time; its lines are written as JSON",
  icon: IconChartDots3,
  rank: 5,
  size: 6,
  height: 400,
  blank: {
    timeInterval: "isoWeek",
    timeRange: { preset: "last3Months" },
    lines: [{ title: "Services", blueprint: "service", chartType: "countEntities", func: "count" }],
    baselines: [],
  },
  fields: [
    ...TIME_FIELDS,
    { kind: "text", key: "yAxisTitle", label: "Title of the vertical axis" },
    {
      kind: "choice",
      key: "nullValueDisplayMode",
      label: "Where there is no value",
      options: [
        { value: "null", label: "Leave a gap" },
        { value: "zero", label: "Draw zero" },
      ],
    },
  ],
  View: MultiLineChart,
};
