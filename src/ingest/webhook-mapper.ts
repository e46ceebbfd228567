/** How events of webhook data sources are mapped: by the definition as it is when they are worked off. */
import type { Ctx } from "../storage/context.ts";
import { readWebhookOf, type WebhookRow } from "../storage/webhooks.ts";
import { compileWebhookMapping, type MappingPlan, mapPayload } from "./mapping.ts";
import type { EventMapper } from "./event-mapper.ts";

const cache = new Map<string, { readonly at: number; readonly mapper: EventMapper }>();
const MAX_CACHED = 200;

/** Whose entities are the webhook's own. */
export const webhookDatasource = (identifier: string): string => `webhook/${identifier}`;

/** @param id what follows `webhook:` in the source. null: it is gone. @throws AppError when its mappings do not compile */
export async function findWebhookMapper(ctx: Ctx, id: string): Promise<EventMapper | null> {
  const row = await readWebhookOf(ctx.db, ctx.org, `webhook:${id}`);
  return row === null ? null : webhookMapper(row);
}

/** The same as long as the definition is. @throws AppError */
export function webhookMapper(row: WebhookRow): EventMapper {
  const key = `${row.org}\n${row.key}`;
  const at = row.updated_at.getTime();
  const known = cache.get(key);
  if (known?.at === at) return known.mapper;
  const mapper = mapperOf(row);
  if (cache.size >= MAX_CACHED) cache.clear();
  cache.set(key, { at, mapper });
  return mapper;
}

function mapperOf({ identifier, source: names, document }: WebhookRow): EventMapper {
  const mappings = document["mappings"];
  const plan: MappingPlan = compileWebhookMapping(mappings ?? []);
  return {
    source: {
      ...{ id: identifier, datasource: webhookDatasource(identifier), names },
      title: typeof document["title"] === "string" ? document["title"] : identifier,
      createMissingRelatedEntities: plan.createMissingRelatedEntities,
      ...{ enableMergeEntity: true, deletesOwnOnly: false },
    },
    map: ({ request, body }, now) => mapPayload(plan, null, { ...request, body }, { now }),
  };
}
