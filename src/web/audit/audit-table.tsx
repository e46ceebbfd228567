import { Link } from "@tanstack/react-router";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef } from "react";
import type { AuditEvent } from "../catalog/queries.ts";
import { Ago } from "../parts/ago.tsx";
import { Bone } from "../parts/bone.tsx";
import { Tag } from "../parts/tag.tsx";
import css from "./audit.module.css";
import { doneBy, kindWord, subjectOf, wordOf } from "./words.ts";

interface Props {
  events: readonly AuditEvent[];
  selected: string | null;
  more: boolean;
  onMore: () => void;
  onOpen: (identifier: string) => void;
  busy: boolean;
}

const ROW = 40;
const AHEAD = 40;
const COLUMNS = ["When", "What", "Of what", "Who", "Origin", "Outcome"];

/** Events as rows, newest first; only those on screen are drawn. Enter on one, or a press, opens its details. */
export function AuditTable({ events, selected, more, onMore, onOpen, busy }: Props) {
  const scroll = useRef<HTMLDivElement>(null);
  // No compiler memoizes here, so nothing that it returns can be stale.
  // oxlint-disable-next-line react/incompatible-library
  const virtual = useVirtualizer({
    count: events.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => ROW,
    overscan: 12,
  });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (more && last >= events.length - AHEAD) onMore();
  }, [more, last, events.length, onMore]);
  const before = items[0]?.start ?? 0;
  const after = virtual.getTotalSize() - (items.at(-1)?.end ?? 0);
  return (
    <div
      ref={scroll}
      className={css["table"]}
      tabIndex={0}
      role="region"
      aria-label="Events, newest first"
      aria-busy={busy}
    >
      <table aria-rowcount={more ? -1 : events.length + 1}>
        <colgroup>
          {[104, 92, 320, 200, 150, 94].map((width, at) => (
            <col key={COLUMNS[at]} style={{ width }} />
          ))}
        </colgroup>
        <thead>
          <tr aria-rowindex={1}>
            {COLUMNS.map((title) => (
              <th key={title} scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {before > 0 ? <Gap height={before} /> : null}
          {items.map(({ index }) => {
            const event = events[index] as AuditEvent;
            return (
              <Row
                key={event.identifier}
                event={event}
                place={index + 2}
                isOpen={event.identifier === selected}
                onOpen={onOpen}
              />
            );
          })}
          {after > 0 ? <Gap height={after} /> : null}
          {more ? (
            <tr>
              <td colSpan={COLUMNS.length}>
                <Bone height={16} />
              </td>
            </tr>
          ) : null}
        </tbody>
      </table>
    </div>
  );
}

function Gap({ height }: { height: number }) {
  return (
    <tr aria-hidden className={css["gap"]}>
      <td style={{ height }} />
    </tr>
  );
}

function Row({
  event,
  place,
  isOpen,
  onOpen,
}: {
  event: AuditEvent;
  place: number;
  isOpen: boolean;
  onOpen: (identifier: string) => void;
}) {
  const { identifier, trigger, status } = event;
  const who = doneBy(event);
  return (
    <tr aria-rowindex={place} data-open={isOpen}>
      <td>
        <Ago iso={trigger.at} />
      </td>
      <td>
        <button
          type="button"
          className={css["open"]}
          aria-haspopup="dialog"
          aria-label={`${wordOf(event)}: details`}
          onClick={() => onOpen(identifier)}
        >
          {wordOf(event)}
        </button>
      </td>
      <td>
        <Subject event={event} />
      </td>
      <td title={who}>{who}</td>
      <td title={trigger.origin}>{trigger.origin}</td>
      <td>{status === "FAILURE" ? <Tag tone="bad">refused</Tag> : <span className="muted">done</span>}</td>
    </tr>
  );
}

/** What the event is about, as a link where there is a page of it. */
export function Subject({ event }: { event: AuditEvent }) {
  const { resourceType, context } = event;
  const subject = subjectOf(event);
  const blueprint = context["blueprint"];
  const kind = <span className="muted">{kindWord(resourceType)} </span>;
  if (subject === null) return kind;
  if (resourceType === "entity" && typeof blueprint === "string")
    return (
      <span className={css["subject"]} title={`${blueprint} / ${subject}`}>
        <span className="muted">{blueprint} / </span>
        <Link to="/c/$blueprint/$id" params={{ blueprint, id: subject }}>
          {subject}
        </Link>
      </span>
    );
  if (resourceType === "blueprint")
    return (
      <span className={css["subject"]}>
        {kind}
        <Link to="/builder/$blueprint" params={{ blueprint: subject }}>
          {subject}
        </Link>
      </span>
    );
  return (
    <span title={subject}>
      {kind}
      {subject}
    </span>
  );
}
