/** Questions about the audit log. Their keys begin with `entities`, so that a hint of a change asks again. */
import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { getJson, type Params } from "../api/client.ts";
import type { AuditEvent } from "../catalog/queries.ts";
import { AUDIT_TABS, type AuditView, isWithSystem } from "../lib/audit-search.ts";
import { addDays, startOfDay } from "../lib/time-zone.ts";

const PAGE = 200;
/** What the server gives at once at most. */
const MOST = 1000;
/** What rows show; the documents before and after come with the details. */
const ROW = "identifier,action,resourceType,status,trigger,context,additionalData,message";

/** Days are those of the reader's zone. */
function auditParams({ tab, filters }: AuditView, timeZone: string): Params {
  const resources = AUDIT_TABS.find(({ value }) => value === tab)?.resources ?? [];
  const { from, to } = filters;
  return {
    resources: resources.join(","),
    blueprint: filters.blueprint,
    entity: filters.entity,
    run_id: filters.run,
    webhookId: filters.webhook,
    webhookEventId: filters.delivery,
    InstallationId: filters.installation,
    origin: filters.origin,
    action: filters.action,
    actor: filters.actor,
    actionType: filters.actionType,
    status: filters.status,
    system: isWithSystem(filters) ? undefined : "false",
    from: from === undefined ? undefined : startOfDay(from, timeZone).toISOString(),
    to: to === undefined ? undefined : startOfDay(addDays(to, 1), timeZone).toISOString(),
  };
}

interface Page {
  readonly events: readonly AuditEvent[];
  /** Where the next page begins; null: this was the last. */
  readonly next: string | null;
  /** More events share a moment than are given at once: what is behind them cannot be reached without a filter. */
  readonly isStuck: boolean;
}

/**
 * A page of events older than `to`. The log has no cursor: the next page begins at the time of the last event, and what
 * was there already is left out.
 */
async function readPage(
  params: Params,
  before: string | null,
  seen: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<Page> {
  // The end is not included, and several events may have the time of the last one.
  const to = before === null ? params["to"] : new Date(Date.parse(before) + 1).toISOString();
  let events: readonly AuditEvent[] = [];
  for (const limit of [PAGE, MOST]) {
    const { audits } = await getJson<{ audits: AuditEvent[] }>(
      "/v1/audit-log",
      { ...params, to, limit },
      signal,
    );
    events = audits.filter(({ identifier }) => !seen.has(identifier));
    const last = audits.at(-1);
    if (audits.length < limit || last === undefined) return { events, next: null, isStuck: false };
    if (events.length > 0 && last.trigger.at !== before)
      return { events, next: last.trigger.at, isStuck: false };
  }
  return { events, next: null, isStuck: true };
}

export const auditPagesQuery = (view: AuditView, timeZone: string) => {
  const params: Params = { ...auditParams(view, timeZone), includes: ROW };
  return infiniteQueryOptions({
    queryKey: ["entities", "audit", "pages", params],
    queryFn: async ({ pageParam, signal, direction: _direction }) =>
      readPage(params, pageParam?.before ?? null, new Set(pageParam?.seen), signal),
    initialPageParam: null as { before: string; seen: readonly string[] } | null,
    getNextPageParam: ({ next }, pages) =>
      next === null
        ? null
        : {
            before: next,
            seen: pages
              .flatMap(({ events }) => events)
              .filter(({ trigger }) => trigger.at === next)
              .map(({ identifier }) => identifier),
          },
    placeholderData: keepPreviousData,
    retry: false,
  });
};

export const auditEventQuery = (identifier: string) =>
  queryOptions({
    queryKey: ["entities", "audit", "event", identifier],
    queryFn: ({ signal }) => getJson<{ audits: AuditEvent[] }>("/v1/audit-log", { identifier }, signal),
    select: ({ audits }) => audits[0] ?? null,
    staleTime: Number.POSITIVE_INFINITY,
  });

/** So many are exported at most; the file says when there are more. */
export const EXPORT_LIMIT = 20_000;

/** Every event that matches, newest first, with what was before and after. */
export async function readEveryEvent(
  view: AuditView,
  timeZone: string,
  onProgress: (done: number) => void,
  signal: AbortSignal,
): Promise<{ events: AuditEvent[]; isAll: boolean }> {
  const params = auditParams(view, timeZone);
  const events: AuditEvent[] = [];
  let before: string | null = null;
  while (events.length < EXPORT_LIMIT) {
    const seen = new Set(events.slice(-MOST).map(({ identifier }) => identifier));
    const page: Page = await readPage(params, before, seen, signal);
    events.push(...page.events);
    onProgress(events.length);
    if (page.next === null) return { events, isAll: !page.isStuck };
    before = page.next;
  }
  return { events, isAll: false };
}
