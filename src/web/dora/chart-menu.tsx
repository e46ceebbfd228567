import { ActionIcon, Menu } from "@mantine/core";
import { IconDotsVertical } from "@tabler/icons-react";
import { type RefObject, useState } from "react";
import { OpensMenu } from "../parts/opens.tsx";
import type { ChartContent } from "./chart-files.ts";

interface Props extends ChartContent {
  /** What holds the chart; it has no picture while its table is shown. */
  card: RefObject<HTMLElement | null>;
  isDrawn: boolean;
  onProblem: (problem: string | null) => void;
}

/** Saves a chart as a picture or its numbers as CSV, and begins a note. */
export function ChartMenu({ card, isDrawn, onProblem, ...content }: Props) {
  const { title, address } = content;
  const [busy, setBusy] = useState(false);

  const run = async (what: "picture" | "numbers") => {
    const chart = card.current?.querySelector<SVGSVGElement>("svg[data-chart]");
    setBusy(true);
    onProblem(null);
    try {
      // Comes when it is asked for.
      const { saveChartNumbers, saveChartPicture } = await import("./chart-files.ts");
      if (what === "numbers") saveChartNumbers(content);
      else if (chart) await saveChartPicture(chart, content);
    } catch (error) {
      onProblem(error instanceof Error ? error.message : "The file could not be made.");
    } finally {
      setBusy(false);
    }
  };

  return (
    <OpensMenu
      position="bottom-end"
      button={
        <ActionIcon variant="subtle" color="gray" size={26} loading={busy} aria-label={`More for ${title}`}>
          <IconDotsVertical size={16} aria-hidden />
        </ActionIcon>
      }
    >
      {() => (
        <>
          <Menu.Item disabled={!isDrawn} onClick={() => void run("picture")}>
            Save as picture (PNG)
          </Menu.Item>
          <Menu.Item onClick={() => void run("numbers")}>Save the numbers (CSV)</Menu.Item>
          <Menu.Item onClick={() => address.openNote({ kind: "new" })}>Add a note …</Menu.Item>
        </>
      )}
    </OpensMenu>
  );
}
