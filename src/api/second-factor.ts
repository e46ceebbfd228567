/** Wire contract of the second factor (ours). */
import Type from "typebox";

const Code = Type.String({ maxLength: 50, description: "six digits, or a recovery code" });
export const SecondFactorRequest = Type.Object(
  { token: Type.String({ maxLength: 200 }), code: Code },
  { additionalProperties: false },
);
export const CodeRequest = Type.Object({ code: Code }, { additionalProperties: false });
export const SetupRequest = Type.Object(
  { password: Type.Optional(Type.String({ maxLength: 4000, description: "of who has one" })) },
  { additionalProperties: false },
);
export const SetupResponse = Type.Object({
  ok: Type.Literal(true),
  secret: Type.String({ description: "base32" }),
  uri: Type.String({ description: "otpauth://…, for a QR code" }),
});
export const RecoveryCodesResponse = Type.Object({
  ok: Type.Literal(true),
  recoveryCodes: Type.Array(Type.String(), { description: "told once, each good once" }),
});
export const SecondFactorResponse = Type.Object({
  ok: Type.Literal(true),
  secondFactor: Type.Object({ isOn: Type.Boolean(), recoveryCodesLeft: Type.Integer() }),
});
const Policy = Type.Object(
  { secondFactor: Type.Union([Type.Literal("optional"), Type.Literal("required")]) },
  { additionalProperties: false },
);
export const PolicyRequest = Policy;
export const PolicyResponse = Type.Object({ ok: Type.Literal(true), signIn: Policy });
