/** Wire contract of the templates: what an organisation can have made at once. */
import Type from "typebox";

const names = Type.Optional(Type.Array(Type.String({ maxLength: 100 }), { maxItems: 50 }));

export const DoraTemplateRequest = Type.Object(
  {
    dryRun: Type.Optional(Type.Boolean({ description: "say what would be done, and do nothing" })),
    sources: Type.Optional(
      Type.Object(
        { deployment: names, change: names, incident: names },
        {
          additionalProperties: false,
          description: "blueprints to be counted; all that play the role unless given",
        },
      ),
    ),
    alerts: Type.Optional(
      Type.Object(
        {
          recipients: Type.Optional(
            Type.Record(Type.String(), Type.Unknown(), {
              description: "who is told, as in POST /v1/alerts; managers of the team by e-mail unless given",
            }),
          ),
        },
        { additionalProperties: false },
      ),
    ),
  },
  { additionalProperties: false },
);

const texts = Type.Array(Type.String());

export const DoraTemplateResponse = Type.Object({
  ok: Type.Literal(true),
  dryRun: Type.Boolean(),
  blueprints: Type.Array(
    Type.Object({
      identifier: Type.String(),
      action: Type.Union([Type.Literal("created"), Type.Literal("extended"), Type.Literal("unchanged")]),
      added: texts,
      kept: Type.Array(Type.String(), {
        description: "there already, other than the template has it: left as it is",
      }),
    }),
  ),
  pages: Type.Array(
    Type.Object({
      identifier: Type.String(),
      action: Type.Union([Type.Literal("created"), Type.Literal("unchanged")]),
      kept: Type.Array(Type.String(), { description: "keys that are other than the template has them" }),
    }),
  ),
  scorecards: Type.Array(
    Type.Object({
      identifier: Type.String(),
      blueprint: Type.String(),
      action: Type.Union([Type.Literal("created"), Type.Literal("unchanged")]),
      kept: Type.Array(Type.String(), { description: "keys that are other than the template has them" }),
    }),
  ),
  alerts: Type.Array(
    Type.Object({
      identifier: Type.String(),
      action: Type.Union([Type.Literal("created"), Type.Literal("unchanged")]),
      enabled: Type.Boolean({ description: "false: nobody would hear of it" }),
      kept: Type.Array(Type.String(), { description: "keys that are other than the template has them" }),
    }),
  ),
  sources: Type.Object({ deployment: texts, change: texts, incident: texts }),
  skipped: Type.Array(Type.Object({ blueprint: Type.String(), reason: Type.String() })),
  notes: texts,
});
