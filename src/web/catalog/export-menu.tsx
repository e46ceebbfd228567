import { Button, Menu } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useRef, useState } from "react";
import { type CatalogView, EMPTY_VIEW, type Rule } from "../lib/catalog-search.ts";
import { count } from "../lib/format.ts";
import { save } from "../lib/save.ts";
import { OpensMenu } from "../parts/opens.tsx";
import { asCsv } from "./as-csv.ts";
import type { Column } from "./blueprint.ts";
import { readEveryEntity } from "./read-every-entity.ts";

interface Props {
  blueprint: string;
  view: CatalogView;
  columns: readonly Column[];
  total: number | null;
  /** What must hold besides the view. */
  more: readonly Rule[];
  /** Those that are selected instead of all that match; none: all. */
  selected: ReadonlySet<string>;
}

/** They are all of them, whatever the table is narrowed to by now. */
const selection = (selected: ReadonlySet<string>, { sort }: CatalogView): [CatalogView, Rule[]] => [
  { ...EMPTY_VIEW, sort },
  [{ property: "$identifier", operator: "in", value: [...selected] }],
];

/** Saves every entity that matches, not only those on screen, or the selected ones, in the order of the table. */
export function ExportMenu({ blueprint, view, columns, total, more, selected }: Props) {
  const size = selected.size === 0 ? total : selected.size;
  const rows = `${size === null ? "All" : count(size)} ${selected.size === 0 ? "" : "selected "}${size === 1 ? "row" : "rows"}`;
  const [done, setDone] = useState<number | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const stop = useRef<AbortController | null>(null);

  const run = async (format: "csv" | "json") => {
    const abort = new AbortController();
    stop.current = abort;
    setProblem(null);
    setDone(0);
    try {
      const [of, rules] = selected.size === 0 ? [view, more] : selection(selected, view);
      const entities = await readEveryEntity(blueprint, of, setDone, abort.signal, rules);
      if (format === "json") save(JSON.stringify(entities, null, 2), `${blueprint}.json`, "application/json");
      else save(asCsv(entities, columns), `${blueprint}.csv`, "text/csv");
    } catch (error) {
      if (!abort.signal.aborted)
        setProblem(error instanceof Error ? error.message : "The entities could not be read.");
    } finally {
      setDone(null);
    }
  };

  if (done !== null)
    return (
      <Button variant="default" size="xs" onClick={() => stop.current?.abort()}>
        {count(done)}
        {size === null ? "" : ` of ${count(size)}`} · Cancel
      </Button>
    );
  return (
    <>
      {problem ? (
        <span role="alert" className="small" style={{ color: "var(--bad)" }}>
          Export failed: {problem}
        </span>
      ) : null}
      <OpensMenu
        position="bottom-end"
        button={
          <Button variant="default" size="xs" leftSection={<IconDownload size={15} aria-hidden />}>
            Export
          </Button>
        }
      >
        {() => (
          <>
            <Menu.Item onClick={() => void run("csv")}>{rows} as CSV (columns shown)</Menu.Item>
            <Menu.Item onClick={() => void run("json")}>{rows} as JSON (whole entities)</Menu.Item>
          </>
        )}
      </OpensMenu>
    </>
  );
}
