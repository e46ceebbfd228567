/** Wire contract of sign-in (data-model.md §1). */
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

export const LoginRequest = Type.Object(
  { email: Type.String({ maxLength: 320 }), password: Type.String({ maxLength: 1000 }) },
  { additionalProperties: false },
);

export const LinkRequest = Type.Object(
  { token: Type.String({ maxLength: 200 }) },
  { additionalProperties: false },
);

const User = Type.Object({ email: Type.String(), name: Type.String(), role: Type.String() });

export const UserResponse = Type.Object({ ok: Type.Literal(true), user: User });

export const MeResponse = Type.Object({
  ok: Type.Literal(true),
  user: User,
  methods: Type.Object({ password: Type.Boolean() }),
});
