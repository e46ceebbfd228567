import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { sendJson } from "../api/client.ts";
import type { WidgetDoc } from "../widgets/widget-kind.ts";
import { type Board, type PageDoc, readBoard, writeBoard } from "./board.ts";
import { type PageAnswer, pagePath, pageQuery } from "./queries.ts";

/** What can be taken back, in words, and how it was before. */
interface Undo {
  readonly what: string;
  readonly before: Board;
}

/** The widget as a change of what it was: keys that it has no more are null. */
function withGone(before: WidgetDoc | undefined, after: WidgetDoc): object {
  const gone = Object.keys(before ?? {}).filter((key) => !Object.hasOwn(after, key));
  return { ...after, ...Object.fromEntries(gone.map((key) => [key, null])) };
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
    // One widget is sent alone, so that what others change beside it meanwhile stays.
    mutationFn: ({ next, only }: { next: Board; only: WidgetDoc | null }) =>
      only === null
        ? sendJson<PageAnswer>("PATCH", pagePath(page.identifier), { widgets: writeBoard(page, next) })
        : sendJson<PageAnswer>(
            "PATCH",
            `${pagePath(page.identifier)}/widgets/${encodeURIComponent(only.id)}`,
            withGone(
              board.widgets.find(({ id }) => id === only.id),
              only,
            ),
          ),
    onMutate: async ({ next }) => {
      await client.cancelQueries({ queryKey: key });
      const before = client.getQueryData<PageAnswer>(key);
      put({ ...page, widgets: writeBoard(page, next) });
      return { before };
    },
    onError: (_error, _next, kept) => client.setQueryData(key, kept?.before),
    onSuccess: ({ page: saved }) => put(saved),
  });
  /**
   * @param what said with the offer to take it back; none: nothing is offered
   * @param only the one widget that is another now
   */
  const change = (
    next: Board,
    what: string | null,
    { onSaved, only = null }: { onSaved?: () => void; only?: WidgetDoc | null } = {},
  ) => {
    setUndo(null);
    save.mutate(
      { next, only },
      {
        onSuccess: () => {
          if (what !== null) setUndo({ what, before: board });
          onSaved?.();
        },
      },
    );
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
