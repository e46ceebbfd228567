/** What somebody may do with the entities of a blueprint, by what was granted on it (data-model.md §8.4, §8.5). */
import type { Person } from "./actor.ts";
import type { BlueprintPlan } from "./blueprint.ts";
import { type Entity, own } from "./entity.ts";
import { AppError } from "./error.ts";
import { type JsonObject, sameJson } from "./json.ts";
import { type Block, type Granted, isDefault, METAS, type Operation, OPERATIONS } from "./permission.ts";
import { isAdmin, moderatorOf } from "./user.ts";

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
    // Inherited owners are changed by nobody who writes this entity.
    ["$team", before?.team ?? [], plan.ownership === "inherited" ? (before?.team ?? []) : after.team],
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

/** What somebody may do with one entity: everything it names, nothing else. */
export interface EntityRights {
  readonly unregister: boolean;
  /** Properties that may be changed, `$title`, `$identifier`, `$icon` and `$team` among them. */
  readonly properties: readonly string[];
  readonly relations: readonly string[];
}

/** By the same grants that a write is checked against. @param person null: nobody's permissions count */
export function rightsOn(
  plan: BlueprintPlan,
  granted: Granted,
  person: Person | null,
  owners: readonly string[],
): EntityRights {
  const isFree = person === null || isUnrestricted(person, plan.identifier);
  const may = (block: Block | undefined): boolean => isFree || grants(block, person, owners);
  const mayAll = may(granted.update);
  const named = (ids: Iterable<string>, blocks: Readonly<Record<string, Block>> = {}): string[] =>
    [...ids].filter((id) => mayAll || may(own(blocks, id)));
  return {
    unregister: may(granted.unregister),
    properties: named([...METAS, ...plan.properties.keys()], granted.updateProperties),
    relations: named(plan.relations.keys(), granted.updateRelations),
  };
}
