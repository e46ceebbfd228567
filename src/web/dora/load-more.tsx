import { Button } from "@mantine/core";
import { count } from "../lib/format.ts";
import css from "./evidence.module.css";

interface Props {
  shown: number;
  total: number;
  more: boolean;
  busy: boolean;
  onMore: () => void;
}

/** How many rows are on screen, and the way to the next ones. */
export function LoadMore({ shown, total, more, busy, onMore }: Props) {
  if (total === 0) return null;
  return (
    <div className={css["more"]}>
      <span>
        {count(shown)} of {count(total)} shown
      </span>
      {more ? (
        <Button size="xs" variant="default" loading={busy} onClick={onMore}>
          Load more
        </Button>
      ) : null}
    </div>
  );
}
