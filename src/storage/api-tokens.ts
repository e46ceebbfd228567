/** Tokens of people and service accounts, as every request with one asks for them. */
import { USER_BLUEPRINT, type UserEntity } from "../model/user.ts";
import type { Db } from "./db.ts";
import { prepared } from "./prepared.ts";

export interface FoundApiToken {
  readonly org: string;
  readonly id: string;
  readonly scopes: readonly string[];
  readonly lastUsedAt: Date | null;
  readonly user: UserEntity;
}

interface Row {
  readonly org: string;
  readonly id: string;
  readonly person: string;
  readonly scopes: readonly string[];
  readonly last_used_at: Date | null;
  /** null: there is no such entity. */
  readonly entity: Omit<UserEntity, "identifier"> | null;
}

/** $1 hash, $2 blueprint of users, $3 now. As in credentials.ts the person comes along. */
const find = prepared<Row>(
  "api_token",
  `select t.org, t.id, t.person, t.scopes, t.last_used_at,
    (select json_build_object('title', e.title, 'team', e.team, 'properties', e.properties) from entity e
      where e.org = t.org and e.blueprint = $2 and e.identifier = t.person offset 0) as entity
  from api_token t where t.token_hash = $1 and (t.expires_at is null or t.expires_at > $3::timestamptz)`,
);

/** null: unknown, expired, or of a person who is gone. */
export async function findApiToken(db: Db, tokenHash: string, now: Date): Promise<FoundApiToken | null> {
  const [row] = await find(db, tokenHash, USER_BLUEPRINT, now.toISOString());
  if (row === undefined || row.entity === null) return null;
  const { org, id, scopes, last_used_at: lastUsedAt, person, entity } = row;
  return { org, id, scopes, lastUsedAt, user: { identifier: person, ...entity } };
}
