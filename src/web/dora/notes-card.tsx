import { Button } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { date } from "../lib/format.ts";
import { Bone } from "../parts/bone.tsx";
import { ErrorPanel } from "../parts/error-panel.tsx";
import { RowsTable } from "../parts/rows-table.tsx";
import { SafeLink } from "../parts/safe-link.tsx";
import { Actor } from "../parts/actor.tsx";
import type { Note, NotesAnswer } from "./note-queries.ts";
import { Toggle } from "../parts/toggle.tsx";
import css from "./notes.module.css";
import type { DoraAddress } from "./use-dora-search.ts";

interface Props {
  answer: NotesAnswer | undefined;
  error: Error | null;
  onRetry: () => void;
  address: DoraAddress;
  /** There may be something within the scope. */
  hasBelow: boolean;
}

/** What happened in the window, as people wrote it down; the same as the flags on the charts. */
export function NotesCard({ answer, error, onRetry, address, hasBelow }: Props) {
  const { query, change, openNote } = address;
  return (
    <section className="card" aria-labelledby="notes">
      <div className={css["head"]}>
        <h2 id="notes">Notes</h2>
        {hasBelow ? (
          <Toggle
            label={query.scope ? "Also about what lies within" : "Also about teams and services"}
            checked={query.notesBelow}
            onChange={(notesBelow) => change({ notesBelow })}
          />
        ) : null}
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconPlus size={14} aria-hidden />}
          onClick={() => openNote({ kind: "new" })}
        >
          Add a note
        </Button>
      </div>
      {error && !answer ? (
        <ErrorPanel what="load the notes" error={error} onRetry={onRetry} />
      ) : answer === undefined ? (
        <Bone height={40} />
      ) : answer.annotations.length === 0 ? (
        <p className="muted small">
          No notes in this window. A note says what happened on a day, such as “moved to trunk-based
          development”, and stands on every chart.
        </p>
      ) : (
        <List notes={answer.annotations} total={answer.total} address={address} />
      )}
    </section>
  );
}

function List({ notes, total, address }: { notes: readonly Note[]; total: number; address: DoraAddress }) {
  return (
    <>
      <RowsTable
        label="Notes of the window"
        rows={notes}
        keyOf={({ identifier }) => identifier}
        columns={[
          { title: "Day", className: css["day"], renderCell: ({ day }) => dayText(day) },
          {
            title: "Note",
            className: css["text"],
            renderCell: (note) => (
              <>
                <Link
                  to="/dora"
                  search={address.noteSearch({ kind: "one", identifier: note.identifier })}
                  resetScroll={false}
                  data-note-link={note.identifier}
                >
                  {note.text}
                </Link>
                {note.url ? (
                  <>
                    {" · "}
                    <SafeLink href={note.url}>{hostOf(note.url)}</SafeLink>
                  </>
                ) : null}
              </>
            ),
          },
          { title: "About", renderCell: aboutText },
          { title: "By", className: "muted", renderCell: ({ createdBy }) => <Actor id={createdBy} /> },
        ]}
      />
      {total > notes.length ? (
        <p className="muted small">
          The newest {notes.length} of {total}. Choose a shorter window to see the others.
        </p>
      ) : null}
    </>
  );
}

export const dayText = (day: string): string => date(`${day}T00:00:00Z`, "UTC");

export const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).host : "link");

export const aboutText = ({ scope }: Pick<Note, "scope">): string =>
  scope === null ? "Organisation" : (scope.title ?? scope.entity);
