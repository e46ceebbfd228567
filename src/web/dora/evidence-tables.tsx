import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { doraModelQuery } from "../api/queries.ts";
import type { EvidenceRow, ExcludedRow, MetricName } from "../api/types.ts";
import type { DeploymentWay } from "../lib/deployment-search.ts";
import { count, dateTime, duration } from "../lib/format.ts";
import { reasonText } from "../lib/metric-info.ts";
import { RowsTable } from "../parts/rows-table.tsx";
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
    <RowsTable
      label="Counted rows"
      className={css["scroll"]}
      rows={rows}
      keyOf={(row) => [row.service, row.entity.identifier, row.links?.deployment].join(" ")}
      columns={[
        {
          title: metric === "changeLeadTime" ? "Change" : "Deployment",
          className: css["what"],
          renderCell: (row) => <RowName row={row} way={way} />,
        },
        { title: "Value", isNumber: true, renderCell: (row) => <RowValue metric={metric} row={row} /> },
        { title: "Service", className: css["service"], renderCell: (row) => row.service ?? "–" },
        { title: "Why", className: css["why"], renderCell: (row) => row.why },
        { title: "Times", renderCell: (row) => <Times times={row.timestamps} timezone={timezone} /> },
      ]}
    />
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
    <RowsTable
      label="Rows left out"
      className={css["scroll"]}
      rows={rows}
      keyOf={(row) => [row.service, row.entity.identifier, row.reason, row.at].join(" ")}
      columns={[
        {
          title: "What",
          className: css["what"],
          renderCell: ({ entity }) =>
            deployments.some(({ blueprint }) => blueprint === entity.blueprint) ? (
              <Link to="/dora/deployments/$id" params={{ id: entity.identifier }} search={way}>
                {entity.title ?? entity.identifier}
              </Link>
            ) : (
              (entity.title ?? entity.identifier)
            ),
        },
        { title: "Service", className: css["service"], renderCell: (row) => row.service ?? "–" },
        {
          title: "Reason",
          className: css["why"],
          renderCell: (row) => (
            <>
              <strong>
                {row.count !== undefined && row.count > 1 ? `${count(row.count)} × ` : ""}
                {reasonText(row.reason)}
              </strong>
              <div className={css["sub"]}>{row.detail}</div>
            </>
          ),
        },
        { title: "Times", renderCell: (row) => <Times times={row.timestamps ?? {}} timezone={timezone} /> },
      ]}
    />
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
