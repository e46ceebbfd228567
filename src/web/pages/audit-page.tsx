import { Button } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { lazy, Suspense, useCallback, useMemo, useRef } from "react";
import { isRefused } from "../api/is-gone.ts";
import { useFollow } from "../api/live.tsx";
import { useIsAdmin } from "../api/use-is-admin.ts";
import { AuditFilterBar } from "../audit/audit-filters.tsx";
import { AuditTable } from "../audit/audit-table.tsx";
import { ExportEvents } from "../audit/export-events.tsx";
import { auditPagesQuery } from "../audit/queries.ts";
import { AUDIT_TABS, type AuditView, decodeAudit, encodeAudit, isWithSystem } from "../lib/audit-search.ts";
import { plural } from "../lib/format.ts";
import { browserTimeZone } from "../lib/time-zone.ts";
import { Bone } from "../parts/bone.tsx";
import { Empty } from "../parts/empty.tsx";
import { ErrorPanel } from "../parts/error-panel.tsx";
import { NoPermission } from "../parts/no-permission.tsx";
import { Notice } from "../parts/notice.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { SlowNote } from "../parts/slow-note.tsx";
import { TabStrip } from "../parts/tab-strip.tsx";

const EventDrawer = lazy(() =>
  import("../audit/event-drawer.tsx").then((module) => ({ default: module.EventDrawer })),
);

const route = getRouteApi("/app/audit");
const TIME_ZONE = browserTimeZone();

/** Changes what the address says by then: a typed filter is written later than it was drawn. */
type Go = (change: Partial<AuditView> | ((now: AuditView) => Partial<AuditView>), replace?: boolean) => void;

/** Who changed what, when, from where, and what it was before. */
export function AuditPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { view, problems } = useMemo(() => decodeAudit(search), [search]);
  const go: Go = (change, replace = false) =>
    void navigate({
      search: (now) => {
        const before = decodeAudit(now).view;
        return encodeAudit({ ...before, ...(typeof change === "function" ? change(before) : change) });
      },
      replace,
      resetScroll: false,
    });
  // Others read of one entity or run, on its page or by its address here.
  if (!useIsAdmin() && view.filters.entity === undefined && view.filters.run === undefined)
    return (
      <div className="stack">
        <PageHead title="Audit log" />
        <WholeLog />
      </div>
    );
  return (
    <div className="stack">
      <PageHead title="Audit log" actions={<ExportEvents view={view} timeZone={TIME_ZONE} />}>
        What people, API credentials and data sources changed, and what they were refused. What Fairway worked
        out by itself is shown on demand.
      </PageHead>
      {problems.length > 0 ? (
        <Notice
          action={
            <Button size="compact-xs" variant="default" onClick={() => go({}, true)}>
              Dismiss
            </Button>
          }
        >
          Part of the address could not be used: {problems.join("; ")}.
        </Notice>
      ) : null}
      <TabStrip label="Kinds of events">
        {AUDIT_TABS.map(({ value, label }) => (
          <Link
            key={value}
            to="/audit"
            search={encodeAudit({ ...view, tab: value, event: null })}
            aria-current={view.tab === value ? "page" : undefined}
            activeOptions={{ exact: true, includeSearch: true }}
            resetScroll={false}
          >
            {label}
          </Link>
        ))}
      </TabStrip>
      <AuditFilterBar
        filters={view.filters}
        onChange={(patch) => go(({ filters }) => ({ filters: { ...filters, ...patch } }))}
        onClear={() => go({ filters: {} })}
      />
      <Events view={view} go={go} />
    </div>
  );
}

const WholeLog = () => (
  <NoPermission title="The whole log is for administrators">
    What happened to one entity is on its page, under “Audit log”.
  </NoPermission>
);

function Events({ view, go }: { view: AuditView; go: Go }) {
  const follow = useFollow();
  const pages = useInfiniteQuery({
    ...auditPagesQuery(view, TIME_ZONE),
    // Refusals and settings give no hint; what is far down is not asked for again and again.
    refetchInterval: (query) => ((query.state.data?.pages.length ?? 0) <= 2 ? follow : false),
  });
  const opener = useRef<HTMLElement | null>(null);
  const { fetchNextPage, error } = pages;
  const onMore = useCallback(() => void fetchNextPage(), [fetchNextPage]);
  const events = useMemo(() => pages.data?.pages.flatMap((page) => page.events) ?? [], [pages.data]);
  const isFiltered = Object.keys(view.filters).length > 0 || view.tab !== "all";

  if (isRefused(error)) return <WholeLog />;
  return (
    <>
      {error ? (
        <ErrorPanel what="load the audit log" error={error} onRetry={() => void pages.refetch()} />
      ) : null}
      {pages.data === undefined ? (
        error ? null : (
          <div aria-busy>
            <SlowNote what="the audit log" />
            <Bone height={420} />
          </div>
        )
      ) : events.length === 0 ? (
        <Empty title={isFiltered ? "No event matches" : "Nothing happened yet"}>
          {isFiltered ? null : <p>Events come with the first change, whoever makes it.</p>}
          <div className="row">
            {isWithSystem(view.filters) ? null : (
              <Button
                size="xs"
                variant="default"
                onClick={() => go(({ filters }) => ({ filters: { ...filters, system: "shown" } }))}
              >
                Also what Fairway wrote by itself
              </Button>
            )}
            {isFiltered ? (
              <Button
                size="xs"
                variant="default"
                onClick={() => go({ filters: {}, tab: "all", event: null })}
              >
                Clear every filter
              </Button>
            ) : null}
          </div>
        </Empty>
      ) : (
        <>
          <p className="muted small" role="status">
            {plural(events.length, "event")}
            {pages.hasNextPage ? " loaded, more below" : ""}
            {pages.data.pages.at(-1)?.isStuck === true
              ? "; more share one moment than can be listed: filter for them"
              : ""}
          </p>
          <AuditTable
            events={events}
            selected={view.event}
            more={pages.hasNextPage && !pages.isFetchingNextPage}
            onMore={onMore}
            onOpen={(event) => {
              opener.current = document.activeElement as HTMLElement | null;
              go({ event });
            }}
            busy={pages.isFetching && pages.isPlaceholderData}
          />
        </>
      )}
      <Suspense>
        {view.event === null ? null : (
          <EventDrawer
            identifier={view.event}
            onClose={() => {
              go({ event: null }, true);
              setTimeout(() => opener.current?.focus(), 0);
            }}
          />
        )}
      </Suspense>
    </>
  );
}
