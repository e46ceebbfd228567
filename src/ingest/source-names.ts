/**
 * The table of names of a data source: what the system calls a service, and which one that is. A search by name in a
 * mapping (`$title`, `aliases`) asks it first, so that nobody has to rename a service or change a mapping.
 */
import { getDefinition } from "../catalog/definitions.ts";
import { AppError, invalid } from "../model/error.ts";
import { isObject, type JsonObject, kindOf, show } from "../model/json.ts";
import { appendAuditEvents } from "../storage/audit-events.ts";
import type { Ctx } from "../storage/context.ts";
import { readEntities } from "../storage/entities.ts";
import {
  putSourceNames,
  readSourceNames,
  type SourceName,
  type UnmatchedName,
  unmatchedNames,
} from "../storage/source-names.ts";
import { transact } from "../storage/transact.ts";
import type { Mapped, MappedEntity } from "./mapping.ts";

const MAX_NAMES = 5000;
const MAX_NAME = 500;
const MAX_UNMATCHED = 100;
const USUAL_TARGET = "service";

/** The data source or webhook whose table it is. */
export interface NamedSource {
  /** In the inbox. */
  readonly source: string;
  /** Whose entities are its own. */
  readonly datasource: string;
  /** Those that may say names of services. */
  readonly blueprints: readonly string[];
  /** So that two who change the table do it one after the other. To be called in a transaction. */
  readonly lock: (tx: Ctx) => Promise<unknown>;
  readonly audit: { readonly kind: "data_source" | "webhook"; readonly identifier: string };
}

export interface NamesTable {
  readonly names: readonly SourceName[];
  readonly unmatched: readonly UnmatchedName[];
}

export async function getNames(
  ctx: Ctx,
  { source, datasource, blueprints }: NamedSource,
): Promise<NamesTable> {
  const names = await readSourceNames(ctx.db, ctx.org, source);
  const known = new Set(names.filter((one) => one.blueprint === USUAL_TARGET).map(({ name }) => name));
  const all = await unmatchedNames(ctx.db, ctx.org, datasource, blueprints, MAX_UNMATCHED + known.size);
  return { names, unmatched: all.filter(({ name }) => !known.has(name)).slice(0, MAX_UNMATCHED) };
}

/**
 * Replaces the table.
 * @param then in the same transaction, when something changed
 * @throws AppError `invalid_request` naming the entry
 */
export async function replaceNames(
  ctx: Ctx,
  source: NamedSource,
  given: unknown,
  then: (tx: Ctx) => Promise<void>,
): Promise<NamesTable> {
  const names = readNames(given);
  await transact(ctx, async (tx) => {
    await source.lock(tx);
    const found = await readEntities(tx.db, tx.org, names);
    const there = new Set(found.map(({ blueprint, identifier }) => `${blueprint}\n${identifier}`));
    names.forEach(({ blueprint, identifier }, index) => {
      if (!there.has(`${blueprint}\n${identifier}`))
        throw invalid(`names[${index}].identifier: there is no ${blueprint} ${show(identifier)}`);
    });
    const before = await readSourceNames(tx.db, tx.org, source.source);
    const isSame =
      before.length === names.length && before.every((one) => names.some((other) => equal(one, other)));
    if (isSame) return;
    await putSourceNames(tx.db, tx.org, source.source, names);
    await appendAuditEvents(tx, [
      { ...source.audit, action: "UPDATE", before: { names: before }, after: { names } },
    ]);
    await then(tx);
  });
  return getNames(ctx, source);
}

const equal = (a: SourceName, b: SourceName): boolean =>
  a.name === b.name && a.blueprint === b.blueprint && a.identifier === b.identifier;

function readNames(given: unknown): SourceName[] {
  if (!Array.isArray(given)) throw invalid(`names must be a list, not ${kindOf(given)}`);
  if (given.length > MAX_NAMES)
    throw invalid(`names has ${given.length} entries; at most ${MAX_NAMES} are allowed`);
  const found = new Map<string, number>();
  return given.map((one: unknown, index) => {
    const at = `names[${index}]`;
    if (!isObject(one)) throw invalid(`${at} must be an object, not ${kindOf(one)}`);
    const text = (field: string, value: unknown): string => {
      if (
        typeof value !== "string" ||
        value === "" ||
        value.length > MAX_NAME ||
        value.includes("\u0000") ||
        !value.isWellFormed()
      )
        throw invalid(`${at}.${field} must be a text of 1 to ${MAX_NAME} characters, not ${show(value)}`);
      return value;
    };
    const name = text("name", one["name"]);
    const identifier = text("identifier", one["identifier"]);
    const blueprint = text("blueprint", one["blueprint"] ?? USUAL_TARGET);
    const before = found.get(`${blueprint}\n${name}`);
    if (before !== undefined) throw invalid(`${at}.name ${show(name)} is in names[${before}] already`);
    found.set(`${blueprint}\n${name}`, index);
    return { name, blueprint, identifier };
  });
}

