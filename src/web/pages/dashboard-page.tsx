import { ActionIcon, Button } from "@mantine/core";
import { useClipboard, useFullscreenElement } from "@mantine/hooks";
import { IconCheck, IconLayoutDashboard, IconLink, IconMaximize, IconMinimize } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { blueprintsOf, freshId } from "../dashboard/board.ts";
import { BoardGrid } from "../dashboard/board-grid.tsx";
import css from "../dashboard/dashboard.module.css";
import { FilterBar } from "../dashboard/filter-bar.tsx";
import { added, withoutCell } from "../dashboard/layout.ts";
import { type PageAnswer, pageQuery } from "../dashboard/queries.ts";
import { PageMenu } from "../dashboard/page-menu.tsx";
import { useBoard } from "../dashboard/use-board.ts";
import { useFilters } from "../dashboard/use-filters.ts";
import { browserTimeZone } from "../lib/time-zone.ts";
import { AddButton } from "../parts/add-button.tsx";
import { Empty } from "../parts/empty.tsx";
import { ErrorPanel } from "../parts/error-panel.tsx";
import { NotLoaded } from "../parts/not-loaded.tsx";
import { Notice } from "../parts/notice.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { kindOf } from "../widgets/registry.ts";
import type { WidgetDoc } from "../widgets/widget-kind.ts";

/** Forms are for those who change a page; they come when one is opened. */
const DeletePage = lazy(() =>
  import("../dashboard/delete-page.tsx").then((module) => ({ default: module.DeletePage })),
);
const WidgetDrawer = lazy(() =>
  import("../dashboard/widget-drawer.tsx").then((module) => ({ default: module.WidgetDrawer })),
);
const PermissionsDialog = lazy(() =>
  import("../dashboard/permissions-dialog.tsx").then((module) => ({ default: module.PermissionsDialog })),
);
const PageDialog = lazy(() =>
  import("../dashboard/page-dialog.tsx").then((module) => ({ default: module.PageDialog })),
);

const route = getRouteApi("/app/d/$page");

/** A page of widgets. */
export function DashboardPage() {
  const { page: identifier } = route.useParams();
  const answer = useQuery(pageQuery(identifier));
  if (answer.data) return <Dashboard key={identifier} {...answer.data} />;
  return (
    <NotLoaded
      title="Dashboard"
      what={`“${identifier}”`}
      error={answer.error}
      onRetry={() => void answer.refetch()}
      back={<Link to="/">Home</Link>}
    />
  );
}

type Open =
  | null
  | { readonly what: "widget"; readonly widget: WidgetDoc | null }
  | { readonly what: "details" | "permissions" | "delete" };

