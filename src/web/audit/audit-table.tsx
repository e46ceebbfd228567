import { Link } from "@tanstack/react-router";
import type { AuditEvent } from "../catalog/queries.ts";
import { Actor } from "../parts/actor.tsx";
import { Ago } from "../parts/ago.tsx";
import { EntityRef } from "../parts/entity-ref.tsx";
import { ScrollTable } from "../parts/scroll-table.tsx";
import { Tag } from "../parts/tag.tsx";
import { useRowWindow } from "../parts/use-row-window.ts";
import css from "./audit.module.css";
import { actorOf, kindWord, originWord, subjectOf, wordOf } from "./words.ts";

interface Props {
  events: readonly AuditEvent[];
  selected: string | null;
  more: boolean;
  onMore: () => void;
  onOpen: (identifier: string) => void;
  busy: boolean;
}

const ROW = 40;
const COLUMNS = [
  { id: "When", width: 104 },
  { id: "What", width: 92 },
  { id: "Of what", width: 320 },
  { id: "Who", width: 200 },
  { id: "Origin", width: 150 },
  { id: "Outcome", width: 94 },
];

/** Events as rows, newest first. Enter on one, or a press, opens its details. */
export function AuditTable({ events, selected, more, onMore, onOpen, busy }: Props) {
  const window = useRowWindow(events.length, ROW);
  return (
    <ScrollTable
      label="Events, newest first"
      window={window}
      columns={COLUMNS}
      head={COLUMNS.map(({ id }) => (
        <th key={id} scope="col">
          {id}
        </th>
      ))}
      rowHeight={ROW}
      count={events.length}
      renderRow={(index) => {
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
      }}
      more={more}
      onMore={onMore}
      ahead={40}
      total={more ? -1 : events.length}
      busy={busy}
      className={css["table"]}
    />
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
      <td>
        <Actor {...actorOf(event)} />
      </td>
      <td title={trigger.origin}>{originWord(trigger.origin)}</td>
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
        <EntityRef blueprint={blueprint} identifier={subject} />
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
