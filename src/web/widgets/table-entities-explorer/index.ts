import { IconTable } from "@tabler/icons-react";
import { lazy } from "react";
import type { WidgetKind } from "../widget-kind.ts";

/** Rows are drawn by more code than the other widgets together; it comes with the first table. */
const EntitiesTable = lazy(() => import("./view.tsx").then((module) => ({ default: module.EntitiesTable })));

export const kind: WidgetKind = {
  type: "table-entities-explorer",
  label: "Table",
  about: "Entities of a blueprint as rows",
  icon: IconTable,
  rank: 6,
  size: 12,
  height: 440,
  blank: { displayMode: "widget", dataset: { combinator: "and", rules: [] }, excludedFields: [] },
  fields: [
    { kind: "blueprint", key: "blueprint", label: "Blueprint", isNeeded: true },
    { kind: "property", key: "excludedFields", label: "Columns to leave out", of: "any", many: true },
    { kind: "filter", key: "dataset", label: "Filters" },
  ],
  View: EntitiesTable,
};
