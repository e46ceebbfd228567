/** Parts of the wire contract that all resources share (data-model.md §2). */
import Type, { type TSchema } from "typebox";

/** The one shape of every answer other than success; further keys explain some codes. */
export const ErrorEnvelope = Type.Object(
  { ok: Type.Literal(false), error: Type.String(), message: Type.String() },
  { additionalProperties: true },
);

/** The refusals of a route, by status. */
export function errors<S extends number>(...statuses: readonly S[]): Record<S, typeof ErrorEnvelope> {
  return Object.fromEntries(statuses.map((status) => [status, ErrorEnvelope])) as Record<
    S,
    typeof ErrorEnvelope
  >;
}

export const Ok = Type.Object({ ok: Type.Literal(true) });

export const BlueprintParams = Type.Object({
  blueprint: Type.String({ description: "blueprint identifier" }),
});

export const EntityParams = Type.Object({
  blueprint: Type.String({ description: "blueprint identifier" }),
  entity: Type.String({ description: "entity identifier, percent-encoded" }),
});

/**
 * A query parameter that is on with `true` and off with `false`; anything else counts as not sent, since clients send
 * odd texts (data-model.md §2.4).
 */
export function Flag(description: string): TSchema {
  return Type.Optional(Type.Unsafe<unknown>({ description, default: "false", examples: ["true", "false"] }));
}

export function isOn(value: unknown): boolean {
  const last: unknown = Array.isArray(value) ? value.at(-1) : value;
  return last === true || last === "true";
}

/** Of a flag that is on unless it says otherwise. */
export function isOff(value: unknown): boolean {
  const last: unknown = Array.isArray(value) ? value.at(-1) : value;
  return last === false || last === "false";
}
