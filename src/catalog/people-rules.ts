/** What `_user` and `_team` entities must be, whichever way they are written (data-model.md §3.12, §8.2, §8.3). */
import type { Actor } from "../model/actor.ts";
import type { Entity } from "../model/entity.ts";
import { AppError, invalid } from "../model/error.ts";
import { requireFreshProof } from "../model/fresh-proof.ts";
import { covers } from "../model/scope.ts";
import { TEAM_BLUEPRINT } from "../model/query-graph.ts";
import {
  checkEmail,
  isAdmin,
  isServiceAddress,
  rolesOf,
  SERVICE_ACCOUNT,
  statusOf,
  typeOf,
  USER_BLUEPRINT,
} from "../model/user.ts";

export const isPeople = (blueprint: string): boolean =>
  blueprint === USER_BLUEPRINT || blueprint === TEAM_BLUEPRINT;

/** Who may write them, whatever was granted: what they hold decides what people may do. @throws AppError forbidden */
export function checkPeopleWriter(actor: Actor, blueprint: string): void {
  const { person, scopes } = actor;
  if (!isPeople(blueprint)) return;
  // Roles are settings: a token for the catalog must not make its owner an administrator.
  if (scopes !== undefined && !covers(scopes, "settings", true))
    throw new AppError(
      "forbidden",
      `the token lacks the scope settings:write, which entities of blueprint "${blueprint}" take`,
    );
  if (person !== undefined && !isAdmin(person))
    throw new AppError("forbidden", `only administrators may change entities of blueprint "${blueprint}"`);
  if (blueprint === USER_BLUEPRINT) requireFreshProof(actor);
}

const isAdministrator = (user: Entity): boolean => rolesOf(user).includes("Admin");

/** The entity as it is to be stored. @throws AppError */
export function settlePeople(actor: Actor, before: Entity | null, after: Entity): Entity {
  checkPeopleWriter(actor, after.blueprint);
  if (after.blueprint === TEAM_BLUEPRINT)
    return after.title === null || after.title === "" ? { ...after, title: after.identifier } : after;
  if (after.blueprint !== USER_BLUEPRINT) return after;
  checkEmail(after.identifier, "identifier");
  const isService = typeOf(after) === SERVICE_ACCOUNT;
  if (isService !== isServiceAddress(after.identifier))
    throw invalid(
      isService
        ? `identifier "${after.identifier}": service accounts are called <name>@serviceaccounts.<domain>`
        : `properties.port_type: "${after.identifier}" is an address of service accounts, so it must be "${SERVICE_ACCOUNT}"`,
    );
  const { person } = actor;
  if (person?.email === after.identifier && before !== null && statusOf(before) !== statusOf(after))
    throw new AppError("forbidden", "nobody can change their own status");
  // With this there is always an administrator left: whoever took the role from the last other one.
  if (
    person?.email === after.identifier &&
    before !== null &&
    isAdministrator(before) &&
    !isAdministrator(after)
  )
    throw new AppError(
      "forbidden",
      "nobody can give up their own role of administrator, so that one is always left: another administrator can take it",
    );
  return after;
}
