import type { ChartPoint } from "./chart-data.ts";
import css from "./trend-chart.module.css";

/** Height of the lane above a chart in which its notes are. */
export const LANE = 16;

interface Props {
  points: readonly ChartPoint[];
  center: (index: number) => number;
  step: number;
  /** Of the plot below the lane. */
  height: number;
  cursor: number | null;
  notes: ReadonlyMap<string, readonly string[]>;
  onNotes?: (bucket: string) => void;
  onCursor: (index: number | null) => void;
}

/** A flag above each bucket that has notes, and a line down to what it may explain; a click opens or begins one. */
export function NoteMarks({ points, center, step, height, cursor, notes, onNotes, onCursor }: Props) {
  const top = -LANE - 4;
  const here = cursor === null ? undefined : points[cursor];
  return (
    <>
      {points.map(({ id }, index) => {
        const count = notes.get(id)?.length ?? 0;
        if (count === 0) return null;
        return (
          <g key={id} data-note={id}>
            <line x1={center(index)} x2={center(index)} y1={-4} y2={height} className={css["note-line"]} />
            <circle cx={center(index)} cy={top + 9} r={8} className={css["note"]} />
            <text x={center(index)} y={top + 12.5} textAnchor="middle" className={css["note-count"]}>
              {count > 1 ? count : "i"}
            </text>
          </g>
        );
      })}
      {onNotes && here && cursor !== null && !notes.has(here.id) ? (
        <text x={center(cursor)} y={top + 13} textAnchor="middle" className={css["note-add"]}>
          +
        </text>
      ) : null}
      {onNotes
        ? points.map(({ id, period }, index) => (
            <rect
              key={id}
              x={center(index) - step / 2}
              y={top}
              width={step}
              height={LANE + 4}
              className={css["hit"]}
              data-lane={id}
              onPointerMove={() => onCursor(index)}
              onPointerLeave={() => onCursor(null)}
              onClick={() => onNotes(id)}
            >
              <title>{`Notes of ${period}`}</title>
            </rect>
          ))
        : null}
    </>
  );
}

/** The notes of a point as they are read out after it. */
export function noteText(texts: readonly string[] | undefined): string {
  if (texts === undefined || texts.length === 0) return "";
  return `. ${texts.length === 1 ? "Note" : `${texts.length} notes`}: ${texts.join("; ")}`;
}
