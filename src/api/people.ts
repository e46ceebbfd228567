/** Wire contract of teams and users (data-model.md §8.2, §8.3). */
import Type from "typebox";

const fields = Type.Optional(
  Type.Unsafe<unknown>({
    description: "keys of the answer, repeated or joined by commas; `users.email` is one too",
  }),
);
export const FieldsQuery = Type.Object({ fields });

const Nullable = (schema: Type.TString) => Type.Optional(Type.Union([schema, Type.Null()]));
const Emails = Type.Array(Type.String({ maxLength: 320 }), { maxItems: 10_000 });

export const TeamParams = Type.Object({ name: Type.String({ description: "name, percent-encoded" }) });

const Description = Nullable(Type.String({ maxLength: 10_000 }));
const Users = Type.Optional(Type.Union([Emails, Type.Null()]));
const TeamName = Type.String({ maxLength: 200 });

export const TeamRequest = Type.Object({ name: TeamName, description: Description, users: Users });
export const PatchTeamRequest = Type.Object({
  name: Type.Optional(TeamName),
  description: Description,
  users: Users,
});

const Team = Type.Object({}, { additionalProperties: true });
export const TeamsResponse = Type.Object({ ok: Type.Literal(true), teams: Type.Array(Team) });
/** `users` are objects here. */
export const TeamResponse = Type.Object({ ok: Type.Literal(true), team: Team });
/** `users` are e-mail addresses here: Port's Terraform provider reads them so after writes. */
export const WrittenTeamResponse = Type.Object({
  ok: Type.Literal(true),
  team: Type.Object({
    id: Type.String(),
    name: Type.String(),
    description: Type.Union([Type.String(), Type.Null()]),
    provider: Type.String(),
    createdAt: Type.String(),
    updatedAt: Type.String(),
    users: Type.Array(Type.String()),
  }),
});

export const UserParams = Type.Object({ email: Type.String({ description: "e-mail, percent-encoded" }) });
const Roles = Type.Array(Type.String({ maxLength: 200 }), {
  maxItems: 1000,
  description: "Admin, Member, <blueprint>-moderator",
});
const Teams = Type.Array(Type.String({ maxLength: 200 }), { maxItems: 1000, description: "names" });
const User = Type.Object({}, { additionalProperties: true });

export const InviteQuery = Type.Object({
  notify: Type.Optional(Type.Unsafe<unknown>({ description: "`false`: no e-mail is sent" })),
});
export const InviteRequest = Type.Object({
  invitee: Type.Object({
    email: Type.String({ maxLength: 320 }),
    roles: Type.Optional(Roles),
    teams: Type.Optional(Teams),
  }),
});
export const InviteResponse = Type.Object({
  ok: Type.Literal(true),
  user: User,
  signInUrl: Type.String({ description: "signs them in once, within a day; pass it on" }),
  isMailed: Type.Boolean({ description: "whether an e-mail with it was taken by the mail server" }),
});
export const PatchUserRequest = Type.Object({ roles: Type.Optional(Roles), teams: Type.Optional(Teams) });
export const UsersResponse = Type.Object({ ok: Type.Literal(true), users: Type.Array(User) });
export const UserResponse = Type.Object({ ok: Type.Literal(true), user: User });
/** The user's fields stand beside `ok`. */
export const PatchUserResponse = Type.Object({ ok: Type.Literal(true) }, { additionalProperties: true });
export const SignInLinkResponse = Type.Object({ ok: Type.Literal(true), signInUrl: Type.String() });
export const PasswordLinkResponse = Type.Object({ ok: Type.Literal(true), passwordUrl: Type.String() });
export const CredentialsResponse = Type.Object({
  ok: Type.Literal(true),
  credentials: Type.Object({ clientId: Type.String(), clientSecret: Type.String() }),
});
