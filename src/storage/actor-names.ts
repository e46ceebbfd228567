/** What people and programs are called whose ids stand beside what they did. */
import { sql } from "kysely";
import { USER_BLUEPRINT } from "../model/user.ts";
import type { Db } from "./db.ts";

export interface NamedActor {
  readonly id: string;
  readonly kind: "user" | "app" | "source" | "erased";
  readonly name: string | null;
}

/** Those that are known, in one statement; each id is looked up by a primary key; one may be of several. */
export async function readActorNames(db: Db, org: string, ids: readonly string[]): Promise<NamedActor[]> {
  const asked = sql`any(${[...ids]}::text[])`;
  const { rows } = await sql<NamedActor>`
    select identifier as id, 'user' as kind, title as name from entity
      where org = ${org} and blueprint = ${USER_BLUEPRINT} and identifier = ${asked}
    union all
    select client_id, 'app', name from credential
      where org = ${org} and person is null and client_id = ${asked}
    union all
    select id, 'source', title from data_source where org = ${org} and id = ${asked}
    union all
    select identifier, 'source', document ->> 'title' from webhook
      where org = ${org} and identifier = ${asked}
    union all
    select id, 'erased', null from erasure where org = ${org} and id = ${asked}`.execute(db);
  return rows;
}
