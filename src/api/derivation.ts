/** Wire contract of the state of derived properties, ours (docs/derived-properties.md). */
import Type from "typebox";

const Nullable = <T extends Type.TSchema>(type: T) => Type.Union([type, Type.Null()]);

export const DerivationResponse = Type.Object({
  ok: Type.Literal(true),
  derivation: Type.Object({
    blueprint: Type.String(),
    isSettled: Type.Boolean({ description: "nothing of the organisation waits to be computed" }),
    progress: Type.Number({
      description: "of all that is derived in the organisation, what no rebuild has still to compute: 0 to 1",
    }),
    properties: Type.Array(
      Type.Object({
        identifier: Type.String(),
        kind: Type.String({ description: "mirror | calculation | aggregation | ownership" }),
        type: Nullable(Type.String()),
        level: Type.Integer({ description: "0 reads stored values only, others what is below them" }),
        state: Type.String({ description: "current | updating | rebuilding | broken" }),
        progress: Type.Number({ description: "of a rebuild, 0 to 1; old values stay meanwhile" }),
        pending: Type.Integer({ description: "entities that wait to be computed again" }),
        failing: Type.Integer({
          description: "of these, entities that could not be computed and are tried again; the log says why",
        }),
        problem: Nullable(Type.String({ description: "why the definition gives null everywhere" })),
        errors: Type.Integer({ description: "entities for which the calculation fails" }),
        example: Nullable(Type.Object({ identifier: Type.String(), message: Type.String() })),
      }),
    ),
  }),
});

export const RebuildRequest = Type.Object({
  check: Type.Optional(
    Type.Boolean({ description: "compare with values computed from scratch instead; changes nothing" }),
  ),
});

export const RebuildResponse = Type.Object({
  ok: Type.Literal(true),
  rebuild: Type.Object({
    units: Type.Integer({ description: "groups of definitions that are computed again in the background" }),
    checked: Type.Integer({ description: "values compared" }),
    drift: Type.Integer({ description: "values that differ; anything but 0 is a fault of the server" }),
    left: Type.Integer({
      description:
        "values of very large catalogs not compared: they walk over relations or follow from too many",
    }),
    examples: Type.Array(
      Type.Object({
        blueprint: Type.String(),
        identifier: Type.String(),
        property: Type.String(),
        stored: Type.Unknown(),
        expected: Type.Unknown(),
      }),
    ),
  }),
});

const KINDS = ["mirror", "calculation", "aggregation"] as const;

export const PreviewRequest = Type.Object(
  {
    kind: Type.Unsafe<(typeof KINDS)[number]>({ type: "string", enum: [...KINDS] }),
    identifier: Type.String({ maxLength: 200, description: "under which it would be saved" }),
    definition: Type.Record(Type.String(), Type.Unknown(), { description: "as in the blueprint" }),
    entities: Type.Optional(
      Type.Array(Type.String({ maxLength: 2000 }), {
        maxItems: 20,
        description: "identifiers; without them the first five",
      }),
    ),
  },
  { additionalProperties: false },
);

export const PreviewResponse = Type.Object({
  ok: Type.Literal(true),
  preview: Type.Object({
    state: Type.String({
      description:
        "computed | large: the values follow from more than 5,000 entities | walks: the query follows relations",
    }),
    type: Nullable(Type.String()),
    values: Type.Array(
      Type.Object({
        identifier: Type.String(),
        title: Nullable(Type.String()),
        before: Type.Unknown({ description: "as it is stored under this name now" }),
        value: Type.Unknown(),
        error: Nullable(Type.String({ description: "why the value is null" })),
      }),
    ),
  }),
});
