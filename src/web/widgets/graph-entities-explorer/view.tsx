import { useState } from "react";
import { EntityGraphOf } from "../../graph/entity-graph.tsx";
import { FIRST_VIEW, type GraphView, MAX_HOPS } from "../../lib/graph-search.ts";
import { textOf } from "../scope.ts";
import type { WidgetDoc, WidgetProps } from "../widget-kind.ts";
import { WidgetEmpty } from "../widget-state.tsx";

/** The graph of one entity; what the reader changes of it lasts as long as the page. */
export function GraphWidget({ widget }: WidgetProps) {
  const subject = subjectOf(widget);
  const first = firstView(widget);
  const firstText = JSON.stringify(first);
  const [kept, setKept] = useState({ of: firstText, view: first });
  // The widget was edited: what it says counts again.
  if (kept.of !== firstText) setKept({ of: firstText, view: first });
  if (subject === null)
    return <WidgetEmpty title="Not set up yet">Choose a blueprint and an entity.</WidgetEmpty>;
  return (
    <EntityGraphOf
      {...subject}
      hidden={textsIn(widget["hiddenBlueprints"])}
      view={kept.view}
      onChange={(patch) => setKept((before) => ({ ...before, view: { ...before.view, ...patch } }))}
      fills
    />
  );
}

const textsIn = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((one): one is string => typeof one === "string") : [];

/** Documents of Port say it by a rule: what is related to an entity. */
function subjectOf(widget: WidgetDoc): { blueprint: string; entity: string } | null {
  const [blueprint, entity] = [textOf(widget, "blueprint"), textOf(widget, "entity")];
  if (blueprint !== null && entity !== null) return { blueprint, entity };
  const { dataset } = widget;
  const rules: unknown = Array.isArray(dataset)
    ? dataset
    : (dataset as { rules?: unknown } | null | undefined)?.rules;
  const related = (Array.isArray(rules) ? rules : []).find(
    (rule: unknown): rule is { blueprint: string; value: string } => {
      const { operator, blueprint: of, value } = (rule ?? {}) as Record<string, unknown>;
      return operator === "relatedTo" && typeof of === "string" && typeof value === "string";
    },
  );
  return related === undefined ? null : { blueprint: related.blueprint, entity: related.value };
}

function firstView({ hops, colourBy }: WidgetDoc): GraphView {
  const isFine = typeof hops === "number" && Number.isInteger(hops) && hops >= 1 && hops <= MAX_HOPS;
  return {
    ...FIRST_VIEW,
    ...(isFine ? { hops } : {}),
    colour: typeof colourBy === "string" && colourBy !== "" ? colourBy : null,
  };
}
