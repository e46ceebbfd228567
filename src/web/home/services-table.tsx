import { Button, TextInput } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { doraModelQuery, serviceRowsQuery } from "../api/queries.ts";
import type { ServiceRowsAnswer } from "../api/types.ts";
import { NoNumber, WhyInRow } from "../dora/metric-card.tsx";
import { whyText } from "../dora/metric-words.ts";
import { useServiceScope } from "../dora/use-service-scope.ts";
import { count, metricValue, plural } from "../lib/format.ts";
import { METRIC_INFO, type CardMetric } from "../lib/metric-info.ts";
import { Ago } from "../parts/ago.tsx";
import { Bone } from "../parts/bone.tsx";
import { Empty } from "../parts/empty.tsx";
import { ErrorPanel } from "../parts/error-panel.tsx";
import css from "./home.module.css";
import { Spark } from "./spark.tsx";

const COLUMNS = [
  "deploymentFrequency",
  "changeLeadTime",
  "changeFailureRate",
  "failedDeploymentRecoveryTime",
] as const satisfies readonly CardMetric[];
type Key = "name" | (typeof COLUMNS)[number];
type Row = ServiceRowsAnswer["rows"][number];
const PAGE = 25;

/** Every service with its numbers, those that ship most first; the name leads to its DORA page. Room is kept for as many as are expected. */
export function ServicesTable({ expected }: { expected: number }) {
  const model = useQuery(doraModelQuery);
  const { data, error, refetch } = useQuery(serviceRowsQuery(model.data?.service.blueprint, "90d"));
  const [find, setFind] = useState("");
  const [sort, setSort] = useState<{ key: Key; down: boolean }>({
    key: "deploymentFrequency",
    down: true,
  });
  const [limit, setLimit] = useState(PAGE);
  const rows = useMemo(() => arrange(data?.rows ?? [], find, sort), [data, find, sort]);

  const failed = error ?? (model.data ? null : model.error);
  if (failed && !data) {
    const retry = () => void (model.data ? refetch() : model.refetch());
    return <ErrorPanel what="load the services" error={failed} onRetry={retry} />;
  }
  const all = data?.rows.length ?? 0;
  return (
    <section className="card" aria-labelledby="services" aria-busy={!data}>
      <div className={css["head"]}>
        <h2 id="services">{data ? plural(all, "service") : "Services"}</h2>
        <TextInput
          className={css["find"] ?? ""}
          size="xs"
          aria-label="Find a service"
          placeholder="Find a service"
          leftSection={<IconSearch size={15} aria-hidden />}
          value={find}
          onChange={(event) => setFind(event.currentTarget.value)}
        />
      </div>
      <p className="sr" role="status">
        {find === "" || !data ? "" : `${count(rows.length)} of ${plural(all, "service")} match`}
      </p>
      {data && rows.length === 0 ? (
        <Empty title={all === 0 ? "No services yet" : `0 of ${plural(all, "service")} match “${find}”.`}>
          {all === 0 ? null : (
            <Button size="xs" variant="default" onClick={() => setFind("")}>
              Clear search
            </Button>
          )}
        </Empty>
      ) : (
        <div className="scroll-x" tabIndex={0} role="region" aria-label="Services and their metrics">
          <table className={`data ${css["services"]}`}>
            <thead>
              <tr>
                <SortHead name="name" title="Service" sort={sort} onSort={setSort} />
                {COLUMNS.map((metric) => (
                  <SortHead
                    key={metric}
                    name={metric}
                    title={SHORT[metric]}
                    sort={sort}
                    onSort={setSort}
                    number
                  />
                ))}
                <th scope="col" className={css["spark"]}>
                  Deployments per week
                </th>
                <th scope="col">Last deployment</th>
              </tr>
            </thead>
            <tbody>
              {data
                ? rows.slice(0, limit).map((row) => <ServiceRow key={row.scope.entity} row={row} />)
                : Array.from({ length: Math.min(PAGE, expected) }, (_, index) => (
                    <tr key={index}>
                      <td colSpan={7}>
                        <Bone height={20} />
                      </td>
                    </tr>
                  ))}
            </tbody>
          </table>
        </div>
      )}
      {rows.length > limit ? (
        <div className={css["more"]}>
          <span>
            {count(limit)} of {count(rows.length)} shown
          </span>
          <Button size="xs" variant="default" onClick={() => setLimit(limit + 100)}>
            Show more
          </Button>
        </div>
      ) : null}
    </section>
  );
}

