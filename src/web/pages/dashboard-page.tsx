import { ActionIcon, Button, Menu } from "@mantine/core";
import { useClipboard } from "@mantine/hooks";
import {
  IconCheck,
  IconDots,
  IconLink,
  IconLock,
  IconLockOpen,
  IconMaximize,
  IconPencil,
  IconPlus,
  IconTrash,
} from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useRef, useState } from "react";
import { ApiError, deleteJson, sendJson } from "../api/client.ts";
import { blueprintsOf, freshId, type PageDoc, storedFilters } from "../dashboard/board.ts";
import { BoardGrid } from "../dashboard/board-grid.tsx";
import css from "../dashboard/dashboard.module.css";
import { FilterBar } from "../dashboard/filter-bar.tsx";
import { added, withoutCell } from "../dashboard/layout.ts";
import { type PageAnswer, pagePath, pageQuery } from "../dashboard/queries.ts";
import { useBoard } from "../dashboard/use-board.ts";
import { decodeFilters, encodeFilters, type UrlFilter } from "../lib/dashboard-search.ts";
import { Bone } from "../parts/bone.tsx";
import { ConfirmDelete } from "../parts/confirm-delete.tsx";
import { Empty } from "../parts/empty.tsx";
import { ErrorPanel } from "../parts/error-panel.tsx";
import { Notice } from "../parts/notice.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { SlowNote } from "../parts/slow-note.tsx";
import { kindOf } from "../widgets/registry.ts";
import type { WidgetDoc } from "../widgets/widget-kind.ts";

/** Forms are for those who change a page; they come when one is opened. */
const WidgetDrawer = lazy(() =>
  import("../dashboard/widget-drawer.tsx").then((module) => ({ default: module.WidgetDrawer })),
);
const PageDialog = lazy(() =>
  import("../dashboard/page-dialog.tsx").then((module) => ({ default: module.PageDialog })),
);

/** The reader's own. */
const TIME_ZONE = new Intl.DateTimeFormat().resolvedOptions().timeZone;
const route = getRouteApi("/app/d/$page");

/** A page of widgets. */
export function DashboardPage() {
  const { page: identifier } = route.useParams();
  const answer = useQuery(pageQuery(identifier));
  if (answer.data) return <Dashboard key={identifier} {...answer.data} />;
  const isForbidden = answer.error instanceof ApiError && answer.error.status === 403;
  return (
    <div className="stack" aria-busy={!answer.error}>
      <PageHead title={isForbidden ? "No permission" : "Dashboard"} />
      {isForbidden ? (
        <Empty title="You may not see this page.">
          <p>An administrator can give you, a team of yours or your role the right to read “{identifier}”.</p>
        </Empty>
      ) : answer.error ? (
        <ErrorPanel
          what={`open “${identifier}”`}
          error={answer.error}
          onRetry={() => void answer.refetch()}
        />
      ) : (
        <>
          <SlowNote what="the dashboard" />
          <Bone height={30} />
          <Bone height={400} />
        </>
      )}
    </div>
  );
}

type Open =
  | null
  | { readonly what: "widget"; readonly widget: WidgetDoc | null }
  | { readonly what: "details" | "delete" };

