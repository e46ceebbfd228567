import { Button } from "@mantine/core";
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import { count } from "../lib/format.ts";
import { Ago } from "../parts/ago.tsx";
import { Bone } from "../parts/bone.tsx";
import { Choice } from "../parts/choice.tsx";
import { Empty } from "../parts/empty.tsx";
import { ErrorPanel } from "../parts/error-panel.tsx";
import { Tag } from "../parts/tag.tsx";
import { eventCountsQuery, eventQuery, eventsQuery, replayAll, replayEvent } from "./event-queries.ts";
import type { EventSearch, EventStatus } from "../lib/event-search.ts";
import { figuresOf, problemsOf, type SourceEvent } from "./events.ts";
import css from "./sources.module.css";

const WORDS: Readonly<Record<EventStatus, string>> = {
  received: "Waits",
  processed: "Processed",
  failed: "Failed",
  rejected: "Turned away",
};
const TONES: Readonly<Record<EventStatus, "good" | "bad" | "warn" | null>> = {
  ...{ received: "warn", processed: "good", failed: "bad", rejected: "warn" },
};

interface Props {
  /** `/v1/data-sources/{id}` or `/v1/webhooks/{identifier}`. */
  base: string;
  search: EventSearch;
  onSearch: (search: EventSearch) => void;
}

/** What was sent to a data source, newest first, and what became of it; what failed can be done again. */
export function EventLog({ base, search, onSearch }: Props) {
  const { events: status, event: open } = search;
  const client = useQueryClient();
  const pages = useInfiniteQuery(eventsQuery(base, status ?? null));
  const counts = useQuery(eventCountsQuery(base));
  const heading = useRef<HTMLHeadingElement>(null);
  const again = {
    // The button goes with what it was for; the focus stays here.
    onSuccess: () => heading.current?.focus({ preventScroll: true }),
    onSettled: () => client.invalidateQueries({ queryKey: ["events", base] }),
  };
  const all = useMutation({ mutationFn: () => replayAll(base), ...again });
  const one = useMutation({ mutationFn: (id: string) => replayEvent(base, id), ...again });
  const events = pages.data?.pages.flatMap((page) => page.events) ?? [];
  const failed = counts.data?.failed ?? 0;
  const label = (name: string, value: EventStatus): string =>
    counts.data === undefined ? name : `${name} ${count(counts.data[value])}`;
  const error = all.error ?? one.error;
  return (
    <section className="card stack" aria-labelledby="events">
      <div className="row between">
        <h2 id="events" ref={heading} tabIndex={-1}>
          Events
        </h2>
        <div className="row">
          <Choice
            label="Events with the state"
            value={status ?? "all"}
            options={[
              { value: "all", label: "All" },
              { value: "failed", label: label("Failed", "failed") },
              { value: "received", label: label("Waiting", "received") },
              { value: "processed", label: label("Processed", "processed") },
              { value: "rejected", label: label("Turned away", "rejected") },
            ]}
            onChange={(value) => onSearch(value === "all" ? {} : { events: value })}
          />
          {failed > 0 ? (
            <Button size="xs" variant="default" loading={all.isPending} onClick={() => all.mutate()}>
              Replay what failed
            </Button>
          ) : null}
        </div>
      </div>
      {error ? <ErrorPanel what="replay it" error={error} /> : null}
      <p className="sr" role="status">
        {all.data ? `${all.data.replayed} wait again` : one.data ? "It waits again" : ""}
      </p>
      {pages.error && !pages.data ? (
        <ErrorPanel what="load the events" error={pages.error} onRetry={() => void pages.refetch()} />
      ) : pages.data === undefined ? (
        <Bone height={160} />
      ) : events.length === 0 ? (
        <Empty title={status === undefined ? "Nothing was sent yet." : "No events are in this state."}>
          {status === undefined ? (
            <p>Events appear here as soon as the system sends the first to the address above.</p>
          ) : null}
        </Empty>
      ) : (
        <ol className={css["events"]}>
          {events.map((event) => (
            <li key={event.id}>
              <Event
                base={base}
                event={event}
                isOpen={event.id === open}
                onOpen={(isOpen) =>
                  onSearch({ ...(status && { events: status }), ...(isOpen && { event: event.id }) })
                }
                onReplay={() => one.mutate(event.id)}
                isBusy={one.isPending && one.variables === event.id}
              />
            </li>
          ))}
        </ol>
      )}
      {pages.hasNextPage ? (
        <div>
          <Button
            size="xs"
            variant="default"
            loading={pages.isFetchingNextPage}
            onClick={() => void pages.fetchNextPage()}
          >
            Load more
          </Button>
        </div>
      ) : null}
    </section>
  );
}

interface EventProps {
  base: string;
  event: SourceEvent;
  isOpen: boolean;
  onOpen: (isOpen: boolean) => void;
  onReplay: () => void;
  isBusy: boolean;
}

function Event({ base, event, isOpen, onOpen, onReplay, isBusy }: EventProps) {
  const problems = problemsOf(event.outcome);
  const figures = figuresOf(event.outcome);
  const tone = TONES[event.status];
  return (
    <div className="stack" style={{ gap: 6 }}>
      <div className="row between">
        <div className="row">
          <Tag {...(tone === null ? {} : { tone })}>{WORDS[event.status]}</Tag>
          <Ago iso={event.receivedAt} />
          <code className={css["id"]}>{event.id}</code>
          <span className="muted small">{figures}</span>
        </div>
        {event.status === "rejected" ? null : (
          <div className="row">
            <Button
              size="compact-xs"
              variant="default"
              aria-expanded={isOpen}
              onClick={() => onOpen(!isOpen)}
            >
              {isOpen ? "Hide" : "Show"} what was sent
            </Button>
            {event.status === "failed" ? (
              <Button size="compact-xs" variant="default" loading={isBusy} onClick={onReplay}>
                Replay
              </Button>
            ) : null}
          </div>
        )}
      </div>
      {problems.length === 0 ? null : (
        <ul className="small" style={{ color: "var(--bad)" }}>
          {problems.map((text) => (
            <li key={text}>{text}</li>
          ))}
        </ul>
      )}
      {(event.outcome?.warnings ?? []).map((text) => (
        <p key={text} className="muted small">
          {text}
        </p>
      ))}
      {isOpen ? <Sent base={base} id={event.id} /> : null}
    </div>
  );
}

function Sent({ base, id }: { base: string; id: string }) {
  const event = useQuery(eventQuery(base, id));
  if (event.error) return <ErrorPanel what="load the event" error={event.error} />;
  if (event.data === undefined) return <Bone height={120} />;
  const { headers, queryParams, body } = event.data;
  if (body === null || body === undefined)
    return <p className="muted small">The payload is kept only for events that failed.</p>;
  return (
    <pre className={css["result"]} tabIndex={0} aria-label="What was sent">
      {JSON.stringify({ headers, queryParams, body }, null, 2)}
    </pre>
  );
}
