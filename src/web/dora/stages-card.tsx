import { useId } from "react";
import type { Metrics } from "../api/types.ts";
import { count, duration } from "../lib/format.ts";
import { STAGES } from "../lib/metric-info.ts";
import css from "./dora.module.css";

/** Where the lead time goes: the median of each stage, side by side. */
export function StagesCard({ metrics }: { metrics: Metrics }) {
  const heading = useId();
  const { stages } = metrics.changeLeadTime;
  const known = STAGES.filter(({ name }) => stages[name].p50 !== null);
  const sum = known.reduce((total, { name }) => total + (stages[name].p50 ?? 0), 0);
  return (
    <section className="card" aria-labelledby={heading}>
      <h2 id={heading}>Lead time by stage</h2>
      <p className="muted small">
        Median of each stage. Medians do not add up to the median of the whole; a stage without a source is
        left out.
      </p>
      <div className={css["stage-bar"]} aria-hidden>
        {known.map(({ name, title }) => (
          <div
            key={name}
            title={`${title}: ${duration(stages[name].p50 ?? 0)}`}
            style={{
              flexGrow: sum > 0 ? (stages[name].p50 ?? 0) / sum : 1,
              background: `var(--stage-${name})`,
            }}
          />
        ))}
      </div>
      <div className="scroll-x" tabIndex={0} role="region" aria-label="Stages of the lead time">
        <table className="data">
          <thead>
            <tr>
              <th scope="col">Stage</th>
              <th scope="col" className="num">
                Median
              </th>
              <th scope="col" className="num">
                90 % within
              </th>
              <th scope="col" className="num">
                Changes
              </th>
            </tr>
          </thead>
          <tbody>
            {STAGES.map(({ name, title, span }) => {
              const { p50, p90, n } = stages[name];
              return (
                <tr key={name}>
                  <td>
                    <span
                      className={css["swatch"]}
                      style={{ background: `var(--stage-${name})`, opacity: p50 === null ? 0.3 : 1 }}
                      aria-hidden
                    />
                    {title} <span className="muted">{span}</span>
                  </td>
                  <td className="num">{p50 === null ? "No data" : duration(p50)}</td>
                  <td className="num">{p90 === null ? "–" : duration(p90)}</td>
                  <td className="num muted">{count(n)}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </section>
  );
}
