import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import { entityQuery } from "../../catalog/queries.ts";
import { Bone } from "../../parts/bone.tsx";
import { textOf } from "../scope.ts";
import type { WidgetProps } from "../widget-kind.ts";
import { WidgetEmpty, WidgetState } from "../widget-state.tsx";

/** The parser is as large as the rest of the page's text; it comes with the first text. */
const Markdown = lazy(() => import("./markdown.tsx").then((module) => ({ default: module.Markdown })));

/** A text of the widget's own, or of an entity. */
export function MarkdownWidget({ widget }: WidgetProps) {
  const blueprint = textOf(widget, "blueprintIdentifier");
  const entity = textOf(widget, "entityIdentifier");
  const property = textOf(widget, "propertyIdentifier");
  if (widget["source"] !== "property") return <Text text={textOf(widget, "markdown")} />;
  if (blueprint === null || entity === null || property === null)
    return <WidgetEmpty title="Not set up yet">Choose a blueprint, an entity and a property.</WidgetEmpty>;
  return <OfEntity blueprint={blueprint} entity={entity} property={property} />;
}

function OfEntity({ blueprint, entity, property }: { blueprint: string; entity: string; property: string }) {
  const found = useQuery(entityQuery(blueprint, entity));
  return (
    <WidgetState query={found}>
      {({ properties }) => {
        const value = properties?.[property];
        return <Text text={typeof value === "string" ? value : null} />;
      }}
    </WidgetState>
  );
}

function Text({ text }: { text: string | null }) {
  if (text === null || text.trim() === "") return <WidgetEmpty title="No text yet" />;
  return (
    <Suspense fallback={<Bone height={80} />}>
      <Markdown text={text} />
    </Suspense>
  );
}
