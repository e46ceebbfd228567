import { Ago } from "../parts/ago.tsx";
import { Meter } from "../parts/meter.tsx";
import { Tag } from "../parts/tag.tsx";
import type { DataSource } from "./types.ts";

/** How the last run stands, in a word; while one is under way, how far it is. */
export function SourceStatus({ source: { run, title } }: { source: DataSource }) {
  if (run === null) return <Tag>Starting</Tag>;
  switch (run.status) {
    case "running":
      return (
        <span className="row">
          {run.retryAt === null ? <Tag>Syncing</Tag> : <Tag tone="warn">Waiting</Tag>}
          <Meter value={run.progress} label={`Progress of ${title}`} />
          <span className="nums small">{Math.round(run.progress * 100)} %</span>
        </span>
      );
    case "completed":
      return (
        <span className="row">
          {run.counts.failed > 0 ? (
            <Tag tone="warn">{run.counts.failed} not mapped</Tag>
          ) : (
            <Tag tone="good">Up to date</Tag>
          )}
          {run.finishedAt === null ? null : (
            <span className="muted small">
              <Ago iso={run.finishedAt} />
            </span>
          )}
        </span>
      );
    case "failed":
      return (
        <span className="row">
          <Tag tone="bad">Sync failed</Tag>
          {run.finishedAt === null ? null : (
            <span className="muted small">
              <Ago iso={run.finishedAt} />
            </span>
          )}
        </span>
      );
    default:
      return <Tag tone="warn">Stopped</Tag>;
  }
}
