import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { belowQuery, blueprintsQuery, doraModelQuery, sideBySideQuery } from "../api/queries.ts";
import type { ServiceRowsAnswer } from "../api/types.ts";
import { encodeDoraSearch, type DoraQuery } from "../lib/dora-search.ts";
import { metricValue, plural } from "../lib/format.ts";
import { CARD_METRICS, METRIC_INFO, type CardMetric } from "../lib/metric-info.ts";
import { Bone } from "../parts/bone.tsx";
import { ErrorPanel } from "../parts/error-panel.tsx";
import { Pick } from "../parts/pick.tsx";
import css from "./side-by-side.module.css";
import type { DoraAddress } from "./use-dora-search.ts";

const NOTHING = "\u0000nothing";
const KINDS = [
  ["domain", "Domains"],
  ["system", "Systems"],
  ["_team", "Teams"],
] as const;
type Row = ServiceRowsAnswer["rows"][number];
type Sort = CardMetric | "name";

/** Domains, systems, teams or services beside one another; the name leads into its own numbers. */
export function SideBySide({ address }: { address: DoraAddress }) {
  const { query, change } = address;
  const kinds = useKinds();
  const by = kinds.find(({ value }) => value === query.by)?.value ?? null;
  return (
    <section className="card" aria-labelledby="side-by-side">
      <div className={css["head"]}>
        <h2 id="side-by-side">Side by side</h2>
        <Pick
          aria-label="Side by side"
          size="xs"
          data={[{ value: NOTHING, label: "Nothing" }, ...kinds]}
          value={by ?? NOTHING}
          onChange={(value) => change({ by: value === NOTHING ? null : value })}
        />
      </div>
      {by === null ? (
        <p className="muted small">
          Choose what to compare in this window: each has its own numbers, over all rows below it.
        </p>
      ) : (
        <Rows key={by} query={query} by={by} />
      )}
    </section>
  );
}

/** What there is of it here; services under whatever name they have. */
function useKinds(): { value: string; label: string }[] {
  const blueprints = useQuery(blueprintsQuery).data ?? [];
  const service = useQuery(doraModelQuery).data?.service.blueprint;
  const has = (id: string) => blueprints.some(({ identifier }) => identifier === id);
  return [
    ...KINDS.filter(([value]) => has(value)).map(([value, label]) => ({ value, label })),
    ...(service === undefined ? [] : [{ value: service, label: "Services" }]),
  ];
}

function Rows({ query, by }: { query: DoraQuery; by: string }) {
  const all = useQuery(sideBySideQuery(query, by));
  const below = useQuery(belowQuery(query.scope, by));
  const [sort, setSort] = useState<{ key: Sort; down: boolean }>({ key: "name", down: false });
  const isScoped = query.scope !== null;
  const rows = useMemo(() => {
    const here = isScoped ? new Set(below.data ?? []) : null;
    const found = (all.data?.rows ?? []).filter(({ scope }) => here?.has(scope.entity ?? "") !== false);
    return arrange(found, sort.key, sort.down);
  }, [all.data, below.data, isScoped, sort]);
  const error = all.error ?? (isScoped ? below.error : null);
  if (error) return <ErrorPanel what="compare" error={error} onRetry={() => void all.refetch()} />;
  if (!all.data || (isScoped && !below.data)) return <Bone height={120} />;
  return (
    <>
      <p className="muted small" role="status">
        {plural(rows.length, "row")}
        {rows.length > LIMIT ? `, the first ${LIMIT} shown` : ""}. Numbers of fewer than ten rows are grey.
      </p>
      <div className="scroll-x" tabIndex={0} role="region" aria-label="Numbers side by side">
        <table className="data">
          <thead>
            <tr>
              <Head name="name" title="Name" sort={sort} onSort={setSort} />
              {CARD_METRICS.map((metric) => (
                <Head
                  key={metric}
                  name={metric}
                  title={METRIC_INFO[metric].title}
                  sort={sort}
                  onSort={setSort}
                />
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, LIMIT).map((row) => (
              <EntityRow key={row.scope.entity} row={row} query={query} by={by} />
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

const LIMIT = 200;

function EntityRow({ row: { scope, metrics }, query, by }: { row: Row; query: DoraQuery; by: string }) {
  const entity = scope.entity ?? "";
  const into: DoraQuery = {
    ...query,
    scope: { blueprint: by, entity },
    by: null,
    explain: null,
    evidence: null,
  };
  const name = scope.title ?? entity;
  return (
    <tr>
      <td>
        <Link to="/dora" search={encodeDoraSearch(into)}>
          {name}
        </Link>
      </td>
      {CARD_METRICS.map((metric) => {
        const { value, few } = metrics[metric];
        return (
          <td key={metric} className="num">
            {value === null ? (
              <span className="muted">No data</span>
            ) : (
              <Link
                to="/dora"
                search={encodeDoraSearch({ ...into, evidence: { metric, bucket: null } })}
                className={few ? "muted" : undefined}
                aria-label={`${METRIC_INFO[metric].title} of ${name}: ${metricValue(metric, value)}, evidence`}
              >
                {metricValue(metric, value)}
              </Link>
            )}
          </td>
        );
      })}
    </tr>
  );
}

function Head({
  name,
  title,
  sort,
  onSort,
}: {
  name: Sort;
  title: string;
  sort: { key: Sort; down: boolean };
  onSort: (sort: { key: Sort; down: boolean }) => void;
}) {
  const active = sort.key === name;
  return (
    <th
      scope="col"
      className={name === "name" ? "" : "num"}
      aria-sort={active ? (sort.down ? "descending" : "ascending") : "none"}
    >
      <button
        type="button"
        className={css["sort"]}
        onClick={() => onSort({ key: name, down: active ? !sort.down : name !== "name" })}
      >
        {title}
        {active ? <span aria-hidden>{sort.down ? " ↓" : " ↑"}</span> : null}
      </button>
    </th>
  );
}

/** What has no number is last, whichever way the order goes. */
function arrange(rows: readonly Row[], key: Sort, down: boolean): Row[] {
  const name = ({ scope }: Row) => scope.title ?? scope.entity ?? "";
  const sign = down ? -1 : 1;
  return rows.toSorted((a, b) => {
    const byName = name(a).localeCompare(name(b));
    if (key === "name") return sign * byName;
    const [left, right] = [a.metrics[key].value, b.metrics[key].value];
    if (left === null || right === null) return left === right ? byName : left === null ? 1 : -1;
    return sign * (left - right) || byName;
  });
}
