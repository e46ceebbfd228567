/** What each type of widget must say (workflows.md §6.3). A type that is not here is kept as it is. */
import { invalid } from "./error.ts";
import { type JsonObject, show } from "./json.ts";
import { INTERVALS } from "./query-calendar.ts";
import { PRESETS } from "./query-aggregate.ts";
import {
  dataset,
  objects,
  oneOf,
  optionalOneOf,
  optionalText,
  requiredText,
  texts,
} from "./widget-fields.ts";

type Check = (widget: JsonObject, field: string) => void;

const PERIODS = ["hour", "day", "week", "month", "total"];
const CHART_TYPES = ["displaySingleProperty", "countEntities", "aggregateByProperty"];
const LINES = ["propertiesValueHistory", "aggregatePropertiesValues", "countEntities"];

function numberChart(widget: JsonObject, field: string): void {
  requiredText(widget, "blueprint", field);
  const type = optionalOneOf(widget, "chartType", field, CHART_TYPES);
  optionalOneOf(widget, "calculationBy", field, ["entities", "property"]);
  optionalOneOf(widget, "unit", field, ["none", "$", "€", "£", "%", "custom"]);
  if (widget["unit"] === "custom") requiredText(widget, "unitCustom", field);
  optionalOneOf(widget, "unitAlignment", field, ["left", "right"]);
  decimals(widget, field);
  for (const [i, rule] of objects(widget, "conditionalFormatting", field).entries())
    requiredText(rule, "operator", `${field}.conditionalFormatting[${i}]`);
  if (type === "displaySingleProperty") {
    requiredText(widget, "entity", field);
    requiredText(widget, "property", field);
    return;
  }
  dataset(widget, field);
  optionalText(widget, "measureTimeBy", field);
  const byProperty = type === "aggregateByProperty" && widget["calculationBy"] !== "entities";
  if (byProperty || widget["calculationBy"] === "property") {
    requiredText(widget, "property", field);
    oneOf(widget, "func", field, ["sum", "average", "min", "max", "median"]);
  } else oneOf(widget, "func", field, ["count", "average"]);
  if (widget["func"] === "average") optionalOneOf(widget, "averageOf", field, PERIODS);
}

function decimals(widget: JsonObject, field: string): void {
  const format = optionalOneOf(widget, "displayFormatting", field, ["none", "round", "custom"]);
  const { decimalPlaces } = widget;
  if (format !== "custom") return;
  if (
    typeof decimalPlaces !== "number" ||
    !Number.isInteger(decimalPlaces) ||
    decimalPlaces < 0 ||
    decimalPlaces > 10
  )
    throw invalid(`${field}.decimalPlaces ${show(decimalPlaces)} must be a whole number from 0 to 10`);
}

