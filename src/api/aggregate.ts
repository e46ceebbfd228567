/** Wire contract of the aggregate endpoints (data-model.md §7). Bodies are checked by model/query-aggregate.ts. */
import Type from "typebox";
import { QUERY } from "./search.ts";

const Query = Type.Unknown({ description: QUERY });
const TimeRange = Type.Unknown({
  description:
    "{preset: today | yesterday | lastDay | lastWeek | last2Weeks | lastMonth | last3Months | last6Months | last12Months | last2Years | last3Years, timeZone}",
});
const TimeInterval = Type.Unknown({ description: "hour | day | isoWeek | month | quarter" });
const optional = (description: string) => Type.Optional(Type.Unknown({ description }));

export const AggregateRequest = Type.Object(
  {
    func: Type.Unknown({ description: "count | average | sum | min | max | median | countValues" }),
    query: Query,
    property: optional("number property of sum, average, min, max, median; any property of countValues"),
    relation: optional("of countValues"),
    scorecard: optional("of countValues: how many entities have each level"),
    rule: optional("of the scorecard: how many fulfil it (SUCCESS) and how many do not (FAILURE)"),
    averageOf: optional("hour | day | week | month | total"),
    measureTimeBy: optional("$createdAt by default"),
    calculationBy: optional("entities | property"),
  },
  { additionalProperties: true },
);

const CountedValues = Type.Object({
  values: Type.Array(
    Type.Object({
      value: Type.Unknown(),
      count: Type.Integer(),
      withoutData: Type.Optional(
        Type.Integer({
          description:
            "of a scorecard: so many of them fail the rule, or stay on the base level, because nothing that is compared has a value",
        }),
      ),
    }),
  ),
  other: Type.Object({ values: Type.Integer(), count: Type.Integer() }),
  pending: Type.Optional(
    Type.Literal(true, {
      description: "of a scorecard: its latest definition has not reached all entities yet",
    }),
  ),
});

export const AggregateResponse = Type.Object({
  ok: Type.Literal(true),
  result: Type.Unsafe<number | null | Type.Static<typeof CountedValues>>({
    description: "a number (null over nothing); for countValues the values, most frequent first",
    anyOf: [{ type: ["number", "null"] }, CountedValues],
  }),
  averagedOver: Type.Optional(
    Type.Object(
      { from: Type.String(), to: Type.String() },
      { description: "of an average by a period: the span whose periods were counted" },
    ),
  ),
});

export const OverTimeRequest = Type.Object(
  {
    blueprint: Type.String(),
    timeRange: TimeRange,
    timeInterval: TimeInterval,
    query: Query,
    measureTimeBy: Type.Unknown({ description: "$createdAt, $updatedAt or a date-time property" }),
    aggregationType: Type.Unknown({ description: "countEntities | aggregatePropertiesValues" }),
    func: Type.Unknown({
      description: "count | average of entities; average | sum | min | max | median | last of properties",
    }),
    properties: optional("1 to 10 number properties"),
    breakdownProperty: optional("countEntities: one line for each of the 10 most frequent values, and Other"),
  },
  { additionalProperties: true },
);

export const HistoryRequest = Type.Object(
  {
    entityIdentifier: Type.String(),
    blueprintIdentifier: Type.String(),
    propertyNames: Type.Unknown({ description: "1 to 10 number properties" }),
    timeInterval: TimeInterval,
    timeRange: TimeRange,
  },
  { additionalProperties: true },
);

const Point = Type.Unsafe<{ readonly date: number } & Readonly<Record<string, number>>>({
  type: "object",
  required: ["date"],
  additionalProperties: { type: "number" },
  description:
    "date: start of the bucket in milliseconds since 1970; then one number for each series that has one",
});

export const ChartResponse = Type.Object({
  ok: Type.Literal(true),
  result: Type.Object({
    minDate: Type.Number(),
    maxDate: Type.Number(),
    data: Type.Array(Point),
    series: Type.Array(
      Type.Object({
        key: Type.String({ description: "in the points" }),
        value: Type.Unsafe<string | null>({ type: ["string", "null"] }),
        other: Type.Optional(Type.Literal(true)),
      }),
    ),
    partial: Type.Array(Type.Number(), {
      description: "dates of buckets of which the range holds a part only",
    }),
  }),
});
