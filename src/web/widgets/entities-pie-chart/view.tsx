import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { count, percent } from "../../lib/format.ts";
import { looksOf } from "../colours.ts";
import { slicesOf, totalOf, useDistribution } from "../distribution.ts";
import { rowsLink } from "../scope.ts";
import type { WidgetProps } from "../widget-kind.ts";
import { filteredAway, NoData, WidgetEmpty, WidgetState } from "../widget-state.tsx";
import css from "./pie.module.css";
import { arcsOf } from "./arcs.ts";

/** Port's limit: more slices are told apart by nobody. */
const MOST = 14;

/** Keys of slices that are no value. */
const REST: ReadonlySet<string> = new Set(["null", "other", "no data"]);

/** Shares of values as a ring; each leads to its entities. */
export function PieChart({ widget, context }: WidgetProps) {
  const { scope, subject, answer, blueprint, titles } = useDistribution(widget, context);
  const [on, setOn] = useState<string | null>(null);
  const navigate = useNavigate();
  if (scope === null || subject === null)
    return <WidgetEmpty title="Not set up yet">Choose a blueprint and a property.</WidgetEmpty>;
  return (
    <WidgetState query={answer}>
      {(counted) => {
        const slices = slicesOf(
          counted,
          subject,
          blueprint,
          widget["dontAggregateOther"] === true ? 50 : MOST,
          titles,
        );
        const total = totalOf(slices);
        if (total === 0) return <NoData widget={widget} why={filteredAway(scope)} />;
        const arcs = arcsOf(slices.map((slice) => slice.count));
        const looks = looksOf(
          slices.map(({ key }) => (REST.has(key) ? null : String(JSON.parse(key)))),
          blueprint?.schema?.properties?.[subject.id]?.enumColors ?? {},
        );
        return (
          <div className={css["pie"]}>
            <svg viewBox="-100 -100 200 200" aria-hidden>
              {slices.map((slice, i) => {
                const arc = arcs[i];
                return arc ? (
                  <path
                    key={slice.key}
                    d={arc.path}
                    fill={looks[i]?.colour}
                    className={css["slice"]}
                    data-on={on === slice.key}
                    data-whole={arc.share > 0.9999}
                    onPointerEnter={() => setOn(slice.key)}
                    onPointerLeave={() => setOn(null)}
                    onClick={() =>
                      slice.rule === null ? undefined : void navigate(rowsLink(scope, [slice.rule]))
                    }
                  >
                    <title>{`${slice.label}: ${count(slice.count)}`}</title>
                  </path>
                ) : null;
              })}
              <text y={4} textAnchor="middle" fontSize={34} fontWeight={650} fill="var(--text)">
                {count(total)}
              </text>
              <text y={26} textAnchor="middle" fontSize={15} fill="var(--text-2)">
                {total === 1 ? "entity" : "entities"}
              </text>
            </svg>
            <ul className={css["legend"]}>
              {slices.map((slice, i) => {
                const inside = (
                  <>
                    <i className={css["swatch"]} style={{ background: looks[i]?.colour }} aria-hidden />
                    <span title={slice.rows ?? slice.label}>{slice.label}</span>
                    <span className={css["num"]}>{count(slice.count)}</span>
                    <span className={`${css["num"]} muted`}>{percent(slice.count / total)}</span>
                  </>
                );
                return (
                  <li key={slice.key}>
                    {slice.rule === null ? (
                      <div>{inside}</div>
                    ) : (
                      <Link
                        {...rowsLink(scope, [slice.rule])}
                        title={slice.rows}
                        data-on={on === slice.key}
                        onPointerEnter={() => setOn(slice.key)}
                        onPointerLeave={() => setOn(null)}
                      >
                        {inside}
                      </Link>
                    )}
                  </li>
                );
              })}
            </ul>
          </div>
        );
      }}
    </WidgetState>
  );
}
