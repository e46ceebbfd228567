import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { meQuery } from "../api/queries.ts";
import type { BlueprintDoc, EntityDoc } from "../catalog/blueprint.ts";
import { BoardGrid } from "../dashboard/board-grid.tsx";
import { readRows } from "../dashboard/layout.ts";
import { WidgetFrame } from "../dashboard/widget-frame.tsx";
import { EntityGraph } from "../graph/entity-graph.tsx";
import { browserTimeZone } from "../lib/time-zone.ts";
import { Choice } from "../parts/choice.tsx";
import { kindOf } from "../widgets/registry.ts";
import type { WidgetContext, WidgetDoc } from "../widgets/widget-kind.ts";
import css from "./entity.module.css";
import { fillTemplates, type Here } from "./fill-templates.ts";
import { History } from "./history.tsx";
import { Related } from "./related.tsx";

const CONTEXT: WidgetContext = { filters: [], timeZone: browserTimeZone() };

/** Texts and lists; what is drawn fills the height that it is given. */
const AS_LONG_AS_IT_IS = new Set(["markdown", "entity-info", "entity-details", "links-widget"]);

interface Props {
  widgets: readonly WidgetDoc[];
  blueprint: BlueprintDoc;
  entity: EntityDoc;
}

/** Widgets of a tab of the stored page, one below the other unless they stand on a dashboard. */
export function WidgetTab(props: Props) {
  const user = useQuery(meQuery).data?.user ?? null;
  const here: Here = { blueprint: props.blueprint.identifier, entity: props.entity, user };
  return (
    <div className={css["widgets"]}>
      {props.widgets.map((widget, place) => (
        <Part
          key={typeof widget.id === "string" ? widget.id : place}
          widget={widget}
          here={here}
          {...props}
        />
      ))}
    </div>
  );
}

function Part({
  widget,
  here,
  blueprint,
  entity,
}: Omit<Props, "widgets"> & { widget: WidgetDoc; here: Here }) {
  switch (widget.type) {
    case "grouper":
      return <Switched widget={widget} blueprint={blueprint} entity={entity} />;
    case "table-entities-explorer-by-direction":
      return <Related blueprint={blueprint} entity={entity} />;
    case "graph-entities-explorer":
      return (
        <EntityGraph
          blueprint={blueprint.identifier}
          entity={entity.identifier}
          hidden={(widget["hiddenBlueprints"] as readonly string[] | undefined) ?? []}
        />
      );
    case "table-audit-log":
      return <History blueprint={blueprint.identifier} entity={entity.identifier} />;
    case "dashboard-widget": {
      const widgets = widgetsIn(widget).map((one) => fillTemplates(one, here));
      const rows = readRows(
        widget["layout"],
        widgets.map(({ id }) => id),
      );
      return <BoardGrid board={{ widgets, rows }} context={CONTEXT} edit={null} />;
    }
    default:
      return (
        <div style={AS_LONG_AS_IT_IS.has(widget.type) ? {} : { height: kindOf(widget.type)?.height ?? 320 }}>
          <WidgetFrame widget={fillTemplates(widget, here)} context={CONTEXT} actions={null} />
        </div>
      );
  }
}

/** Groups inside a tab: one of them is shown. */
function Switched({ widget, ...rest }: Omit<Props, "widgets"> & { widget: WidgetDoc }) {
  const groups = ((widget["groups"] ?? []) as { title?: string; widgets?: WidgetDoc[] }[]).map(
    ({ title = "", widgets = [] }, place) => ({ value: String(place), label: title, widgets }),
  );
  const [chosen, setChosen] = useState("0");
  return (
    <>
      {groups.length > 1 ? (
        <div>
          <Choice label={widget.title || "View"} value={chosen} options={groups} onChange={setChosen} />
        </div>
      ) : null}
      <WidgetTab widgets={groups.find(({ value }) => value === chosen)?.widgets ?? []} {...rest} />
    </>
  );
}

const widgetsIn = (dashboard: WidgetDoc): WidgetDoc[] =>
  (Array.isArray(dashboard["widgets"]) ? (dashboard["widgets"] as WidgetDoc[]) : []).filter(
    ({ id }) => typeof id === "string",
  );
