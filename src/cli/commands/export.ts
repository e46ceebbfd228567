import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import { storedBlueprints } from "../apply/apply-blueprints.ts";
import { derivedPaths } from "../apply/apply-entities.ts";
import { isObject } from "../apply/document.ts";
import { type ApiClient, type JsonObject } from "../client.ts";
import { exitCode, type ExitCode, usageError } from "../cli-error.ts";
import type { Reporter } from "../reporter.ts";
import type { Output } from "./dora.ts";
import { scorecardDocuments } from "./scorecard-documents.ts";

export interface ExportOptions {
  /** Blueprints to export; none: all but those of the system. */
  readonly blueprint?: readonly string[];
  /** Folder; none: everything as one YAML (with --json: JSON) document on stdout. */
  readonly output?: string;
}

export interface ExportContext {
  readonly connect: () => Promise<ApiClient>;
  readonly reporter: Reporter;
  readonly output: Output;
}

const PAGE = 1000;
const BLUEPRINT_SERVER_KEYS = new Set(["createdAt", "createdBy", "updatedAt", "updatedBy"]);

/** `fairway export`: what `fairway apply` takes; applying it to the same portal changes nothing. */
export async function exportCommand(options: ExportOptions, context: ExportContext): Promise<ExitCode> {
  const client = await context.connect();
  const stored = await storedBlueprints(client);
  const wanted = options.blueprint ?? [...stored.keys()].filter((identifier) => !identifier.startsWith("_"));
  const blueprints = wanted.map((identifier) => {
    const blueprint = stored.get(identifier);
    if (blueprint === undefined) throw usageError(`--blueprint: there is no blueprint "${identifier}"`);
    return blueprint;
  });
  await (options.output === undefined
    ? exportToStdout(client, blueprints, context)
    : exportToFolder(client, blueprints, options.output, context));
  return exitCode.ok;
}

async function exportToStdout(
  client: ApiClient,
  blueprints: readonly JsonObject[],
  { output, reporter }: ExportContext,
): Promise<void> {
  const entities: JsonObject[] = [];
  reporter.phase("reading entities", 0);
  for (const blueprint of blueprints)
    for await (const page of pages(client, blueprint)) {
      entities.push(...page);
      reporter.progress(entities.length);
    }
  reporter.done();
  const scorecards = await scorecardDocuments(client, blueprints);
  const document = {
    blueprints: blueprints.map(blueprintDocument),
    ...(scorecards.length === 0 ? {} : { scorecards }),
    entities,
  };
  output.write(output.json ? JSON.stringify(document, null, 2) : toYaml(document).trimEnd());
}

/** One YAML file per blueprint, one for its scorecards, one NDJSON file for its entities, written page by page. */
async function exportToFolder(
  client: ApiClient,
  blueprints: readonly JsonObject[],
  folder: string,
  { output, reporter }: ExportContext,
): Promise<void> {
  await mkdir(join(folder, "blueprints"), { recursive: true });
  await mkdir(join(folder, "entities"), { recursive: true });
  const counts: Record<string, number> = {};
  let total = 0;
  reporter.phase("writing entities", 0);
  for (const blueprint of blueprints) {
    const identifier = String(blueprint["identifier"]);
    const name = encodeURIComponent(identifier);
    await writeFile(join(folder, "blueprints", `${name}.yaml`), toYaml(blueprintDocument(blueprint)));
    const file = createWriteStream(join(folder, "entities", `${name}.ndjson`));
    counts[identifier] = 0;
    for await (const page of pages(client, blueprint)) {
      const text = page.map((entity) => `${JSON.stringify(entity)}\n`).join("");
      if (!file.write(text)) await once(file, "drain");
      counts[identifier] += page.length;
      total += page.length;
      reporter.progress(total);
    }
    file.end();
    await once(file, "finish");
  }
  reporter.done();
  await writeScorecards(await scorecardDocuments(client, blueprints), folder);
  if (output.json) output.write(JSON.stringify({ ok: true, folder, entities: counts }, null, 2));
  else output.write(`Wrote ${blueprints.length} blueprints and ${total} entities to ${folder}.`);
}

/** Those of a blueprint in one file. */
async function writeScorecards(scorecards: readonly JsonObject[], folder: string): Promise<void> {
  if (scorecards.length === 0) return;
  await mkdir(join(folder, "scorecards"), { recursive: true });
  for (const [blueprint, list] of Map.groupBy(scorecards, (one) => String(one["blueprint"])))
    await writeFile(
      join(folder, "scorecards", `${encodeURIComponent(blueprint)}.yaml`),
      toYaml({ scorecards: list }),
    );
}

const toYaml = (value: unknown): string => stringify(value, { lineWidth: 110, aliasDuplicateObjects: false });

function blueprintDocument(blueprint: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(blueprint).filter(([key, value]) => !BLUEPRINT_SERVER_KEYS.has(key) && value !== null),
  );
}

async function* pages(client: ApiClient, blueprint: JsonObject): AsyncGenerator<JsonObject[]> {
  const identifier = String(blueprint["identifier"]);
  const derived = derivedPaths(blueprint);
  let from: unknown = undefined;
  do {
    const body = {
      query: { combinator: "and", rules: [] },
      limit: PAGE,
      ...(from === undefined ? {} : { from }),
    };
    const answer = await client.post(
      `/v1/blueprints/${encodeURIComponent(identifier)}/entities/search`,
      body,
    );
    const entities = Array.isArray(answer["entities"]) ? answer["entities"].filter(isObject) : [];
    yield entities.map((entity) => entityDocument(identifier, entity, derived));
    from = answer["next"] ?? undefined;
  } while (from !== undefined);
}

/** What somebody would write by hand: no empty values, nothing computed. */
function entityDocument(blueprint: string, entity: JsonObject, derived: ReadonlySet<string>): JsonObject {
  const document: JsonObject = { blueprint, identifier: entity["identifier"] };
  for (const key of ["title", "icon", "team"]) if (!isEmpty(entity[key])) document[key] = entity[key];
  for (const key of ["properties", "relations"]) {
    const values = isObject(entity[key]) ? entity[key] : {};
    document[key] = Object.fromEntries(
      Object.entries(values).filter(
        ([name, value]) =>
          !derived.has(`${key}.${name}`) && value !== null && (key === "properties" || !isEmpty(value)),
      ),
    );
  }
  return document;
}

const isEmpty = (value: unknown): boolean =>
  value === null || value === undefined || (Array.isArray(value) && value.length === 0);
