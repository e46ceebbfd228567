import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { columnsOf, valueIn } from "../../catalog/blueprint.ts";
import { MeasuredProperty } from "../../catalog/measured.tsx";
import { blueprintQuery, entityQuery } from "../../catalog/queries.ts";
import { Value } from "../../catalog/value.tsx";
import { windowText } from "../../lib/format.ts";
import { browserTimeZone } from "../../lib/time-zone.ts";
import { EntityRef } from "../../parts/entity-ref.tsx";
import { numberQuery } from "../queries.ts";
import { queryFor, rowsLink, type Scope, scopeOf, textOf } from "../scope.ts";
import type { WidgetDoc, WidgetProps } from "../widget-kind.ts";
import { NoData, WidgetEmpty, WidgetState } from "../widget-state.tsx";
import css from "./number.module.css";
import { shownNumber, verdictOf } from "./format-number.ts";

/** One number: a property of an entity, or counted over many. It leads to what it was made of. */
export function NumberChart({ widget, context }: WidgetProps) {
  const scope = scopeOf(widget, context);
  if (scope === null) return <WidgetEmpty title="Not set up yet">Choose a blueprint.</WidgetEmpty>;
  return widget["chartType"] === "displaySingleProperty" ? (
    <SingleProperty widget={widget} blueprint={scope.blueprint} />
  ) : (
    <Counted widget={widget} scope={scope} />
  );
}

function SingleProperty({ widget, blueprint }: { widget: WidgetDoc; blueprint: string }) {
  const id = textOf(widget, "entity") ?? "";
  const property = textOf(widget, "property") ?? "";
  const isSet = id !== "" && property !== "";
  const entity = useQuery({ ...entityQuery(blueprint, id), enabled: isSet });
  const definition = useQuery({ ...blueprintQuery(blueprint), enabled: isSet });
  if (!isSet) return <WidgetEmpty title="Not set up yet">Choose an entity and a property.</WidgetEmpty>;
  return (
    <WidgetState query={entity}>
      {(found) => {
        const column = definition.data && columnsOf(definition.data).find((one) => one.id === property);
        const value = column ? valueIn(found, column) : found.properties?.[property];
        const about = `${column?.title ?? property} of ${found.title || found.identifier}`;
        return (
          <div className={css["number"]}>
            {value === null || value === undefined ? (
              <NoValue widget={widget} />
            ) : typeof value === "number" ? (
              <Shown widget={widget} value={value} label={about} to={{ blueprint, id }} property={property} />
            ) : column ? (
              <span className={css["value"]}>
                <Value column={column} value={value} />
              </span>
            ) : (
              <span className={css["value"]}>{JSON.stringify(value)}</span>
            )}
            <span className="muted small">
              {column?.title ?? property} of{" "}
              <EntityRef blueprint={blueprint} identifier={id} title={found.title ?? null} />
            </span>
            {definition.data ? <MeasuredProperty blueprint={definition.data} id={property} /> : null}
          </div>
        );
      }}
    </WidgetState>
  );
}

/** What the aggregate endpoint is asked; null while something is missing. */
function aggregateBody(widget: WidgetDoc, scope: Scope): object | null {
  const { func, property, averageOf, measureTimeBy, chartType, calculationBy } = widget;
  const byProperty =
    calculationBy === "property" || (chartType === "aggregateByProperty" && calculationBy !== "entities");
  if (byProperty && (typeof property !== "string" || property === "")) return null;
  return {
    func: func ?? "count",
    calculationBy: byProperty ? "property" : "entities",
    ...(byProperty ? { property } : {}),
    ...(func === "average" && typeof averageOf === "string" ? { averageOf } : {}),
    ...(func === "average" && typeof measureTimeBy === "string" ? { measureTimeBy } : {}),
    query: queryFor(scope),
  };
}

