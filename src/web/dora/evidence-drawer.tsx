import { Button } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { evidenceQuery } from "../api/queries.ts";
import type { EvidenceAnswer, MetricsAnswer } from "../api/types.ts";
import { periodText } from "../charts/chart-data.ts";
import { wayOf } from "../lib/deployment-search.ts";
import type { EvidenceRef } from "../lib/dora-search.ts";
import { count, dateTime } from "../lib/format.ts";
import { METRIC_INFO, reasonText } from "../lib/metric-info.ts";
import { Bone } from "../parts/bone.tsx";
import { Choice } from "../parts/choice.tsx";
import { Empty } from "../parts/empty.tsx";
import { ErrorPanel } from "../parts/error-panel.tsx";
import { SideDrawer } from "../parts/side-drawer.tsx";
import { SlowNote } from "../parts/slow-note.tsx";
import { useReturningClose } from "../parts/use-returning-close.ts";
import { DownloadButton } from "./download-button.tsx";
import { environmentText, scopeText } from "./scope-text.ts";
import css from "./evidence.module.css";
import { CountedTable, ExcludedTable } from "./evidence-tables.tsx";
import { LoadMore } from "./load-more.tsx";
import { Caveat } from "./metric-card.tsx";
import { bucketCalculation, calculation, headlineText, thinOf } from "./metric-words.ts";
import { incidentsOf, type DoraAddress } from "./use-dora-search.ts";

interface Props {
  address: DoraAddress;
  evidence: EvidenceRef;
  /** The metrics on screen; undefined while they load. */
  answer: MetricsAnswer | undefined;
}

/** The rows behind one number or one bar: how it is defined and calculated, what counts, and what was left out. */
export function EvidenceDrawer({ address, evidence, answer }: Props) {
  const { metric, bucket } = evidence;
  const info = METRIC_INFO[metric];
  const close = useReturningClose(address.close, `[data-metric="${metric}"]`);
  const point = bucket === null ? undefined : answer?.series[metric]?.find(({ id }) => id === bucket);
  const result = bucket === null ? answer?.metrics[metric] : point;
  const thin = answer && bucket === null ? thinOf(metric, answer.metrics[metric], answer.coverage) : null;

  return (
    <SideDrawer
      title={`Evidence: ${info.title}`}
      size={820}
      closeLabel="Close evidence"
      focusIsReturned
      onClose={close}
    >
      {answer ? (
        <>
          <div className={css["figure"]}>
            <strong className={thin === null ? undefined : "muted"}>
              {result === undefined ? "No data" : headlineText(metric, result)}
            </strong>
            <span>{whereText(address, answer, point)}</span>
            {thin === null ? null : <Caveat thin={thin} incidents={incidentsOf(address)} />}
          </div>
          <dl className={css["words"]}>
            <dt>Definition</dt>
            <dd>{info.definition}</dd>
            <dt>Calculated</dt>
            <dd>
              {bucket === null
                ? calculation(metric, answer.metrics)
                : point
                  ? bucketCalculation(metric, point)
                  : "This period is not in the window."}
            </dd>
          </dl>
        </>
      ) : (
        <Bone height={120} />
      )}
      <Rows
        address={address}
        evidence={evidence}
        timezone={answer?.window.timezone ?? address.query.timezone}
      />
    </SideDrawer>
  );
}

function whereText(
  { query }: DoraAddress,
  answer: MetricsAnswer,
  point: Parameters<typeof periodText>[0] | undefined,
): string {
  const { from, to, timezone, interval } = answer.window;
  const scope = scopeText(query, answer);
  const span = point
    ? periodText(point, timezone, interval)
    : `${dateTime(from, timezone)} to ${dateTime(to, timezone)}`;
  return `${scope} · ${environmentText(query, answer)} · ${span} (${timezone})`;
}

type Part = "counted" | "excluded";

function Rows({
  address,
  evidence,
  timezone,
}: {
  address: DoraAddress;
  evidence: EvidenceRef;
  timezone: string;
}) {
  const { metric, bucket, out } = evidence;
  const part: Part = out === undefined ? "counted" : "excluded";
  const isOne = out !== undefined && out !== "all";
  const turn = (to: Part) => address.turn({ metric, bucket, ...(to === "excluded" ? { out: "all" } : {}) });
  const rows = useInfiniteQuery(evidenceQuery(address.query, evidence));
  const pages = rows.data?.pages ?? [];
  const first: EvidenceAnswer | undefined = pages[0];

  if (rows.error && !first) {
    return <ErrorPanel what="load the evidence" error={rows.error} onRetry={() => void rows.refetch()} />;
  }
  if (!first) {
    return (
      <div className="stack" aria-busy>
        <SlowNote what="the evidence" />
        {[1, 2, 3, 4, 5].map((row) => (
          <Bone key={row} height={38} />
        ))}
      </div>
    );
  }
  const counted = pages.flatMap((page) => page.rows);
  const excluded = pages.flatMap((page) => page.excluded);
  const { row } = METRIC_INFO[evidence.metric];
  const way = wayOf(address.query);
  const shown = part === "counted" ? counted.length : excluded.length;
  const total = part === "counted" ? first.total : first.excludedTotal;

  return (
    <>
      <div className={css["tools"]}>
        <Choice<Part>
          label="Rows"
          value={part}
          onChange={turn}
          options={[
            { value: "counted", label: `Counted ${count(first.total)}` },
            { value: "excluded", label: `Left out ${count(first.excludedTotal)}` },
          ]}
        />
        <DownloadButton query={address.query} evidence={evidence} total={first.total} timezone={timezone} />
      </div>
      {isOne ? (
        <p className="row small">
          Only what was left out for this reason: {reasonText(out)}.
          <Button size="compact-xs" variant="default" onClick={() => turn("excluded")}>
            Show every reason
          </Button>
        </p>
      ) : null}
      <p className="sr" role="status">
        {count(first.total)} counted, {count(first.excludedTotal)} left out
      </p>
      {total === 0 ? (
        <Empty title={part === "counted" ? `No ${row} counts here.` : "Nothing was left out."} />
      ) : part === "counted" ? (
        <CountedTable metric={evidence.metric} rows={counted} timezone={timezone} way={way} />
      ) : (
        <ExcludedTable rows={excluded} timezone={timezone} way={way} />
      )}
      {rows.error ? (
        <ErrorPanel what="load more rows" error={rows.error} onRetry={() => void rows.fetchNextPage()} />
      ) : null}
      <LoadMore
        shown={shown}
        total={total}
        more={rows.hasNextPage}
        busy={rows.isFetchingNextPage}
        onMore={() => void rows.fetchNextPage()}
      />
    </>
  );
}
