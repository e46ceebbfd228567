import { kind as details } from "../entity-details/index.ts";
import type { WidgetKind } from "../widget-kind.ts";

/** What pages of entities call the same thing. */
export const kind: WidgetKind = { ...details, type: "entity-info", inGallery: false };
