import { IconHistory } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { ChartEnds } from "../charts/chart-ends.tsx";
import { count, date } from "../lib/format.ts";
import { Bone } from "../parts/bone.tsx";
import { Choice } from "../parts/choice.tsx";
import { Empty } from "../parts/empty.tsx";
import { ErrorPanel } from "../parts/error-panel.tsx";
import { LevelTag } from "./level-tag.tsx";
import { levelCountsQuery, levelHistoryQuery } from "./queries.ts";
import css from "./scorecards.module.css";
import type { ScorecardDoc } from "./types.ts";

const SPANS = [
  { value: "lastMonth", label: "Month", interval: "day" },
  { value: "last3Months", label: "3 months", interval: "day" },
  { value: "last12Months", label: "Year", interval: "isoWeek" },
] as const;
type Span = (typeof SPANS)[number]["value"];

/** How the entities were spread over the levels: a column for each day or week, the base level at the bottom. */
export function LevelHistory({ scorecard }: { scorecard: ScorecardDoc }) {
  const [span, setSpan] = useState<Span>("last3Months");
  const interval = SPANS.find(({ value }) => value === span)?.interval ?? "day";
  const history = useQuery(levelHistoryQuery(scorecard.blueprint, scorecard.identifier, span, interval));
  const withoutData =
    useQuery(levelCountsQuery(scorecard.blueprint, scorecard.identifier)).data?.withoutData ?? 0;
  const points = history.data?.points ?? [];
  const most = Math.max(1, ...points.map(({ counts }) => sumOf(counts)));
  // Where nobody was counted yet nothing has risen since.
  const first = points.find(({ counts }) => sumOf(counts) > 0);
  const moved = first === points.at(-1) ? undefined : first;
  const levels = history.data?.levels.filter((level) => points.some(({ counts }) => counts[level])) ?? [];
  return (
    <section className="card" aria-labelledby="level-history">
      <div className="row between">
        <h2 id="level-history">Over time</h2>
        {points.length < 2 && interval === "day" ? null : (
          <Choice
            label="Span"
            value={span}
            options={SPANS.map(({ value, label }) => ({ value, label }))}
            onChange={setSpan}
          />
        )}
      </div>
      {history.error ? (
        <ErrorPanel
          what="load the history of levels"
          error={history.error}
          onRetry={() => void history.refetch()}
        />
      ) : history.data === undefined ? (
        <Bone height={150} />
      ) : levels.length === 0 ? (
        <Empty isSmall icon={IconHistory} title="No entity had a level yet" />
      ) : (
        <>
          {points.length < 2 ? (
            <p className="muted">
              Counted since {dayOf(points[0]?.at ?? "")}. The chart appears after two days of data.
            </p>
          ) : (
            <>
              <div className={css["history"]} role="img" aria-label={textOf(points, levels)}>
                {points.map(({ at, counts }) => (
                  <span
                    key={at}
                    className={css["column"]}
                    title={`${dayOf(at)}: ${countsText(counts, levels)}`}
                  >
                    {levels.map((level) => (
                      <span
                        key={level}
                        data-color={colorOf(scorecard, level)}
                        style={{ height: `${((counts[level] ?? 0) / most) * 100}%` }}
                      />
                    ))}
                  </span>
                ))}
              </div>
              <ChartEnds from={points[0]?.at ?? ""} to={points.at(-1)?.at ?? ""} />
            </>
          )}
          <ul className={css["legend"]}>
            {levels.toReversed().map((level) => (
              <li key={level} className={css["entry"]}>
                <LevelTag level={level} scorecard={scorecard} />
                <span className="nums small">
                  {moved === undefined ? "" : `${count(moved.counts[level] ?? 0)} → `}
                  {count(points.at(-1)?.counts[level] ?? 0)}
                </span>
              </li>
            ))}
          </ul>
          {withoutData > 0 ? (
            <p className="muted small">
              Those without data are counted as {scorecard.levels[0]?.title} here: now {count(withoutData)};
              of the past it is not kept how many.
            </p>
          ) : null}
        </>
      )}
    </section>
  );
}

type Counts = Readonly<Record<string, number>>;

const sumOf = (counts: Counts): number => Object.values(counts).reduce((sum, count) => sum + count, 0);
const dayOf = (at: string): string => date(at, "UTC");
const countsText = (counts: Counts, levels: readonly string[]): string =>
  levels
    .filter((level) => counts[level])
    .map((level) => `${counts[level] ?? 0} ${level}`)
    .join(", ") || "nobody";

function textOf(points: readonly { at: string; counts: Counts }[], levels: readonly string[]): string {
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined) return "Nothing yet";
  return `${dayOf(first.at)}: ${countsText(first.counts, levels)}. ${dayOf(last.at)}: ${countsText(last.counts, levels)}.`;
}

function colorOf(scorecard: ScorecardDoc, level: string): string | undefined {
  return scorecard.levels.find(({ title }) => title === level)?.color;
}
