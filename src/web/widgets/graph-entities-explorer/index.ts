import { IconAffiliate } from "@tabler/icons-react";
import { lazy } from "react";
import type { WidgetKind } from "../widget-kind.ts";

export const kind: WidgetKind = {
  type: "graph-entities-explorer",
  label: "Graph",
  about: "What an entity depends on, and what depends on it",
  icon: IconAffiliate,
  rank: 8,
  size: 12,
  height: 480,
  blank: {},
  fields: [
    { kind: "blueprint", key: "blueprint", label: "Blueprint", isNeeded: true },
    { kind: "entity", key: "entity", label: "Entity", isNeeded: true },
    { kind: "number", key: "hops", label: "Hops at first", about: "1 to 6; the reader can choose others" },
    { kind: "property", key: "colourBy", label: "Colour by", of: "any" },
  ],
  // Drawing a graph is as much code as a page of its own.
  View: lazy(() => import("./view.tsx").then((module) => ({ default: module.GraphWidget }))),
};
