import { lazy, Suspense } from "react";
import type { BlueprintDoc, EntityDoc } from "../catalog/blueprint.ts";
import { Bone } from "../parts/bone.tsx";
import { Copy } from "../parts/copy.tsx";
import css from "./entity.module.css";
import { History } from "./history.tsx";
import { Overview } from "./overview.tsx";
import { Related } from "./related.tsx";
import type { Tab } from "./tabs.ts";

/** What not every visit needs. */
const EntityScores = lazy(() =>
  import("../scorecards/entity-scores.tsx").then((module) => ({ default: module.EntityScores })),
);
const EntityGraph = lazy(() =>
  import("../graph/entity-graph.tsx").then((module) => ({ default: module.EntityGraph })),
);
const EntityRuns = lazy(() =>
  import("../runs/entity-runs.tsx").then((module) => ({ default: module.EntityRuns })),
);
const WidgetTab = lazy(() => import("./widget-tab.tsx").then((module) => ({ default: module.WidgetTab })));
const PropertyTab = lazy(() =>
  import("./property-tab.tsx").then((module) => ({ default: module.PropertyTab })),
);

interface Props {
  tab: Tab;
  tabs: readonly Tab[];
  blueprint: BlueprintDoc;
  entity: EntityDoc;
}

/** What stands in a tab of an entity's page. */
export function TabContent(props: Props) {
  return (
    <Suspense fallback={<Bone height={320} />}>
      <Content {...props} />
    </Suspense>
  );
}

function Content({ tab, tabs, blueprint, entity }: Props) {
  switch (tab.kind) {
    case "overview":
      return <Overview blueprint={blueprint} entity={entity} tabs={tabs} />;
    case "related":
      return <Related blueprint={blueprint} entity={entity} />;
    case "graph":
      return (
        <EntityGraph
          blueprint={blueprint.identifier}
          entity={entity.identifier}
          hidden={textsOf(tab.widget?.["hiddenBlueprints"])}
        />
      );
    case "scorecards":
      return <EntityScores blueprint={blueprint} entity={entity} />;
    case "runs":
      return <EntityRuns blueprint={blueprint.identifier} entity={entity.identifier} />;
    case "audit":
      return <History blueprint={blueprint.identifier} entity={entity.identifier} />;
    case "json":
      return <Json entity={entity} />;
    case "property":
      return <PropertyTab tab={tab} blueprint={blueprint.identifier} entity={entity} />;
    case "widgets":
      return <WidgetTab widgets={tab.widgets} blueprint={blueprint} entity={entity} />;
    default:
      return tab satisfies never;
  }
}

const textsOf = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((one): one is string => typeof one === "string") : [];

/** As the API returns it, and how to ask for it. */
function Json({ entity }: { entity: EntityDoc }) {
  const text = JSON.stringify(entity, null, 2);
  const path = `/v1/blueprints/${encodeURIComponent(entity.blueprint ?? "")}/entities/${encodeURIComponent(entity.identifier)}`;
  return (
    <div>
      <div className="row between small">
        <span className="muted">
          <code>GET {path}</code> <Copy text={`${location.origin}${path}`} label="address" />
        </span>
        <span className="row">
          <span className="muted">JSON</span> <Copy text={text} label="JSON" />
        </span>
      </div>
      <pre className={css["json"]} tabIndex={0} aria-label="The entity as JSON">
        {text}
      </pre>
    </div>
  );
}
