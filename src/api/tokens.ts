/** Wire contract of tokens (ours). */
import Type from "typebox";

const Scopes = Type.Array(Type.String({ maxLength: 50 }), {
  maxItems: 100,
  description: "<area>:read or <area>:write; areas are catalog, dora, actions, sources, settings, scim",
});
const Time = Type.Union([Type.String(), Type.Null()]);
const Token = {
  id: Type.String(),
  name: Type.String(),
  person: Type.String({ description: "whose it is; it acts as them" }),
  scopes: Type.Array(Type.String()),
  createdAt: Type.String(),
  createdBy: Type.String(),
  rotatedAt: Time,
  expiresAt: Time,
  lastUsedAt: Time,
  lastAddress: Time,
};

export const TokensQuery = Type.Object({
  of: Type.Optional(
    Type.String({ maxLength: 320, description: "for administrators: an e-mail address, or `everybody`" }),
  ),
});
export const TokenParams = Type.Object({ token: Type.String({ maxLength: 100, description: "id" }) });
export const TokenRequest = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 100 }),
    scopes: Scopes,
    expiresInDays: Type.Optional(
      Type.Union([Type.Integer({ minimum: 1, maximum: 3650 }), Type.Null()], {
        description: "90 when it is not sent; null: it does not end",
      }),
    ),
    person: Type.Optional(
      Type.String({ maxLength: 320, description: "for administrators: the service account that it acts as" }),
    ),
  },
  { additionalProperties: false },
);
export const TokensResponse = Type.Object({ ok: Type.Literal(true), tokens: Type.Array(Type.Object(Token)) });
export const NewTokenResponse = Type.Object({
  ok: Type.Literal(true),
  token: Type.Object({ ...Token, token: Type.String({ description: "the bearer token, told once" }) }),
});
