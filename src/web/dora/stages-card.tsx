import { useId } from "react";
import type { Metrics, StageName } from "../api/types.ts";
import { count, duration, percent } from "../lib/format.ts";
import { STAGES } from "../lib/metric-info.ts";
import css from "./dora.module.css";

/** From these shares on a part of the bar has room for its name, and for its share too. */
const NAMED = 0.14;
const LABELLED = 0.25;

/** Where the lead time goes: the median of each stage, side by side. */
export function StagesCard({ metrics }: { metrics: Metrics }) {
  const heading = useId();
  const { stages } = metrics.changeLeadTime;
  const known = STAGES.filter(({ name }) => stages[name].p50 !== null);
  const sum = known.reduce((total, { name }) => total + (stages[name].p50 ?? 0), 0);
  const shareOf = (name: StageName): number | null => {
    const { p50 } = stages[name];
    return p50 === null || sum === 0 ? null : p50 / sum;
  };
  const shareText = (name: StageName): string => {
    const share = shareOf(name);
    return share === null ? "–" : percent(Math.round(share * 100) / 100);
  };
  return (
    <section className="card" aria-labelledby={heading}>
      <h2 id={heading}>Lead time by stage</h2>
      <p className="muted small">
        Median of each stage, and its share of their sum. Medians do not add up to the median of the whole; a
        stage without a source is left out.
      </p>
      {known.length === 0 ? null : (
        <div
          className={css["stage-bar"]}
          role="img"
          aria-label={known.map(({ name, title }) => `${title} ${shareText(name)}`).join(", ")}
        >
          {known.map(({ name, title }) => (
            <div
              key={name}
              title={`${title}: ${duration(stages[name].p50 ?? 0)}, ${shareText(name)}`}
              style={{ flexGrow: shareOf(name) ?? 1, background: `var(--stage-${name})` }}
            >
              {(shareOf(name) ?? 0) >= NAMED ? (
                <span>{(shareOf(name) ?? 0) >= LABELLED ? `${title} ${shareText(name)}` : title}</span>
              ) : null}
            </div>
          ))}
        </div>
      )}
      <div className="scroll-x" tabIndex={0} role="region" aria-label="Stages of the lead time">
        <table className="data stacked">
          <thead>
            <tr>
              <th scope="col">Stage</th>
              <th scope="col" className="num">
                Median
              </th>
              <th scope="col" className="num">
                Share
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
                  <td className="num" data-label="Median">
                    {p50 === null ? "No data" : duration(p50)}
                  </td>
                  <td className="num" data-label="Share">
                    {shareText(name)}
                  </td>
                  <td className="num" data-label="90 % within">
                    {p90 === null ? "–" : duration(p90)}
                  </td>
                  <td className="num muted" data-label="Changes">
                    {count(n)}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </section>
  );
}
