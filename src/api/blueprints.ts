/** Wire contract of blueprints (data-model.md §3). What is inside is checked by model/blueprint.ts, with better words. */
import Type from "typebox";
import { Flag } from "./common.ts";

const Definitions = Type.Record(Type.String(), Type.Unknown());

const Schema = Type.Object({
  properties: Definitions,
  required: Type.Optional(Type.Array(Type.String())),
});

const optional = {
  description: Type.Optional(Type.Unsafe<unknown>({ type: ["string", "null"], maxLength: 200 })),
  icon: Type.Optional(Type.Unsafe<unknown>({ type: ["string", "null"] })),
  relations: Type.Optional(Definitions),
  mirrorProperties: Type.Optional(Definitions),
  calculationProperties: Type.Optional(Definitions),
  aggregationProperties: Type.Optional(Definitions),
  ownership: Type.Optional(
    Type.Unknown({ description: "{type: Direct, title?} or {type: Inherited, path, title?}" }),
  ),
};

export const CreateBlueprintRequest = Type.Object(
  { identifier: Type.String(), title: Type.String(), schema: Schema, ...optional },
  { additionalProperties: true },
);

export const ReplaceBlueprintRequest = Type.Object(
  { identifier: Type.Optional(Type.String()), title: Type.String(), schema: Schema, ...optional },
  { additionalProperties: true },
);

export const PatchBlueprintRequest = Type.Object(
  {},
  {
    additionalProperties: true,
    description:
      "Each key present replaces; inside schema.properties, relations, mirrorProperties, calculationProperties and aggregationProperties it merges by key, and null removes one.",
  },
);

export const CreateBlueprintQuery = Type.Object({
  create_catalog_page: Type.Optional(
    Type.Unsafe<unknown>({
      description: "create the page that lists its entities (on unless false)",
      default: "true",
      examples: ["true", "false"],
    }),
  ),
});

export const DeleteBlueprintQuery = Type.Object({
  delete_actions: Flag("actions and automations that are about it go with it; else they hold it"),
});

export const DeleteEntitiesQuery = Type.Object({
  delete_blueprint: Flag("delete the blueprint too, when its entities are gone"),
  run_id: Type.Optional(Type.Unsafe<unknown>({ description: "the action run that this belongs to" })),
});

export const MemberParams = Type.Object({
  blueprint: Type.String({ description: "blueprint identifier" }),
  member: Type.String({ description: "identifier of the property, mirror property or relation" }),
});

const name = Type.String({ description: "the new identifier" });
export const RenamePropertyRequest = Type.Object({ newPropertyName: name });
export const RenameMirrorRequest = Type.Object({ newMirrorName: name });
export const RenameRelationRequest = Type.Object({ newRelationIdentifier: name });

const Blueprint = Type.Object(
  {
    identifier: Type.String(),
    title: Type.String(),
    schema: Type.Object({ properties: Definitions, required: Type.Array(Type.String()) }),
    relations: Definitions,
    mirrorProperties: Definitions,
    calculationProperties: Definitions,
    aggregationProperties: Definitions,
    createdAt: Type.String(),
    createdBy: Type.String(),
    updatedAt: Type.String(),
    updatedBy: Type.String(),
  },
  { additionalProperties: true },
);

const Warnings = Type.Optional(
  Type.Array(Type.String(), { description: "what was kept, or not rewritten; absent when there is nothing" }),
);

export const BlueprintResponse = Type.Object({
  ok: Type.Literal(true),
  blueprint: Blueprint,
  warnings: Warnings,
});

export const DeleteBlueprintResponse = Type.Object({ ok: Type.Literal(true), warnings: Warnings });

export const BlueprintsResponse = Type.Object({ ok: Type.Literal(true), blueprints: Type.Array(Blueprint) });
