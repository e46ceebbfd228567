import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { editable } from "../builder/parse-document.ts";
import type { Doc } from "./document-drawer.tsx";
import { removeAction, saveAction } from "./edit-queries.ts";
import type { ActionDoc } from "./types.ts";

/** What may be edited of what the server has. */
export function ownDocument(stored: ActionDoc): Doc {
  const { id: _, ...document } = JSON.parse(editable(stored)) as Doc & { id?: unknown };
  return document;
}

/** Saves and deletes the document of a drawer and closes it; with warnings it stays open and tells them. */
export function useDocumentWrites({
  before,
  document,
  alsoSave,
  onClose,
}: {
  /** null: a new one. */
  before: string | null;
  document: Doc;
  /** What else belongs to it, by the identifier that it was saved under. */
  alsoSave?: (identifier: string) => Promise<void>;
  onClose: () => void;
}) {
  const [warnings, setWarnings] = useState<readonly string[]>([]);
  const [savedTimes, setSavedTimes] = useState(0);
  const client = useQueryClient();
  const refresh = () => client.invalidateQueries({ queryKey: ["actions"] });
  const save = useMutation({
    mutationFn: async () => {
      const saved = await saveAction(before, document);
      await alsoSave?.(saved.action.identifier);
      return saved;
    },
    onSuccess: async ({ warnings: said = [] }) => {
      await refresh();
      setWarnings(said);
      setSavedTimes((times) => times + 1);
      if (said.length === 0) onClose();
    },
  });
  const removal = useMutation({
    mutationFn: () => removeAction(before ?? ""),
    onSuccess: async () => {
      await refresh();
      onClose();
    },
  });
  return { save, removal, warnings, savedTimes };
}
