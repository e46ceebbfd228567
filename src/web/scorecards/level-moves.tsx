import { IconArrowDownRight, IconArrowRight, IconArrowUpRight } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Ago } from "../parts/ago.tsx";
import { Bone } from "../parts/bone.tsx";
import { Empty } from "../parts/empty.tsx";
import { EntityRef } from "../parts/entity-ref.tsx";
import { ErrorPanel } from "../parts/error-panel.tsx";
import { RowsTable } from "../parts/rows-table.tsx";
import { LevelTag } from "./level-tag.tsx";
import { levelMovesQuery, type MoveDoc, MOVES_SHOWN } from "./queries.ts";
import css from "./scorecards.module.css";
import type { ScorecardDoc } from "./types.ts";

/** Who moved between the levels of a scorecard, newest first. */
export function LevelMoves({ scorecard }: { scorecard: ScorecardDoc }) {
  const { blueprint, identifier } = scorecard;
  const moves = useQuery(levelMovesQuery(blueprint, identifier, null));
  return (
    <section className="card" aria-labelledby="level-moves">
      <h2 id="level-moves">Moves</h2>
      {moves.error ? (
        <ErrorPanel what="load the moves" error={moves.error} onRetry={() => void moves.refetch()} />
      ) : moves.data === undefined ? (
        <Bone height={90} />
      ) : moves.data.moves.length === 0 ? (
        <Empty isSmall icon={IconArrowUpRight} title="No entity has changed its level yet" />
      ) : (
        <>
          <RowsTable
            few={10}
            label="Moves"
            rows={moves.data.moves}
            total={moves.data.moves.length}
            keyOf={(move) => `${move.at} ${move.entity.identifier}`}
            columns={[
              { title: "Entity", renderCell: (move) => <Who move={move} blueprint={blueprint} /> },
              { title: "Level", renderCell: (move) => <FromTo move={move} scorecard={scorecard} /> },
              { title: "When", renderCell: (move) => <Ago iso={move.at} /> },
            ]}
          />
          {moves.data.next === null ? null : <p className="muted small">The newest {MOVES_SHOWN} of more.</p>}
        </>
      )}
    </section>
  );
}

/** Where one entity stood in a scorecard. Nothing while it never moved. */
export function EntityMoves({ scorecard, entity }: { scorecard: ScorecardDoc; entity: string }) {
  const moves = useQuery(levelMovesQuery(scorecard.blueprint, scorecard.identifier, entity));
  if (moves.data === undefined || moves.data.moves.length === 0) return null;
  return (
    <details>
      <summary className="small">History of its level</summary>
      <ul className={css["moves"]}>
        {moves.data.moves.map((move) => (
          <li key={move.at} className="row">
            <FromTo move={move} scorecard={scorecard} />
            <span className="small muted">
              <Ago iso={move.at} />
            </span>
          </li>
        ))}
      </ul>
    </details>
  );
}

function Who({ move: { entity }, blueprint }: { move: MoveDoc; blueprint: string }) {
  const title = entity.title || entity.identifier;
  if (!entity.exists) return <span className="muted">{title} (gone)</span>;
  return <EntityRef blueprint={blueprint} identifier={entity.identifier} title={title} tab="scorecards" />;
}

function FromTo({ move, scorecard }: { move: MoveDoc; scorecard: ScorecardDoc }) {
  const titles = move.rules.map((rule) => {
    const found = scorecard.rules.find(({ identifier }) => identifier === rule);
    return found?.title ?? rule;
  });
  if (move.from === null)
    return (
      <span className="row" title={titles.join(", ") || undefined}>
        <span className="muted">none before</span> <Level level={move.to} scorecard={scorecard} />
      </span>
    );
  return (
    <span className="row" title={titles.join(", ") || undefined}>
      {move.direction === "up" ? (
        <IconArrowUpRight size={16} aria-label="up" color="var(--good)" />
      ) : move.direction === "down" ? (
        <IconArrowDownRight size={16} aria-label="down" color="var(--bad)" />
      ) : (
        <IconArrowRight size={16} aria-label="other levels" color="var(--text-2)" />
      )}
      <Level level={move.from} scorecard={scorecard} /> → <Level level={move.to} scorecard={scorecard} />
    </span>
  );
}

function Level({ level, scorecard }: { level: string | null; scorecard: ScorecardDoc }) {
  return level === null ? (
    <span className="muted">none</span>
  ) : (
    <LevelTag level={level} scorecard={scorecard} />
  );
}
