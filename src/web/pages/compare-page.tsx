import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import type { MetricsAnswer } from "../api/types.ts";
import { compareCsv } from "../dora/compare-csv.ts";
import css from "../dora/compare.module.css";
import { CompareFilters } from "../dora/compare-filters.tsx";
import { compareQuery } from "../dora/compare-query.ts";
import { CompareTable, type Side } from "../dora/compare-table.tsx";
import { Crumbs } from "../dora/crumbs.tsx";
import charts from "../dora/dora.module.css";
import { notesQuery, type Note } from "../dora/note-queries.ts";
import { environmentText } from "../dora/scope-text.ts";
import { TrendCard } from "../dora/trend-card.tsx";
import { useDoraAddress } from "../dora/use-dora-search.ts";
import {
  daysOf,
  decodeCompareSearch,
  encodeCompareSearch,
  otherDays,
  type CompareQuery,
  type Days,
} from "../lib/compare-search.ts";
import { date } from "../lib/format.ts";
import { CARD_METRICS } from "../lib/metric-info.ts";
import { save } from "../lib/save.ts";
import { Bone } from "../parts/bone.tsx";
import { ErrorPanel } from "../parts/error-panel.tsx";
import { Notice } from "../parts/notice.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { SlowNote } from "../parts/slow-note.tsx";

const route = getRouteApi("/app/dora/compare");

/** Two periods, services, teams … beside each other: every metric, by how much it differs, and whether that may be chance. */
export function ComparePage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { query, problems } = useMemo(() => decodeCompareSearch(search), [search]);
  // One clock for the page: windows must not move while it is read.
  const [now] = useState(() => Date.now());
  const own = daysOf(query.measured.range, query.measured.timezone, now);
  const { data, error, refetch, isFetching } = useQuery(compareQuery(query, own));
  const change = (patch: Partial<CompareQuery>, replace = false): void =>
    void navigate({
      search: (before) => encodeCompareSearch({ ...decodeCompareSearch(before).query, ...patch }),
      replace,
      resetScroll: false,
    });
  const { scope } = query.measured;

  return (
    <div className="stack">
      <PageHead
        title="Compare"
        crumbs={
          <Crumbs query={query.measured} way={scope === null ? [] : [scope]}>
            Compare
          </Crumbs>
        }
      >
        Two periods, services, teams, systems or domains: every metric with its difference, and whether that
        may be chance.
      </PageHead>
      <CompareFilters query={query} own={own} onChange={change} />
      {problems.length > 0 ? (
        <Notice
          action={
            <Button size="compact-xs" variant="default" onClick={() => change({}, true)}>
              Dismiss
            </Button>
          }
        >
          Part of the address could not be used: {problems.join("; ")}.
        </Notice>
      ) : null}
      {error ? <ErrorPanel what="compare" error={error} onRetry={() => void refetch()} /> : null}
      {data ? (
        <Comparison answer={data} query={query} own={own} busy={isFetching} />
      ) : error ? null : (
        <div className="card stack" aria-busy>
          <SlowNote what="the comparison" />
          <Bone height={240} />
        </div>
      )}
    </div>
  );
}

const NO_NOTES: readonly Note[] = [];

function Comparison({
  answer,
  query,
  own,
  busy,
}: {
  answer: MetricsAnswer;
  query: CompareQuery;
  own: Days;
  busy: boolean;
}) {
  const measured = { ...query.measured, range: own };
  const address = useDoraAddress(measured);
  const notes = useQuery(notesQuery(measured)).data?.annotations ?? NO_NOTES;
  const other = answer.comparedWith;
  if (other === undefined) return null;
  const days = otherDays(query, own);
  const sides = sidesOf(answer, other, { ...query, measured }, own, days);
  const [, second] = sides;
  const isTested = answer.metrics.deploymentFrequency.trend?.p !== null;
  return (
    <div className="stack" aria-busy={busy}>
      <section className="card" aria-labelledby="comparison">
        <div className={css["head"]}>
          <h2 id="comparison">{sides.map(({ name }) => name).join(" and ")}</h2>
          <Button
            size="compact-sm"
            variant="default"
            onClick={() => save(compareCsv(answer, other, sides), "fairway-comparison.csv", "text/csv")}
          >
            Save as CSV
          </Button>
        </div>
        <p className="muted small">
          {environmentText(query.measured, answer)}, days of {query.measured.timezone}. A difference is of the
          first side against the second.
          {isTested ? "" : " Not tested: both sides share rows, or one has too few."}
        </p>
        <CompareTable answer={answer} other={other} sides={sides} />
      </section>
      <div className={charts["charts"]}>
        {CARD_METRICS.map((metric) => (
          <TrendCard
            key={metric}
            metric={metric}
            answer={answer}
            previous={answer.previousSeries?.[metric] ?? []}
            address={address}
            notes={notes}
            versus={second.name}
          />
        ))}
      </div>
    </div>
  );
}

/** Named by what makes the difference: scope, days, or both. */
function sidesOf(
  answer: MetricsAnswer,
  other: NonNullable<MetricsAnswer["comparedWith"]>,
  query: CompareQuery,
  own: Days,
  days: Days,
): [Side, Side] {
  const isSameScope = query.other === null;
  const isSameWindow = own.from === days.from && own.to === days.to;
  const name = (title: string | null | undefined, window: Days): string =>
    isSameScope
      ? daysText(window)
      : isSameWindow
        ? (title ?? "Organisation")
        : `${title ?? "Organisation"}, ${daysText(window)}`;
  const { measured } = query;
  return [
    { name: name(answer.scope?.title ?? answer.scope?.entity, own), query: measured },
    {
      name: name(other.scope.title ?? other.scope.entity, days),
      query: { ...measured, scope: query.other ?? measured.scope, range: days },
    },
  ];
}

const daysText = ({ from, to }: Days): string =>
  [from, to].map((day) => date(`${day}T00:00:00Z`, "UTC")).join(" – ");
