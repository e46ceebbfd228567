import { useQuery } from "@tanstack/react-query";
import { useFollow } from "../api/live.tsx";
import { count as number, percent } from "../lib/format.ts";
import { Bone } from "../parts/bone.tsx";
import { Tag } from "../parts/tag.tsx";
import { levelParts, NO_DATA } from "./level-parts.ts";
import { LevelTag } from "./level-tag.tsx";
import { levelCountsQuery } from "./queries.ts";
import css from "./scorecards.module.css";
import type { ScorecardDoc } from "./types.ts";

/** How many entities have each level, highest first, and for how many there is nothing to judge. */
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
    return counts.error ? <span className="muted">–</span> : <Bone height={12} />;
  const parts = levelParts(scorecard, counts.data);
  if (parts === null)
    return (
      <div aria-busy>
        <Bone height={12} />
        <p className="muted small">Levels are being worked out</p>
      </div>
    );
  const total = parts.reduce((sum, { count }) => sum + count, 0);
  if (total === 0) return <span className="muted">No entities in scope</span>;
  const some = parts.filter(({ count }) => count > 0);
  const text = some.map(({ title, count }) => `${number(count)} ${title}`);
  return (
    <div>
      <div className={css["bar"]} role="img" aria-label={text.join(", ")} title={text.join(", ")}>
        {some.map(({ title, color, count }) => (
          <span key={title} data-color={color} style={{ flex: `${count} 1 0` }} />
        ))}
      </div>
      {withNumbers ? (
        <p className="muted small nums" aria-hidden>
          {text.join(" · ")}
        </p>
      ) : null}
      {withLegend ? (
        <ul className={css["legend"]}>
          {parts.map(({ title, color, count }) => (
            <li key={title} className={css["entry"]}>
              {color === NO_DATA ? <Tag>{title}</Tag> : <LevelTag level={title} scorecard={scorecard} />}
              <span className="nums">{number(count)}</span>
              <span className="muted small">{percent(Math.round((count / total) * 100) / 100)}</span>
            </li>
          ))}
        </ul>
      ) : null}
    </div>
  );
}
