/** Wire contract of scorecards (workflows.md §5.1). What is inside is checked by model/scorecard-check.ts. */
import Type from "typebox";

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
