/** What may be read of a blueprint, as a condition of a statement that is no search. */
import type { Blueprints } from "../model/query-graph.ts";
import type { QueryGroup } from "../model/query-nodes.ts";
import { withClause } from "../storage/aggregate.ts";
import type { Ctx } from "../storage/context.ts";
import type { Seen } from "../storage/level-history.ts";
import { startCompilation } from "../storage/search-compilation.ts";
import { compile } from "../storage/search-compile.ts";
import { personValues } from "./search-person.ts";

/** @param query what may be read */
export async function seenOf(
  ctx: Ctx,
  blueprint: string,
  query: QueryGroup,
  blueprints: Blueprints,
): Promise<Seen> {
  const compilation = startCompilation({
    ...{ org: ctx.org, now: ctx.now(), within: new Set([blueprint]), blueprints },
    ...(await personValues(ctx, [query])),
  });
  const where = compile(query, compilation);
  return { withClause: withClause([...compilation.walks.values()].flatMap(({ ctes }) => ctes)), where };
}
