/** Which services a question is about, and since when they belong to it. */
import type { Span } from "../../dora/ownership.ts";
import { planOf } from "../../model/blueprint.ts";
import { AppError, notFound } from "../../model/error.ts";
import { parseQuery } from "../../model/query.ts";
import { contextRefs, type QueryGroup } from "../../model/query-nodes.ts";
import type { Sight } from "../../model/sight.ts";
import type { Ctx } from "../../storage/context.ts";
import { blueprintIdentifiers } from "../../storage/dora-settings.ts";
import { matchingEntities } from "../../storage/dora-matching.ts";
import { spansOf } from "../../storage/dora-ownership.ts";
import type { OwnedSpan } from "../../storage/dora-scope.ts";
import { readBlueprints } from "../../storage/search-catalog.ts";
import { requireScope, servicesInSight } from "./within-sight.ts";

export interface Scope {
  readonly blueprint: string | null;
  readonly entity: string | null;
  readonly title: string;
  /** Null = the whole organisation, also rows that name no service. */
  readonly services: readonly string[] | null;
  /** When each of them belonged to it; null = always. */
  readonly owned: readonly OwnedSpan[] | null;
}

export interface ScopeInput {
  readonly blueprint?: string;
  readonly entity?: string;
  readonly query?: string;
}

/** @throws AppError not_found, forbidden, invalid_request (query) */
export async function parseScope(
  ctx: Ctx,
  input: ScopeInput,
  serviceBlueprint: string,
  timezone: string,
  sight: Sight | null,
): Promise<Scope> {
  const { entity } = input;
  const blueprint = input.blueprint || (entity === undefined ? null : serviceBlueprint);
  const matching = await matchingServices(ctx, input.query, serviceBlueprint);
  const counted = async (services: readonly string[] | null): Promise<readonly string[] | null> => {
    const asked =
      matching === null ? services : (services?.filter((one) => matching.has(one)) ?? [...matching]);
    return servicesInSight(ctx, sight, serviceBlueprint, asked);
  };
  if (entity === undefined || blueprint === null)
    return { blueprint, entity: null, title: "Organisation", services: await counted(null), owned: null };
  await requireScope(sight, blueprint, entity);
  const found = await spansOf(ctx.db, ctx.org, serviceBlueprint, { blueprint, entity, timezone });
  if (found === null) throw notFound(blueprint, entity);
  const { spans } = found;
  const isBounded = spans.some(({ from, to }) => from !== null || to !== null);
  return {
    ...{ blueprint, entity, title: found.title ?? entity },
    services: await counted([...new Set(spans.map(({ service }) => service))]),
    owned: isBounded ? spans.map(({ service, from, to }) => ({ service, from, to })) : null,
  };
}

export const spanOf = ({ from, to }: OwnedSpan): Span => ({
  from: from?.getTime() ?? null,
  to: to?.getTime() ?? null,
});

/** Services that fulfil the query; null without one. */
async function matchingServices(
  ctx: Ctx,
  text: string | undefined,
  serviceBlueprint: string,
): Promise<ReadonlySet<string> | null> {
  if (text === undefined || text === "") return null;
  const query = parseServiceQuery(text);
  const { db, org } = ctx;
  const documents = await readBlueprints(db, org, await blueprintIdentifiers(db, org));
  const plans = documents.map(({ document }) => planOf(document));
  const blueprints = new Map(plans.map((plan) => [plan.identifier, plan]));
  if (!blueprints.has(serviceBlueprint)) return new Set();
  return matchingEntities(db, org, { blueprints, blueprint: serviceBlueprint, query, now: ctx.now() });
}

/** @throws AppError invalid_request */
function parseServiceQuery(text: string): QueryGroup {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new AppError(
      "invalid_request",
      `query (value ${JSON.stringify(text.slice(0, 100))}) must be a search query as JSON: {"combinator": "and", "rules": […]}`,
    );
  }
  const query = parseQuery(value, "query");
  if (contextRefs(query).length > 0)
    throw new AppError(
      "invalid_request",
      "query must not ask for values of the person who asks: numbers are the same for everybody",
    );
  refuseWalks(query, "query");
  return query;
}

function refuseWalks({ rules }: QueryGroup, at: string): void {
  rules.forEach((rule, index) => {
    const here = `${at}.rules[${index}]`;
    if (rule.kind === "group") refuseWalks(rule, here);
    else if (rule.kind === "relatedTo" || rule.kind === "path")
      throw new AppError(
        "invalid_request",
        `${here} must ask about a property or relation of the service itself; blueprint and entity choose by relations`,
      );
  });
}
