import { IconLink } from "@tabler/icons-react";
import type { WidgetKind } from "../widget-kind.ts";
import { Links } from "./view.tsx";

export const kind: WidgetKind = {
  type: "links-widget",
  label: "Links",
  about: "Addresses that people of the team need",
  icon: IconLink,
  rank: 9,
  size: 4,
  height: 300,
  blank: { links: [] },
  fields: [{ kind: "links", key: "links", label: "Links" }],
  View: Links,
};
