import type { AuditEvent } from "../catalog/queries.ts";
import { Actor } from "../parts/actor.tsx";
import { dateTime, localSeconds } from "../lib/format.ts";
import { ScrollTable } from "../parts/scroll-table.tsx";
import { Tag } from "../parts/tag.tsx";
import { useRowWindow } from "../parts/use-row-window.ts";
import css from "./audit.module.css";
import { Subject } from "./event-subject.tsx";
import { actorOf, isByStranger, originWord, phraseOf } from "./words.ts";

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
  { id: "What", width: 422 },
  { id: "Who", width: 190 },
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
  const { verb } = phraseOf(event);
  return (
    <tr aria-rowindex={place} data-open={isOpen}>
      <td>
        <time dateTime={trigger.at} title={`${dateTime(trigger.at, "UTC")} UTC`}>
          {localSeconds(trigger.at)}
        </time>
      </td>
      <td>
        <button
          type="button"
          className={css["open"]}
          aria-haspopup="dialog"
          aria-label={`${verb}: details`}
          onClick={() => onOpen(identifier)}
        >
          {verb}
        </button>{" "}
        <Subject event={event} />
      </td>
      <td>{isByStranger(event) ? "Somebody" : <Actor {...actorOf(event)} />}</td>
      <td title={trigger.origin}>{originWord(trigger.origin)}</td>
      <td>{status === "FAILURE" ? <Tag tone="bad">refused</Tag> : <span className="muted">done</span>}</td>
    </tr>
  );
}