/** @returns the same, with searches by a name of the table replaced. Without such searches nothing is asked */
export async function withNames(
  ctx: Ctx,
  source: string,
  mapped: readonly Mapped[],
): Promise<readonly Mapped[]> {
  const asks = mapped.some(({ entities }) => entities.some((one) => searchesOf(one).length > 0));
  if (!asks) return mapped;
  const names = await readSourceNames(ctx.db, ctx.org, source);
  if (names.length === 0) return mapped;
  const tables = Map.groupBy(names, ({ blueprint }) => blueprint);
  const targets = new Map<string, ReadonlyMap<string, string>>();
  const named: Mapped[] = [];
  for (const event of mapped) {
    const entities: MappedEntity[] = [];
    for (const entity of event.entities) {
      const searches = searchesOf(entity);
      const relations: Record<string, unknown> = {};
      for (const [relation, search] of searches) {
        const target = (await targetsOf(ctx, entity.blueprint, targets)).get(relation);
        const table = new Map(tables.get(target ?? "")?.map((one) => [one.name, one.identifier]));
        relations[relation] = table.size === 0 ? search : byTable(search, table);
      }
      if (searches.length === 0) entities.push(entity);
      else {
        const before = entity.body["relations"] as JsonObject;
        entities.push({ ...entity, body: { ...entity.body, relations: { ...before, ...relations } } });
      }
    }
    named.push({ ...event, entities });
  }
  return named;
}

function searchesOf({ body: { relations } }: MappedEntity): (readonly [string, JsonObject])[] {
  if (!isObject(relations)) return [];
  return Object.entries(relations).flatMap(([id, value]) =>
    isObject(value) && Array.isArray(value["rules"]) ? [[id, value] as const] : [],
  );
}

/** Targets of the relations of a blueprint; none when it is not there, which its entities will be told. */
async function targetsOf(
  ctx: Ctx,
  blueprint: string,
  known: Map<string, ReadonlyMap<string, string>>,
): Promise<ReadonlyMap<string, string>> {
  let targets = known.get(blueprint);
  if (targets === undefined) {
    try {
      const { plan } = await getDefinition(ctx, blueprint);
      targets = new Map([...plan.relations].map(([id, { target }]) => [id, target]));
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      targets = new Map();
    }
    known.set(blueprint, targets);
  }
  return targets;
}

const NAMES = new Set(["$title", "aliases"]);
const OPERATORS = new Set(["=", "in", "contains", "containsAny"]);

/** What the table knows is found by identifier; the search goes on for the other names. */
function byTable(search: JsonObject, table: ReadonlyMap<string, string>): JsonObject {
  const rules = search["rules"] as readonly unknown[];
  const found = new Set<string>();
  let isAnswered = false;
  const left = rules.flatMap((rule): unknown[] => {
    if (!isObject(rule) || !NAMES.has(String(rule["property"])) || !OPERATORS.has(String(rule["operator"])))
      return [rule];
    const { value } = rule;
    const values: unknown[] = Array.isArray(value) ? value : [value];
    const others = values.filter((one) => {
      const identifier = typeof one === "string" ? table.get(one) : undefined;
      if (identifier !== undefined) found.add(identifier);
      return identifier === undefined;
    });
    if (others.length === values.length) return [rule];
    if (others.length > 0) return [{ ...rule, value: others }];
    isAnswered = true;
    return [];
  });
  if (found.size === 0) return search;
  const byIdentifier = { property: "$identifier", operator: "in", value: [...found] };
  // All of `and` has to hold: what else it asks for was about the name that the table knows.
  const rest =
    left.length === 0 || (search["combinator"] === "and" && isAnswered) ? [] : [{ ...search, rules: left }];
  return { combinator: "or", rules: [byIdentifier, ...rest] };
}
