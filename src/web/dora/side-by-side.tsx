import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import {
  belowQuery,
  blueprintsQuery,
  doraModelQuery,
  entitiesQuery,
  sideBySideQuery,
} from "../api/queries.ts";
import type { ServiceRowsAnswer } from "../api/types.ts";
import { encodeDoraSearch, type DoraQuery, type ScopeRef } from "../lib/dora-search.ts";
import { metricValue, plural } from "../lib/format.ts";
import { CARD_METRICS, METRIC_INFO, type CardMetric } from "../lib/metric-info.ts";
import { Bone } from "../parts/bone.tsx";
import { ErrorPanel } from "../parts/error-panel.tsx";
import { Pick } from "../parts/pick.tsx";
import { NoNumber, WhyInRow } from "./metric-card.tsx";
import { whyText } from "./metric-words.ts";
import css from "./side-by-side.module.css";
import type { DoraAddress } from "./use-dora-search.ts";

const NOTHING = "\u0000nothing";
/** From the widest on: each leads into the next that there is. */
const KINDS = [
  ["domain", "Domains"],
  ["system", "Systems"],
  ["_team", "Teams"],
  ["team", "Teams of your own"],
] as const;
/** What of these lies below each of them. */
const BELOW: Readonly<Record<string, readonly string[]>> = {
  domain: ["system", "_team", "team"],
  system: ["_team", "team"],
  _team: [],
  team: [],
};
type Row = ServiceRowsAnswer["rows"][number];
type Sort = CardMetric | "name";

/** Domains, systems, teams or services beside one another; the name leads into its own numbers. */
export function SideBySide({ address }: { address: DoraAddress }) {
  const { query, change } = address;
  const kinds = useKinds(query.scope);
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
        <Rows key={by} query={query} by={by} next={nextOf(by, kinds)} />
      )}
    </section>
  );
}

/** What there is of it here; services under whatever name they have. */
function useKinds(scope: ScopeRef | null): { value: string; label: string }[] {
  const blueprints = useQuery(blueprintsQuery).data ?? [];
  const service = useQuery(doraModelQuery).data?.service.blueprint;
  const teams = useQuery(entitiesQuery("_team")).data;
  // `_team` is shipped with the system: it is offered only where there are teams.
  const has = (id: string) =>
    blueprints.some(({ identifier }) => identifier === id) && (id !== "_team" || teams?.length !== 0);
  return [
    ...KINDS.filter(([value]) => has(value) && isBelow(scope, value)).map(([value, label]) => ({
      value,
      label,
    })),
    ...(service === undefined ? [] : [{ value: service, label: "Services" }]),
  ];
}

const isBelow = (scope: ScopeRef | null, blueprint: string): boolean =>
  scope === null || (BELOW[scope.blueprint] ?? []).includes(blueprint);

/** What to show side by side in one of these: teams in a domain, services in a team. */
function nextOf(by: string, kinds: readonly { readonly value: string }[]): string | null {
  const below = BELOW[by];
  if (below === undefined) return null;
  const ways = ["_team", "team", "system"].filter((one) => below.includes(one));
  return ways.find((one) => kinds.some(({ value }) => value === one)) ?? kinds.at(-1)?.value ?? null;
}

function Rows({ query, by, next }: { query: DoraQuery; by: string; next: string | null }) {
  const all = useQuery(sideBySideQuery(query, by));
  const services = useQuery(doraModelQuery).data?.service.blueprint;
  const below = useQuery(belowQuery(query.scope, by, services));
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
              <EntityRow key={row.scope.entity} row={row} query={query} by={by} next={next} />
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

const LIMIT = 200;

function EntityRow({
  row: { scope, metrics },
  query,
  by,
  next,
}: {
  row: Row;
  query: DoraQuery;
  by: string;
  next: string | null;
}) {
  const entity = scope.entity ?? "";
  const into: DoraQuery = {
    ...query,
    scope: { blueprint: by, entity },
    trail: query.scope === null ? [] : [...query.trail, query.scope],
    by: next,
    explain: null,
    evidence: null,
    note: null,
  };
  const name = scope.title ?? entity;
  return (
    <tr>
      <td>
        <Link to="/dora" search={encodeDoraSearch(into)}>
          {name}
        </Link>
        <WhyInRow of={CARD_METRICS} metrics={metrics} />
      </td>
      {CARD_METRICS.map((metric) => {
        const { value, few } = metrics[metric];
        return (
          <td key={metric} className="num">
            {value === null ? (
              <NoNumber metric={metric} result={metrics[metric]} />
            ) : (
              <Link
                to="/dora"
                search={encodeDoraSearch({ ...into, by: null, evidence: { metric, bucket: null } })}
                className={few ? "muted" : undefined}
                title={whyText(metric, metrics) ?? undefined}
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
