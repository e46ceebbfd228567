import type { MetricsAnswer } from "../api/types.ts";
import type { ChartData } from "../charts/chart-data.ts";
import { chartPicture } from "../charts/chart-picture.ts";
import { csv } from "../lib/csv.ts";
import { date, windowText } from "../lib/format.ts";
import { METRIC_INFO, type CardMetric } from "../lib/metric-info.ts";
import { save, saveBlob } from "../lib/save.ts";
import type { Note } from "./note-queries.ts";
import { notesFoot, printable } from "./notes-foot.ts";
import { environmentText, scopeText } from "./scope-text.ts";
import type { DoraAddress } from "./use-dora-search.ts";

/** What a chart is made of. */
export interface ChartContent {
  readonly metric: CardMetric;
  readonly title: string;
  readonly answer: MetricsAnswer;
  readonly data: ChartData;
  readonly address: DoraAddress;
  readonly notes: ReadonlyMap<string, readonly Note[]>;
}

/** @throws Error where the browser cannot draw it */
export async function saveChartPicture(chart: SVGSVGElement, content: ChartContent): Promise<void> {
  saveBlob(await chartPicture(chart, textOf(content)), `${fileName(content)}.png`);
}

/** The buckets as the API has them, one a line. */
export function saveChartNumbers(content: ChartContent): void {
  save(seriesCsv(content), `${fileName(content)}.csv`, "text/csv");
}

function fileName({ metric, address: { query }, answer: { window } }: ChartContent): string {
  const days = [window.from, window.to].map((iso) => iso.slice(0, 10));
  const parts = ["fairway", metric, query.scope?.entity ?? "organisation", query.environment ?? "", ...days];
  return parts
    .filter((part) => part !== "")
    .join("-")
    .replaceAll(/[^\w.-]+/g, "_");
}

/** What somebody has to know who sees only the picture. */
function textOf({
  metric,
  title,
  answer,
  data,
  address,
  notes,
}: ChartContent): Parameters<typeof chartPicture>[1] {
  const { from, to, timezone } = answer.window;
  const { definition } = answer;
  const profile = definition
    ? ` Definition ${definition.profile}, version ${definition.version ?? "?"}.`
    : "";
  const hasPrevious = data.previous.some((y) => y !== null);
  const unfinished = data.points.some(({ partial }) => partial);
  return {
    title,
    lines: [
      printable(
        `${scopeText(address.query, answer)} · ${environmentText(address.query, answer)} · ${windowText(from, to, timezone)} (${timezone})`,
      ),
      `${METRIC_INFO[metric].definition}${profile}`,
    ],
    foot: [
      [
        data.axisUnit === "%" ? "share of deployments, %" : data.axisUnit,
        ...(hasPrevious ? ["dashed: what it is compared with"] : []),
        ...(unfinished ? ["hatched: unfinished period"] : []),
      ].join(" · "),
      ...notesFoot([...notes.values()].flat()),
    ],
  };
}

function seriesCsv({ metric, answer, notes }: ChartContent): string {
  const { timezone } = answer.window;
  const { unit } = answer.metrics[metric];
  return csv(
    ["metric", "bucket", "from", "to", "first_day", "value", "unit", "n", "partial", "notes", "timezone"],
    (answer.series[metric] ?? []).map(({ id, from, to, value, n, partial }) => [
      ...[metric, id, from, to, date(from, timezone), value, unit, n, partial],
      (notes.get(id) ?? []).map((note) => `${note.day}: ${note.text}`).join("; "),
      timezone,
    ]),
  );
}
