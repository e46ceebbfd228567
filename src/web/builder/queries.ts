/** Writing blueprints. */
import type { BlueprintDoc } from "../catalog/blueprint.ts";
import { deleteJson, postJson, sendJson } from "../api/client.ts";

const at = (identifier: string) => `/v1/blueprints/${encodeURIComponent(identifier)}`;

export const createBlueprint = (document: unknown) =>
  postJson<{ blueprint: BlueprintDoc }>("/v1/blueprints", document);

/** What is left out of the document is gone. */
export const replaceBlueprint = (identifier: string, document: unknown) =>
  sendJson<{ blueprint: BlueprintDoc; warnings?: string[] }>("PUT", at(identifier), document);

export const deleteBlueprint = (identifier: string) => deleteJson<{ ok: true }>(at(identifier));
