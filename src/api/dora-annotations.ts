/** Wire contract of dated notes on DORA charts. */
import Type, { type TSchema } from "typebox";
import { question } from "./dora.ts";

const { blueprint, entity, query, from, to, last, timezone } = question;

export const AnnotationsQuery = Type.Object({
  ...{ blueprint, entity, query, from, to, last, timezone },
  below: Type.Optional(Type.Boolean({ description: "also those about what lies within the scope" })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, description: "default 500" })),
});

export const AnnotationParams = Type.Object({ id: Type.String() });

const nullable = (schema: TSchema): TSchema => Type.Union([schema, Type.Null()]);
const Scope = Type.Object(
  {
    blueprint: Type.String({ minLength: 1, maxLength: 100 }),
    entity: Type.String({ minLength: 1, maxLength: 1000 }),
  },
  { additionalProperties: false },
);

const fields = {
  day: Type.String({ maxLength: 10, description: "2026-10-01: a calendar day, in whatever time zone" }),
  text: Type.String({ minLength: 1, maxLength: 500 }),
  url: Type.Optional(
    Type.Union([Type.String({ maxLength: 2000 }), Type.Null()], { description: "https:// or http://" }),
  ),
  scope: Type.Optional(
    Type.Union([Scope, Type.Null()], { description: "an entity; absent: the whole organisation" }),
  ),
};

export const AnnotationCreateRequest = Type.Object(
  {
    identifier: Type.Optional(
      Type.String({ minLength: 1, maxLength: 100, description: "made up unless given" }),
    ),
    ...fields,
  },
  { additionalProperties: false },
);

export const AnnotationRequest = Type.Object(fields, { additionalProperties: false });

const text = Type.String();
const time = Type.String({ format: "date-time" });

const Annotation = Type.Object({
  ...{ identifier: text, day: Type.String({ format: "date" }), text },
  url: nullable(text),
  scope: nullable(Type.Object({ blueprint: text, entity: text, title: nullable(text) })),
  ...{ createdAt: time, createdBy: text, updatedAt: time, updatedBy: text },
  mayChange: Type.Boolean({ description: "by whoever asks" }),
});

const answer = (properties: Record<string, TSchema>) =>
  Type.Unsafe<object>(Type.Object({ ok: Type.Literal(true), ...properties }));

export const AnnotationsAnswer = answer({
  scope: Type.Object({ blueprint: nullable(text), entity: nullable(text), title: text }),
  window: Type.Object({ from: time, to: time, timezone: text }),
  annotations: Type.Array(Annotation, { description: "newest day first" }),
  total: Type.Integer({ minimum: 0 }),
});

export const AnnotationAnswer = answer({ annotation: Annotation });
