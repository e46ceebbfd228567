import { type DrawnLine, periodOf, type TimeAxis, valueAt } from "./drawn-line.ts";
import chart from "./lines.module.css";
import css from "./widgets.module.css";

interface Props extends TimeAxis {
  label: string;
  lines: readonly DrawnLine[];
  onOpen: (line: DrawnLine, at: number) => void;
}

/** The same numbers, the latest first; each opens what the point opens. */
export function LinesTable(props: Props) {
  const { label, dates, lines, onOpen } = props;
  return (
    <div className={css["scroll"]} tabIndex={0} role="region" aria-label={`${label} as a table`}>
      <table className="data">
        <thead>
          <tr>
            <th>Period</th>
            {lines.map((line) => (
              <th key={line.key} className="num">
                {line.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {dates
            .map((start, at) => ({ start, at }))
            .toReversed()
            .map(({ start, at }) => (
              <tr key={start}>
                <td>{periodOf(props, at)}</td>
                {lines.map((line) => (
                  <td key={line.key} className="num">
                    <button type="button" className={chart["point"]} onClick={() => onOpen(line, at)}>
                      {valueAt(line, at)}
                    </button>
                  </td>
                ))}
              </tr>
            ))}
        </tbody>
      </table>
    </div>
  );
}
