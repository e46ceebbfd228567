import { IconChartDonut } from "@tabler/icons-react";
import type { WidgetKind } from "../widget-kind.ts";
import { PieChart } from "./view.tsx";

export const kind: WidgetKind = {
  type: "entities-pie-chart",
  label: "Pie Chart",
  about: "Entities by the values of a property or relation, as shares",
  icon: IconChartDonut,
  rank: 2,
  size: 6,
  height: 400,
  blank: { dataset: { combinator: "and", rules: [] } },
  fields: [
    { kind: "blueprint", key: "blueprint", label: "Blueprint", isNeeded: true },
    { kind: "property", key: "property", label: "Breakdown by property", prefixed: true, isNeeded: true },
    { kind: "filter", key: "dataset", label: "Filters" },
    { kind: "switch", key: "dontAggregateOther", label: "Show every value, up to 50" },
  ],
  View: PieChart,
};
