/** Wire contract of SCIM 2.0: documents are checked in their own terms (model/scim.ts). */
import Type from "typebox";

export const ListQuery = Type.Object({
  filter: Type.Optional(
    Type.String({ maxLength: 2000, description: 'such as userName eq "ada@example.com"' }),
  ),
  startIndex: Type.Optional(Type.String({ description: "from 1" })),
  count: Type.Optional(Type.String({ description: "at most 200" })),
  attributes: Type.Optional(Type.String({ maxLength: 2000 })),
  excludedAttributes: Type.Optional(Type.String({ maxLength: 2000, description: "`members` is heeded" })),
});
export const GroupQuery = Type.Object({ excludedAttributes: ListQuery.properties.excludedAttributes });
export const ScimParams = Type.Object({ scim: Type.String({ maxLength: 200, description: "id" }) });
export const Document = Type.Unsafe<unknown>({ type: "object", additionalProperties: true });
