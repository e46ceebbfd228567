/** Wire contract of migrations (data-model.md §3.10). */
import Type from "typebox";

const Problem = Type.Object({ identifier: Type.String(), message: Type.String() });

const Migration = Type.Object(
  {
    id: Type.String(),
    actor: Type.String(),
    sourceBlueprint: Type.String(),
    mapping: Type.Unsafe<unknown>({ description: "null: deletion" }),
    status: Type.String({
      description:
        "INITIALIZING, PENDING, RUNNING, PENDING_CANCELLATION; at the end COMPLETED, FAILURE or CANCELLED",
    }),
    deleteBlueprint: Type.Boolean(),
    deleteEntities: Type.Boolean(),
    totalCount: Type.Unsafe<number | null>({
      type: ["integer", "null"],
      description: "entities there were when it began",
    }),
    successCount: Type.Integer(),
    failureCount: Type.Integer(),
    warnings: Type.Array(Problem),
    failures: Type.Optional(Type.Array(Problem, { description: "the first 20; not in the list" })),
    reason: Type.Unsafe<string | null>({ type: ["string", "null"] }),
    createdAt: Type.String(),
    updatedAt: Type.String(),
    finishedAt: Type.Unsafe<string | null>({ type: ["string", "null"] }),
  },
  { additionalProperties: true },
);

const expression = Type.Unsafe<unknown>({ type: ["string", "null"], description: "jq" });
const expressions = Type.Optional(Type.Record(Type.String(), Type.Unknown({ description: "jq" })));

/** What is inside is checked by model/migration.ts, with better words. */
export const StartMigrationRequest = Type.Object(
  {
    sourceBlueprint: Type.String(),
    mapping: Type.Object(
      {
        blueprint: Type.Unknown({
          description: 'jq that gives the blueprint to write to, such as "\\"service\\""',
        }),
        filter: Type.Optional(expression),
        itemsToParse: Type.Optional(expression),
        entity: Type.Object(
          {
            identifier: Type.Unknown({ description: "jq" }),
            title: Type.Optional(expression),
            icon: Type.Optional(expression),
            team: Type.Optional(expression),
            properties: expressions,
            relations: expressions,
          },
          { additionalProperties: true },
        ),
      },
      { additionalProperties: true },
    ),
  },
  { additionalProperties: true },
);

const texts = (description: string) =>
  Type.Optional(
    Type.Unsafe<string | string[]>({ type: ["array", "string"], items: { type: "string" }, description }),
  );

export const MigrationsQuery = Type.Object({
  status: texts("repeated, or joined by commas"),
  actor: Type.Optional(Type.String()),
  blueprint: Type.Optional(Type.String({ description: "the source blueprint" })),
});

export const MigrationParams = Type.Object({ id: Type.String() });

export const CancelMigrationRequest = Type.Unsafe<{ reason?: string | null } | null>({
  type: ["object", "null"],
  properties: { reason: { type: ["string", "null"] } },
});

export const MigrationResponse = Type.Object({ ok: Type.Literal(true), migration: Migration });
export const MigrationsResponse = Type.Object({ ok: Type.Literal(true), migrations: Type.Array(Migration) });
export const DeleteEntitiesResponse = Type.Object({ ok: Type.Literal(true), migrationId: Type.String() });
