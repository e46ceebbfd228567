/** Wire contract of the previews of DORA settings. */
import Type from "typebox";
import { question, SettingsRequest } from "./dora.ts";
import { metricsAnswer } from "./dora-answers.ts";

export const PreviewRequest = Type.Object(
  {
    settings: Type.Optional(SettingsRequest),
    ...question,
    sample: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 200,
        description: "so many services of the scope, by a fixed rule",
      }),
    ),
  },
  { additionalProperties: false },
);

const text = Type.String();
const count = Type.Integer({ minimum: 0 });
const nullableText = Type.Unsafe({ type: ["string", "null"] });
const number = Type.Unsafe({ type: ["number", "null"] });

const Side = Type.Object({
  definition: Type.Object({ profile: text, version: Type.Integer(), settingsHash: text }),
  environments: Type.Array(text),
  metrics: metricsAnswer,
  sources: Type.Array(
    Type.Object({
      role: text,
      blueprint: nullableText,
      rows: count,
      counted: count,
      excluded: Type.Record(text, count),
    }),
  ),
});

export const PreviewAnswer = Type.Unsafe<object>(
  Type.Object(
    {
      ok: Type.Literal(true),
      scope: Type.Object({ blueprint: nullableText, entity: nullableText, title: text }),
      window: Type.Object({ from: text, to: text }, { additionalProperties: true }),
      services: Type.Object({ total: count, computed: count, rule: nullableText }),
      facts: Type.Object({ deployments: count, changes: count, incidents: count, commits: count }),
      present: Side,
      proposed: Side,
      differences: Type.Record(
        text,
        Type.Object({ unit: text, present: number, proposed: number, delta: number }),
      ),
      pending: count,
    },
    { additionalProperties: true },
  ),
);

export const CandidatesQuery = Type.Object({
  from: question.from,
  to: question.to,
  last: question.last,
  timezone: question.timezone,
});

export const CandidatesAnswer = Type.Unsafe<object>(
  Type.Object({
    ok: Type.Literal(true),
    window: Type.Object({ from: text, to: text }, { additionalProperties: true }),
    candidates: Type.Array(
      Type.Object(
        {
          id: text,
          title: text,
          description: text,
          inUse: Type.Boolean({ description: "the settings in force have a source of this blueprint" }),
          source: Type.Unknown(),
          rows: count,
          complete: Type.Boolean({ description: "false: more entities than a preview reads" }),
          deployments: count,
        },
        { additionalProperties: true },
      ),
    ),
  }),
);

export const BenchmarksQuery = Type.Object(question);

const open = { additionalProperties: true } as const;

export const BenchmarksAnswer = Type.Unsafe<object>(
  Type.Object({
    ok: Type.Literal(true),
    reports: Type.Array(
      Type.Object({
        year: Type.Integer(),
        source: text,
        caveats: Type.Array(text),
        clusters: Type.Array(Type.Object({ tier: text, sharePercent: number }, open)),
      }),
    ),
    industry: Type.Array(
      Type.Object(
        {
          year: Type.Integer(),
          source: text,
          caveats: Type.Array(text),
          means: Type.Array(Type.Object({ industry: text }, open)),
        },
        open,
      ),
    ),
    own: Type.Unsafe({
      anyOf: [
        { type: "null" },
        Type.Object(
          {
            scope: Type.Object({ title: text }, open),
            scale: Type.Record(text, number, {
              description: "0 to 10, 10 is best; null where there is nothing",
            }),
          },
          open,
        ),
      ],
    }),
  }),
);
