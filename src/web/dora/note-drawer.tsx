import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { MetricsAnswer, SeriesPoint } from "../api/types.ts";
import { periodText } from "../charts/chart-data.ts";
import type { NoteRef } from "../lib/dora-search.ts";
import { addDays, dayIn } from "../lib/time-zone.ts";
import { Bone } from "../parts/bone.tsx";
import { Empty } from "../parts/empty.tsx";
import { ErrorPanel } from "../parts/error-panel.tsx";
import { SafeLink } from "../parts/safe-link.tsx";
import { SideDrawer } from "../parts/side-drawer.tsx";
import { useReturningClose } from "../parts/use-returning-close.ts";
import { Actor } from "../parts/actor.tsx";
import { NoteForm } from "./note-form.tsx";
import { removeNote, type Note, type NotesAnswer } from "./note-queries.ts";
import { aboutText, dayText, hostOf } from "./notes-card.tsx";
import { notesByBucket } from "./notes-by-bucket.ts";
import own from "./notes.module.css";
import type { DoraAddress } from "./use-dora-search.ts";

interface Props {
  address: DoraAddress;
  note: NoteRef;
  /** The metrics on screen; undefined while they load. */
  answer: MetricsAnswer | undefined;
  notes: NotesAnswer | undefined;
}

/** The notes of a period, one of them, or a new one: to read, write, change and delete. */
export function NoteDrawer({ address, note, answer, notes }: Props) {
  const { timezone } = answer?.window ?? address.query;
  const [today] = useState(() => dayIn(Date.now(), timezone));
  const points = answer?.series.deploymentFrequency ?? [];
  const bucket = note.kind === "bucket" ? points.find(({ id }) => id === note.bucket) : undefined;
  const all = notes?.annotations ?? [];
  const one = note.kind === "one" ? all.find(({ identifier }) => identifier === note.identifier) : undefined;
  const close = useReturningClose(
    address.close,
    one ? `[data-note-link="${CSS.escape(one.identifier)}"]` : "h1",
  );
  const title =
    note.kind === "new"
      ? "New note"
      : note.kind === "one"
        ? "Note"
        : bucket && answer
          ? `Notes: ${periodText(bucket, timezone, answer.window.interval)}`
          : "Notes";
  return (
    <SideDrawer title={title} size={560} focusIsReturned onClose={close}>
      {note.kind === "new" ? (
        <NoteForm address={address} note={null} day={today} onDone={close} />
      ) : !notes || !answer ? (
        <div className="stack" aria-busy>
          <Bone height={60} />
          <Bone height={120} />
        </div>
      ) : note.kind === "one" ? (
        one ? (
          <OneNote address={address} note={one} isOpen onDone={close} />
        ) : (
          <Empty title="There is no such note here.">
            <p>It was deleted, or belongs to another window or scope.</p>
          </Empty>
        )
      ) : bucket ? (
        <OfBucket
          address={address}
          day={firstDay(bucket, timezone)}
          notes={notesByBucket(all, [bucket], timezone).get(bucket.id) ?? []}
        />
      ) : (
        <Empty title="This period is not in the window." />
      )}
    </SideDrawer>
  );
}

/** Today where the period is not over, else its first day. */
function firstDay({ from, to }: SeriesPoint, timezone: string): string {
  const [first, end] = [from, to].map((iso) => dayIn(Date.parse(iso), timezone)) as [string, string];
  const today = dayIn(Date.now(), timezone);
  return first <= today && today <= addDays(end, -1) ? today : first;
}

function OfBucket({ address, day, notes }: { address: DoraAddress; day: string; notes: readonly Note[] }) {
  const [adding, setAdding] = useState(notes.length === 0);
  return (
    <div className="stack">
      {notes.length === 0 ? null : (
        <ul className={own["list"]}>
          {notes.map((note) => (
            <li key={note.identifier}>
              <OneNote address={address} note={note} onDone={() => undefined} />
            </li>
          ))}
        </ul>
      )}
      {adding ? (
        <section className="stack" aria-labelledby="new-note">
          <h3 id="new-note">Add a note</h3>
          <NoteForm address={address} note={null} day={day} onDone={() => setAdding(false)} />
        </section>
      ) : (
        <div>
          <Button variant="default" size="xs" onClick={() => setAdding(true)}>
            Add a note
          </Button>
        </div>
      )}
    </div>
  );
}

function OneNote({
  address,
  note,
  isOpen = false,
  onDone,
}: {
  address: DoraAddress;
  note: Note;
  /** Its form is there from the beginning. */
  isOpen?: boolean;
  onDone: () => void;
}) {
  const [phase, setPhase] = useState<"read" | "edit" | "ask">(isOpen && note.mayChange ? "edit" : "read");
  const client = useQueryClient();
  const removal = useMutation({
    mutationFn: () => removeNote(note.identifier),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ["notes"] });
      onDone();
    },
  });
  const done = () => {
    setPhase("read");
    onDone();
  };
  return (
    <article className="stack" aria-label={note.text}>
      {phase === "edit" ? (
        <NoteForm address={address} note={note} day={note.day} onDone={done} />
      ) : (
        <div>
          <p>
            {note.text}
            {note.url ? (
              <>
                {" · "}
                <SafeLink href={note.url}>{hostOf(note.url)}</SafeLink>
              </>
            ) : null}
          </p>
          <p className="muted small">
            {dayText(note.day)} · {aboutText(note)} · by <Actor id={note.createdBy} />
          </p>
        </div>
      )}
      {removal.error ? <ErrorPanel what="delete the note" error={removal.error} /> : null}
      {note.mayChange ? (
        <div className="row">
          {phase === "read" ? (
            <Button variant="default" size="xs" onClick={() => setPhase("edit")}>
              Edit
            </Button>
          ) : null}
          {phase === "ask" ? (
            <>
              <Button color="red" size="xs" loading={removal.isPending} onClick={() => removal.mutate()}>
                Delete it for everybody
              </Button>
              <Button variant="default" size="xs" onClick={() => setPhase("read")}>
                Keep it
              </Button>
            </>
          ) : (
            <Button variant="default" size="xs" onClick={() => setPhase("ask")}>
              Delete …
            </Button>
          )}
        </div>
      ) : (
        <p className="muted small">
          Its author, administrators and moderators of what it is about may change it.
        </p>
      )}
    </article>
  );
}
