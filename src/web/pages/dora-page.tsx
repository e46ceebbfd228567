import { Button } from "@mantine/core";
import { useQuery, useQueryClient, type UseQueryResult } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { isGone, isRefused } from "../api/is-gone.ts";
import { followNow } from "../api/live.tsx";
import { metricsQuery } from "../api/queries.ts";
import { useMayOpen } from "../api/use-role.ts";
import type { Coverage, MetricsAnswer } from "../api/types.ts";
import { CoverageStrip } from "../dora/coverage-strip.tsx";
import { Crumbs } from "../dora/crumbs.tsx";
import css from "../dora/dora.module.css";
import { FilterBar } from "../dora/filter-bar.tsx";
import { MetricCard, MetricCardBones } from "../dora/metric-card.tsx";
import { MttrStrip } from "../dora/mttr-strip.tsx";
import { notesQuery, type Note, type NotesAnswer } from "../dora/note-queries.ts";
import { StagesCard } from "../dora/stages-card.tsx";
import { TrendCard, TrendCardBones } from "../dora/trend-card.tsx";
import { environmentText, scopeText } from "../dora/scope-text.ts";
import { incidentsOf, useDoraSearch, type DoraAddress } from "../dora/use-dora-search.ts";
import { windowText } from "../lib/format.ts";
import { encodeCompareSearch } from "../lib/compare-search.ts";
import type { ScopeRef } from "../lib/dora-search.ts";
import { CARD_METRICS } from "../lib/metric-info.ts";
import { Bone } from "../parts/bone.tsx";
import { Empty } from "../parts/empty.tsx";
import { ErrorPanel } from "../parts/error-panel.tsx";
import { Missing } from "../parts/missing.tsx";
import { Notice } from "../parts/notice.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { SlowNote } from "../parts/slow-note.tsx";

const ExplainDrawer = lazy(async () => ({
  default: (await import("../dora/explain-drawer.tsx")).ExplainDrawer,
}));
const EvidenceDrawer = lazy(async () => ({
  default: (await import("../dora/evidence-drawer.tsx")).EvidenceDrawer,
}));

/** At the foot of the page: it comes after what is above. */
const SideBySide = lazy(async () => ({
  default: (await import("../dora/side-by-side.tsx")).SideBySide,
}));
const NotesCard = lazy(async () => ({
  default: (await import("../dora/notes-card.tsx")).NotesCard,
}));
const NoteDrawer = lazy(async () => ({
  default: (await import("../dora/note-drawer.tsx")).NoteDrawer,
}));

/** After this what is counted seldom is counted anew (docs/dora.md, Freshness). */
const HELD_MS = 30_000;

/** No hint comes when counts that were held are due: whoever got them asks once more. */
function againAfter(coverage: Coverage | undefined): number | false {
  if (coverage === undefined) return false;
  if ((coverage.pending ?? 0) > 0) return followNow();
  return coverage.sources.some(({ isHeld }) => isHeld === true) ? HELD_MS : false;
}

