/** A database that notes the text of every statement. */
import { createQueryId, type Kysely } from "kysely";
import type { Tables } from "../../src/storage/tables.ts";

export function countStatements(kysely: Kysely<Tables>): {
  readonly db: Kysely<Tables>;
  readonly statements: readonly string[];
} {
  const statements: string[] = [];
  const db = kysely.withPlugin({
    transformQuery: ({ node }) => {
      statements.push(kysely.getExecutor().compileQuery(node, createQueryId()).sql);
      return node;
    },
    transformResult: ({ result }) => Promise.resolve(result),
  });
  return { db, statements };
}
