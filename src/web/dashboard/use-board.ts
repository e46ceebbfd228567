import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { sendJson } from "../api/client.ts";
import { type Board, type PageDoc, readBoard, writeBoard } from "./board.ts";
import { type PageAnswer, pagePath, pageQuery } from "./queries.ts";

/** What can be taken back, in words, and how it was before. */
interface Undo {
  readonly what: string;
  readonly before: Board;
}

/** The board of a page: changes are seen at once, saved whole, and taken back when the server refuses. */
export function useBoard(page: PageDoc) {
  const client = useQueryClient();
  const [undo, setUndo] = useState<Undo | null>(null);
  const key = pageQuery(page.identifier).queryKey;
  const board = readBoard(page);
  const put = (next: PageDoc) =>
    client.setQueryData<PageAnswer>(key, (answer) =>
      answer === undefined ? answer : { ...answer, page: next },
    );

  const save = useMutation({
    mutationFn: (next: Board) =>
      sendJson<PageAnswer>("PATCH", pagePath(page.identifier), { widgets: writeBoard(page, next) }),
    onMutate: async (next) => {
      await client.cancelQueries({ queryKey: key });
      const before = client.getQueryData<PageAnswer>(key);
      put({ ...page, widgets: writeBoard(page, next) });
      return { before };
    },
    onError: (_error, _next, kept) => client.setQueryData(key, kept?.before),
    onSuccess: ({ page: saved }) => put(saved),
  });
  /** @param what said with the offer to take it back; none: nothing is offered */
  const change = (next: Board, what: string | null, onSaved?: () => void) => {
    setUndo(null);
    save.mutate(next, {
      onSuccess: () => {
        if (what !== null) setUndo({ what, before: board });
        onSaved?.();
      },
    });
  };
  return {
    board,
    change,
    save,
    undo:
      undo === null
        ? null
        : { what: undo.what, take: () => change(undo.before, null), dismiss: () => setUndo(null) },
  };
}
