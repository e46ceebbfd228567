import { useQuery } from "@tanstack/react-query";
import { useFollow } from "../api/live.tsx";
import { count as number, percent } from "../lib/format.ts";
import { Bone } from "../parts/bone.tsx";
import { LevelTag } from "./level-tag.tsx";
import { levelCountsQuery } from "./queries.ts";
import css from "./scorecards.module.css";
import type { ScorecardDoc } from "./types.ts";

/** How many entities have each level, highest first. */
export function LevelBar({
  scorecard,
  withLegend = false,
  withNumbers = false,
}: {
  scorecard: ScorecardDoc;
  /** Each level with its colour and share. */
  withLegend?: boolean;
  /** The levels that somebody has, in a line. */
  withNumbers?: boolean;
}) {
  // Levels of a new definition come a moment after it.
  const refetchInterval = useFollow();
  const counts = useQuery({
    ...levelCountsQuery(scorecard.blueprint, scorecard.identifier),
    refetchInterval,
  });
  if (counts.data === undefined)
    return counts.error ? <span className="muted">–</span> : <Bone height={10} />;
  if (counts.data.isWorkedOutLater) return <span className="muted">Levels are being worked out</span>;
  const known = scorecard.levels
    .map(({ title, color }) => ({ title, color, count: counts.data.counts.get(title) ?? 0 }))
    .reverse();
  const total = known.reduce((sum, { count }) => sum + count, 0);
  if (total === 0) return <span className="muted">No entities in scope</span>;
  const text = known.map(({ title, count }) => `${count} ${title}`).join(", ");
  return (
    <div>
      <div className={css["bar"]} role="img" aria-label={text} title={text}>
        {known
          .filter(({ count }) => count > 0)
          .map(({ title, color, count }) => (
            <span key={title} data-color={color} style={{ flex: `${count} 1 0` }} />
          ))}
      </div>
      {withNumbers ? (
        <p className="muted small nums" aria-hidden>
          {known
            .filter(({ count }) => count > 0)
            .map(({ title, count }) => `${number(count)} ${title}`)
            .join(" · ")}
        </p>
      ) : null}
      {withLegend ? (
        <ul className={css["legend"]}>
          {known.map(({ title, count }) => (
            <li key={title} className={css["entry"]}>
              <LevelTag level={title} scorecard={scorecard} />
              <span className="nums">{number(count)}</span>
              <span className="muted small">{percent(Math.round((count / total) * 100) / 100)}</span>
            </li>
          ))}
        </ul>
      ) : null}
    </div>
  );
}
