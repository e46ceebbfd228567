import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { meQuery, metricsQuery } from "../api/queries.ts";
import type { MetricsAnswer } from "../api/types.ts";
import { useIsAdmin } from "../api/use-is-admin.ts";
import { Delta } from "../dora/delta.tsx";
import { Caveat, ValueLink } from "../dora/metric-card.tsx";
import { isOfWholePage, thinOf } from "../dora/metric-words.ts";
import { DEFAULT_QUERY, encodeDoraSearch } from "../lib/dora-search.ts";
import { CARD_METRICS, METRIC_INFO, type CardMetric } from "../lib/metric-info.ts";
import { Bone } from "../parts/bone.tsx";
import { ErrorPanel } from "../parts/error-panel.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { ImportWatch } from "../start/import-watch.tsx";
import css from "./home.module.css";
import { ServicesTable } from "./services-table.tsx";

/** Widgets come when the numbers are there. */
const HomeBoard = lazy(() =>
  import("../dashboard/home-board.tsx").then((module) => ({ default: module.HomeBoard })),
);

/** The organisation in five numbers, its services (so many are expected), and what came in lately. */
export function HomeOverview({ services }: { services: number }) {
  return (
    <div className="stack">
      <PageHead
        title="Home"
        actions={
          useIsAdmin() ? (
            <Button component={Link} to="/import" size="xs" variant="default">
              Import a repository
            </Button>
          ) : undefined
        }
      >
        <Greeting />
        Production, last 90 days
      </PageHead>
      <Strip />
      <ServicesTable expected={services} />
      <Suspense>
        <HomeBoard />
      </Suspense>
      <ImportWatch isAside />
    </div>
  );
}

/** By name, else by what stands before the @. */
function Greeting() {
  const { data: me } = useQuery(meQuery);
  if (me === undefined) return null;
  const { name, email } = me.user;
  return `Hello, ${name && name !== email ? name : (email.split("@")[0] ?? email)}. `;
}

function Strip() {
  const { data, error, refetch } = useQuery(metricsQuery(DEFAULT_QUERY));
  if (error && !data)
    return <ErrorPanel what="load the metrics" error={error} onRetry={() => void refetch()} />;
  // What is the same for all of them is said at the first.
  const first = CARD_METRICS.find((metric) => isOfWholePage(metric, data?.metrics[metric].noValue));
  return (
    <section className={`card ${css["strip"]}`} aria-label="Whole organisation" aria-busy={!data}>
      {CARD_METRICS.map((metric) => (
        <article key={metric} aria-label={METRIC_INFO[metric].title}>
          <h2>{METRIC_INFO[metric].title}</h2>
          {data ? (
            <Figure metric={metric} answer={data} isFirst={metric === first} />
          ) : (
            <>
              <Bone width="60%" height={26} />
              <Bone width="80%" height={30} />
            </>
          )}
        </article>
      ))}
    </section>
  );
}

function Figure({
  metric,
  answer: { metrics, coverage },
  isFirst,
}: {
  metric: CardMetric;
  answer: MetricsAnswer;
  isFirst: boolean;
}) {
  const result = metrics[metric];
  const thin = thinOf(metric, result, coverage);
  return (
    <>
      <ValueLink
        metric={metric}
        result={result}
        evidence={encodeDoraSearch({ ...DEFAULT_QUERY, evidence: { metric, bucket: null } })}
        isThin={thin !== null}
      />
      {result.noValue && (isFirst || !isOfWholePage(metric, result.noValue)) ? (
        <p className="muted small">{result.noValue.text}</p>
      ) : null}
      <div>
        <Delta metric={metric} result={result} isThin={thin !== null} />
        {thin === null ? null : (
          <p className="small">
            <Caveat thin={thin} incidents={{}} />
          </p>
        )}
      </div>
    </>
  );
}
