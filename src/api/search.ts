/** Wire contract of search (data-model.md §5.1). Queries are checked by model/query.ts, which names the rule. */
import Type from "typebox";
import { Flag } from "./common.ts";
import { PartialEntity } from "./entities.ts";

export const QUERY =
  "{combinator: and | or, rules: [{property, operator, value} or a group]}, and optionally timeZone";

export const SearchEverywhereRequest = Type.Object(
  { combinator: Type.Unknown(), rules: Type.Unknown() },
  { additionalProperties: true, description: QUERY },
);

const Paths = Type.Optional(
  Type.Unsafe<unknown>({ description: "keys of the answer, as repeated parameters or joined by commas" }),
);

export const SearchEverywhereQuery = Type.Object({
  include: Paths,
  exclude: Paths,
  attach_title_to_relation: Flag("related entities as {identifier, title}"),
  exclude_calculated_properties: Flag("leave out mirror, calculation and aggregation properties"),
  allow_partial_results: Flag(
    "when the search takes too long in some blueprints, answer the others and name these in failedBlueprints",
  ),
});

export const SearchEverywhereResponse = Type.Object({
  ok: Type.Literal(true),
  entities: Type.Array(PartialEntity),
  matchingBlueprints: Type.Array(Type.String(), { description: "of the entities in the answer" }),
  failedBlueprints: Type.Optional(Type.Array(Type.String(), { description: "with allow_partial_results" })),
});

export const SearchBlueprintRequest = Type.Object(
  {
    query: Type.Unknown({ description: QUERY }),
    include: Type.Optional(
      Type.Array(Type.String(), { description: "property and relation identifiers, and $ metas" }),
    ),
    exclude: Type.Optional(Type.Array(Type.String())),
    sort: Type.Optional(
      Type.Unknown({
        description:
          "[{property, direction: asc | desc}], at most 5; without it by age. Entities without a value come last",
      }),
    ),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 200 })),
    from: Type.Optional(
      Type.Unsafe<string | null>({ type: ["string", "null"], description: "`next` of the page before" }),
    ),
  },
  { additionalProperties: false },
);

export const SearchBlueprintResponse = Type.Object({
  ok: Type.Literal(true),
  entities: Type.Array(PartialEntity),
  next: Type.Optional(Type.String({ description: "absent on the last page" })),
});

export const FindQuery = Type.Object({
  text: Type.String({ maxLength: 200, description: "words, each in the title or in the identifier" }),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 50, default: 20 })),
});
const Nullable = Type.Union([Type.String(), Type.Null()]);
export const FindResponse = Type.Object({
  ok: Type.Literal(true),
  entities: Type.Array(
    Type.Object({
      blueprint: Type.String(),
      blueprintTitle: Type.String(),
      icon: Nullable,
      identifier: Type.String(),
      title: Nullable,
    }),
    { description: "equal names first, then those that begin so; at most six of a blueprint" },
  ),
  isComplete: Type.Boolean({
    description:
      "false: only identifiers that begin with the text were looked at, until there is an index of names",
  }),
});
