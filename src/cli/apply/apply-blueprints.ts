import { type ApiClient, ApiError, type JsonObject } from "../client.ts";
import { CliError, exitCode } from "../cli-error.ts";
import { compareBlueprint, type Difference } from "./compare.ts";
import { type BlueprintDocument, isObject, place } from "./document.ts";
import { orderByLinks } from "./order.ts";

export interface BlueprintChange {
  readonly document: BlueprintDocument;
  readonly action: "create" | "change" | "keep";
  readonly differences: readonly Difference[];
}

const address = (identifier: string): string => `/v1/blueprints/${encodeURIComponent(identifier)}`;

/** All blueprints of the portal by identifier. */
export async function storedBlueprints(client: ApiClient): Promise<Map<string, JsonObject>> {
  const { blueprints } = await client.get("/v1/blueprints");
  const list = Array.isArray(blueprints) ? blueprints.filter(isObject) : [];
  return new Map(list.map((blueprint) => [String(blueprint["identifier"]), blueprint]));
}

/** What applying `documents` would do, in their order. */
export function planBlueprints(
  documents: readonly BlueprintDocument[],
  stored: ReadonlyMap<string, JsonObject>,
  replace: boolean,
): BlueprintChange[] {
  return documents.map((document) => {
    const before = stored.get(document.identifier);
    if (before === undefined) return { document, action: "create", differences: [] };
    const differences = compareBlueprint(document.body, before, replace);
    return { document, action: differences.length === 0 ? "keep" : "change", differences };
  });
}

interface RelationDefinition {
  readonly target: string;
  readonly required: boolean;
}

function relationsOf(body: JsonObject): [string, RelationDefinition][] {
  const relations = body["relations"];
  if (!isObject(relations)) return [];
  return Object.entries(relations).flatMap(([name, relation]) =>
    isObject(relation) && typeof relation["target"] === "string"
      ? [[name, { target: relation["target"], required: relation["required"] === true }]]
      : [],
  );
}

/** Writes what differs; blueprints that relate to each other are created first and related afterwards. */
export async function applyBlueprints(
  client: ApiClient,
  changes: readonly BlueprintChange[],
  replace: boolean,
  onDone: () => void,
): Promise<void> {
  const pending = changes.filter(({ action }) => action !== "keep");
  const creating = new Set(pending.filter((c) => c.action === "create").map((c) => c.document.identifier));
  const waves = orderByLinks(
    pending,
    ({ document }) => document.identifier,
    ({ document }) =>
      relationsOf(document.body)
        // Only what does not exist yet must come first, and a definition without entities can be added to at any time.
        .filter(([, { target }]) => creating.has(target) && target !== document.identifier)
        .map(([name, { target }]) => ({ name, target, required: false })),
  );
  const later: { document: BlueprintDocument; relations: JsonObject }[] = [];
  for (const { item, postponed } of waves.flat()) {
    const { document, action } = item;
    const relations = isObject(document.body["relations"]) ? document.body["relations"] : {};
    const body =
      postponed.length === 0
        ? document.body
        : { ...document.body, relations: pick(relations, (name) => !postponed.includes(name)) };
    if (postponed.length > 0)
      later.push({ document, relations: pick(relations, (name) => postponed.includes(name)) });
    await told(document, async () => {
      if (action === "create") await client.post("/v1/blueprints", body);
      else if (replace) await client.put(address(document.identifier), body);
      else await client.patch(address(document.identifier), body);
    });
    onDone();
  }
  for (const { document, relations } of later)
    await told(document, () => client.patch(address(document.identifier), { relations }));
}

const pick = (object: JsonObject, wanted: (key: string) => boolean): JsonObject =>
  Object.fromEntries(Object.entries(object).filter(([key]) => wanted(key)));

async function told(document: BlueprintDocument, write: () => Promise<unknown>): Promise<void> {
  try {
    await write();
  } catch (error) {
    if (!(error instanceof ApiError) || error.status === 401 || error.status === 403) throw error;
    throw new CliError(
      exitCode.failure,
      error.code,
      `${place(document.origin)}: blueprint "${document.identifier}": ${error.message}`,
    );
  }
}
