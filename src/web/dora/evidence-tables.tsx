import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { doraModelQuery } from "../api/queries.ts";
import type { EvidenceRow, ExcludedRow, MetricName } from "../api/types.ts";
import type { DeploymentWay } from "../lib/deployment-search.ts";
import { count, dateTime, duration } from "../lib/format.ts";
import { reasonText } from "../lib/metric-info.ts";
import { Tag } from "../parts/tag.tsx";
import css from "./evidence.module.css";

/** The rows that make the number; each leads to its deployment. */
export function CountedTable({
  metric,
  rows,
  timezone,
  way,
}: {
  metric: MetricName;
  rows: readonly EvidenceRow[];
  timezone: string;
  way: DeploymentWay;
}) {
  return (
    <div className={css["scroll"]} tabIndex={0} role="region" aria-label="Counted rows">
      <table className="data stacked">
        <thead>
          <tr>
            <th scope="col">{metric === "changeLeadTime" ? "Change" : "Deployment"}</th>
            <th scope="col" className="num">
              Value
            </th>
            <th scope="col">Service</th>
            <th scope="col">Why</th>
            <th scope="col">Times</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={[row.service, row.entity.identifier, row.links?.deployment].join(" ")}>
              <td className={css["what"]}>
                <RowName row={row} way={way} />
              </td>
              <td className="num">
                <RowValue metric={metric} row={row} />
              </td>
              <td className={css["service"]} data-label="Service">
                {row.service ?? "–"}
              </td>
              <td className={css["why"]} data-label="Why">
                {row.why}
              </td>
              <td data-label="Times">
                <Times times={row.timestamps} timezone={timezone} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function RowName({ row, way }: { row: EvidenceRow; way: DeploymentWay }) {
  const { entity, links } = row;
  const name = entity.title ?? entity.identifier;
  const deployment = links?.deployment ?? null;
  if (!deployment) return <span>{name}</span>;
  return (
    <>
      <Link
        to="/dora/deployments/$id"
        params={{ id: deployment }}
        search={{
          ...way,
          ...(links?.sha && entity.identifier !== deployment ? { commit: links.sha } : {}),
        }}
      >
        {name}
      </Link>
      {name === deployment || entity.identifier === deployment ? null : (
        <div className={css["sub"]}>shipped by {deployment}</div>
      )}
    </>
  );
}

function RowValue({ metric, row }: { metric: MetricName; row: EvidenceRow }) {
  const { value, open } = row;
  if (value === null) return "–";
  switch (metric) {
    case "deploymentFrequency":
      return "1";
    case "changeFailureRate":
      return value > 0 ? <Tag tone="bad">failed</Tag> : <span className="muted">ok</span>;
    case "reworkRate":
      return value > 0 ? <Tag tone="warn">rework</Tag> : <span className="muted">no</span>;
    default:
      return open ? `≥ ${duration(value)}, open` : duration(value);
  }
}

/** What is not in the number, and why. */
export function ExcludedTable({
  rows,
  timezone,
  way,
}: {
  rows: readonly ExcludedRow[];
  timezone: string;
  way: DeploymentWay;
}) {
  const deployments = useQuery(doraModelQuery).data?.roles.deployment ?? [];
  return (
    <div className={css["scroll"]} tabIndex={0} role="region" aria-label="Rows left out">
      <table className="data stacked">
        <thead>
          <tr>
            <th scope="col">What</th>
            <th scope="col">Service</th>
            <th scope="col">Reason</th>
            <th scope="col">Times</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={[row.service, row.entity.identifier, row.reason, row.at].join(" ")}>
              <td className={css["what"]}>
                {deployments.some(({ blueprint }) => blueprint === row.entity.blueprint) ? (
                  <Link to="/dora/deployments/$id" params={{ id: row.entity.identifier }} search={way}>
                    {row.entity.title ?? row.entity.identifier}
                  </Link>
                ) : (
                  (row.entity.title ?? row.entity.identifier)
                )}
              </td>
              <td className={css["service"]} data-label="Service">
                {row.service ?? "–"}
              </td>
              <td className={css["why"]} data-label="Reason">
                <strong>
                  {row.count !== undefined && row.count > 1 ? `${count(row.count)} × ` : ""}
                  {reasonText(row.reason)}
                </strong>
                <div className={css["sub"]}>{row.detail}</div>
              </td>
              <td data-label="Times">
                <Times times={row.timestamps ?? {}} timezone={timezone} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const TIME_NAMES: Record<string, string> = { firstCommit: "first commit", firstReview: "first review" };

function Times({ times, timezone }: { times: Record<string, string | null>; timezone: string }) {
  return (
    <ul className={css["times"]}>
      {Object.entries(times).map(([name, iso]) =>
        iso === null ? null : (
          <li key={name}>
            <span>{TIME_NAMES[name] ?? name}</span> <time dateTime={iso}>{dateTime(iso, timezone)}</time>
          </li>
        ),
      )}
    </ul>
  );
}
