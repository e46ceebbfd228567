/** What a type of widget is to the pages: data, a form made of fields, and a view. One folder each, found by `registry.ts`. */
import type { ComponentType } from "react";
import type { Group } from "../lib/catalog-search.ts";

/** A widget as the page stores it; every key of its type is kept, known or not. */
export interface WidgetDoc {
  readonly id: string;
  readonly type: string;
  readonly title?: string | null;
  readonly icon?: string | null;
  readonly description?: string | null;
  readonly [key: string]: unknown;
}

/** Filter of the page; without `blueprint` for every one. */
export interface PageFilter {
  readonly blueprint: string | null;
  readonly query: Group;
}

/** Where a widget is drawn. */
export interface WidgetContext {
  readonly filters: readonly PageFilter[];
  /** Of what is measured in days: the reader's own. */
  readonly timeZone: string;
}

export interface WidgetProps {
  readonly widget: WidgetDoc;
  readonly context: WidgetContext;
}

interface FieldBase {
  readonly key: string;
  readonly label: string;
  readonly about?: string;
  /** Nothing is shown without it. */
  readonly isNeeded?: true;
  /** Asked for only while this holds. */
  readonly when?: (widget: WidgetDoc) => boolean;
}

export type Field = FieldBase &
  (
    | { readonly kind: "text" | "long" | "icon" | "number" | "blueprint" | "filter" | "links" | "conditions" }
    | { readonly kind: "switch" }
    | {
        readonly kind: "choice";
        readonly options: readonly { value: string; label: string }[];
        /** What happens without a choice. */
        readonly otherwise?: string;
      }
    /** An entity of the blueprint under `blueprintKey`. */
    | { readonly kind: "entity"; readonly blueprintKey?: string }
    /**
     * Of the blueprint. `numbers`, `times`: only these; `prefixed`: written as `property#…`, relations too; `many`: a
     * list.
     */
    | {
        readonly kind: "property";
        readonly of?: "numbers" | "times" | "any";
        readonly prefixed?: boolean;
        readonly many?: boolean;
        readonly blueprintKey?: string;
      }
  );

export interface WidgetKind {
  readonly type: string;
  /** In the gallery: `Number Chart`. */
  readonly label: string;
  readonly about: string;
  readonly icon: ComponentType<{ size?: number }>;
  /** Place in the gallery. */
  readonly rank: number;
  /** A new one is so wide (of 12) and its row so high (pixels). */
  readonly size: number;
  readonly height: number;
  /** What a new one says before its form is filled in. */
  readonly blank: Readonly<Record<string, unknown>>;
  readonly fields: readonly Field[];
  /** The widget after a change in its form: what the choice brings along, and without what it makes pointless. */
  readonly settle?: (widget: WidgetDoc) => WidgetDoc;
  readonly View: ComponentType<WidgetProps>;
  /** False: another name for one that is. */
  readonly inGallery?: boolean;
}
