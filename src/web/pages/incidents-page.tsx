import { Button } from "@mantine/core";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { lazy, Suspense, useMemo } from "react";
import { useFollow } from "../api/live.tsx";
import { entityTitleQuery } from "../catalog/entity-title.ts";
import { Crumbs } from "../dora/crumbs.tsx";
import { chosenIn, ScopeAndWindow, ZoneSelect } from "../dora/filter-bar.tsx";
import { FoldedFilters } from "../dora/folded-filters.tsx";
import { IncidentList } from "../dora/incident-list.tsx";
import { incidentsQuery } from "../dora/incident-queries.ts";
import { LoadMore } from "../dora/load-more.tsx";
import { reviewRows, waitingCount } from "../dora/review-list.ts";
import { useDecisions } from "../dora/use-decisions.ts";
import { wayOf } from "../lib/deployment-search.ts";
import { type DoraQuery } from "../lib/dora-search.ts";
import { plural, windowText } from "../lib/format.ts";
import {
  decodeIncidentSearch,
  encodeIncidentSearch,
  SHOWS,
  type IncidentQuery,
  type Show,
} from "../lib/incident-search.ts";
import { Bone } from "../parts/bone.tsx";
import type { Chip } from "../parts/chips.tsx";
import { Empty } from "../parts/empty.tsx";
import { ErrorPanel } from "../parts/error-panel.tsx";
import { Notice } from "../parts/notice.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { Pick } from "../parts/pick.tsx";
import { SlowNote } from "../parts/slow-note.tsx";

const CauseDrawer = lazy(async () => ({
  default: (await import("../dora/cause-drawer.tsx")).CauseDrawer,
}));

const route = getRouteApi("/app/dora/incidents");

const LABELS: Record<Show, string> = {
  review: "To review",
  linked: "Caused by a deployment",
  unlinked: "Without a deployment as cause",
  all: "All incidents",
};

/** Which deployment caused each incident, by which rule and how surely: to confirm or change. */
export function IncidentsPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { query, problems } = useMemo(() => decodeIncidentSearch(search), [search]);
  const edit = (change: (now: IncidentQuery) => IncidentQuery, replace: boolean): void =>
    void navigate({
      search: (now) => encodeIncidentSearch(change(decodeIncidentSearch(now).query)),
      replace,
      resetScroll: false,
      ignoreBlocker: true,
    });
  const go = (patch: Partial<IncidentQuery>, replace = false) =>
    edit((now) => ({ ...now, ...patch }), replace);
  const change = (patch: Partial<DoraQuery>) =>
    edit(
      (now) => ({
        ...now,
        measured: { ...now.measured, ...("scope" in patch ? { trail: [] } : {}), ...patch },
        correct: null,
      }),
      false,
    );

  const { scope } = query.measured;
  const { data: title } = useQuery({
    ...entityTitleQuery(scope?.blueprint ?? "", scope?.entity ?? ""),
    enabled: scope !== null,
  });
  const named = scope && title ? { scope: { ...scope, title } } : undefined;
  const shown: Chip[] =
    query.show === "review"
      ? []
      : [
          {
            ...{ key: "show", text: LABELS[query.show], removal: `Remove filter ${LABELS[query.show]}` },
            onRemove: () => go({ show: "review", correct: null }),
          },
        ];

  return (
    <div className="stack">
      <PageHead
        title="Incidents and their causes"
        crumbs={
          <Crumbs
            query={query.measured}
            way={query.measured.scope ? [...query.measured.trail, query.measured.scope] : []}
          >
            Incidents
          </Crumbs>
        }
      >
        Incidents with the deployment that caused each, the rule that found it and its confidence. “Confirm”
        makes a decision of what the rule found, “Change cause” names another deployment or none. A decision
        beats the rule, and can be undone or changed.
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
      <FoldedFilters chips={[...chosenIn(query.measured, named, change), ...shown]}>
        <ScopeAndWindow query={query.measured} window={undefined} onChange={change} />
        <Pick
          label="Show"
          data={SHOWS.map((value) => ({ value: value as string, label: LABELS[value] }))}
          value={query.show}
          onChange={(value) => go({ show: SHOWS.find((one) => one === value) ?? "review", correct: null })}
        />
        <ZoneSelect timezone={query.measured.timezone} onChange={(timezone) => change({ timezone })} />
      </FoldedFilters>
      {/* Other filters, another list: what was decided in the last one stays behind. */}
      <Queue key={JSON.stringify(encodeIncidentSearch({ ...query, correct: null }))} query={query} go={go} />
    </div>
  );
}

function Queue({
  query,
  go,
}: {
  query: IncidentQuery;
  go: (patch: Partial<IncidentQuery>, replace?: boolean) => void;
}) {
  const { measured, show, correct } = query;
  const tools = useDecisions();
  const follow = useFollow();
  const list = useInfiniteQuery({
    ...incidentsQuery(query),
    // A decision is in the list a moment later.
    refetchInterval: tools.decisions.size > 0 ? follow : false,
  });
  const pages = list.data?.pages ?? [];
  const [first] = pages;
  const window = first?.window;
  const listed = pages.flatMap(({ incidents }) => incidents);
  const total = pages.at(-1)?.total ?? 0;
  const shown = show === "review" ? waitingCount(total, listed, tools.decisions) : total;
  const rows = reviewRows(listed, tools.decisions);

  return (
    <>
      {list.error ? (
        <ErrorPanel what="load the incidents" error={list.error} onRetry={() => void list.refetch()} />
      ) : null}
      {window ? (
        <>
          <p className="muted" role="status">
            {plural(shown, "incident")}
            {show === "review" ? " to review" : ""}, begun{" "}
            {windowText(window.from, window.to, window.timezone)} ({window.timezone})
          </p>
          {rows.length === 0 ? (
            <NoneHere show={show} onAll={() => go({ show: "all" })} />
          ) : (
            <>
              <p className="muted small">
                Arrow keys move between incidents, Enter confirms and undoes, Tab leads to “Change cause”.
              </p>
              <IncidentList
                rows={rows}
                timezone={measured.timezone}
                way={wayOf(measured)}
                tools={tools}
                onCorrect={(key) => go({ correct: key })}
              />
              <LoadMore
                shown={listed.length}
                total={total}
                more={list.hasNextPage}
                busy={list.isFetchingNextPage}
                onMore={() => void list.fetchNextPage()}
              />
            </>
          )}
        </>
      ) : list.error ? null : (
        <div className="stack" aria-busy>
          <SlowNote what="the incidents" />
          {[1, 2, 3].map((row) => (
            <div key={row} className="card">
              <Bone height={72} />
            </div>
          ))}
        </div>
      )}
      <Suspense>
        {correct === null ? null : (
          <CauseDrawer
            key={correct}
            reference={correct}
            timezone={measured.timezone}
            onDecide={tools.decide}
            onClose={() => go({ correct: null }, true)}
          />
        )}
      </Suspense>
    </>
  );
}

function NoneHere({ show, onAll }: { show: Show; onAll: () => void }) {
  if (show === "all")
    return (
      <Empty title="No incident began in this window">
        <p>
          Choose a longer window or the whole organisation. Incidents come from{" "}
          <Link to="/sources">data sources</Link>, webhooks and the API.
        </p>
      </Empty>
    );
  return (
    <Empty title={show === "review" ? "Nothing to review" : "No such incident in this window"}>
      {show === "review" ? (
        <p>Every incident of this window names its cause itself, or somebody decided it.</p>
      ) : null}
      <Button size="xs" variant="default" onClick={onAll}>
        Show all incidents
      </Button>
    </Empty>
  );
}
