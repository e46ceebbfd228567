/** Credentials of apps and people, as every request with a token asks for them. */
import { sql } from "kysely";
import { USER_BLUEPRINT, type UserEntity } from "../model/user.ts";
import type { Db } from "./db.ts";
import { prepared } from "./prepared.ts";

export interface FoundCredential {
  readonly org: string;
  readonly secretHash: string;
  /** Whose they are; `none`: an app's; null: of a person who is gone. */
  readonly user: UserEntity | "none" | null;
}

interface Row {
  readonly org: string;
  readonly secret_hash: string;
  readonly person: string | null;
  /** null: there is no such entity. */
  readonly entity: Omit<UserEntity, "identifier"> | null;
}

/**
 * $1 client id, $2 blueprint of users. The person comes with the credentials, in one statement: tokens follow roles and
 * status at once. `offset 0` makes it one look-up by the primary key.
 */
const find = prepared<Row>(
  "credential",
  `select c.org, c.secret_hash, c.person,
    (select json_build_object('title', e.title, 'team', e.team, 'properties', e.properties) from entity e
      where e.org = c.org and e.blueprint = $2 and e.identifier = c.person offset 0) as entity
  from credential c where c.client_id = $1 and c.enabled`,
);

/** null: unknown or disabled. */
export async function findCredential(db: Db, clientId: string): Promise<FoundCredential | null> {
  const [row] = await find(db, clientId, USER_BLUEPRINT);
  if (row === undefined) return null;
  const { org, secret_hash: secretHash, person, entity } = row;
  if (person === null) return { org, secretHash, user: "none" };
  return { org, secretHash, user: entity === null ? null : { identifier: person, ...entity } };
}

/** Unless they were changed meanwhile. */
export async function renewSecretHash(
  db: Db,
  org: string,
  clientId: string,
  old: string,
  fresh: string,
): Promise<void> {
  await sql`
    update credential set secret_hash = ${fresh}
    where org = ${org} and client_id = ${clientId} and secret_hash = ${old}`.execute(db);
}
