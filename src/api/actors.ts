/** Wire contract of the names of people and programs (ours). */
import Type from "typebox";

const MAX_ACTORS = 200;

export const ActorsRequest = Type.Object(
  {
    ids: Type.Array(Type.String(), {
      maxItems: MAX_ACTORS,
      description: "of createdBy, updatedBy, or trigger.by.userId of the audit log",
    }),
  },
  { additionalProperties: false },
);
export const ActorsResponse = Type.Object({
  ok: Type.Literal(true),
  actors: Type.Array(
    Type.Object({
      id: Type.String(),
      kind: Type.Union([
        Type.Literal("user"),
        Type.Literal("app"),
        Type.Literal("source", { description: "a data source" }),
        Type.Literal("system"),
        Type.Literal("former", { description: "no longer there" }),
        Type.Literal("other", { description: "nothing is known of the id" }),
      ]),
      name: Type.String({ description: "of API credentials, told to those who may list them" }),
    }),
  ),
});
