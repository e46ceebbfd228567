import type { ApiClient, JsonObject } from "../client.ts";
import { CliError, exitCode } from "../cli-error.ts";
import { compareEntity, type Difference } from "./compare.ts";
import { type EntityDocument, isObject, type Origin, place } from "./document.ts";
import { type Link, orderByLinks, type Step } from "./order.ts";

export interface EntityChange {
  readonly document: EntityDocument;
  readonly action: "create" | "change" | "keep";
  readonly differences: readonly Difference[];
}

export interface EntityFailure {
  readonly origin: Origin;
  readonly blueprint: string;
  readonly identifier: string;
  readonly message: string;
}

/** Entities per request: reads of stored ones, and writes. */
const BATCH = 100;

const address = (blueprint: string): string => `/v1/blueprints/${encodeURIComponent(blueprint)}/entities`;
const keyOf = (blueprint: string, identifier: string): string => `${blueprint}\0${identifier}`;

/** What applying `documents` would do, in their order. */
export async function planEntities(
  client: ApiClient,
  documents: readonly EntityDocument[],
  stored: ReadonlyMap<string, JsonObject>,
  replace: boolean,
  onProgress: (done: number) => void,
): Promise<EntityChange[]> {
  const found = new Map<string, JsonObject>();
  let done = 0;
  for (const [blueprint, group] of Map.groupBy(documents, (document) => document.blueprint)) {
    for (const batch of chunks(group, BATCH)) {
      if (stored.has(blueprint))
        for (const entity of await readEntities(client, blueprint, batch))
          found.set(keyOf(blueprint, String(entity["identifier"])), entity);
      done += batch.length;
      onProgress(done);
    }
  }
  const derived = new Map([...stored].map(([identifier, body]) => [identifier, derivedPaths(body)]));
  return documents.map((document) => {
    const before = found.get(keyOf(document.blueprint, document.identifier));
    if (before === undefined) return { document, action: "create", differences: [] };
    const computed = derived.get(document.blueprint) ?? new Set<string>();
    const differences = compareEntity(document.body, before, replace, computed);
    return { document, action: differences.length === 0 ? "keep" : "change", differences };
  });
}

async function readEntities(
  client: ApiClient,
  blueprint: string,
  documents: readonly EntityDocument[],
): Promise<JsonObject[]> {
  const value = documents.map(({ identifier }) => identifier);
  const query = { combinator: "and", rules: [{ property: "$identifier", operator: "in", value }] };
  const { entities } = await client.post(`${address(blueprint)}/search`, { query, limit: documents.length });
  return Array.isArray(entities) ? entities.filter(isObject) : [];
}

/** Paths of properties that the server computes. */
export function derivedPaths(blueprint: JsonObject): Set<string> {
  const maps = ["mirrorProperties", "calculationProperties", "aggregationProperties"].map(
    (key) => blueprint[key],
  );
  return new Set(maps.filter(isObject).flatMap((map) => Object.keys(map).map((key) => `properties.${key}`)));
}

/** Writes what differs, targets before what points at them; rows that the server refuses are returned. */
export async function applyEntities(
  client: ApiClient,
  changes: readonly EntityChange[],
  blueprints: ReadonlyMap<string, JsonObject>,
  replace: boolean,
  onProgress: (done: number) => void,
): Promise<EntityFailure[]> {
  const pending = changes.filter(({ action }) => action !== "keep").map(({ document }) => document);
  const failures: EntityFailure[] = [];
  const completing: EntityDocument[] = [];
  let done = 0;
  const write = async (documents: readonly EntityDocument[], query: string): Promise<void> => {
    for (const [blueprint, group] of Map.groupBy(documents, (document) => document.blueprint))
      for (const batch of chunks(group, BATCH)) {
        failures.push(...(await writeBatch(client, blueprint, batch, query)));
        done += batch.length;
        onProgress(done);
      }
  };
  for (const wave of waves(pending, blueprints)) {
    for (const { item, postponed } of wave)
      if (postponed.length > 0) completing.push({ ...item, body: { relations: only(item, postponed) } });
    await write(
      wave.map(({ item, postponed }) => (postponed.length === 0 ? item : without(item, postponed))),
      `upsert=true&merge=${String(!replace)}`,
    );
  }
  const refused = new Set(failures.map(({ blueprint, identifier }) => keyOf(blueprint, identifier)));
  done -= completing.length;
  await write(
    completing.filter(({ blueprint, identifier }) => !refused.has(keyOf(blueprint, identifier))),
    "upsert=true&merge=true",
  );
  return failures;
}

function waves(
  documents: readonly EntityDocument[],
  blueprints: ReadonlyMap<string, JsonObject>,
): Step<EntityDocument>[][] {
  try {
    return orderByLinks(
      documents,
      ({ blueprint, identifier }) => keyOf(blueprint, identifier),
      (document) => linksOf(document, blueprints.get(document.blueprint)),
    );
  } catch (error) {
    const members = (error as Error).message.replaceAll("\0", "/");
    throw new CliError(exitCode.failure, "circle", `${members}; no entity of it can be written first`);
  }
}

function linksOf(document: EntityDocument, blueprint: JsonObject | undefined): Link[] {
  const relations = document.body["relations"];
  const definitions = blueprint?.["relations"];
  if (!isObject(relations) || !isObject(definitions)) return [];
  return Object.entries(relations).flatMap(([name, value]) => {
    const definition = definitions[name];
    if (!isObject(definition)) return [];
    const targets = (Array.isArray(value) ? value : [value]).filter((target) => typeof target === "string");
    return targets.map((target) => ({
      name,
      target: keyOf(String(definition["target"]), target),
      required: definition["required"] === true,
    }));
  });
}

const relationsOf = (document: EntityDocument): JsonObject =>
  isObject(document.body["relations"]) ? document.body["relations"] : {};

function only(document: EntityDocument, names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(relationsOf(document)).filter(([name]) => names.includes(name)));
}

function without(document: EntityDocument, names: readonly string[]): EntityDocument {
  const relations = Object.entries(relationsOf(document)).filter(([name]) => !names.includes(name));
  return { ...document, body: { ...document.body, relations: Object.fromEntries(relations) } };
}

async function writeBatch(
  client: ApiClient,
  blueprint: string,
  batch: readonly EntityDocument[],
  query: string,
): Promise<EntityFailure[]> {
  const entities = batch.map(({ identifier, body }) => ({ ...body, identifier }));
  const { errors } = await client.post(`${address(blueprint)}/bulk?${query}`, { entities });
  return (Array.isArray(errors) ? errors.filter(isObject) : []).flatMap((error) => {
    const document = batch[Number(error["index"])];
    if (document === undefined) return [];
    const { identifier, origin } = document;
    return [{ origin, blueprint, identifier, message: String(error["message"]) }];
  });
}

export const describeFailure = ({ origin, blueprint, identifier, message }: EntityFailure): string =>
  `${place(origin)}: ${blueprint}/${identifier}: ${message}`;

function* chunks<T>(items: readonly T[], size: number): Generator<T[]> {
  for (let at = 0; at < items.length; at += size) yield items.slice(at, at + size);
}
