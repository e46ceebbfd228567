import { ActionIcon, Button, Select } from "@mantine/core";
import { IconArrowBarToUp, IconArrowDown, IconArrowUp, IconPencil, IconTrash } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { deleteJson, sendJson } from "../api/client.ts";
import type { SidebarItem } from "../app/sidebar-query.ts";
import { type Branch, treeOf } from "../app/sidebar-tree.ts";
import { Dialog } from "../parts/dialog.tsx";
import { ErrorPanel } from "../parts/error-panel.tsx";
import css from "./arrange.module.css";
import { FOLDERS, FolderDialog } from "./folder-dialog.tsx";

interface Order {
  readonly parent: string | null;
  readonly items: readonly string[];
}

/** Order and folders of the sidebar, for everybody; each change is saved at once. */
export function ArrangeDialog({ items, onClose }: { items: readonly SidebarItem[]; onClose: () => void }) {
  const client = useQueryClient();
  const [renamed, setRenamed] = useState<SidebarItem | "new" | null>(null);
  const onSuccess = () => client.invalidateQueries({ queryKey: ["blueprints", "sidebar"] });
  const order = useMutation({
    mutationFn: (next: Order) => sendJson("PUT", "/v1/sidebars/catalog/order", next),
    onSuccess,
  });
  const remove = useMutation({
    mutationFn: (id: string) => deleteJson(`${FOLDERS}/${encodeURIComponent(id)}`),
    onSuccess,
  });
  const error = order.error ?? remove.error;
  const tree = treeOf(items);
  const folders = items.filter(({ sidebarType }) => sidebarType === "folder");
  return (
    <Dialog title="Arrange pages" size={640} onClose={onClose}>
      <div className="stack">
        <p className="muted small">
          The order is the same for everybody. Each change is saved at once.
          {folders.length === 0 ? " There are no folders yet." : ""}
        </p>
        {error ? <ErrorPanel what="save the order" error={error} /> : null}
        <Rows
          branches={tree}
          parent={null}
          folders={folders}
          onOrder={order.mutate}
          onRename={setRenamed}
          onRemove={remove.mutate}
        />
        <div className="row">
          <Button onClick={onClose}>Done</Button>
          <Button variant="default" onClick={() => setRenamed("new")}>
            New folder
          </Button>
        </div>
        {renamed === null ? null : (
          <FolderDialog folder={renamed === "new" ? null : renamed} onClose={() => setRenamed(null)} />
        )}
      </div>
    </Dialog>
  );
}

interface RowsProps {
  branches: readonly Branch[];
  parent: string | null;
  folders: readonly SidebarItem[];
  onOrder: (order: Order) => void;
  onRename: (folder: SidebarItem) => void;
  onRemove: (folder: string) => void;
}

function Rows(props: RowsProps) {
  const { branches, parent, folders, onOrder, onRename, onRemove } = props;
  const ids = branches.map(({ item }) => item.identifier);
  const swap = (at: number, other: number) => {
    const next = [...ids];
    [next[at], next[other]] = [next[other] ?? "", next[at] ?? ""];
    onOrder({ parent, items: next });
  };
  return (
    <ul className={css["rows"]}>
      {branches.map(({ item, children }, at) => (
        <li key={item.identifier}>
          <div className={css["row"]}>
            <span>{item.title}</span>
            {folders.length === 0 ? null : (
              <Select
                size="xs"
                w={150}
                aria-label={`Folder of ${item.title}`}
                placeholder="No folder"
                clearable
                value={parent}
                data={folders
                  .filter(({ identifier }) => identifier !== item.identifier)
                  .map(({ identifier, title }) => ({ value: identifier, label: title }))}
                onChange={(next) => onOrder({ parent: next, items: [item.identifier] })}
              />
            )}
            <ActionIcon
              size={28}
              aria-label={`Move ${item.title} to the top`}
              disabled={at === 0}
              onClick={() =>
                onOrder({ parent, items: [item.identifier, ...ids.filter((id) => id !== item.identifier)] })
              }
            >
              <IconArrowBarToUp size={16} aria-hidden />
            </ActionIcon>
            <ActionIcon
              size={28}
              aria-label={`Move ${item.title} up`}
              disabled={at === 0}
              onClick={() => swap(at, at - 1)}
            >
              <IconArrowUp size={16} aria-hidden />
            </ActionIcon>
            <ActionIcon
              size={28}
              aria-label={`Move ${item.title} down`}
              disabled={at === branches.length - 1}
              onClick={() => swap(at, at + 1)}
            >
              <IconArrowDown size={16} aria-hidden />
            </ActionIcon>
            {item.sidebarType === "folder" ? (
              <>
                <ActionIcon size={28} aria-label={`Rename ${item.title}`} onClick={() => onRename(item)}>
                  <IconPencil size={16} aria-hidden />
                </ActionIcon>
                <ActionIcon
                  size={28}
                  aria-label={`Delete folder ${item.title}; what is in it stays`}
                  title="Delete the folder; what is in it stays"
                  onClick={() => onRemove(item.identifier)}
                >
                  <IconTrash size={16} aria-hidden />
                </ActionIcon>
              </>
            ) : null}
          </div>
          {children.length > 0 ? <Rows {...props} branches={children} parent={item.identifier} /> : null}
        </li>
      ))}
    </ul>
  );
}
