import { Link } from "@tanstack/react-router";
import { count } from "../../lib/format.ts";
import { slicesOf, totalOf, useDistribution } from "../distribution.ts";
import { rowsLink } from "../scope.ts";
import type { WidgetProps } from "../widget-kind.ts";
import { filteredAway, NoData, WidgetEmpty, WidgetState } from "../widget-state.tsx";
import css from "./bars.module.css";

/** Port's limit. */
const MOST = 9;

/** Entities by value, the most frequent first; each bar leads to its entities. */
export function BarChart({ widget, context }: WidgetProps) {
  const { scope, subject, answer, blueprint, titles } = useDistribution(widget, context);
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
        if (totalOf(slices) === 0) return <NoData widget={widget} why={filteredAway(scope)} />;
        // All others together would make stubs of those that the chart is about.
        const single = slices.filter(({ key }) => key !== "other");
        const top = Math.max(...(single.length > 0 ? single : slices).map((slice) => slice.count));
        return (
          <ul className={css["bars"]}>
            {slices.map((slice) => {
              const inside = (
                <>
                  <span title={slice.rows ?? slice.label}>{slice.label}</span>
                  <i
                    className={css["bar"]}
                    data-beyond={slice.count > top}
                    style={{ width: `${Math.min(1, slice.count / top) * 100}%` }}
                    aria-hidden
                  />
                  <span className={css["num"]}>{count(slice.count)}</span>
                </>
              );
              return (
                <li key={slice.key}>
                  {slice.rule === null ? (
                    <div>{inside}</div>
                  ) : (
                    <Link {...rowsLink(scope, [slice.rule])} title={slice.rows}>
                      {inside}
                    </Link>
                  )}
                </li>
              );
            })}
          </ul>
        );
      }}
    </WidgetState>
  );
}
