import { IconArrowDownRight, IconArrowRight, IconArrowUpRight } from "@tabler/icons-react";
import type { MetricName, Metrics } from "../api/types.ts";
import { METRIC_INFO } from "../lib/metric-info.ts";
import { isSame, metricDelta, metricValue } from "../lib/format.ts";
import css from "./dora.module.css";

interface Props {
  metric: MetricName;
  result: Metrics[MetricName];
  /** The number rests on too little: so does its change. */
  isThin?: boolean;
}

/** The change against the previous window in words: better or worse, by how much, and whether it may be chance. */
export function Delta({ metric, result: { value, previous, trend }, isThin = false }: Props) {
  if (previous === undefined || value === null) return null;
  if (previous === null || previous.value === null) {
    return <p className={css["delta"]}>No data in the previous window</p>;
  }
  // Nothing before is mostly a portal or a service that is new, not an improvement.
  if (metric === "deploymentFrequency" && previous.n === 0) {
    return <p className={css["delta"]}>No deployments in the previous window</p>;
  }
  const delta = trend?.delta ?? value - previous.value;
  const was = `was ${metricValue(metric, previous.value, value)}`;
  if (isSame(metric, delta, value)) {
    return (
      <p className={css["delta"]}>
        <IconArrowRight size={15} aria-hidden />
        <span>
          about the same <span className={css["was"]}>{was}</span>
        </span>
      </p>
    );
  }
  const better = delta < 0 === METRIC_INFO[metric].lowerIsBetter;
  const [tone, word] = better ? ["good", "better"] : ["bad", "worse"];
  // What may well be chance is not told as news; how much it is stands in the comparison.
  const isChance = trend?.significant === false;
  const isNews = trend?.significant === true && !isThin;
  const Arrow = isChance ? IconArrowRight : delta > 0 ? IconArrowUpRight : IconArrowDownRight;
  const verdict = isNews ? ", significant" : isChance || isThin ? "" : ", not tested";
  return (
    <p className={css["delta"]} data-tone={isNews ? tone : "unsure"}>
      <Arrow size={15} aria-hidden />
      <span>
        <strong>{isChance ? "no clear change" : `${word} by ${metricDelta(metric, delta, value)}`}</strong>{" "}
        <span className={css["was"]}>
          {was}
          {verdict}
        </span>
      </span>
    </p>
  );
}
