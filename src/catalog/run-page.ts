/** One page of a search, within the limit of searches. */
import type { Ctx } from "../storage/context.ts";
import { type FoundPage, type Page, runSearch, type Search, searchStatement } from "../storage/search.ts";
import { isOfResults, resultPage } from "./rule-results.ts";
import { limited, noteSlow, SEARCH_LIMIT_MS } from "./search-plan.ts";

/** @throws AppError `search_timeout` */
export async function runPage(
  ctx: Ctx,
  search: Search,
  page: Page,
  limitMs = SEARCH_LIMIT_MS,
): Promise<FoundPage> {
  if (isOfResults(search)) {
    const after = page.after === null ? null : { ...page.after, values: [] };
    return resultPage(ctx, search, [], { limit: page.limit, after }, limitMs);
  }
  const { statement, wishes } = searchStatement(search, page);
  return limited(ctx, (db) => noteSlow(ctx, wishes, () => runSearch(db, statement)), limitMs);
}
