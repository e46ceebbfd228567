import { IconUserStar } from "@tabler/icons-react";
import { lazy } from "react";
import type { WidgetKind } from "../widget-kind.ts";

const MyEntities = lazy(() => import("./view.tsx").then((module) => ({ default: module.MyEntities })));

export const kind: WidgetKind = {
  type: "my-entities",
  label: "My Entities",
  about: "Entities owned by the viewer's teams",
  icon: IconUserStar,
  rank: 11,
  size: 6,
  height: 400,
  blank: {},
  fields: [{ kind: "blueprint", key: "blueprint", label: "Blueprint", isNeeded: true }],
  View: MyEntities,
};
