/** What entities show of others: the owners that they inherit first, for mirrors may lead over these. */
import { OWNERS } from "../model/derive-team.ts";
import { type Entity, own as valueAt } from "../model/entity.ts";
import { isStringArray } from "../model/json.ts";
import type { Db } from "../storage/db.ts";
import type { OwnDefinitions, Values } from "./derive-own.ts";
import { mirrorValues } from "./mirror.ts";

export interface Shown {
  readonly team: readonly string[];
  readonly mirrors: Values;
}

/** @param ahead entities as they will be, where that is not stored yet. @returns for each entity, in order */
export async function ownMirrors(
  db: Db,
  org: string,
  entities: readonly Entity[],
  own: OwnDefinitions,
  ahead: readonly Entity[] = [],
): Promise<Shown[]> {
  const { owners, mirrors } = own;
  const shown = owners === null ? [] : await mirrorValues(db, org, entities, [owners], ahead);
  const owned =
    owners === null ? entities : entities.map((entity, i) => ({ ...entity, team: teamOf(shown[i]) }));
  const values = mirrors.length === 0 ? [] : await mirrorValues(db, org, owned, mirrors, ahead);
  return owned.map(({ team }, i) => ({ team, mirrors: values[i] ?? {} }));
}

/** Each once. */
function teamOf(shown: Values | undefined): readonly string[] {
  const teams = shown === undefined ? undefined : valueAt(shown, OWNERS);
  return isStringArray(teams) ? [...new Set(teams)] : [];
}
