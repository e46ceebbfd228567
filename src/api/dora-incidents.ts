/** Wire contract of incidents and their causes (dora.md sections 3 and 5). */
import Type, { type TSchema } from "typebox";
import { question } from "./dora.ts";

export const IncidentsQuery = Type.Object({
  ...question,
  linked: Type.Optional(Type.String({ maxLength: 20, description: "linked, unlinked or review" })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })),
  from_cursor: Type.Optional(Type.String({ maxLength: 100 })),
});

export const IncidentQuery = Type.Object({
  blueprint: Type.Optional(
    Type.String({ maxLength: 100, description: "where incidents of several blueprints have the identifier" }),
  ),
});

export const CauseRequest = Type.Object(
  {
    deployment: Type.Union([Type.String({ minLength: 1, maxLength: 1000 }), Type.Null()], {
      description: "identifier of the deployment; null: no deployment caused it",
    }),
    reason: Type.String({ minLength: 1, maxLength: 2000 }),
  },
  { additionalProperties: false },
);

const open = { additionalProperties: true } as const;
const text = Type.String();
const time = Type.String({ format: "date-time" });
const count = Type.Integer({ minimum: 0 });
const nullable = (type: "string", description?: string): TSchema =>
  Type.Unsafe({ type: [type, "null"], ...(description !== undefined && { description }) });
const nullableTime = Type.Unsafe({ type: ["string", "null"], format: "date-time" });
const answer = (properties: Record<string, TSchema>) =>
  Type.Unsafe<object>(Type.Object({ ok: Type.Literal(true), ...properties }, open));

const Cause = Type.Object({ deployment: nullable("string"), reason: text, decidedBy: text, decidedAt: time });

export const Incident = Type.Object(
  {
    entity: Type.Object({
      blueprint: text,
      identifier: text,
      title: nullable("string"),
      url: nullable("string"),
    }),
    services: Type.Array(text),
    severity: nullable("string"),
    status: text,
    startedAt: time,
    detectedAt: nullableTime,
    endedAt: nullableTime,
    isOpen: Type.Boolean(),
    excluded: Type.Unsafe({ type: ["object", "null"], description: "why its duration takes no part" }),
    link: Type.Object({
      deployment: nullable("string"),
      service: nullable("string", "null where the deployment is not known"),
      environment: nullable("string"),
      method: Type.String({ description: "user, data, window or none" }),
      confidence: nullable("string", "certain, stated, likely or possible"),
      reason: text,
    }),
    candidates: Type.Array(
      Type.Object({ deployment: text, service: text, environment: text, finishedAt: time }),
    ),
    candidateCount: count,
  },
  open,
);

export const IncidentsAnswer = answer({
  window: Type.Object({ from: time, to: time }, open),
  definition: Type.Object({ profile: text, version: Type.Integer(), settingsHash: text }),
  incidents: Type.Array(Incident),
  total: count,
  next: nullable("string", "from_cursor of the next page"),
});

export const IncidentAnswer = answer({
  incident: Incident,
  verdict: Type.Unsafe({ anyOf: [Cause, { type: "null" }] }),
});

export const CauseAnswer = answer({ cause: Cause });
