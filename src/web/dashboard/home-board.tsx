import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { readBoard } from "./board.ts";
import { BoardGrid } from "./board-grid.tsx";
import { pageQuery } from "./queries.ts";

const TIME_ZONE = new Intl.DateTimeFormat().resolvedOptions().timeZone;

/** The widgets of the home page, for those who see it; it is made up on a page of its own. */
export function HomeBoard() {
  const { data } = useQuery(pageQuery("$home"));
  if (data === undefined) return null;
  const board = readBoard(data.page);
  return (
    <>
      {board.widgets.length > 0 ? (
        <BoardGrid board={board} context={{ filters: [], timeZone: TIME_ZONE }} edit={null} />
      ) : null}
      {data.mayUpdate ? (
        <p className="muted small">
          <Link to="/d/$page" params={{ page: "$home" }}>
            {board.widgets.length > 0 ? "Edit the widgets of this page" : "Add widgets to this page"}
          </Link>{" "}
          – everybody sees them here.
        </p>
      ) : null}
    </>
  );
}
