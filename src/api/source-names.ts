/** Wire contract of the tables of names (docs/data-sources.md). */
import Type from "typebox";

export const NamesRequest = Type.Object(
  {
    names: Type.Unsafe<unknown>({
      description:
        "{name, identifier, blueprint (service unless given)}; a list that replaces the one there was",
    }),
  },
  { additionalProperties: false },
);

export const NamesResponse = Type.Object({
  ok: Type.Literal(true),
  names: Type.Array(
    Type.Object({ name: Type.String(), blueprint: Type.String(), identifier: Type.String() }),
  ),
  unmatched: Type.Array(
    Type.Object({
      name: Type.String({ description: "said by entities without a service, as `serviceNames`" }),
      entities: Type.Integer(),
    }),
  ),
});
