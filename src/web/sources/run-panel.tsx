import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { count, localTime } from "../lib/format.ts";
import { Bone } from "../parts/bone.tsx";
import { ErrorPanel } from "../parts/error-panel.tsx";
import { Meter } from "../parts/meter.tsx";
import { Notice } from "../parts/notice.tsx";
import { isRunning, resyncSource, retryEvents, stopSource } from "./queries.ts";
import { SourceStatus } from "./status.tsx";
import type { ConnectorInfo, DataSource, RunInfo } from "./types.ts";

const COUNTS = ["created", "updated", "unchanged", "filtered", "deleted", "failed", "commits"] as const;
const KIND_WORDS: Readonly<Record<RunInfo["kinds"][number]["status"], string>> = {
  waiting: "waits",
  running: "is read",
  done: "done",
  skipped: "skipped",
  failed: "failed",
};

/** The run that is under way, or the last one: how far, what it brought, what went wrong. */
export function RunPanel({
  source,
  connector,
  isNamed,
}: {
  source: DataSource;
  connector: ConnectorInfo | undefined;
  /** Whether it is known what its kinds are called. */
  isNamed: boolean;
}) {
  const client = useQueryClient();
  const options = { onSettled: () => client.invalidateQueries({ queryKey: ["sources"] }) };
  const resync = useMutation({
    mutationFn: (mode: "full" | "quick") => resyncSource(source.id, mode),
    ...options,
  });
  const stop = useMutation({ mutationFn: () => stopSource(source.id), ...options });
  const retry = useMutation({ mutationFn: () => retryEvents(source.id), ...options });
  const { run } = source;
  const failed = source.deliveries?.["failed"] ?? 0;
  const error = resync.error ?? stop.error ?? retry.error;
  return (
    <section className="card stack" aria-labelledby="run">
      <div className="row between">
        <h2 id="run">Sync</h2>
        <SourceStatus source={source} />
      </div>
      {run?.message ? <Notice>{troubleOf(run, run.message)}</Notice> : null}
      {error ? <ErrorPanel what="do that" error={error} /> : null}
      {run === null ? null : <Progress run={run} connector={connector} isNamed={isNamed} />}
      {failed > 0 ? (
        <Notice
          action={
            <Button
              size="compact-xs"
              variant="default"
              loading={retry.isPending}
              onClick={() => retry.mutate()}
            >
              Try again
            </Button>
          }
        >
          {failed} live {failed === 1 ? "event" : "events"} could not be processed.
        </Notice>
      ) : null}
      <div className="row">
        {isRunning(source) ? (
          <Button
            size="xs"
            variant="default"
            loading={stop.isPending}
            disabled={run === null}
            onClick={() => stop.mutate()}
          >
            Stop
          </Button>
        ) : (
          <>
            <Button size="xs" loading={resync.isPending} onClick={() => resync.mutate("quick")}>
              Sync what changed
            </Button>
            <Button
              size="xs"
              variant="default"
              disabled={resync.isPending}
              onClick={() => resync.mutate("full")}
            >
              Sync everything
            </Button>
          </>
        )}
        {source.nextResyncAt === null ? null : (
          <span className="muted small">Everything is read again at {localTime(source.nextResyncAt)}</span>
        )}
      </div>
    </section>
  );
}

/** What went wrong, since when, and what to do, a sentence each. */
function troubleOf({ status, startedAt, retryAt, finishedAt, syncedTo }: RunInfo, message: string): string {
  const why = message.trim().replace(/\.$/, "");
  if (retryAt !== null)
    return `The sync waits: ${why}. It began at ${localTime(startedAt)}. It goes on by itself at ${localTime(retryAt)}; nothing has to be done.`;
  if (status === "running") return `Something could not be read: ${why}. The sync goes on with the rest.`;
  if (status !== "failed") return `${why}.`;
  const since =
    syncedTo === null
      ? `No sync has been completed yet; this one ended at ${localTime(finishedAt ?? startedAt)}.`
      : `What changed since ${localTime(syncedTo)}, when the last completed sync began, may be missing.`;
  return `The last sync failed: ${why}. ${since} Put right what it says under “Connection”, mostly an access token or its rights, then choose “Sync what changed”.`;
}

function Progress({
  run,
  connector,
  isNamed,
}: {
  run: RunInfo;
  connector: ConnectorInfo | undefined;
  isNamed: boolean;
}) {
  const titles = new Map(connector?.kinds.map(({ kind, title }) => [kind, title]));
  const counts = COUNTS.filter((name) => run.counts[name] > 0);
  return (
    <>
      <p className="small" role="status">
        {counts.length === 0
          ? "Nothing has come yet."
          : counts.map((name) => `${count(run.counts[name])} ${name}`).join(" · ")}
      </p>
      <div className="scroll-x" tabIndex={0} role="region" aria-label="Kinds">
        <table className="data stacked">
          <thead>
            <tr>
              <th scope="col">Kind</th>
              <th scope="col" className="num">
                Read
              </th>
              <th scope="col">State</th>
              <th scope="col">Remark</th>
            </tr>
          </thead>
          <tbody>
            {run.kinds.map(({ kind, status, fetched, total, message }) => (
              <tr key={kind}>
                <td>{isNamed ? (titles.get(kind) ?? kind) : <Bone width={110} height={19} />}</td>
                <td className="num" data-label="Read">
                  {status === "skipped" && fetched === 0 ? "–" : count(fetched)}
                  {total === null || total <= fetched ? "" : ` of ${count(total)}`}
                </td>
                <td data-label="State">
                  {status === "running" && total !== null && total > 0 ? (
                    <Meter value={fetched / total} label={`Progress of ${titles.get(kind) ?? kind}`} />
                  ) : (
                    KIND_WORDS[status]
                  )}
                </td>
                <td data-label="Remark" className="muted">
                  {message ?? "–"}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {run.deletion === null || run.counts.created === run.counts.fetched ? null : (
        <p className="muted small">{run.deletion}</p>
      )}
      {run.errors.length === 0 ? null : (
        <details>
          <summary>What could not be mapped ({run.counts.failed})</summary>
          <ul className="stack small" style={{ gap: 6, marginTop: 8 }}>
            {run.errors.map((one) => (
              <li key={`${one.kind} ${one.key} ${one.field} ${one.reason}`}>
                <code>
                  {one.kind} {one.key}
                </code>
                {one.field === "" ? "" : ` · ${one.field}`}: {one.reason}
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}
