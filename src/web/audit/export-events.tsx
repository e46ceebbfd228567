import { Button, Menu } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useRef, useState } from "react";
import type { AuditView } from "../lib/audit-search.ts";
import { count } from "../lib/format.ts";
import { save } from "../lib/save.ts";
import { OpensMenu } from "../parts/opens.tsx";
import { auditCsv } from "./audit-csv.ts";
import { EXPORT_LIMIT, readEveryEvent } from "./queries.ts";

/** Saves every event that matches, not only those that are loaded. */
export function ExportEvents({ view, timeZone }: { view: AuditView; timeZone: string }) {
  const [done, setDone] = useState<number | null>(null);
  const [said, setSaid] = useState<string | null>(null);
  const stop = useRef<AbortController | null>(null);

  const run = async (format: "csv" | "json") => {
    const abort = new AbortController();
    stop.current = abort;
    setSaid(null);
    setDone(0);
    try {
      const { events, isAll } = await readEveryEvent(view, timeZone, setDone, abort.signal);
      if (format === "json") save(JSON.stringify(events, null, 2), "audit-log.json", "application/json");
      else save(auditCsv(events), "audit-log.csv", "text/csv");
      if (!isAll)
        setSaid(
          `The latest ${count(Math.min(events.length, EXPORT_LIMIT))} were saved; filter for the rest.`,
        );
    } catch (error) {
      if (!abort.signal.aborted)
        setSaid(`Export failed: ${error instanceof Error ? error.message : "the events could not be read."}`);
    } finally {
      setDone(null);
    }
  };

  return (
    <>
      {said === null ? null : (
        <span className="muted small" role="status">
          {said}
        </span>
      )}
      {done === null ? (
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
              <Menu.Item onClick={() => void run("csv")}>CSV, one row for each event</Menu.Item>
              <Menu.Item onClick={() => void run("json")}>JSON, with before and after</Menu.Item>
            </>
          )}
        </OpensMenu>
      ) : (
        <Button variant="default" size="xs" onClick={() => stop.current?.abort()}>
          {count(done)} · Cancel
        </Button>
      )}
    </>
  );
}
