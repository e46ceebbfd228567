/** What an exporter wrote last, for its reconciliation (data-model.md §4.8, workflows.md §1.2.6). */
import type { EntityKey } from "../model/entity.ts";
import { invalid } from "../model/error.ts";
import { parseInstant } from "../model/instant.ts";
import type { Ctx } from "../storage/context.ts";
import { datasourceEntities } from "../storage/entity-pages.ts";
import { readableKeys } from "./readable-keys.ts";

export interface DatasourceQuestion {
  readonly datasource_prefix: string;
  readonly datasource_suffix: string;
  readonly limit?: number | undefined;
  readonly from?: string | null | undefined;
  readonly before?: string | null | undefined;
}

const DEFAULT_LIMIT = 1000;

/** A page in key order; `next` is null on the last. @throws AppError invalid_request for a wrong time or cursor */
export async function findDatasourceEntities(
  ctx: Ctx,
  question: DatasourceQuestion,
): Promise<{ entities: EntityKey[]; next: string | null }> {
  const { datasource_prefix: prefix, datasource_suffix: suffix, limit = DEFAULT_LIMIT } = question;
  const before = timeOf(question.before);
  let after = placeOf(question.from);
  const readable: EntityKey[] = [];
  // Until there is one more than a page of them: the cursor names the last, so it must be one that may be read.
  for (;;) {
    const range = { prefix, suffix, before, after, limit: limit + 1 };
    const found = await datasourceEntities(ctx.db, ctx.org, range);
    readable.push(...found.filter(await readableKeys(ctx, found)));
    after = found.at(-1) ?? null;
    if (readable.length > limit || found.length <= limit) break;
  }
  const entities = readable.slice(0, limit);
  const last = entities.at(-1);
  return { entities, next: readable.length > limit && last !== undefined ? cursorOf(last) : null };
}

/** Exporters send times with and without an offset; without one it is UTC. */
function timeOf(text: string | null | undefined): Date | null {
  if (text === undefined || text === null || text === "") return null;
  const at = parseInstant(text) ?? parseInstant(`${text}Z`);
  if (at === null) throw invalid(`before ${JSON.stringify(text.slice(0, 60))} is not an ISO date-time`);
  return new Date(at);
}

const cursorOf = ({ blueprint, identifier }: EntityKey): string =>
  Buffer.from(JSON.stringify([blueprint, identifier])).toString("base64url");

function placeOf(cursor: string | null | undefined): EntityKey | null {
  if (cursor === undefined || cursor === null || cursor === "") return null;
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, "base64url").toString("utf8"));
    if (Array.isArray(value) && typeof value[0] === "string" && typeof value[1] === "string")
      if (!`${value[0]}${value[1]}`.includes("\u0000") && cursor.length < 10_000)
        return { blueprint: value[0], identifier: value[1] };
  } catch {
    // falls through to the refusal
  }
  throw invalid("from is not a cursor: send the `next` of the page before, unchanged");
}
