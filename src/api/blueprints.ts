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
  create_catalog_page: Flag("accepted; catalogue pages come later"),
});

export const DeleteBlueprintQuery = Type.Object({ delete_actions: Flag("accepted; actions come later") });

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

export const BlueprintResponse = Type.Object({ ok: Type.Literal(true), blueprint: Blueprint });

export const BlueprintsResponse = Type.Object({ ok: Type.Literal(true), blueprints: Type.Array(Blueprint) });
