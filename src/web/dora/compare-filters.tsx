import { Button } from "@mantine/core";
import { effectiveGrain, type DoraQuery } from "../lib/dora-search.ts";
import {
  daysBefore,
  daysOf,
  otherDays,
  yearBefore,
  type CompareQuery,
  type Days,
} from "../lib/compare-search.ts";
import { Pick } from "../parts/pick.tsx";
import css from "./compare.module.css";
import { DayRange, EnvironmentSelect, GRAINS, ScopeAndWindow, ZoneSelect } from "./filter-bar.tsx";
import bar from "./filter-bar.module.css";
import { ScopeSelect } from "./scope-select.tsx";

interface Props {
  query: CompareQuery;
  /** The days of the first side. */
  own: Days;
  onChange: (patch: Partial<CompareQuery>) => void;
}

type Which = "same" | "before" | "year" | "custom";

const WINDOWS: Record<Which, string> = {
  same: "The same days",
  before: "Previous window",
  year: "A year before",
  custom: "Custom …",
};

/** What is compared with what. */
export function CompareFilters({ query, own, onChange }: Props) {
  const { measured, other } = query;
  const which = whichOf(query, own);
  const days = otherDays(query, own);
  const measure = (patch: Partial<DoraQuery>): void => {
    const next = { ...measured, ...patch };
    const now = daysOf(next.range, next.timezone, Date.now());
    // The second side keeps its distance from the first.
    onChange({ measured: next, days: which === "custom" ? query.days : daysFor(which, now, other !== null) });
  };
  const swap = (): void =>
    onChange({
      measured: { ...measured, scope: other ?? measured.scope, range: days },
      other: other === null ? null : measured.scope,
      days: own,
    });
  return (
    <search className="stack" aria-label="What is compared">
      <div className={css["sides"]}>
        <fieldset>
          <legend>This</legend>
          <ScopeAndWindow query={measured} window={undefined} onChange={measure} />
        </fieldset>
        <fieldset>
          <legend>With</legend>
          <ScopeSelect
            label="Other scope"
            nothing="The same"
            scope={other}
            onChange={(next) =>
              onChange({
                other: next,
                days: which === "custom" || which === "year" ? query.days : null,
              })
            }
          />
          <Pick
            label="Other window"
            data={(Object.keys(WINDOWS) as Which[])
              .filter((value) => value !== "same" || other !== null)
              .map((value) => ({ value: value as string, label: WINDOWS[value] }))}
            value={which}
            onChange={(value) =>
              onChange({
                days: value === "custom" ? days : daysFor(value as Which, own, other !== null),
              })
            }
          />
          {which === "custom" ? (
            <DayRange from={days.from} to={days.to} onChange={(next) => onChange({ days: next })} />
          ) : null}
        </fieldset>
      </div>
      <div className={bar["bar"]}>
        <Pick
          label="Interval"
          data={[...GRAINS]}
          value={effectiveGrain(measured)}
          onChange={(value) =>
            measure({ grain: GRAINS.find((grain) => grain.value === value)?.value ?? null })
          }
        />
        <ZoneSelect timezone={measured.timezone} onChange={(timezone) => measure({ timezone })} />
        <EnvironmentSelect
          query={measured}
          answer={undefined}
          onChange={(environment) => measure({ environment })}
        />
        {/* The organisation can be the first side only. */}
        {other !== null && measured.scope === null ? null : (
          <Button variant="default" className={css["swap"] ?? ""} onClick={swap}>
            Swap sides
          </Button>
        )}
      </div>
    </search>
  );
}

/** Null where it is what goes without saying. */
function daysFor(which: Which, own: Days, isOther: boolean): Days | null {
  if (which === "year") return yearBefore(own);
  if (which === "before") return isOther ? daysBefore(own) : null;
  return null;
}

function whichOf(query: CompareQuery, own: Days): Which {
  const { days, other } = query;
  if (days === null) return other === null ? "before" : "same";
  const isThat = (one: Days): boolean => one.from === days.from && one.to === days.to;
  if (isThat(daysBefore(own))) return "before";
  if (isThat(yearBefore(own))) return "year";
  return other !== null && isThat(own) ? "same" : "custom";
}
