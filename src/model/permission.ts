/** Permissions of a blueprint's entities (data-model.md §8.5): who may register, update, unregister and read them. */
import type { BlueprintPlan } from "./blueprint.ts";
import { own } from "./entity.ts";
import { invalid } from "./error.ts";
import { checkJson, isObject, type JsonObject, kindOf, show } from "./json.ts";
import { parseQuery } from "./query.ts";
import { moderatorOf } from "./user.ts";

/** Who is granted something: one of the roles, users or teams, or the teams that own the entity. */
export interface Block {
  readonly roles: readonly string[];
  readonly users: readonly string[];
  readonly teams: readonly string[];
  readonly ownedByTeam: boolean;
  /** A search query: which entities. Effective on `read`; kept elsewhere. */
  readonly policy?: JsonObject;
}

export const OPERATIONS = ["register", "update", "unregister"] as const;
export type Operation = (typeof OPERATIONS)[number];
type Blocks = Readonly<Record<string, Block>>;

/** What differs from the defaults. `read` absent: everybody. */
export interface Granted extends Partial<Readonly<Record<"read" | Operation, Block>>> {
  readonly updateProperties?: Blocks;
  readonly updateRelations?: Blocks;
}

/** As the API shows them: complete but for `read`. */
export interface EntityPermissions extends Readonly<Record<Operation, Block>> {
  readonly read?: Block;
  readonly updateProperties: Blocks;
  readonly updateRelations: Blocks;
}

export const NOTHING_GRANTED: Granted = {};

export const METAS = ["$title", "$identifier", "$icon", "$team"] as const;

const defaultBlock = (blueprint: string): Block => ({
  roles: ["Admin", moderatorOf(blueprint)],
  users: [],
  teams: [],
  ownedByTeam: false,
});

/** Somebody sent the block as it is without anybody sending it. */
export function isDefault({ roles, users, teams, ownedByTeam }: Block, blueprint: string): boolean {
  const usual = defaultBlock(blueprint).roles;
  const isUsual = roles.length === usual.length && usual.every((role) => roles.includes(role));
  return isUsual && users.length === 0 && teams.length === 0 && !ownedByTeam;
}

export function completePermissions(plan: BlueprintPlan, granted: Granted): EntityPermissions {
  const fallback = defaultBlock(plan.identifier);
  const blocks = (names: Iterable<string>, given: Blocks = {}): Blocks =>
    Object.fromEntries([...names].map((name) => [name, own(given, name) ?? fallback]));
  return {
    ...(granted.read === undefined ? {} : { read: granted.read }),
    register: granted.register ?? fallback,
    update: granted.update ?? fallback,
    unregister: granted.unregister ?? fallback,
    updateProperties: blocks([...METAS, ...plan.properties.keys()], granted.updateProperties),
    updateRelations: blocks(plan.relations.keys(), granted.updateRelations),
  };
}

/**
 * What is granted after a PATCH: a block that is sent replaces the whole block, one that is not sent stays. `read: null`
 * takes the restriction away.
 * @throws AppError invalid_request naming the field
 */
export function patchPermissions(plan: BlueprintPlan, granted: Granted, body: unknown): Granted {
  checkJson(body, "");
  if (!isObject(body)) throw invalid(`the permissions must be an object, not ${kindOf(body)}`);
  const entities = body["entities"] ?? {};
  if (!isObject(entities)) throw invalid(`entities must be an object, not ${kindOf(entities)}`);
  const result: Record<string, unknown> = { ...granted };
  for (const [key, value] of Object.entries(entities)) {
    const field = `entities.${key}`;
    if (key === "read" && value === null) delete result["read"];
    else if (value === null) continue;
    else if (key === "read" || (OPERATIONS as readonly string[]).includes(key))
      result[key] = parseBlock(value, field);
    else if (key === "updateProperties")
      result[key] = patchBlocks(granted.updateProperties, value, field, (id) =>
        [...METAS, ...plan.properties.keys(), ...plan.derived.keys()].includes(id),
      );
    else if (key === "updateRelations")
      result[key] = patchBlocks(granted.updateRelations, value, field, (id) => plan.relations.has(id));
    else
      throw invalid(
        `${field} is not one of read, ${OPERATIONS.join(", ")}, updateProperties, updateRelations`,
      );
  }
  return result;
}

