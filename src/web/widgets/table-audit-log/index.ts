import { IconHistory } from "@tabler/icons-react";
import type { WidgetKind } from "../widget-kind.ts";
import { AuditLog } from "./view.tsx";

export const kind: WidgetKind = {
  type: "table-audit-log",
  label: "Audit Log",
  about: "Who changed what of one entity, the latest first",
  icon: IconHistory,
  rank: 12,
  size: 6,
  height: 400,
  blank: {},
  fields: [
    { kind: "blueprint", key: "blueprint", label: "Blueprint", isNeeded: true },
    { kind: "entity", key: "entity", label: "Entity", isNeeded: true },
  ],
  View: AuditLog,
};
