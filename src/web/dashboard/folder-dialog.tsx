import { TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { postJson, sendJson } from "../api/client.ts";
import type { SidebarItem } from "../app/sidebar-query.ts";
import { FormDialog } from "../parts/form-dialog.tsx";

export const FOLDERS = "/v1/sidebars/catalog/folders";

/** The name of a folder. @param folder null: a new one */
export function FolderDialog({ folder, onClose }: { folder: SidebarItem | null; onClose: () => void }) {
  const client = useQueryClient();
  const [title, setTitle] = useState(folder?.title ?? "");
  const name = title.trim();
  const save = useMutation({
    mutationFn: () =>
      folder === null
        ? postJson(FOLDERS, { title: name })
        : sendJson("PATCH", `${FOLDERS}/${encodeURIComponent(folder.identifier)}`, { title: name }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ["blueprints", "sidebar"] });
      onClose();
    },
  });
  return (
    <FormDialog
      title={folder === null ? "New folder" : "Rename folder"}
      size={420}
      what="save the folder"
      submit={folder === null ? "Create" : "Save"}
      write={save}
      isReady={name !== ""}
      onSubmit={() => save.mutate()}
      onClose={onClose}
    >
      <TextInput
        label="Name"
        data-autofocus
        maxLength={100}
        value={title}
        onChange={(event) => setTitle(event.currentTarget.value)}
      />
    </FormDialog>
  );
}