/** The DORA metrics of a scope and window: numbers, trends, stages, and the rows behind each of them. */
export function DoraPage() {
  const address = useDoraSearch();
  const { query, problems } = address;
  const client = useQueryClient();
  const options = metricsQuery(query);
  const metrics = useQuery({
    ...options,
    refetchInterval: ({ state }) => againAfter(state.data?.coverage),
  });
  const { data, error, isFetching, isPlaceholderData } = metrics;
  const notes = useQuery(notesQuery(query));

  return (
    <div className="stack">
      <PageHead
        title="DORA metrics"
        crumbs={query.scope ? <Crumbs query={query} way={[...query.trail, query.scope]} /> : null}
        actions={
          <>
            <Link
              to="/dora/compare"
              search={encodeCompareSearch({ measured: query, other: null, days: null })}
            >
              Compare
            </Link>
            <Link to="/dora/definition">Definition</Link>
            <Button size="xs" variant="default" onClick={() => window.print()}>
              Print or PDF
            </Button>
          </>
        }
      >
        {subtitle(address, data)}
      </PageHead>
      <FilterBar query={query} answer={data} onChange={address.change} />
      {problems.length > 0 ? (
        <Notice
          action={
            <Button size="compact-xs" variant="default" onClick={address.tidy}>
              Dismiss
            </Button>
          }
        >
          Part of the address could not be used: {problems.join("; ")}.
        </Notice>
      ) : null}
      {error ? <Refused scope={query.scope} error={error} onRetry={() => void metrics.refetch()} /> : null}
      {data ? (
        <Overview answer={data} address={address} busy={isFetching} stale={isPlaceholderData} notes={notes} />
      ) : error ? null : (
        <Bones onCancel={() => void client.cancelQueries({ queryKey: options.queryKey })} />
      )}
      <Suspense>
        {query.evidence ? (
          <EvidenceDrawer address={address} evidence={query.evidence} answer={data} />
        ) : query.explain ? (
          <ExplainDrawer address={address} metric={query.explain} answer={data} />
        ) : query.note ? (
          <NoteDrawer address={address} note={query.note} answer={data} notes={notes.data} />
        ) : null}
      </Suspense>
    </div>
  );
}

/** What may not be read, or is not there, is no failure that another try would mend. */
function Refused({ scope, error, onRetry }: { scope: ScopeRef | null; error: Error; onRetry: () => void }) {
  return scope !== null && isGone(error) ? (
    <Missing what={`“${scope.entity}”`}>
      Choose another scope above, or see the <Link to="/dora">whole organisation</Link>.
    </Missing>
  ) : (
    <>
      <ErrorPanel what="load the metrics" error={error} onRetry={onRetry} />
      {scope !== null && isRefused(error) ? <Elsewhere /> : null}
    </>
  );
}

function Elsewhere() {
  return (
    <p>
      Choose another scope above, or see the <Link to="/dora">whole organisation</Link>.
    </p>
  );
}

function subtitle({ query }: DoraAddress, data: MetricsAnswer | undefined): string {
  const scope = scopeText(query, data);
  if (!data) return scope;
  const { from, to, timezone } = data.window;
  return `${scope} · ${environmentText(query, data)} · ${windowText(from, to, timezone)} (${timezone})`;
}

interface OverviewProps {
  answer: MetricsAnswer;
  address: DoraAddress;
  busy: boolean;
  /** The numbers are those of the question before, while the answer to this one comes. */
  stale: boolean;
  notes: UseQueryResult<NotesAnswer>;
}

function Overview({ answer, address, busy, stale, notes }: OverviewProps) {
  const { metrics, coverage } = answer;
  const { query } = address;
  const nothing = coverage.sources.length === 0 && metrics.deploymentFrequency.value === null;
  if (nothing && query.scope === null) return <NothingYet />;
  // Nothing lies below a service.
  const hasBelow = query.scope === null || SCOPES.has(query.scope.blueprint);
  // A wall of empty charts says no more than the cards do.
  const anything = CARD_METRICS.some((metric) => answer.series[metric]?.some(({ n }) => n > 0));

  return (
    <div className="stack" aria-busy={busy}>
      <CoverageStrip coverage={coverage} busy={busy} stale={stale} />
      {metrics.deploymentFrequency.value === null || metrics.deploymentFrequency.count === 0 ? (
        <NoneHere address={address} answer={answer} />
      ) : null}
      <div className={css["cards"]}>
        {CARD_METRICS.map((metric) => (
          <MetricCard
            key={metric}
            metric={metric}
            metrics={metrics}
            coverage={coverage}
            evidence={address.evidenceSearch({ metric, bucket: null })}
            explain={address.explainSearch(metric)}
            incidents={incidentsOf(address)}
          />
        ))}
      </div>
      <MttrStrip
        metrics={metrics}
        coverage={coverage}
        evidence={address.evidenceSearch({ metric: "meanTimeToRecovery", bucket: null })}
        explain={address.explainSearch("meanTimeToRecovery")}
      />
      <div className={css["charts"]} hidden={!anything}>
        {CARD_METRICS.map((metric) => (
          <TrendCard
            key={metric}
            metric={metric}
            answer={answer}
            previous={query.compare ? (answer.previousSeries?.[metric] ?? []) : []}
            address={address}
            notes={notes.data?.annotations ?? NO_NOTES}
          />
        ))}
        <StagesCard metrics={metrics} />
      </div>
      <Suspense>
        <NotesCard
          answer={notes.data}
          error={notes.error}
          onRetry={() => void notes.refetch()}
          address={address}
          hasBelow={hasBelow}
        />
      </Suspense>
      {hasBelow || query.by !== null ? (
        <Suspense>
          <SideBySide address={address} />
        </Suspense>
      ) : null}
    </div>
  );
}

