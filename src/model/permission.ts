/** Permissions of a blueprint's entities (data-model.md §8.5): who may register, update, unregister and read them. */
import type { Person } from "./actor.ts";
import type { BlueprintPlan } from "./blueprint.ts";
import { type Entity, own } from "./entity.ts";
import { AppError, invalid } from "./error.ts";
import { checkJson, isObject, type JsonObject, kindOf, sameJson, show } from "./json.ts";
import { parseQuery } from "./query.ts";
import { isAdmin, moderatorOf } from "./user.ts";

/** Who is granted something: one of the roles, users or teams, or the teams that own the entity. */
export interface Block {
  readonly roles: readonly string[];
  readonly users: readonly string[];
  readonly teams: readonly string[];
  readonly ownedByTeam: boolean;
  /** A search query: which entities. Effective on `read`; kept elsewhere. */
  readonly policy?: JsonObject;
}

const OPERATIONS = ["register", "update", "unregister"] as const;
type Operation = (typeof OPERATIONS)[number];
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

const METAS = ["$title", "$identifier", "$icon", "$team"] as const;

const defaultBlock = (blueprint: string): Block => ({
  roles: ["Admin", moderatorOf(blueprint)],
  users: [],
  teams: [],
  ownedByTeam: false,
});

function isDefault({ roles, users, teams, ownedByTeam }: Block, blueprint: string): boolean {
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

function parseList(value: unknown, field: string): readonly string[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw invalid(`${field} must be a list of strings, not ${kindOf(value)}`);
  const wrong: unknown = value.find((item) => typeof item !== "string" || item === "");
  if (wrong !== undefined) throw invalid(`${field} must hold strings, not ${show(wrong)}`);
  if (value.length > MAX_LISTED) throw invalid(`${field} has more than ${MAX_LISTED} items`);
  return [...new Set(value as string[])];
}

/** Administrators, and the moderators of this blueprint, may do everything with its entities. */
export function isUnrestricted(person: Person, blueprint: string): boolean {
  return isAdmin(person) || person.roles.includes(moderatorOf(blueprint));
}

/** @param owners the teams that own the entity */
function grants(block: Block | undefined, person: Person, owners: readonly string[]): boolean {
  if (block === undefined) return false;
  return isPlainlyGranted(block, person) || (block.ownedByTeam && shares(person.teams, owners));
}

function isPlainlyGranted(block: Block, person: Person): boolean {
  return (
    shares(block.roles, person.roles) ||
    block.users.includes(person.email) ||
    shares(block.teams, person.teams)
  );
}

const shares = (a: readonly string[], b: readonly string[]): boolean => a.some((item) => b.includes(item));

function refused(what: string, blueprint: string, more = ""): AppError {
  return new AppError(
    "forbidden",
    `you are not allowed to ${what} entities of blueprint "${blueprint}"${more}`,
  );
}

/**
 * Registering covers the whole entity, but not properties and relations for which somebody else was named. With
 * `ownedByTeam` the new entity must belong to one of the person's teams.
 * @throws AppError forbidden
 */
export function checkRegister(plan: BlueprintPlan, granted: Granted, person: Person, after: Entity): void {
  const { identifier } = plan;
  if (isUnrestricted(person, identifier)) return;
  if (!grants(granted.register, person, after.team)) throw refused("register", identifier);
  if (grants(granted.update, person, after.team)) return;
  const isNamed = ([map, id]: Field): boolean => {
    const block = own(granted[map] ?? {}, id);
    return block !== undefined && !isDefault(block, identifier);
  };
  refuseFields(plan, granted, person, after.team, changedFields(plan, null, after).filter(isNamed));
}

/** Who may update may change everything; else each changed property and relation must be granted. @throws AppError forbidden */
export function checkUpdate(
  plan: BlueprintPlan,
  granted: Granted,
  person: Person,
  before: Entity,
  after: Entity,
): void {
  const { identifier } = plan;
  if (isUnrestricted(person, identifier) || grants(granted.update, person, before.team)) return;
  const changed = changedFields(plan, before, after);
  if (changed.length > 0) return refuseFields(plan, granted, person, before.team, changed);
  // Nothing would change, but the answer shows the entity.
  const some = [
    ...Object.values(granted.updateProperties ?? {}),
    ...Object.values(granted.updateRelations ?? {}),
  ];
  if (!some.some((block) => grants(block, person, before.team))) throw refused("update", identifier);
}

/** @throws AppError forbidden */
export function checkUnregister(plan: BlueprintPlan, granted: Granted, person: Person, before: Entity): void {
  if (isUnrestricted(person, plan.identifier) || grants(granted.unregister, person, before.team)) return;
  throw refused("unregister", plan.identifier, ` ("${before.identifier}")`);
}

type Field = readonly ["updateProperties" | "updateRelations", string];

function refuseFields(
  plan: BlueprintPlan,
  granted: Granted,
  person: Person,
  owners: readonly string[],
  fields: readonly Field[],
): void {
  const wrong = fields.filter(([map, id]) => !grants(own(granted[map] ?? {}, id), person, owners));
  if (wrong.length === 0) return;
  const names = wrong.map(([map, id]) =>
    id.startsWith("$") ? id : `${map === "updateProperties" ? "properties" : "relations"}.${id}`,
  );
  throw refused("update", plan.identifier, `: ${names.join(", ")}`);
}

function changedFields(plan: BlueprintPlan, before: Entity | null, after: Entity): Field[] {
  const metas = [
    ["$title", before?.title ?? null, after.title],
    ["$icon", before?.icon ?? null, after.icon],
    ["$team", before?.team ?? [], after.team],
    ["$identifier", before?.identifier ?? null, after.identifier],
  ] as const;
  const has = (values: Readonly<Record<string, unknown>> | undefined, id: string): unknown =>
    values === undefined ? undefined : own(values, id);
  return [
    ...metas.filter(([, was, is]) => !sameJson(was, is)).map(([id]): Field => ["updateProperties", id]),
    ...[...plan.properties.keys()]
      .filter((id) => !sameJson(has(before?.properties, id), has(after.properties, id)))
      .map((id): Field => ["updateProperties", id]),
    ...[...plan.relations.keys()]
      .filter((id) => !sameJson(has(before?.relations, id), has(after.relations, id)))
      .map((id): Field => ["updateRelations", id]),
  ];
}

/** What is granted after a team got another name. */
export function withTeamRenamed(granted: Granted, from: string, to: string): Granted {
  const block = (before: Block): Block =>
    before.teams.includes(from)
      ? { ...before, teams: [...new Set(before.teams.map((team) => (team === from ? to : team)))] }
      : before;
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

/** Which entities of a blueprint somebody may read. */
export type Readable =
  | { readonly kind: "all" }
  /** Those of these teams, and those that match the query; nothing when there is neither. */
  | { readonly kind: "some"; readonly teams: readonly string[]; readonly policy: JsonObject | null };

const ALL: Readable = { kind: "all" };

/** Everybody reads unless `read` says otherwise; who may write an entity may read it. */
export function readableBy(person: Person, blueprint: string, granted: Granted): Readable {
  const { read } = granted;
  if (read === undefined || isUnrestricted(person, blueprint)) return ALL;
  const blocks = [
    read,
    ...OPERATIONS.flatMap((operation) => granted[operation] ?? []),
    ...Object.values(granted.updateProperties ?? {}),
    ...Object.values(granted.updateRelations ?? {}),
  ];
  if (blocks.some((block) => isPlainlyGranted(block, person))) return ALL;
  const isOwner = blocks.some((block) => block.ownedByTeam);
  return { kind: "some", teams: isOwner ? person.teams : [], policy: read.policy ?? null };
}

/** What somebody may do, as `GET /v1/auth/permissions` lists it. */
export function permissionNames(person: Person | undefined, blueprint: string, granted: Granted): string[] {
  const names = ["read", ...OPERATIONS].filter((operation) => {
    if (person === undefined || isUnrestricted(person, blueprint)) return true;
    if (operation === "read") {
      const readable = readableBy(person, blueprint, granted);
      return readable.kind === "all" || readable.teams.length > 0 || readable.policy !== null;
    }
    const block = granted[operation as Operation];
    return (
      block !== undefined &&
      (isPlainlyGranted(block, person) || (block.ownedByTeam && person.teams.length > 0))
    );
  });
  return names.map((operation) => `${operation}:entities:${blueprint}`);
}
