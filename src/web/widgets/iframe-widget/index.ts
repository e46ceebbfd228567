import { IconAppWindow } from "@tabler/icons-react";
import type { WidgetKind } from "../widget-kind.ts";
import { Iframe } from "./view.tsx";

export const kind: WidgetKind = {
  type: "iframe-widget",
  label: "IFrame",
  about: "Another page, of a host that the administrator allows",
  icon: IconAppWindow,
  rank: 10,
  size: 6,
  height: 440,
  blank: { urlType: "public" },
  fields: [{ kind: "text", key: "url", label: "URL", about: "https://…", isNeeded: true }],
  View: Iframe,
};
