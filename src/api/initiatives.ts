/** Wire contract of initiatives. What is inside is checked by model/initiative.ts. */
import Type from "typebox";

const open = (description: string) => Type.Object({}, { additionalProperties: true, description });

export const InitiativeParams = Type.Object({
  initiative: Type.String({ description: "initiative identifier, percent-encoded" }),
});

export const InitiativeRequest = open(
  "identifier, title, blueprint, scorecard, level or rules [rule identifiers], dueDate, owner (e-mail address) or team; description, query (search query: which entities), reminders {daysBefore: [14, 7, 1], overdue: day | week}, recipients {owners, emails, slack, teams, webhook}",
);

const Initiative = open(
  "as it was sent, with status (open, overdue, reached), total, done, countedAt; problem where it can be reached no more; recipients for administrators only",
);

export const InitiativeResponse = Type.Object({ ok: Type.Literal(true), initiative: Initiative });

export const InitiativesResponse = Type.Object({
  ok: Type.Literal(true),
  initiatives: Type.Array(Initiative),
});

export const InitiativeProgressResponse = Type.Object({
  ok: Type.Literal(true),
  total: Type.Number({ description: "entities that it is about" }),
  done: Type.Number({ description: "of these those that are there" }),
  points: Type.Array(Type.Object({ at: Type.String(), total: Type.Number(), done: Type.Number() }), {
    description:
      "oldest first; one where it changed, spread over the time if there are more than 2000. Empty for who may read a part of the entities only",
  }),
  open: Type.Union([open("search query for those that are not there yet"), Type.Null()]),
});
