import { IconPlayerPlay } from "@tabler/icons-react";
import { lazy } from "react";
import type { WidgetKind } from "../widget-kind.ts";

const RecentActions = lazy(() => import("./view.tsx").then((module) => ({ default: module.RecentActions })));

export const kind: WidgetKind = {
  type: "recently-used-actions",
  label: "Recent Actions",
  about: "Actions that the viewer ran last",
  icon: IconPlayerPlay,
  rank: 14,
  size: 4,
  height: 300,
  blank: {},
  fields: [],
  View: RecentActions,
};
