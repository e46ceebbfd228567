/** Wire contract of entities (data-model.md §4). Values are checked by model/entity-write.ts against the blueprint. */
import Type from "typebox";
import { Flag } from "./common.ts";

/** Entities in one bulk request; Port takes 20, which is the least that clients count on. */
export const MAX_BULK = 500;
const MAX_BULK_DELETE = 500;

const BODY =
  "identifier (text or search query; generated when absent), title, icon, team, properties, relations (identifier, list of identifiers, or search query). Further keys are ignored.";

export const UpsertEntityRequest = Type.Object({}, { additionalProperties: true, description: BODY });

export const PatchEntityRequest = Type.Object(
  {},
  {
    additionalProperties: true,
    description: "title, icon, team, properties, relations; only what is sent changes, null clears.",
  },
);

export const BulkUpsertRequest = Type.Object(
  {
    entities: Type.Array(Type.Unknown({ description: BODY }), { minItems: 1, maxItems: MAX_BULK }),
  },
  { additionalProperties: false },
);

export const BulkDeleteRequest = Type.Object(
  { entities: Type.Array(Type.String(), { minItems: 1, maxItems: MAX_BULK_DELETE }) },
  { additionalProperties: false },
);

const run_id = Type.Optional(
  Type.Unsafe<unknown>({ description: "the action run that this write belongs to; the audit log finds it" }),
);
const create_missing_related_entities = Flag(
  "create missing relation targets with nothing but their identifier",
);

export const UpsertQuery = Type.Object({
  upsert: Flag("change the entity when it exists, instead of answering 409"),
  merge: Flag("with upsert: keep what the body does not name, instead of resetting it"),
  validation_only: Flag("check everything, write nothing"),
  create_missing_related_entities,
  run_id,
});

/** Streaming import; the flags are those of bulk. */
export const ImportQuery = Type.Object({
  upsert: Flag("change the entity when it exists, instead of refusing the line"),
  merge: Flag("with upsert: keep what the line does not name, instead of resetting it"),
  validation_only: Flag("check everything, write nothing"),
  create_missing_related_entities,
  run_id,
  results: Type.Optional(
    Type.Unsafe<unknown>({
      description: "`errors`: answer refused lines only; else one result for every line",
    }),
  ),
});

const paths = (description: string) => Type.Optional(Type.Unsafe<unknown>({ description }));
export const ReadQuery = Type.Object({
  include: paths("keys of the answer, as repeated parameters or joined by commas"),
  exclude: paths("keys to leave out"),
  attach_title_to_relation: Flag("related entities as {identifier, title}"),
  exclude_calculated_properties: Flag("leave out mirror, calculation and aggregation properties"),
});

export const DatasourceEntitiesRequest = Type.Object({
  datasource_prefix: Type.String({ maxLength: 500 }),
  datasource_suffix: Type.String({ maxLength: 500 }),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 5000, default: 1000 })),
  from: Type.Optional(
    Type.Unsafe<string | null>({ type: ["string", "null"], description: "`next` of the page before" }),
  ),
  before: Type.Optional(
    Type.Unsafe<string | null>({
      type: ["string", "null"],
      description: "last changed, other than by a running resync, before this ISO date-time",
    }),
  ),
});

export const DatasourceEntitiesResponse = Type.Object({
  ok: Type.Literal(true),
  entities: Type.Array(Type.Object({ identifier: Type.String(), blueprint: Type.String() })),
  next: Type.Optional(Type.String({ description: "absent on the last page" })),
});

export const WriteQuery = Type.Object({ create_missing_related_entities, run_id });

export const DeleteQuery = Type.Object({
  delete_dependents: Flag("delete entities that require this one as well"),
  run_id,
});

const Entity = Type.Object(
  {
    identifier: Type.String(),
    title: Type.Unsafe<unknown>({ type: ["string", "null"] }),
    icon: Type.Unsafe<unknown>({ type: ["string", "null"] }),
    blueprint: Type.String(),
    team: Type.Array(Type.String()),
    properties: Type.Record(Type.String(), Type.Unknown()),
    relations: Type.Record(Type.String(), Type.Unknown()),
    scorecards: Type.Optional(
      Type.Record(Type.String(), Type.Unknown(), {
        description:
          "by scorecard {level, levelsCount, rules: [{identifier, status: SUCCESS | FAILURE, level}]}",
      }),
    ),
    createdAt: Type.String(),
    createdBy: Type.String(),
    updatedAt: Type.String(),
    updatedBy: Type.String(),
  },
  { additionalProperties: true },
);

const Warnings = Type.Optional(
  Type.Array(Type.String(), {
    description: "what was dropped or chosen, and why; absent when there is nothing to say",
  }),
);

const AdditionalData = Type.Optional(
  Type.Object(
    { credentials: Type.Object({ clientId: Type.String(), clientSecret: Type.String() }) },
    { description: "of a new service account, told once" },
  ),
);

export const WriteEntityResponse = Type.Object({
  ok: Type.Literal(true),
  entity: Entity,
  warnings: Warnings,
  additionalData: AdditionalData,
});

/** With include and exclude every key may be missing. */
export const PartialEntity = Type.Record(Type.String(), Type.Unknown());

export const ReadEntityResponse = Type.Object({ ok: Type.Literal(true), entity: PartialEntity });

export const RightsResponse = Type.Object({
  ok: Type.Literal(true),
  rights: Type.Object({
    unregister: Type.Boolean({ description: "the entity may be deleted" }),
    properties: Type.Array(Type.String(), {
      description: "that may be changed; $title, $identifier, $icon and $team among them",
    }),
    relations: Type.Array(Type.String()),
  }),
});

export const EntitiesResponse = Type.Object({ ok: Type.Literal(true), entities: Type.Array(PartialEntity) });

export const CountResponse = Type.Object({ ok: Type.Literal(true), count: Type.Integer() });

export const BulkUpsertResponse = Type.Object({
  ok: Type.Boolean({ description: "false when every item failed" }),
  entities: Type.Array(
    Type.Object({
      created: Type.Boolean(),
      identifier: Type.String(),
      index: Type.Integer({ description: "position in the request, from 0" }),
      warnings: Warnings,
      additionalData: AdditionalData,
    }),
  ),
  errors: Type.Array(
    Type.Object({
      identifier: Type.String(),
      index: Type.Integer(),
      statusCode: Type.Integer(),
      error: Type.String(),
      message: Type.String(),
    }),
  ),
});

export const BulkDeleteResponse = Type.Object({
  ok: Type.Literal(true),
  deletedEntities: Type.Array(Type.String()),
});
