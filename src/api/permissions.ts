/** Wire contract of permissions (data-model.md §8.4b, §8.5). */
import Type from "typebox";

const Block = Type.Object({
  roles: Type.Array(Type.String()),
  users: Type.Array(Type.String()),
  teams: Type.Array(Type.String()),
  ownedByTeam: Type.Boolean(),
  policy: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
});

export const PermissionsResponse = Type.Object({
  ok: Type.Literal(true),
  permissions: Type.Object({
    entities: Type.Object({
      read: Type.Optional(Block),
      register: Block,
      update: Block,
      unregister: Block,
      updateProperties: Type.Record(Type.String(), Block),
      updateRelations: Type.Record(Type.String(), Block),
    }),
  }),
});

/** Checked by model/permission.ts; null counts as not sent. */
export const PatchPermissionsRequest = Type.Object(
  {},
  {
    additionalProperties: true,
    description:
      "entities: read, register, update, unregister, updateProperties.<id>, updateRelations.<id>; each a block of roles, users, teams, ownedByTeam, policy that replaces the whole block",
  },
);

export const CallerQuery = Type.Object({
  action_version: Type.Optional(Type.Unsafe<unknown>({ description: "accepted; there is one version" })),
});
export const CallerResponse = Type.Object({
  ok: Type.Literal(true),
  permissions: Type.Array(Type.String()),
});
