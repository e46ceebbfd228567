import { Button, Menu } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useRef, useState } from "react";
import type { CatalogView, Rule } from "../lib/catalog-search.ts";
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
}

/** Saves every entity that matches, not only those on screen, in the order of the table. */
export function ExportMenu({ blueprint, view, columns, total, more }: Props) {
  const [done, setDone] = useState<number | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const stop = useRef<AbortController | null>(null);

  const run = async (format: "csv" | "json") => {
    const abort = new AbortController();
    stop.current = abort;
    setProblem(null);
    setDone(0);
    try {
      const entities = await readEveryEntity(blueprint, view, setDone, abort.signal, more);
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
        {total === null ? "" : ` of ${count(total)}`} · Cancel
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
            <Menu.Item onClick={() => void run("csv")}>CSV, the columns shown</Menu.Item>
            <Menu.Item onClick={() => void run("json")}>JSON, whole entities</Menu.Item>
          </>
        )}
      </OpensMenu>
    </>
  );
}
