import { Button } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useState } from "react";
import { evidenceParams } from "../api/queries.ts";
import type { DoraQuery, EvidenceRef } from "../lib/dora-search.ts";
import { count } from "../lib/format.ts";
import { save } from "../lib/save.ts";

interface Props {
  query: DoraQuery;
  evidence: EvidenceRef;
  total: number;
  timezone: string;
}

/** Saves every row, not only those on screen. */
export function DownloadButton({ query, evidence, total, timezone }: Props) {
  const [done, setDone] = useState<number | null>(null);
  const [problem, setProblem] = useState<string | null>(null);

  const run = async () => {
    setDone(0);
    setProblem(null);
    try {
      // Comes when it is asked for.
      const { evidenceCsv } = await import("./evidence-csv.ts");
      save(
        await evidenceCsv(evidenceParams(query, evidence), timezone, setDone),
        fileName(query, evidence),
        "text/csv",
      );
    } catch (error) {
      setProblem(error instanceof Error ? error.message : "The rows could not be loaded.");
    } finally {
      setDone(null);
    }
  };

  return (
    <span className="row">
      {problem ? (
        <span role="alert" className="small" style={{ color: "var(--bad)" }}>
          Download failed: {problem}
        </span>
      ) : null}
      <Button
        variant="default"
        size="xs"
        leftSection={<IconDownload size={15} aria-hidden />}
        disabled={done !== null}
        onClick={() => void run()}
      >
        {done === null ? "Download CSV" : `${count(done)} of ${count(total)} rows`}
      </Button>
    </span>
  );
}

function fileName({ scope, environment }: DoraQuery, { metric, bucket }: EvidenceRef): string {
  const parts = ["fairway", metric, scope?.entity ?? "organisation", environment ?? "", bucket ?? ""];
  return `${parts
    .filter(Boolean)
    .join("-")
    .replace(/[^\w.-]+/g, "_")}.csv`;
}
