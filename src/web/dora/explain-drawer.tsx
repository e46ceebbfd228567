import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { MetricName, MetricsAnswer } from "../api/types.ts";
import { count, dateTime } from "../lib/format.ts";
import { METRIC_INFO, reasonText } from "../lib/metric-info.ts";
import { Bone } from "../parts/bone.tsx";
import { ErrorPanel } from "../parts/error-panel.tsx";
import { SideDrawer } from "../parts/side-drawer.tsx";
import { SlowNote } from "../parts/slow-note.tsx";
import { useReturningClose } from "../parts/use-returning-close.ts";
import css from "./evidence.module.css";
import own from "./explain.module.css";
import { explainQuery, type Explanation, type OtherProfile } from "./explain-query.ts";
import { apart, profileTitle, profileValue } from "./explain-words.ts";
import { Caveat } from "./metric-card.tsx";
import { headlineText, thinOf, type Thin } from "./metric-words.ts";
import { incidentsOf, type DoraAddress } from "./use-dora-search.ts";

interface Props {
  address: DoraAddress;
  metric: MetricName;
  /** The metrics on screen; undefined while they load. */
  answer: MetricsAnswer | undefined;
}

/** What a number means, which rows are in it, which are not and why, and what other formulas make of the same facts. */
export function ExplainDrawer({ address, metric, answer }: Props) {
  const thin = answer ? thinOf(metric, answer.metrics[metric], answer.coverage) : null;
  const close = useReturningClose(address.close, `[data-explain="${metric}"]`);
  const { data, error, refetch } = useQuery(explainQuery(address.query, metric));

  return (
    <SideDrawer
      title={`Explain: ${METRIC_INFO[metric].title}`}
      size={680}
      closeLabel="Close explanation"
      focusIsReturned
      onClose={close}
    >
      {data ? (
        <Explained metric={metric} explanation={data} address={address} thin={thin} />
      ) : error ? (
        <ErrorPanel what="explain this number" error={error} onRetry={() => void refetch()} />
      ) : (
        <div className="stack" aria-busy>
          <SlowNote what="the explanation" />
          <Bone height={44} />
          <Bone height={120} />
          <Bone height={160} />
        </div>
      )}
    </SideDrawer>
  );
}

function Explained({
  metric,
  explanation,
  address,
  thin,
}: {
  metric: MetricName;
  explanation: Explanation;
  address: DoraAddress;
  thin: Thin | null;
}) {
  const { value, scope, environments, window, definition, rows, profiles } = explanation;
  const { from, to, timezone } = window;
  return (
    <>
      <div className={css["figure"]}>
        <strong className={thin === null ? undefined : "muted"}>{headlineText(metric, explanation)}</strong>
        <span>
          {scope.entity === null ? "Whole organisation" : (scope.title ?? scope.entity)} ·{" "}
          {environments.join(", ")}
        </span>
        {thin === null ? null : <Caveat thin={thin} incidents={incidentsOf(address)} />}
      </div>
      <dl className={css["words"]}>
        <dt>Definition</dt>
        <dd>{definition.words}</dd>
        {explanation.noValue ? (
          <>
            <dt>Why no number</dt>
            <dd>{explanation.noValue.text}</dd>
          </>
        ) : null}
        <dt>Window</dt>
        <dd>
          {dateTime(from, timezone)} up to {dateTime(to, timezone)}, excluded ({timezone})
        </dd>
        <dt>Version</dt>
        <dd>
          {definition.version}, settings <code>{definition.settingsHash.slice(0, 12)}</code>
        </dd>
      </dl>
      <RowsTable metric={metric} rows={rows} address={address} />
      <h3>What others make of the same facts</h3>
      {profiles.map((profile) => (
        <Profile key={profile.profile} metric={metric} ours={value} profile={profile} />
      ))}
    </>
  );
}

/** Each line leads to its rows. */
function RowsTable({
  metric,
  rows,
  address,
}: {
  metric: MetricName;
  rows: Explanation["rows"];
  address: DoraAddress;
}) {
  return (
    <table className="data">
      <caption className="sr">Rows in this number and rows left out</caption>
      <thead>
        <tr>
          <th scope="col">Rows</th>
          <th scope="col" className="num">
            How many
          </th>
        </tr>
      </thead>
      <tbody>
        <tr>
          <td>
            <Link to="/dora" search={address.evidenceSearch({ metric, bucket: null })} resetScroll={false}>
              In the number
            </Link>
          </td>
          <td className="num">{count(rows.in)}</td>
        </tr>
        {rows.out.map(({ reason, count: times, meaning }) => (
          <tr key={reason}>
            <td>
              <Link
                to="/dora"
                search={address.evidenceSearch({ metric, bucket: null, out: reason })}
                resetScroll={false}
              >
                Left out: {reasonText(reason)}
              </Link>
              <div className={css["sub"]}>{meaning}</div>
            </td>
            <td className="num">{count(times)}</td>
          </tr>
        ))}
        {rows.out.length === 0 ? (
          <tr>
            <td className="muted">Left out: nothing</td>
            <td className="num">0</td>
          </tr>
        ) : null}
      </tbody>
    </table>
  );
}

function Profile({
  metric,
  ours,
  profile,
}: {
  metric: MetricName;
  ours: number | null;
  profile: OtherProfile;
}) {
  const { formula, differences } = profile;
  const far = apart(metric, ours, profile);
  return (
    <article className={own["profile"]} aria-label={profileTitle(profile.profile)}>
      <h4>{profileTitle(profile.profile)}</h4>
      <p>
        <strong>{profileValue(metric, profile)}</strong>
        {far === null ? null : <span className="muted"> · {far}</span>}
      </p>
      {formula === "none" ? null : <code className={own["formula"]}>{formula}</code>}
      {differences.length === 0 ? (
        <p className="muted small">It counts as we do.</p>
      ) : (
        <>
          <p className="muted small">
            {formula === "none" ? "Why it has none:" : "How it counts otherwise:"}
          </p>
          <ul className={own["differences"]}>
            {differences.map((difference) => (
              <li key={difference}>{difference}</li>
            ))}
          </ul>
        </>
      )}
    </article>
  );
}