function Counted({ widget, scope }: { widget: WidgetDoc; scope: Scope }) {
  const body = aggregateBody(widget, scope);
  const answer = useQuery({ ...numberQuery(body ?? {}), enabled: body !== null });
  if (body === null) return <WidgetEmpty title="Not set up yet">Choose a property.</WidgetEmpty>;
  return (
    <WidgetState query={answer}>
      {({ result: value, averagedOver }) => (
        <div className={css["number"]}>
          {value === null ? (
            <NoValue widget={widget} />
          ) : (
            <Shown
              widget={widget}
              value={value}
              label={widget.title ?? "Number"}
              to={scope}
              property={isOfProperty(widget) ? textOf(widget, "property") : null}
            />
          )}
          {isToldByTitle(widget) ? null : (
            <Caption widget={widget} blueprint={scope.blueprint} over={averagedOver} />
          )}
        </div>
      )}
    </WidgetState>
  );
}

const isOfProperty = (widget: WidgetDoc): boolean =>
  widget["calculationBy"] === "property" || widget["chartType"] === "aggregateByProperty";

/** A count under a title of its own: below that stands what is counted. */
const isToldByTitle = (widget: WidgetDoc): boolean =>
  (textOf(widget, "func") ?? "count") === "count" && textOf(widget, "title") !== null;

/** `Average MTTR of Service`, so that two numbers beside each other are told apart; of averages by a period, over which span. */
function Caption({
  widget,
  blueprint,
  over,
}: {
  widget: WidgetDoc;
  blueprint: string;
  over: { readonly from: string; readonly to: string } | undefined;
}) {
  const { data } = useQuery(blueprintQuery(blueprint));
  const func = textOf(widget, "func") ?? "count";
  const id = textOf(widget, "property");
  const columns = data ? columnsOf(data) : [];
  const column = isOfProperty(widget) ? columns.find((one) => one.id === id) : undefined;
  // As the API has it when the widget does not say.
  const period = textOf(widget, "averageOf") ?? (isOfProperty(widget) ? "total" : "day");
  const per = func === "average" && period !== "total" ? ` per ${period}` : "";
  const what = isOfProperty(widget) && id !== null ? ` ${column?.title ?? id}` : "";
  const time = textOf(widget, "measureTimeBy") ?? "$createdAt";
  const by = columns.find((one) => one.id === time)?.title ?? time;
  const days = over ? `, ${windowText(over.from, over.to, browserTimeZone())} by ${by}` : "";
  return (
    <span className="muted small">
      {`${func.charAt(0).toUpperCase()}${func.slice(1)}${what} of ${data?.title || blueprint}${per}${days}`}
    </span>
  );
}

function NoValue({ widget }: { widget: WidgetDoc }) {
  return <NoData widget={widget} why="There is no value yet." />;
}

function Shown({
  widget,
  value,
  label,
  to,
  property,
}: {
  widget: WidgetDoc;
  value: number;
  label: string;
  property: string | null;
  to: Scope | { blueprint: string; id: string };
}) {
  const { before, text, after } = shownNumber(value, widget, property);
  const verdict = verdictOf(value, widget["conditionalFormatting"]);
  const isEntity = "id" in to;
  const inside = (
    <>
      <span className="sr">{`${label}: `}</span>
      {before === "" ? null : <span className={css["unit"]}>{`${before} `}</span>}
      {text}
      {after === "" ? null : <span className={css["unit"]}>{` ${after}`}</span>}
      <span className="sr">{isEntity ? ". Open the entity" : ". Open the entities"}</span>
    </>
  );
  return (
    <>
      {isEntity ? (
        <Link to="/c/$blueprint/$id" params={to} className={css["value"]}>
          {inside}
        </Link>
      ) : (
        <Link {...rowsLink(to)} className={css["value"]}>
          {inside}
        </Link>
      )}
      {verdict === null ? null : (
        <span className={css["verdict"]} data-color={verdict.color}>
          {verdict.message}
        </span>
      )}
    </>
  );
}
