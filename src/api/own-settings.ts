/** Wire contract of what a person keeps for themselves (ours). */
import Type from "typebox";

const Value = Type.Object({}, { additionalProperties: true });

export const OwnSettingParams = Type.Object({
  setting: Type.String({
    description: "letters, digits and _ . : @ = -, at most 200",
    examples: ["view:service"],
  }),
});
export const OwnSettingRequest = Type.Object(
  { value: Type.Unsafe<unknown>({ type: "object", additionalProperties: true }) },
  { additionalProperties: false },
);
export const OwnSettingsResponse = Type.Object({
  ok: Type.Literal(true),
  settings: Type.Record(Type.String(), Value),
});
