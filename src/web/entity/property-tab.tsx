import { lazy } from "react";
import type { EntityDoc } from "../catalog/blueprint.ts";
import { Iframe } from "../widgets/iframe-widget/view.tsx";
import { Markdown } from "../widgets/markdown/markdown.tsx";
import { WidgetEmpty } from "../widgets/widget-state.tsx";
import css from "./entity.module.css";
import { withEntity } from "./fill-templates.ts";
import type { Tab } from "./tabs.ts";

const ApiDocs = lazy(() =>
  import("../api-docs/api-docs.tsx").then((module) => ({ default: module.ApiDocs })),
);

/** A property that is a text, a page or an interface, at its full size. */
export function PropertyTab({
  tab,
  blueprint,
  entity,
}: {
  tab: Extract<Tab, { kind: "property" }>;
  blueprint: string;
  entity: EntityDoc;
}) {
  const value = entity.properties?.[tab.property];
  if (tab.drawn === "api") return <ApiDocs value={value} title={tab.title} />;
  if (typeof value !== "string")
    return <WidgetEmpty title={`${tab.title} has no text`}>It is no text that can be drawn.</WidgetEmpty>;
  if (tab.drawn === "markdown")
    return (
      <div className={`card ${css["document"]}`}>
        <Markdown text={value} />
      </div>
    );
  const url = withEntity(value, { blueprint, entity }) as string;
  return (
    <div className={css["embedded"]}>
      <Iframe
        widget={{ id: tab.property, type: "iframe-widget", title: tab.title, url }}
        context={{ filters: [], timeZone: "UTC" }}
      />
    </div>
  );
}
