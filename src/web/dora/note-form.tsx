import { Button, Textarea, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { isDay } from "../lib/time-zone.ts";
import { ErrorPanel } from "../parts/error-panel.tsx";
import { Unsaved } from "../parts/unsaved.tsx";
import { saveNote, type Note, type NoteDraft } from "./note-queries.ts";
import { ScopeSelect } from "./scope-select.tsx";
import type { DoraAddress } from "./use-dora-search.ts";

interface Props {
  address: DoraAddress;
  /** Null: a new one. */
  note: Note | null;
  /** The day that a new one begins with. */
  day: string;
  onDone: () => void;
}

/** Day, words, link, and what it is about. */
export function NoteForm({ address, note, day, onDone }: Props) {
  const [draft, setDraft] = useState<NoteDraft>(
    note
      ? { day: note.day, text: note.text, url: note.url, scope: note.scope && bare(note.scope) }
      : { day, text: "", url: null, scope: address.query.scope },
  );
  const set = (patch: Partial<NoteDraft>) => setDraft((before) => ({ ...before, ...patch }));
  const client = useQueryClient();
  const [isSaved, setSaved] = useState(false);
  const saving = useMutation({
    mutationFn: async () => {
      await saveNote(note?.identifier ?? null, { ...draft, text: draft.text.trim() });
      // The list is read again before this form goes: from here on nothing is lost with it.
      setSaved(true);
    },
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ["notes"] });
      onDone();
    },
  });
  const isLink = draft.url === null || /^https?:\/\/\S+$/.test(draft.url);
  const isReady = draft.text.trim() !== "" && isDay(draft.day) && isLink;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isReady && !saving.isPending) saving.mutate();
  };
  return (
    <form className="stack" onSubmit={submit}>
      <Unsaved value={draft} savedAt={isSaved} />
      {saving.error ? <ErrorPanel what="save the note" error={saving.error} /> : null}
      <Textarea
        label="What happened?"
        required
        autosize
        minRows={2}
        maxLength={500}
        data-autofocus
        value={draft.text}
        onChange={(event) => set({ text: event.currentTarget.value })}
      />
      <TextInput
        label="Day"
        type="date"
        required
        value={draft.day}
        error={isDay(draft.day) ? false : "No usable day"}
        onChange={(event) => set({ day: event.currentTarget.value })}
      />
      <ScopeSelect label="About" scope={draft.scope} onChange={(scope) => set({ scope })} />
      <TextInput
        label="Link"
        placeholder="https://"
        maxLength={2000}
        value={draft.url ?? ""}
        error={isLink ? false : "An address begins with https:// or http://"}
        onChange={(event) => set({ url: event.currentTarget.value.trim() || null })}
      />
      <div className="row">
        <Button type="submit" disabled={!isReady} loading={saving.isPending}>
          Save the note
        </Button>
        <Button variant="default" onClick={onDone}>
          Cancel
        </Button>
      </div>
    </form>
  );
}

const bare = ({ blueprint, entity }: NonNullable<Note["scope"]>) => ({ blueprint, entity });
