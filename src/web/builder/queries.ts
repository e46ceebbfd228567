/** Writing blueprints. */
import type { BlueprintDoc } from "../catalog/blueprint.ts";
import { queryOptions } from "@tanstack/react-query";
import { deleteJson, getJson, postJson, sendJson } from "../api/client.ts";

const at = (identifier: string) => `/v1/blueprints/${encodeURIComponent(identifier)}`;

export const createBlueprint = (document: unknown) =>
  postJson<{ blueprint: BlueprintDoc }>("/v1/blueprints", document);

/** What is left out of the document is gone. */
export const replaceBlueprint = (identifier: string, document: unknown) =>
  sendJson<{ blueprint: BlueprintDoc; warnings?: string[] }>("PUT", at(identifier), document);

/** What is named is changed, null takes it away; the rest stays. */
export const changeBlueprint = (identifier: string, change: object) =>
  sendJson<{ blueprint: BlueprintDoc; warnings?: string[] }>("PATCH", at(identifier), change);

export interface Block {
  readonly roles?: readonly string[];
  readonly users?: readonly string[];
  readonly teams?: readonly string[];
  readonly ownedByTeam?: boolean;
  /** Which entities; effective on `read`. */
  readonly policy?: object | null;
}

export type Blocks = Readonly<Record<string, Block>>;

/** Who may do what with the entities of a blueprint. */
export interface EntityPermissions {
  readonly register?: Block;
  readonly update?: Block;
  readonly unregister?: Block;
  /** Absent: everybody. */
  readonly read?: Block | null;
  /** Single ones, for those who may not change everything. */
  readonly updateProperties?: Blocks;
  readonly updateRelations?: Blocks;
}

export const permissionsQuery = (identifier: string) =>
  queryOptions({
    queryKey: ["blueprints", identifier, "permissions"],
    queryFn: ({ signal }) =>
      getJson<{ permissions: { entities: EntityPermissions } }>(`${at(identifier)}/permissions`, {}, signal),
    select: (answer) => answer.permissions.entities,
  });

export const changePermissions = (identifier: string, entities: object) =>
  sendJson("PATCH", `${at(identifier)}/permissions`, { entities });

export const deleteBlueprint = (identifier: string) => deleteJson<{ ok: true }>(at(identifier));
