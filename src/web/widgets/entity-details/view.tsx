import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { type BlueprintDoc, columnsOf, type EntityDoc, valueIn } from "../../catalog/blueprint.ts";
import { MeasuredProperty } from "../../catalog/measured.tsx";
import { blueprintQuery, entityQuery } from "../../catalog/queries.ts";
import { Value } from "../../catalog/value.tsx";
import { drawnAs } from "../../entity/tabs.ts";
import { EntityRef } from "../../parts/entity-ref.tsx";
import { textOf } from "../scope.ts";
import type { WidgetDoc, WidgetProps } from "../widget-kind.ts";
import { WidgetEmpty, WidgetState } from "../widget-state.tsx";
import css from "../widgets.module.css";

/** Everything that is known of one entity. */
export function EntityDetails({ widget }: WidgetProps) {
  const blueprint = textOf(widget, "blueprint") ?? "";
  const id = textOf(widget, "entity") ?? "";
  const isSet = blueprint !== "" && id !== "";
  const entity = useQuery({ ...entityQuery(blueprint, id), enabled: isSet });
  const definition = useQuery({ ...blueprintQuery(blueprint), enabled: isSet });
  if (!isSet) return <WidgetEmpty title="Not set up yet">Choose a blueprint and an entity.</WidgetEmpty>;
  return (
    <WidgetState query={entity}>
      {(found) =>
        definition.data ? (
          <dl className={css["details"]}>
            <dt>Entity</dt>
            <dd>
              <EntityRef blueprint={blueprint} identifier={id} title={found.title ?? null} />
            </dd>
            {shown(widget, definition.data, found).map((column) => (
              <Row
                key={column.id}
                title={
                  <>
                    {column.title} <MeasuredProperty blueprint={definition.data} id={column.id} />
                  </>
                }
              >
                <Value column={column} value={valueIn(found, column)} />
              </Row>
            ))}
          </dl>
        ) : null
      }
    </WidgetState>
  );
}

function Row({ title, children }: { title: ReactNode; children: ReactNode }) {
  return (
    <>
      <dt>{title}</dt>
      <dd>{children}</dd>
    </>
  );
}

const names = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((one): one is string => typeof one === "string") : [];

/**
 * In the order of the widget, then of the blueprint; without what it hides, empty ones unless it shows them, and whole
 * documents unless it names them.
 */
function shown(widget: WidgetDoc, blueprint: BlueprintDoc, entity: EntityDoc) {
  const hidden = new Set([...names(widget["hiddenQuery"]), "$title"]);
  const order = names(widget["order"]);
  const rank = (id: string) => (order.includes(id) ? order.indexOf(id) : order.length);
  const isLong = (id: string) => drawnAs(blueprint.schema?.properties?.[id] ?? {}) !== null;
  return columnsOf(blueprint)
    .filter(({ id }) => !hidden.has(id) && (order.includes(id) || !isLong(id)))
    .filter((column) => widget["showEmptyValues"] === true || (valueIn(entity, column) ?? null) !== null)
    .toSorted((a, b) => rank(a.id) - rank(b.id));
}
