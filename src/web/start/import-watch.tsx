import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useFollow } from "../api/live.tsx";
import { importsQuery, statusQuery } from "../api/queries.ts";
import type { DoraStatus, ImportPart, ImportRun } from "../api/types.ts";
import { useServiceScope } from "../dora/use-service-scope.ts";
import { count, decimal, duration, plural } from "../lib/format.ts";
import { Ago } from "../parts/ago.tsx";
import { Bone } from "../parts/bone.tsx";
import { ErrorPanel } from "../parts/error-panel.tsx";
import { Meter } from "../parts/meter.tsx";
import { Tag } from "../parts/tag.tsx";
import css from "./start.module.css";

const PARTS: readonly { part: ImportPart; title: string }[] = [
  { part: "commits", title: "Commits" },
  { part: "deployments", title: "Deployments" },
  { part: "changes", title: "Changes" },
];

/**
 * Imports as they happen, newest first.
 * @param waiting the page looks out for the first one
 * @param isAside the page is about something else: without any there is nothing to say
 */
export function ImportWatch({ waiting = false, isAside = false }: { waiting?: boolean; isAside?: boolean }) {
  const follow = useFollow();
  const imports = useQuery({ ...importsQuery(10), refetchInterval: follow });
  const running = imports.data?.some((run) => run.status === "running") ?? false;
  const status = useQuery({
    ...statusQuery,
    refetchInterval: ({ state }) => (running || state.data?.settled === false ? 1000 : follow),
  });

  if (isAside && (imports.data === undefined || imports.data.length === 0)) return null;
  return (
    <section className="card" aria-labelledby="imports">
      <h2 id="imports">Imports</h2>
      {imports.error && !imports.data ? (
        <ErrorPanel what="load the imports" error={imports.error} onRetry={() => void imports.refetch()} />
      ) : null}
      {imports.isPending ? <Bone height={44} /> : null}
      {imports.data?.length === 0 ? (
        <p className={css["waiting"]} role="status">
          {waiting ? <span className={css["pulse"]} aria-hidden /> : null}
          {waiting ? "Waiting for the first import …" : "No import has run yet."}
        </p>
      ) : null}
      <ul className={css["runs"]}>
        {imports.data?.map((run) => (
          <li key={run.id}>
            <Run run={run} status={status.data} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Run({ run, status }: { run: ImportRun; status: DoraStatus | undefined }) {
  const scopeOf = useServiceScope();
  const sent = total(run.sent);
  const all = total(run.totals);
  const running = run.status === "running";
  const stalled = isStalled(run);
  const service = run.services.length === 1 ? run.services[0] : undefined;
  return (
    <article className={css["run"]} aria-label={`Import of ${run.repository}`}>
      <div className="row between">
        <h3>{run.repository}</h3>
        <span className="row">
          <RunState run={run} status={status} />
          <Button
            renderRoot={(props) => (
              <Link
                {...props}
                to="/dora"
                search={service === undefined ? {} : { scope: scopeOf(service), last: "365d" }}
              />
            )}
            size="xs"
            variant={run.status === "completed" ? "filled" : "default"}
          >
            Open DORA metrics
          </Button>
        </span>
      </div>
      {running ? <Meter value={all > 0 ? sent / all : 0} label={`Import of ${run.repository}`} /> : null}
      <dl className={css["parts"]}>
        {PARTS.map(({ part, title }) => (
          <div key={part}>
            <dt>{title}</dt>
            <dd>
              {count(run.sent?.[part] ?? 0)}
              {!running || run.totals?.[part] === undefined ? null : (
                <span> / {count(run.totals[part])}</span>
              )}
            </dd>
          </div>
        ))}
        <div>
          <dt>{running ? "Rate" : "Took"}</dt>
          <dd>{running ? rate(run) : took(run)}</dd>
        </div>
        <div>
          <dt>{running ? "Started" : "Finished"}</dt>
          <dd>
            <Ago iso={run.finishedAt ?? run.startedAt} />
          </dd>
        </div>
      </dl>
      {stalled ? (
        <p className="small muted">
          Nothing heard since <Ago iso={run.updatedAt} />. If it was ended, run the same command again: it
          continues where it stopped.
        </p>
      ) : null}
      {run.error ? (
        <p role="alert" className="small" style={{ color: "var(--bad)" }}>
          {run.error} Run the same command again: it continues where it stopped.
        </p>
      ) : null}
    </article>
  );
}

function RunState({ run, status }: { run: ImportRun; status: DoraStatus | undefined }) {
  if (run.status === "failed") return <Tag tone="bad">Failed</Tag>;
  if (run.status === "running") return <Tag tone="warn">{isStalled(run) ? "Stalled" : "Running"}</Tag>;
  const pending = status ? status.pending.inbox + status.pending.derivations + status.pending.changes : 0;
  if (status && !status.settled) return <Tag tone="warn">Calculating, {plural(pending, "step")} left</Tag>;
  return <Tag tone="good">In the numbers</Tag>;
}

/** A running import tells of itself every second or so; one that was killed never does again. */
const STALLED_MS = 120_000;

function isStalled({ status, updatedAt }: ImportRun): boolean {
  return status === "running" && Date.now() - Date.parse(updatedAt) > STALLED_MS;
}

function total(parts: ImportRun["sent"]): number {
  return PARTS.reduce((sum, { part }) => sum + (parts?.[part] ?? 0), 0);
}

function rate({ sent, startedAt, updatedAt }: ImportRun): string {
  const seconds = (Date.parse(updatedAt) - Date.parse(startedAt)) / 1000;
  return seconds > 0 ? `${decimal(Math.round(total(sent) / seconds))} per second` : "–";
}

function took({ startedAt, finishedAt }: ImportRun): string {
  return finishedAt === null ? "–" : duration((Date.parse(finishedAt) - Date.parse(startedAt)) / 1000);
}
