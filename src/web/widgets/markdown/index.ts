import { IconMarkdown } from "@tabler/icons-react";
import type { WidgetDoc, WidgetKind } from "../widget-kind.ts";
import { MarkdownWidget } from "./view.tsx";

const isProperty = (widget: WidgetDoc) => widget["source"] === "property";

export const kind: WidgetKind = {
  type: "markdown",
  label: "Markdown",
  about: "A text with headings, lists, tables and links; your own or a property of an entity",
  icon: IconMarkdown,
  rank: 8,
  size: 6,
  height: 300,
  blank: { source: "custom", markdown: "" },
  fields: [
    {
      kind: "choice",
      key: "source",
      label: "Source",
      options: [
        { value: "custom", label: "Custom text" },
        { value: "property", label: "Property of an entity" },
      ],
    },
    { kind: "long", key: "markdown", label: "Markdown", when: (widget) => !isProperty(widget) },
    { kind: "blueprint", key: "blueprintIdentifier", label: "Blueprint", when: isProperty, isNeeded: true },
    {
      kind: "entity",
      key: "entityIdentifier",
      label: "Entity",
      blueprintKey: "blueprintIdentifier",
      isNeeded: true,
      when: isProperty,
    },
    {
      kind: "property",
      key: "propertyIdentifier",
      label: "Property",
      blueprintKey: "blueprintIdentifier",
      isNeeded: true,
      when: isProperty,
    },
  ],
  View: MarkdownWidget,
};
