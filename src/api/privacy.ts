/** Wire contract of what is stored of people, and of forgetting it (ours). */
import Type from "typebox";

export const DataResponse = Type.Object({
  ok: Type.Literal(true),
  data: Type.Object({}, { additionalProperties: true }),
});
const Erasure = Type.Object({
  id: Type.String({ description: "what stands in the place of the address" }),
  status: Type.Union([Type.Literal("RUNNING"), Type.Literal("COMPLETED")]),
  requestedAt: Type.String(),
  finishedAt: Type.Union([Type.String(), Type.Null()]),
});
export const ErasureResponse = Type.Object({ ok: Type.Literal(true), erasure: Erasure });
export const ErasuresResponse = Type.Object({ ok: Type.Literal(true), erasures: Type.Array(Erasure) });
