import { IconEye } from "@tabler/icons-react";
import { lazy } from "react";
import type { WidgetKind } from "../widget-kind.ts";

const RecentlyViewed = lazy(() =>
  import("./view.tsx").then((module) => ({ default: module.RecentlyViewed })),
);

export const kind: WidgetKind = {
  type: "recently-viewed-entities",
  label: "Recently Viewed",
  about: "Entities that the viewer opened last, in this browser",
  icon: IconEye,
  rank: 13,
  size: 4,
  height: 300,
  blank: {},
  fields: [],
  View: RecentlyViewed,
};