function Dashboard({ page, mayUpdate }: PageAnswer) {
  const { board, change, save, undo } = useBoard(page);
  const [open, setOpen] = useState<Open>(null);
  const frame = useRef<HTMLDivElement>(null);
  const { filters, isStored, problem, setFilters } = useFilters(page);
  const canEdit = mayUpdate && page.locked !== true;
  const context = { filters, timeZone: TIME_ZONE };
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
              <Button
                size="xs"
                leftSection={<IconPlus size={15} aria-hidden />}
                onClick={() => setOpen({ what: "widget", widget: null })}
              >
                Widget
              </Button>
            ) : null}
            <ShareButton />
            <ActionIcon
              size={30}
              aria-label="Full screen"
              title="Full screen (Esc leaves it)"
              onClick={() => void frame.current?.requestFullscreen().catch(() => null)}
            >
              <IconMaximize size={17} aria-hidden />
            </ActionIcon>
            {mayUpdate ? <PageMenu page={page} onOpen={setOpen} /> : null}
          </>
        }
      >
        {page.description}
      </PageHead>
      {problem === null ? null : <Notice>Left out of this address: {problem}.</Notice>}
      {save.error && open?.what !== "widget" ? (
        <ErrorPanel what="save the change" error={save.error} />
      ) : null}
      <FilterBar
        blueprints={blueprintsOf(board)}
        filters={filters}
        isStored={isStored}
        onChange={setFilters}
        onStore={canEdit ? () => setFilters(filters, "store") : null}
      />
      {board.widgets.length === 0 ? (
        <Empty title="This dashboard is empty">
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
      </Suspense>
      {open?.what === "delete" ? <DeletePage page={page} onClose={close} /> : null}
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

/** What the address says, or else what is stored with the page. */
function useFilters(page: PageDoc) {
  const search = route.useSearch();
  const navigate = useNavigate();
  const client = useQueryClient();
  const { filters, problem } = decodeFilters(search);
  const stored = storedFilters(page);
  const store = useMutation({
    mutationFn: (next: readonly UrlFilter[]) =>
      sendJson<PageAnswer>("PATCH", pagePath(page.identifier), {
        pageFilters: next.map(({ blueprint, query }, i) => ({
          identifier: `filter-${i + 1}`,
          title: blueprint ?? "Everything",
          query: { ...query, ...(blueprint === null ? {} : { blueprint }) },
        })),
      }),
    onSuccess: ({ page: saved }) => {
      client.setQueryData<PageAnswer>(pageQuery(page.identifier).queryKey, (answer) =>
        answer === undefined ? answer : { ...answer, page: saved },
      );
      go(storedFilters(saved), true);
    },
  });
  const go = (next: readonly UrlFilter[], isSame: boolean) =>
    void navigate({
      to: "/d/$page",
      params: { page: page.identifier },
      search: encodeFilters(next, isSame),
      replace: true,
      resetScroll: false,
    });
  const setFilters = (next: readonly UrlFilter[], how: "show" | "store" = "show") => {
    if (how === "store") store.mutate(next);
    else go(next, JSON.stringify(next) === JSON.stringify(stored));
  };
  return { filters: filters ?? stored, isStored: filters === null, problem, setFilters };
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

function PageMenu({ page, onOpen }: { page: PageDoc; onOpen: (open: Open) => void }) {
  const client = useQueryClient();
  const isLocked = page.locked === true;
  const lock = useMutation({
    mutationFn: () => sendJson<PageAnswer>("PATCH", pagePath(page.identifier), { locked: !isLocked }),
    onSuccess: ({ page: saved }) =>
      client.setQueryData<PageAnswer>(pageQuery(page.identifier).queryKey, (answer) =>
        answer === undefined ? answer : { ...answer, page: saved },
      ),
  });
  const isOwn = page.type === "dashboard" || page.type === "blueprint-entities";
  return (
    <Menu position="bottom-end" width={200}>
      <Menu.Target>
        <ActionIcon size={30} aria-label="Menu of the dashboard">
          <IconDots size={18} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          leftSection={<IconPencil size={16} aria-hidden />}
          disabled={isLocked}
          onClick={() => onOpen({ what: "details" })}
        >
          Edit details
        </Menu.Item>
        <Menu.Item
          leftSection={isLocked ? <IconLockOpen size={16} aria-hidden /> : <IconLock size={16} aria-hidden />}
          onClick={() => lock.mutate()}
        >
          {isLocked ? "Unlock" : "Lock"}
        </Menu.Item>
        {isOwn ? (
          <Menu.Item
            color="red"
            leftSection={<IconTrash size={16} aria-hidden />}
            onClick={() => onOpen({ what: "delete" })}
          >
            Delete
          </Menu.Item>
        ) : null}
      </Menu.Dropdown>
    </Menu>
  );
}

function DeletePage({ page, onClose }: { page: PageDoc; onClose: () => void }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const removal = useMutation({
    mutationFn: () => deleteJson(pagePath(page.identifier)),
    onSuccess: async () => {
      client.removeQueries({ queryKey: pageQuery(page.identifier).queryKey });
      await navigate({ to: "/" });
      await client.invalidateQueries({ queryKey: ["blueprints"] });
    },
  });
  return (
    <ConfirmDelete
      title={`Delete “${page.title || page.identifier}”`}
      identifier={page.identifier}
      consequence="The page and its widgets are gone for everybody; the entities stay."
      what="delete the dashboard"
      removal={removal}
      onClose={onClose}
    />
  );
}
