/** Every type of widget that can be drawn: the folders beside this file, each with an `index.ts` that exports `kind`. */
import type { WidgetKind } from "./widget-kind.ts";

const found = import.meta.glob<{ readonly kind: WidgetKind }>("./*/index.ts", { eager: true });

/** In the order of the gallery. */
export const WIDGET_KINDS: readonly WidgetKind[] = Object.values(found)
  .map(({ kind }) => kind)
  .sort((a, b) => a.rank - b.rank);

const BY_TYPE: ReadonlyMap<string, WidgetKind> = new Map(WIDGET_KINDS.map((kind) => [kind.type, kind]));

/** Undefined for types that this version does not draw; their widgets are kept all the same. */
export const kindOf = (type: string): WidgetKind | undefined => BY_TYPE.get(type);
