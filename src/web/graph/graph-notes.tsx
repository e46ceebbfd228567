import { Button } from "@mantine/core";
import { count, plural } from "../lib/format.ts";
import { Notice } from "../parts/notice.tsx";
import css from "./graph.module.css";
import type { FoundGraph } from "./read-graph.ts";

/** How much is drawn, how much stands folded, and what is missing: nothing goes in silence. */
export function GraphNotes({
  found,
  busy,
  onUnfold,
}: {
  found: FoundGraph;
  busy: boolean;
  onUnfold: () => void;
}) {
  const { entities, groups, edges, unread } = found;
  const folded = groups.reduce((sum, group) => sum + group.count, 0);
  return (
    <>
      <p className={css["notes"]} role="status">
        {plural(entities.length, "entity", "entities")}, {plural(edges.length, "relation")}
        {folded > 0 ? `; ${count(folded)} more folded in ${plural(groups.length, "group")}` : ""}
        {busy ? " · updating …" : ""}
        {folded > 0 ? (
          <Button size="compact-xs" variant="subtle" onClick={onUnfold}>
            Unfold all
          </Button>
        ) : null}
      </p>
      {unread.length > 0 ? (
        <Notice>
          Not everything is drawn: there are too many{" "}
          {unread.map(({ blueprint, relation }) => `${blueprint} (by ${relation})`).join(", ")}. Fewer hops,
          or hidden blueprints, make room.
        </Notice>
      ) : null}
    </>
  );
}
