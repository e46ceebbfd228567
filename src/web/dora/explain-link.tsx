import { IconHelpCircle } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { MetricName } from "../api/types.ts";
import type { DoraSearch } from "../lib/dora-search.ts";
import { METRIC_INFO } from "../lib/metric-info.ts";
import css from "./dora.module.css";

/** Beside a headline: opens what it means and why others say something else. */
export function ExplainLink({ metric, search }: { metric: MetricName; search: DoraSearch }) {
  return (
    <Link
      to="/dora"
      search={search}
      resetScroll={false}
      className={css["explain"]}
      data-explain={metric}
      aria-label={`Explain ${METRIC_INFO[metric].title}`}
      title="What it means, what is in it, what others say"
    >
      <IconHelpCircle size={16} aria-hidden />
    </Link>
  );
}
