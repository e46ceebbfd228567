import { TextInput, type OptionsFilter } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { blueprintsQuery, doraModelQuery } from "../api/queries.ts";
import type { Grain, MetricsAnswer, WindowInfo } from "../api/types.ts";
import { DEFAULT_QUERY, effectiveGrain, PRESETS, type DoraQuery, type Preset } from "../lib/dora-search.ts";
import { date } from "../lib/format.ts";
import { browserTimeZone, dayIn, isDay, matchesZone, modernZone, timeZones } from "../lib/time-zone.ts";
import type { Chip } from "../parts/chips.tsx";
import { Pick } from "../parts/pick.tsx";
import { Toggle } from "../parts/toggle.tsx";
import { FoldedFilters } from "./folded-filters.tsx";
import { environmentText, type Measured, scopeText } from "./scope-text.ts";
import { ScopeSelect } from "./scope-select.tsx";
import css from "./filter-bar.module.css";

const WINDOWS: Record<Preset, string> = {
  "7d": "Last 7 days",
  "30d": "Last 30 days",
  "90d": "Last 90 days",
  "180d": "Last 180 days",
  "365d": "Last 12 months",
};
export const GRAINS: readonly { value: Grain; label: string }[] = [
  { value: "day", label: "Day" },
  { value: "week", label: "Week" },
  { value: "month", label: "Month" },
];

interface Props {
  query: DoraQuery;
  /** The metrics on screen; undefined while they load. */
  answer: MetricsAnswer | undefined;
  onChange: (patch: Partial<DoraQuery>) => void;
}

/** What is measured: scope, window, interval, zone, environment, comparison. */
export function FilterBar({ query, answer, onChange }: Props) {
  return (
    <FoldedFilters chips={chosenIn(query, answer, onChange)}>
      <ScopeAndWindow query={query} window={answer?.window} onChange={onChange} />
      <Pick
        label="Interval"
        data={[...GRAINS]}
        value={effectiveGrain(query)}
        onChange={(value) =>
          onChange({ grain: GRAINS.find((grain) => grain.value === value)?.value ?? null })
        }
      />
      <ZoneSelect timezone={query.timezone} onChange={(timezone) => onChange({ timezone })} />
      <EnvironmentSelect
        query={query}
        answer={answer}
        onChange={(environment) => onChange({ environment })}
      />
      <Toggle
        className={css["switch"] ?? ""}
        label="Compare with previous window"
        checked={query.compare}
        onChange={(compare) => onChange({ compare })}
      />
    </FoldedFilters>
  );
}

/** What differs from where everybody begins. */
export function chosenIn(
  query: DoraQuery,
  answer: Measured | undefined,
  onChange: Props["onChange"],
): Chip[] {
  const { scope, range, grain, timezone, environment, compare } = query;
  const window = "last" in range ? WINDOWS[range.last] : `${dayText(range.from)} – ${dayText(range.to)}`;
  const own: readonly [keyof DoraQuery, boolean, string][] = [
    ["scope", scope !== null, scopeText(query, answer)],
    ["range", JSON.stringify(range) !== JSON.stringify(DEFAULT_QUERY.range), window],
    ["grain", grain !== null, `By ${grain ?? ""}`],
    ["timezone", timezone !== DEFAULT_QUERY.timezone, timezone],
    ["environment", environment !== null, environmentText(query, answer)],
    ["compare", !compare, "Not compared"],
  ];
  return own
    .filter(([, isChosen]) => isChosen)
    .map(([key, , text]) => ({
      ...{ key, text, removal: `Remove filter ${text}` },
      onRemove: () => onChange({ [key]: DEFAULT_QUERY[key] }),
    }));
}

const dayText = (day: string): string => date(`${day}T00:00:00Z`, "UTC");

interface ScopeAndWindowProps {
  query: DoraQuery;
  /** The window on screen; undefined while it loads. */
  window: WindowInfo | undefined;
  onChange: (patch: Partial<DoraQuery>) => void;
}

/** The filters that every page about the numbers has. */
export function ScopeAndWindow({ query, window, onChange }: ScopeAndWindowProps) {
  const { range } = query;
  return (
    <>
      <ScopeSelect scope={query.scope} onChange={(scope) => onChange({ scope })} />
      <Pick
        label="Window"
        data={[
          ...PRESETS.map((value) => ({ value: value as string, label: WINDOWS[value] })),
          { value: "custom", label: "Custom …" },
        ]}
        value={"last" in range ? range.last : "custom"}
        onChange={(value) => {
          const preset = PRESETS.find((candidate) => candidate === value);
          onChange({ range: preset ? { last: preset } : customRange(query, window) });
        }}
      />
      {"from" in range ? (
        <DayRange from={range.from} to={range.to} onChange={(next) => onChange({ range: next })} />
      ) : null}
    </>
  );
}

