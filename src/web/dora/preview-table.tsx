import { METRICS } from "../api/types.ts";
import { metricDelta, metricValue, plural, windowText } from "../lib/format.ts";
import { METRIC_INFO } from "../lib/metric-info.ts";
import type { Preview } from "./definition.ts";

/** The headlines as they are and as they would be. */
export function PreviewTable({ preview }: { preview: Preview }) {
  const { services, window, differences, pending } = preview;
  const part = services.computed < services.total ? ` of ${services.total}` : "";
  return (
    <>
      <p className="muted small" role="status">
        {plural(services.computed, "service")}
        {part}, {windowText(window.from, window.to, window.timezone)} ({window.timezone})
        {pending > 0 ? "; something is still being worked in" : ""}.
      </p>
      <div className="scroll-x" tabIndex={0} role="region" aria-label="The numbers as they would be">
        <table className="data">
          <thead>
            <tr>
              <th scope="col">Metric</th>
              <th scope="col" className="num">
                Now
              </th>
              <th scope="col" className="num">
                Then
              </th>
              <th scope="col" className="num">
                Difference
              </th>
            </tr>
          </thead>
          <tbody>
            {METRICS.map((metric) => {
              const { present, proposed, delta } = differences[metric];
              const text = (value: number | null) =>
                value === null ? "No data" : metricValue(metric, value);
              return (
                <tr key={metric}>
                  <th scope="row">{METRIC_INFO[metric].title}</th>
                  <td className="num">{text(present)}</td>
                  <td className="num">{text(proposed)}</td>
                  <td className="num">
                    {delta === null
                      ? "–"
                      : delta === 0
                        ? "the same"
                        : `${delta < 0 ? "−" : "+"}${metricDelta(metric, delta, Math.max(present ?? 0, proposed ?? 0))}`}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </>
  );
}
