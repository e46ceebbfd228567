/** Wire contract of scorecards (workflows.md §5.1). What is inside is checked by model/scorecard-check.ts. */
import Type from "typebox";
import { Flag } from "./common.ts";

export const ScorecardParams = Type.Object({
  blueprint: Type.String({ description: "blueprint identifier" }),
  scorecard: Type.String({ description: "scorecard identifier, percent-encoded" }),
});

const Query = Type.Object(
  {},
  {
    additionalProperties: true,
    description: "{combinator: and | or, conditions: [...]}, at least 1 condition",
  },
);

const content = {
  identifier: Type.String(),
  title: Type.String(),
  filter: Type.Optional(Query),
  levels: Type.Array(Type.Object({ title: Type.String(), color: Type.String() })),
  rules: Type.Array(
    Type.Object(
      {
        identifier: Type.String(),
        title: Type.String(),
        description: Type.Optional(Type.String()),
        level: Type.String(),
        query: Query,
      },
      { additionalProperties: true },
    ),
  ),
};

/** Bodies are described, and checked where the words are better. */
export const ScorecardRequest = Type.Object(
  {},
  {
    additionalProperties: true,
    description:
      "identifier, title, rules [{identifier, title, level, query, description?}], levels [{title, color}] (the base level first; Basic, Bronze, Silver, Gold when absent), filter",
  },
);

export const PatchScorecardRequest = Type.Object(
  {},
  {
    additionalProperties: true,
    description: "Each key present replaces; null removes filter, levels, description.",
  },
);

export const ScorecardsRequest = Type.Unsafe<unknown>({
  description: "a list of scorecards, or {scorecards: [...]}",
});

const Scorecard = Type.Object(
  {
    ...content,
    blueprint: Type.String(),
    createdAt: Type.String(),
    createdBy: Type.String(),
    updatedAt: Type.String(),
    updatedBy: Type.String(),
  },
  { additionalProperties: true },
);

const Warnings = Type.Optional(
  Type.Array(Type.String(), {
    description: "what rules ask for that the blueprint does not have; absent when there is nothing",
  }),
);

export const ScorecardResponse = Type.Object({
  ok: Type.Literal(true),
  scorecard: Scorecard,
  warnings: Warnings,
});

export const ScorecardsResponse = Type.Object({
  ok: Type.Literal(true),
  scorecards: Type.Array(Scorecard),
  warnings: Warnings,
});

export const LevelHistoryQuery = Type.Object({
  preset: Type.Optional(
    Type.String({
      description: "lastWeek, lastMonth, last3Months …; usual: last3Months",
      default: "last3Months",
    }),
  ),
  interval: Type.Optional(Type.String({ description: "hour, day, isoWeek, month, quarter", default: "day" })),
  timeZone: Type.Optional(Type.String({ default: "UTC" })),
});

export const LevelHistoryResponse = Type.Object({
  ok: Type.Literal(true),
  levels: Type.Array(Type.String(), {
    description: "from the base level up, then those that the scorecard has no more",
  }),
  points: Type.Array(
    Type.Object({
      at: Type.String({ description: "end of the interval, or now" }),
      counts: Type.Record(Type.String(), Type.Number()),
    }),
  ),
});

export const LevelMovesQuery = Type.Object({
  entity: Type.Optional(Type.String({ description: "only moves of this one" })),
  from: Type.Optional(Type.String({ description: "not before this instant" })),
  to: Type.Optional(Type.String({ description: "before this instant" })),
  rules: Flag("also results of rules that left the level as it was"),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 100 })),
  after: Type.Optional(Type.String({ description: "`next` of the page before" })),
});

export const LevelMovesResponse = Type.Object({
  ok: Type.Literal(true),
  moves: Type.Array(
    Type.Object({
      at: Type.String(),
      entity: Type.Object({
        identifier: Type.String(),
        title: Type.Union([Type.String(), Type.Null()]),
        exists: Type.Boolean(),
      }),
      from: Type.Union([Type.String(), Type.Null()], { description: "level; null: none" }),
      to: Type.Union([Type.String(), Type.Null()]),
      direction: Type.Union([Type.Literal("up"), Type.Literal("down"), Type.Literal("none")], {
        description: "none: it had no level before, or one that the scorecard has no more",
      }),
      rules: Type.Array(Type.String(), { description: "whose result is another" }),
    }),
  ),
  next: Type.Union([Type.String(), Type.Null()]),
});