function Dashboard({ page, mayUpdate }: PageAnswer) {
  const { board, change, save, undo } = useBoard(page);
  const [open, setOpen] = useState<Open>(null);
  const { ref: frame, fullscreen: isFull, toggle } = useFullscreenElement<HTMLDivElement>();
  const { filters, isStored, problem, setFilters } = useFilters(page);
  const isHome = page.type === "home";
  // Presented, it is looked at alone.
  const canEdit = mayUpdate && page.locked !== true && !isFull;
  const context = { filters, timeZone: browserTimeZone() };
  const close = () => setOpen(null);

  const keep = (widget: WidgetDoc) => {
    const isNew = !board.widgets.some(({ id }) => id === widget.id);
    const { size, height } = kindOf(widget.type) ?? { size: 6, height: 400 };
    change(
      {
        widgets: isNew
          ? [...board.widgets, widget]
          : board.widgets.map((one) => (one.id === widget.id ? widget : one)),
        rows: isNew ? added(board.rows, widget.id, size, height) : board.rows,
      },
      null,
      { onSaved: close, only: isNew ? null : widget },
    );
  };
  const edit = {
    onEdit: (id: string) => {
      const widget = board.widgets.find((one) => one.id === id);
      if (widget) setOpen({ what: "widget", widget });
    },
    onDuplicate: (id: string) => {
      const widget = board.widgets.find((one) => one.id === id);
      if (widget === undefined) return;
      const copy = {
        ...widget,
        id: freshId(board, widget.type),
        title: `${widget.title || "Widget"} (copy)`,
      };
      const { size, height } = kindOf(widget.type) ?? { size: 6, height: 400 };
      change(
        { widgets: [...board.widgets, copy], rows: added(board.rows, copy.id, size, height) },
        "Duplicated",
      );
    },
    onDelete: (id: string) =>
      change(
        { widgets: board.widgets.filter((one) => one.id !== id), rows: withoutCell(board.rows, id) },
        "Widget deleted",
      ),
    onRows: (rows: typeof board.rows) => change({ widgets: board.widgets, rows }, null),
  };

  return (
    <div ref={frame} className={css["page"]}>
      <PageHead
        title={page.title || page.identifier}
        actions={
          <>
            {canEdit ? (
              <AddButton onClick={() => setOpen({ what: "widget", widget: null })}>Widget</AddButton>
            ) : null}
            {isFull ? null : <ShareButton />}
            <ActionIcon
              size={30}
              aria-label={isFull ? "Leave full screen" : "Full screen"}
              title={isFull ? "Leave full screen (Esc)" : "Full screen (Esc leaves it)"}
              onClick={() => void toggle().catch(() => null)}
            >
              {isFull ? <IconMinimize size={17} aria-hidden /> : <IconMaximize size={17} aria-hidden />}
            </ActionIcon>
            {mayUpdate && !isFull ? <PageMenu page={page} onOpen={(what) => setOpen({ what })} /> : null}
          </>
        }
      >
        {isHome ? (
          <>
            Widgets added here appear on <Link to="/">Home</Link> below the services, for everybody.
          </>
        ) : (
          page.description
        )}
      </PageHead>
      {problem === null ? null : <Notice>Left out of this address: {problem}.</Notice>}
      {save.error && open?.what !== "widget" ? (
        <ErrorPanel what="save the change" error={save.error} />
      ) : null}
      {isFull ? null : (
        <FilterBar
          blueprints={blueprintsOf(board)}
          filters={filters}
          isStored={isStored}
          onChange={setFilters}
          onStore={canEdit ? () => setFilters(filters, "store") : null}
        />
      )}
      {board.widgets.length === 0 ? (
        <Empty
          icon={IconLayoutDashboard}
          title={isHome ? "No widgets on Home yet" : "This dashboard is empty"}
        >
          {canEdit ? (
            <>
              <p>Add a widget: a number, a chart, a table, a text.</p>
              <Button size="xs" variant="default" onClick={() => setOpen({ what: "widget", widget: null })}>
                Add the first widget
              </Button>
            </>
          ) : (
            <p>Nobody has added a widget yet.</p>
          )}
        </Empty>
      ) : (
        <BoardGrid board={board} context={context} edit={canEdit ? edit : null} />
      )}
      <Suspense>
        {open?.what === "widget" ? (
          <WidgetDrawer
            widget={open.widget}
            freshId={(type) => freshId(board, type)}
            context={context}
            onClose={close}
            save={{ mutate: keep, error: save.error, isPending: save.isPending }}
          />
        ) : null}
        {open?.what === "details" ? <PageDialog page={page} onClose={close} onSaved={close} /> : null}
        {open?.what === "permissions" ? <PermissionsDialog page={page.identifier} onClose={close} /> : null}
      </Suspense>
      {open?.what === "delete" ? (
        <Suspense>
          <DeletePage page={page} onClose={close} />
        </Suspense>
      ) : null}
      {undo === null ? null : (
        <div className={css["undo"]} role="status">
          {undo.what}
          <Button size="compact-sm" variant="light" onClick={undo.take}>
            Undo
          </Button>
          <Button size="compact-sm" variant="subtle" color="gray" onClick={undo.dismiss}>
            Dismiss
          </Button>
        </div>
      )}
    </div>
  );
}

function ShareButton() {
  const clipboard = useClipboard({ timeout: 2000 });
  return (
    <>
      <ActionIcon
        size={30}
        aria-label="Copy link"
        title="Copy a link to this view"
        onClick={() => clipboard.copy(location.href)}
      >
        {clipboard.copied ? <IconCheck size={17} aria-hidden /> : <IconLink size={17} aria-hidden />}
      </ActionIcon>
      <span className="sr" role="status">
        {clipboard.copied ? "Copied" : ""}
      </span>
    </>
  );
}