const SHORT: Record<(typeof COLUMNS)[number], string> = {
  deploymentFrequency: "Frequency",
  changeLeadTime: "Lead time",
  changeFailureRate: "Failure rate",
  failedDeploymentRecoveryTime: "Recovery",
};

function ServiceRow({ row }: { row: Row }) {
  const scopeOf = useServiceScope();
  const service = row.scope.entity ?? "";
  return (
    <tr>
      <td className={css["name"]}>
        <Link to="/dora" search={{ scope: scopeOf(service) }}>
          {row.scope.title ?? service}
        </Link>
        <WhyInRow of={COLUMNS} metrics={row.metrics} />
      </td>
      {COLUMNS.map((metric) => {
        const { value, few } = row.metrics[metric];
        return (
          <td key={metric} className="num">
            {value === null ? (
              <NoNumber metric={metric} result={row.metrics[metric]} />
            ) : (
              <span className={few ? "muted" : undefined} title={whyText(metric, row.metrics) ?? undefined}>
                {metricValue(metric, value)}
              </span>
            )}
          </td>
        );
      })}
      <Activity row={row} />
    </tr>
  );
}

function Activity({ row: { series, lastDeploymentAt, metrics } }: { row: Row }) {
  const counts = series?.deploymentFrequency?.map(({ n }) => n);
  // The answer knows the window only; a frequency of 0, not null, says that there are deployments outside it.
  const isKnown = metrics.deploymentFrequency.value !== null;
  const none = isKnown ? "over 90 days ago" : <span className="muted">No data</span>;
  return (
    <>
      <td className={css["spark"]}>
        {counts && isKnown ? <Spark counts={counts} /> : <span className="muted">–</span>}
      </td>
      <td className={css["last"]}>{lastDeploymentAt ? <Ago iso={lastDeploymentAt} /> : none}</td>
    </>
  );
}

function SortHead({
  name,
  title,
  sort,
  onSort,
  number = false,
}: {
  name: Key;
  title: string;
  sort: { key: Key; down: boolean };
  onSort: (sort: { key: Key; down: boolean }) => void;
  number?: boolean;
}) {
  const active = sort.key === name;
  const Arrow = sort.down ? IconArrowDown : IconArrowUp;
  return (
    <th
      scope="col"
      className={number ? "num" : ""}
      aria-sort={active ? (sort.down ? "descending" : "ascending") : "none"}
    >
      <button
        type="button"
        className={css["sort"]}
        title={name === "name" ? undefined : METRIC_INFO[name].title}
        onClick={() => onSort({ key: name, down: active ? !sort.down : name !== "name" })}
      >
        {title}
        {active ? <Arrow size={13} aria-hidden /> : null}
      </button>
    </th>
  );
}

/** Found by name; nulls last whichever way the sort goes. */
function arrange(rows: readonly Row[], find: string, { key, down }: { key: Key; down: boolean }): Row[] {
  const wanted = find.trim().toLowerCase();
  const name = ({ scope }: Row) => (scope.title ?? scope.entity ?? "").toLowerCase();
  const byName = (a: Row, b: Row) => name(a).localeCompare(name(b));
  const direction = down ? -1 : 1;
  return rows
    .filter((row) => name(row).includes(wanted) || (row.scope.entity ?? "").toLowerCase().includes(wanted))
    .sort((a, b) => {
      if (key === "name") return direction * byName(a, b);
      const [left, right] = [a.metrics[key].value, b.metrics[key].value];
      if (left === null || right === null) return left === right ? byName(a, b) : left === null ? 1 : -1;
      return direction * (left - right) || byName(a, b);
    });
}