const PREFIXES =
  /^(?:(?:property|mirror-property|calculation-property|aggregation-property|relation|scorecard)#.+|scorecard-rule#.+#.+)$/;

/** Bars and slices: one for each value. */
function distribution(widget: JsonObject, field: string): void {
  requiredText(widget, "blueprint", field);
  const property = requiredText(widget, "property", field);
  if (property.includes("#") && !PREFIXES.test(property))
    throw invalid(
      `${field}.property ${show(property)} must be property#…, mirror-property#…, calculation-property#…, aggregation-property#…, relation#…, scorecard#…, scorecard-rule#…#…, or $identifier, $title, $team`,
    );
  dataset(widget, field);
}

function timeAxis(widget: JsonObject, field: string): void {
  const interval = oneOf(widget, "timeInterval", field, INTERVALS);
  const [range] = objects({ timeRange: [widget["timeRange"]] }, "timeRange", field, 1);
  const preset = oneOf(range ?? {}, "preset", `${field}.timeRange`, PRESETS);
  if (["last2Years", "last3Years"].includes(preset) && interval !== "quarter")
    throw invalid(
      `${field}.timeInterval ${show(interval)} must be quarter for timeRange.preset ${show(preset)}`,
    );
}

function line(widget: JsonObject, field: string): void {
  const type = oneOf(widget, "chartType", field, LINES);
  requiredText(widget, "blueprint", field);
  if (type === "propertiesValueHistory") {
    requiredText(widget, "entity", field);
    texts(widget, "properties", field, 1);
    return;
  }
  dataset(widget, field);
  optionalText(widget, "measureTimeBy", field);
  if (type === "countEntities") {
    oneOf(widget, "func", field, ["count", "average"]);
    optionalText(widget, "breakdownProperty", field);
  } else {
    oneOf(widget, "func", field, ["average", "sum", "min", "max", "median", "last"]);
    texts(widget, "properties", field, 1);
  }
}

function multiLine(widget: JsonObject, field: string): void {
  timeAxis(widget, field);
  optionalOneOf(widget, "nullValueDisplayMode", field, ["zero", "null"]);
  for (const [i, one] of objects(widget, "lines", field, 1).entries()) line(one, `${field}.lines[${i}]`);
  for (const [i, { value }] of objects(widget, "baselines", field).entries())
    if (typeof value !== "number")
      throw invalid(`${field}.baselines[${i}].value ${show(value)} must be a number`);
}

function table(widget: JsonObject, field: string): void {
  optionalText(widget, "blueprint", field);
  dataset(widget, field);
  texts(widget, "excludedFields", field);
}

function entity(widget: JsonObject, field: string): void {
  requiredText(widget, "blueprint", field);
  requiredText(widget, "entity", field);
  texts(widget, "hiddenQuery", field);
  texts(widget, "order", field);
}

function markdown(widget: JsonObject, field: string): void {
  if (optionalOneOf(widget, "source", field, ["custom", "property"]) === "property") {
    requiredText(widget, "blueprintIdentifier", field);
    requiredText(widget, "propertyIdentifier", field);
    optionalText(widget, "entityIdentifier", field);
  } else optionalText(widget, "markdown", field);
}

function iframe(widget: JsonObject, field: string): void {
  address(widget, "url", field);
  if (optionalOneOf(widget, "urlType", field, ["public", "protected"]) === "protected")
    for (const key of ["tokenUrl", "authorizationUrl", "clientId"]) requiredText(widget, key, field);
}

function links(widget: JsonObject, field: string): void {
  for (const [i, link] of objects(widget, "links", field, 1).entries()) {
    requiredText(link, "title", `${field}.links[${i}]`);
    address(link, "url", `${field}.links[${i}]`);
  }
}

/** Addresses are opened and embedded: `javascript:` and the like are not. Templates may stand at the front. */
function address(object: JsonObject, key: string, field: string): void {
  const url = requiredText(object, key, field);
  if (!/^(?:https?:\/\/|\/(?!\/)|\{\{)/i.test(url))
    throw invalid(`${field}.${key} ${show(url)} must begin with https://, http:// or /`);
}

const MAX_HOPS = 6;

/** Of one entity, named as such or by a rule `relatedTo`; on the page of an entity it needs no name. */
function graph(widget: JsonObject, field: string): void {
  optionalText(widget, "blueprint", field);
  optionalText(widget, "entity", field);
  optionalText(widget, "colourBy", field);
  dataset(widget, field);
  texts(widget, "hiddenBlueprints", field);
  const { hops } = widget;
  const isFine = typeof hops === "number" && Number.isInteger(hops) && hops >= 1 && hops <= MAX_HOPS;
  if (hops !== undefined && hops !== null && !isFine)
    throw invalid(`${field}.hops ${show(hops)} must be a whole number from 1 to ${MAX_HOPS}`);
}

/** By type. */
export const WIDGET_CHECKS: ReadonlyMap<string, Check> = new Map<string, Check>([
  ["entities-number-chart", numberChart],
  ["entities-pie-chart", distribution],
  ["bar-chart", distribution],
  [
    "line-chart",
    (widget, field) => {
      timeAxis(widget, field);
      line(widget, field);
    },
  ],
  ["multi-line-chart", multiLine],
  ["table-entities-explorer", table],
  ["entity-details", entity],
  ["entity-info", entity],
  ["markdown", markdown],
  ["iframe-widget", iframe],
  ["links-widget", links],
  ["graph-entities-explorer", graph],
  ["my-entities", (widget, field) => void optionalText(widget, "blueprint", field)],
]);