/** IANA zones; that of the browser first. */
export function ZoneSelect({
  timezone,
  onChange,
}: {
  timezone: string;
  onChange: (timezone: string) => void;
}) {
  return (
    <Pick
      label="Time zone"
      searchable
      filter={filterZones}
      data={zoneGroups}
      value={modernZone(timezone)}
      onChange={(value) => onChange(value ?? "UTC")}
      nothingFoundMessage="No such zone"
    />
  );
}

function zoneGroups() {
  const own = browserTimeZone();
  const first = own === "UTC" ? ["UTC"] : ["UTC", own];
  return [
    { group: own === "UTC" ? "Default and your browser" : "Default, your browser", items: first },
    { group: "All zones", items: timeZones().filter((zone) => !first.includes(zone)) },
  ];
}

const filterZones: OptionsFilter = ({ options, search }) =>
  options.map((option) =>
    "group" in option
      ? { ...option, items: option.items.filter(({ value }) => matchesZone(value, search)) }
      : option,
  );

/** The days of the window on screen, as a start for an own range. */
function customRange(query: DoraQuery, window: WindowInfo | undefined): DoraQuery["range"] {
  const now = Date.now();
  const to = window ? Date.parse(window.to) - 1 : now;
  const from = window ? Date.parse(window.from) : now - 90 * 86_400_000;
  return { from: dayIn(from, query.timezone), to: dayIn(to, query.timezone) };
}

/** First and last day, both inclusive. */
export function DayRange({
  from,
  to,
  onChange,
}: {
  from: string;
  to: string;
  onChange: (range: { from: string; to: string }) => void;
}) {
  return (
    <>
      <DayInput
        label="From"
        value={from}
        onPick={(day) => onChange({ from: day, to: day > to ? day : to })}
      />
      <DayInput
        label="To"
        value={to}
        onPick={(day) => onChange({ from: day < from ? day : from, to: day })}
      />
    </>
  );
}

/** Typing passes through days nobody meant (0002-01-01): a day counts when it is whole and the field is left or Enter pressed. */
function DayInput({ label, value, onPick }: { label: string; value: string; onPick: (day: string) => void }) {
  const [draft, setDraft] = useState<string | null>(null);
  const shown = draft ?? value;
  const good = isDay(shown) && shown >= "1990-01-01" && shown < "2100-01-01";
  const commit = () => {
    if (draft !== null && good && draft !== value) onPick(draft);
    if (good) setDraft(null);
  };
  return (
    <TextInput
      label={label}
      type="date"
      value={shown}
      error={good ? false : "No usable day"}
      onChange={(event) => setDraft(event.currentTarget.value)}
      onBlur={commit}
      onKeyDown={(event) => {
        if (event.key === "Enter") commit();
      }}
    />
  );
}

/** Stands for “those that count as production”, whatever the settings call them. */
const PRODUCTION = "\u0000production";

/** Production, as the settings call it, and what else deployments go to. */
export function EnvironmentSelect({
  query,
  answer,
  onChange,
}: {
  query: DoraQuery;
  answer: MetricsAnswer | undefined;
  onChange: (environment: string | null) => void;
}) {
  const blueprints = useQuery(blueprintsQuery);
  const offered = (useQuery(doraModelQuery).data?.roles.deployment ?? []).flatMap(({ blueprint, fields }) => {
    const property = fields["environment"]?.replace(/^properties\./, "") ?? "";
    const definition = blueprints.data?.find(({ identifier }) => identifier === blueprint);
    return definition?.schema?.properties?.[property]?.enum ?? [];
  });
  const { environment } = query;
  const production = environmentText(
    { ...query, environment: null },
    environment === null ? answer : undefined,
  );
  const names = new Set([...offered.map(String), ...(environment === null ? [] : [environment])]);
  names.delete(production);
  return (
    <Pick
      label="Environment"
      data={[
        { value: PRODUCTION, label: production },
        ...[...names].map((name) => ({ value: name, label: name })),
      ]}
      value={environment === null || environment === production ? PRODUCTION : environment}
      onChange={(value) => onChange(value === null || value === PRODUCTION ? null : value)}
    />
  );
}