const NO_NOTES: readonly Note[] = [];

/** Blueprints that others may lie below. */
const SCOPES: ReadonlySet<string> = new Set(["domain", "system", "_team", "team"]);

function NothingYet() {
  const mayOpen = useMayOpen();
  return (
    <Empty title="Nothing to measure yet">
      <p>
        This page shows deployment frequency, change lead time, change failure rate, recovery time and rework
        rate. They need deployments, from the systems that you use or from a git repository.
      </p>
      {mayOpen("/sources") ? (
        <div className="row">
          <Button size="xs" component={Link} to="/sources">
            Connect a system
          </Button>
          <Button size="xs" variant="default" component={Link} to="/import">
            Import a git repository
          </Button>
        </div>
      ) : null}
      <p className="small">
        Or <Link to="/connect">send deployments by the API</Link>, or load demo data from the{" "}
        <Link to="/">home page</Link>.
      </p>
    </Empty>
  );
}

/** There is no deployment: says which filters can be widened, or that none ever came, once for all numbers. */
function NoneHere({ address: { query, change }, answer }: { address: DoraAddress; answer: MetricsAnswer }) {
  const isLong = "last" in query.range && query.range.last === "365d";
  const whole = query.scope ? (
    <Button size="compact-xs" variant="default" onClick={() => change({ scope: null })}>
      Whole organisation
    </Button>
  ) : null;
  if (answer.metrics.deploymentFrequency.noValue?.reason === "no_source")
    return (
      <Notice action={whole}>
        No deployment of {query.scope?.entity ?? "any service"} has been reported yet.{" "}
        {answer.coverage.sources.some(({ role, rows }) => role === "deployment" && rows > 0) ? (
          <>
            Sources are connected: see <Link to="/dora/definition">how their deployments name a service</Link>
            .
          </>
        ) : (
          <Link to="/sources">Connect a source</Link>
        )}
      </Notice>
    );
  return (
    <Notice
      action={
        <span className="row">
          {isLong ? null : (
            <Button size="compact-xs" variant="default" onClick={() => change({ range: { last: "365d" } })}>
              Show 12 months
            </Button>
          )}
          {whole}
        </span>
      }
    >
      No successful deployment of {query.scope?.entity ?? "any service"} to {environmentText(query, answer)}{" "}
      finished in this window.
    </Notice>
  );
}

function Bones({ onCancel }: { onCancel: () => void }) {
  return (
    <div className="stack" aria-busy>
      <SlowNote what="the metrics" onCancel={onCancel} />
      <div className={css["cards"]}>
        {CARD_METRICS.map((metric) => (
          <MetricCardBones key={metric} />
        ))}
      </div>
      <div className={`card ${css["mttr"]}`}>
        <Bone width="40%" height={21} />
      </div>
      <div className={css["charts"]}>
        {CARD_METRICS.map((metric) => (
          <TrendCardBones key={metric} />
        ))}
      </div>
    </div>
  );
}
