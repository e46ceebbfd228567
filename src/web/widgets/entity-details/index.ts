import { IconId } from "@tabler/icons-react";
import type { WidgetKind } from "../widget-kind.ts";
import { EntityDetails } from "./view.tsx";

export const kind: WidgetKind = {
  type: "entity-details",
  label: "Entity Details",
  about: "Everything that is known of one entity",
  icon: IconId,
  rank: 7,
  size: 6,
  height: 400,
  blank: {},
  fields: [
    { kind: "blueprint", key: "blueprint", label: "Blueprint", isNeeded: true },
    { kind: "entity", key: "entity", label: "Entity", isNeeded: true },
    { kind: "property", key: "hiddenQuery", label: "Properties to leave out", of: "any", many: true },
    { kind: "switch", key: "showEmptyValues", label: "Show what has no value too" },
  ],
  View: EntityDetails,
};
