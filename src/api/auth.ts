/** Wire contract of sign-in (data-model.md §1), passwords and sessions. */
import Type from "typebox";

export const AccessTokenRequest = Type.Object(
  { clientId: Type.String({ maxLength: 200 }), clientSecret: Type.String({ maxLength: 500 }) },
  { additionalProperties: false },
);

export const AccessTokenResponse = Type.Object({
  ok: Type.Literal(true),
  accessToken: Type.String(),
  expiresIn: Type.Number({ description: "seconds" }),
  tokenType: Type.Literal("Bearer"),
});

const Email = Type.String({ maxLength: 320 });
const Password = Type.String({ maxLength: 4000 });
const EndTokens = Type.Optional(
  Type.Boolean({ description: "their tokens and personal credentials end too: somebody else may know them" }),
);
const LinkToken = Type.String({ maxLength: 200 });

export const LoginRequest = Type.Object(
  { email: Email, password: Password },
  { additionalProperties: false },
);
export const LinkRequest = Type.Object({ token: LinkToken }, { additionalProperties: false });
export const ForgotPasswordRequest = Type.Object({ email: Email }, { additionalProperties: false });
export const ResetPasswordRequest = Type.Object(
  { token: LinkToken, password: Password, endTokens: EndTokens },
  { additionalProperties: false },
);
export const PasswordRequest = Type.Object(
  { current: Type.Optional(Password), password: Password, endTokens: EndTokens },
  { additionalProperties: false },
);

const User = Type.Object({ email: Type.String(), name: Type.String(), role: Type.String() });

export const UserResponse = Type.Object({ ok: Type.Literal(true), user: User });

/** `user`: they are signed in. `secondFactorToken`: POST /auth/second-factor comes next, within five minutes. */
export const SignInResponse = Type.Object({
  ok: Type.Literal(true),
  user: Type.Optional(User),
  secondFactorToken: Type.Optional(Type.String()),
});

export const MeResponse = Type.Object({
  ok: Type.Literal(true),
  user: User,
  moderates: Type.Array(Type.String(), { description: "blueprints that they look after" }),
  mustSetUpSecondFactor: Type.Boolean({ description: "nothing else is answered until they have" }),
  methods: Type.Object({
    password: Type.Boolean(),
    passwordReset: Type.Boolean({ description: "whether a new password can be asked for by e-mail" }),
    isLocalOpen: Type.Boolean({ description: "false: passwords and links are for one administrator only" }),
    sso: Type.Union([Type.Object({ name: Type.String() }), Type.Null()]),
  }),
});

export const AccountResponse = Type.Object({
  ok: Type.Literal(true),
  account: Type.Object({
    email: Type.String(),
    password: Type.Union([Type.Literal("none"), Type.Literal("own"), Type.Literal("configured")]),
    mayHavePassword: Type.Boolean({ description: "false: they come by the provider, and choose none here" }),
    secondFactor: Type.Object({
      isOn: Type.Boolean(),
      isRequired: Type.Boolean(),
      recoveryCodesLeft: Type.Integer(),
    }),
  }),
});

const Session = Type.Object({
  id: Type.String(),
  isCurrent: Type.Boolean(),
  userAgent: Type.Union([Type.String(), Type.Null()]),
  address: Type.Union([Type.String(), Type.Null()]),
  createdAt: Type.String(),
  lastSeenAt: Type.String({ description: "to five minutes" }),
  expiresAt: Type.String(),
});
export const SessionsResponse = Type.Object({ ok: Type.Literal(true), sessions: Type.Array(Session) });
export const SessionParams = Type.Object({ session: Type.String({ maxLength: 100 }) });
export const EndedResponse = Type.Object({
  ok: Type.Literal(true),
  ended: Type.Integer({ description: "how many sessions" }),
});