function patchBlocks(
  before: Blocks = {},
  value: unknown,
  field: string,
  isKnown: (id: string) => boolean,
): Blocks {
  if (!isObject(value)) throw invalid(`${field} must be an object, not ${kindOf(value)}`);
  const result: Record<string, Block> = { ...before };
  for (const [id, block] of Object.entries(value)) {
    if (!isKnown(id)) throw invalid(`${field}: the blueprint has no ${show(id)}`);
    if (block !== null) result[id] = parseBlock(block, `${field}.${id}`);
  }
  return result;
}

const MAX_LISTED = 1000;
const BLOCK_KEYS = new Set(["roles", "users", "teams", "ownedByTeam", "policy"]);

/** Terraform sends null for what is not set. */
function parseBlock(value: unknown, field: string): Block {
  if (!isObject(value)) throw invalid(`${field} must be an object, not ${kindOf(value)}`);
  const extra = Object.keys(value).find((key) => !BLOCK_KEYS.has(key));
  if (extra !== undefined)
    throw invalid(`${field}: ${show(extra)} is not one of ${[...BLOCK_KEYS].join(", ")}`);
  const { ownedByTeam, policy } = value;
  if (ownedByTeam !== undefined && ownedByTeam !== null && typeof ownedByTeam !== "boolean")
    throw invalid(`${field}.ownedByTeam must be a boolean, not ${kindOf(ownedByTeam)}`);
  if (isObject(policy) && Object.keys(policy).length > 0) parseQuery(policy, `${field}.policy`);
  else if (policy !== undefined && policy !== null && !isObject(policy))
    throw invalid(`${field}.policy must be a search query, not ${kindOf(policy)}`);
  return {
    roles: parseList(value["roles"], `${field}.roles`),
    users: parseList(value["users"], `${field}.users`),
    teams: parseList(value["teams"], `${field}.teams`),
    ownedByTeam: ownedByTeam === true,
    ...(isObject(policy) && Object.keys(policy).length > 0 ? { policy } : {}),
  };
}

/** null is the empty list. @throws AppError invalid_request */
export function parseList(value: unknown, field: string): readonly string[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw invalid(`${field} must be a list of strings, not ${kindOf(value)}`);
  const wrong: unknown = value.find((item) => typeof item !== "string" || item === "");
  if (wrong !== undefined) throw invalid(`${field} must hold strings, not ${show(wrong)}`);
  if (value.length > MAX_LISTED) throw invalid(`${field} has more than ${MAX_LISTED} items`);
  return [...new Set(value as string[])];
}

/** Names in a list with what they are called now; null takes one out. */
export const renamedNames = (names: readonly string[], rename: (name: string) => string | null): string[] => [
  ...new Set(names.map(rename).filter((name) => name !== null)),
];

/** What is granted after teams or people got other names, or went. A restriction to nobody stays one. */
export function withNames(
  granted: Granted,
  list: "teams" | "users",
  rename: (name: string) => string | null,
): Granted {
  const block = (before: Block): Block => ({ ...before, [list]: renamedNames(before[list], rename) });
  const blocks = (before: Blocks): Blocks =>
    Object.fromEntries(Object.entries(before).map(([id, one]) => [id, block(one)]));
  return Object.fromEntries(
    Object.entries(granted).map(([key, value]: [string, Block | Blocks]) => [
      key,
      key === "updateProperties" || key === "updateRelations"
        ? blocks(value as Blocks)
        : block(value as Block),
    ]),
  );
}
