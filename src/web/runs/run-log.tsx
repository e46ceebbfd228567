import { Button } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { MAX_LOG } from "../actions/queries.ts";
import { dateTime } from "../lib/format.ts";
import { save } from "../lib/save.ts";
import { Bone } from "../parts/bone.tsx";
import { ErrorPanel } from "../parts/error-panel.tsx";
import css from "./runs.module.css";
import { useRunLog } from "./use-run-log.ts";

/** The log as it grows; the end stays in sight unless the reader scrolls up. */
export function RunLog({ run, isLive }: { run: string; isLive: boolean }) {
  const { log, lines } = useRunLog(run, isLive);
  const box = useRef<HTMLOListElement>(null);
  const [follows, setFollows] = useState(true);
  const { length } = lines;
  useEffect(() => {
    if (length > 0 && follows && box.current !== null) box.current.scrollTop = box.current.scrollHeight;
  }, [follows, length]);
  return (
    <section className="card stack" style={{ gap: 10 }} aria-labelledby="log">
      <div className="row between">
        <h2 id="log">Log</h2>
        <div className="row">
          {follows || lines.length === 0 ? null : (
            <Button size="compact-xs" variant="subtle" onClick={() => setFollows(true)}>
              Follow
            </Button>
          )}
          {lines.length === 0 ? null : (
            <Button
              size="compact-xs"
              variant="default"
              onClick={() =>
                save(
                  lines.map(({ createdAt, message }) => `${createdAt} ${message}\n`).join(""),
                  `${run}.log`,
                  "text/plain",
                )
              }
            >
              Download
            </Button>
          )}
        </div>
      </div>
      {log.data === undefined ? (
        log.error ? (
          <ErrorPanel what="load the log" error={log.error} onRetry={() => void log.refetch()} />
        ) : (
          <Bone height={120} />
        )
      ) : lines.length === 0 ? (
        <p className="muted small">
          {isLive ? "Nothing yet; lines appear as they come." : "No lines were written."}
        </p>
      ) : (
        <ol
          ref={box}
          className={css["log"]}
          tabIndex={0}
          aria-label="Lines of the log"
          onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) =>
            setFollows(scrollHeight - scrollTop - clientHeight < 24)
          }
        >
          {lines.map(({ id, message, createdAt, terminationStatus }) => (
            <li key={id} data-end={terminationStatus ?? undefined}>
              <time dateTime={createdAt} title={`${dateTime(createdAt, "UTC")} UTC`}>
                {createdAt.slice(11, 19)}
              </time>
              <span>{message}</span>
            </li>
          ))}
        </ol>
      )}
      {lines.length >= MAX_LOG ? (
        <p className="muted small">Only the first {MAX_LOG} lines are shown.</p>
      ) : null}
    </section>
  );
}
