import { date } from "../lib/format.ts";

/** Below a chart: the days that it begins and ends with. */
export function ChartEnds({ from, to, toWord = "" }: { from: string; to: string; toWord?: string }) {
  const [first, last] = [date(from, "UTC"), date(to, "UTC")];
  return (
    <div className="row between muted small nums" aria-hidden>
      <span>{first}</span>
      {first === last && toWord === "" ? null : (
        <span>
          {toWord}
          {last}
        </span>
      )}
    </div>
  );
}
