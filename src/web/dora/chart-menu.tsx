import { ActionIcon, Menu } from "@mantine/core";
import { IconDotsVertical } from "@tabler/icons-react";
import { type RefObject, useState } from "react";
import type { MetricsAnswer } from "../api/types.ts";
import type { ChartData } from "../charts/chart-data.ts";
import { chartPicture } from "../charts/chart-picture.ts";
import { csv } from "../lib/csv.ts";
import { date, windowText } from "../lib/format.ts";
import { METRIC_INFO, type CardMetric } from "../lib/metric-info.ts";
import { save, saveBlob } from "../lib/save.ts";
import type { Note } from "./note-queries.ts";
import { environmentText, scopeText } from "./scope-text.ts";
import type { DoraAddress } from "./use-dora-search.ts";

interface Props {
  metric: CardMetric;
  title: string;
  answer: MetricsAnswer;
  data: ChartData;
  address: DoraAddress;
  /** What holds the chart; it has no picture while its table is shown. */
  card: RefObject<HTMLElement | null>;
  notes: ReadonlyMap<string, readonly Note[]>;
  isDrawn: boolean;
  onProblem: (problem: string | null) => void;
}

/** Saves a chart as a picture or its numbers as CSV, and begins a note. */
export function ChartMenu({ metric, title, answer, data, address, card, notes, isDrawn, onProblem }: Props) {
  const [busy, setBusy] = useState(false);
  const name = fileName(metric, address, answer);

  const savePicture = async () => {
    const chart = card.current?.querySelector<SVGSVGElement>("svg[data-chart]");
    if (!chart) return;
    setBusy(true);
    onProblem(null);
    try {
      saveBlob(
        await chartPicture(chart, textOf({ metric, title, answer, data, address, notes })),
        `${name}.png`,
      );
    } catch (error) {
      onProblem(error instanceof Error ? error.message : "The picture could not be made.");
    } finally {
      setBusy(false);
    }
  };

  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size={26} loading={busy} aria-label={`More for ${title}`}>
          <IconDotsVertical size={16} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item disabled={!isDrawn} onClick={() => void savePicture()}>
          Save as picture (PNG)
        </Menu.Item>
        <Menu.Item onClick={() => save(seriesCsv(metric, answer, notes), `${name}.csv`, "text/csv")}>
          Save the numbers (CSV)
        </Menu.Item>
        <Menu.Item onClick={() => address.openNote({ kind: "new" })}>Add a note …</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function fileName(metric: CardMetric, { query }: DoraAddress, { window }: MetricsAnswer): string {
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
}: Omit<Props, "card" | "isDrawn" | "onProblem">): Parameters<typeof chartPicture>[1] {
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
      `${scopeText(address.query, answer)} · ${environmentText(address.query, answer)} · ${windowText(from, to, timezone)} (${timezone})`,
      `${METRIC_INFO[metric].definition}${profile}`,
    ],
    foot: [
      [
        data.axisUnit === "%" ? "share of deployments, %" : data.axisUnit,
        ...(hasPrevious ? ["dashed: what it is compared with"] : []),
        ...(unfinished ? ["hatched: unfinished period"] : []),
      ].join(" · "),
      ...[...notes.values()].flat().map((note) => `${note.day}: ${note.text}`),
    ],
  };
}

/** The buckets as the API has them, one a line. */
function seriesCsv(
  metric: CardMetric,
  answer: MetricsAnswer,
  notes: ReadonlyMap<string, readonly Note[]>,
): string {
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
