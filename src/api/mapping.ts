/** Wire contract of mappings (workflows.md §1.1.3, §1.2.3): trying one on a payload. */
import Type from "typebox";

const Any = (description: string) => Type.Unsafe<unknown>({ description });

export const MappingTestRequest = Type.Object(
  {
    type: Type.Union([Type.Literal("webhook"), Type.Literal("integration")], {
      description: "whose form the mapping has",
    }),
    mapping: Any("YAML or JSON text (errors then name its lines), or the document itself"),
    payload: Any("what the webhook got as its body, or the raw object of the integration"),
    kind: Type.Optional(Type.String({ maxLength: 200, description: "of the object; integrations only" })),
    headers: Type.Optional(
      Type.Record(Type.String(), Type.Unknown(), { description: "names in any case; webhooks only" }),
    ),
    queryParams: Type.Optional(Type.Record(Type.String(), Type.Unknown(), { description: "webhooks only" })),
    event: Type.Optional(
      Type.Union([Type.Literal("upsert"), Type.Literal("live"), Type.Literal("delete")], {
        description:
          "integrations: `live` deletes what the query leaves out, `delete` what the object maps to; `upsert` unless given",
      }),
    ),
    validate: Type.Optional(
      Type.Boolean({
        description: "check the entities against their blueprints as well; nothing is written",
      }),
    ),
  },
  { additionalProperties: false },
);

const Position = Type.Object({
  line: Type.Union([Type.Integer(), Type.Null()]),
  column: Type.Union([Type.Integer(), Type.Null()]),
});

const MappingErrors = Type.Array(
  Type.Object({
    resource: Type.Integer({ description: "index of the mapping or resource" }),
    key: Type.String({ description: "e.g. `identifier`, `properties.status`; empty: the entity as a whole" }),
    reason: Type.String(),
    position: Type.Object(Position.properties, { description: "of the expression; null without text" }),
    lost: Type.Boolean({ description: "the entity is not written; else its key is null" }),
    blueprint: Type.Union([Type.String(), Type.Null()]),
    identifier: Type.Union([Type.String(), Type.Null()]),
    code: Type.Union([Type.String(), Type.Null()]),
  }),
);

export const MappingTestResponse = Type.Object({
  ok: Type.Literal(true),
  entities: Type.Array(
    Type.Object({ resource: Type.Integer(), blueprint: Type.String(), entity: Type.Unknown() }),
  ),
  deletes: Type.Array(
    Type.Object({
      resource: Type.Integer(),
      blueprint: Type.String(),
      identifier: Type.String(),
      deleteDependents: Type.Boolean(),
    }),
  ),
  errors: MappingErrors,
  warnings: Type.Array(Type.String()),
  filtered: Type.Integer({ description: "how often a filter left something out" }),
});
