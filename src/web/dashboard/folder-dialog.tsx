import { Button, Modal, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { postJson, sendJson } from "../api/client.ts";
import type { SidebarItem } from "../app/sidebar-query.ts";
import { ErrorPanel } from "../parts/error-panel.tsx";

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
    <Modal.Root opened onClose={onClose} size={420} transitionProps={{ duration: 120 }}>
      <Modal.Overlay backgroundOpacity={0.35} />
      <Modal.Content>
        <Modal.Header component="div">
          <Modal.Title>{folder === null ? "New folder" : "Rename folder"}</Modal.Title>
          <Modal.CloseButton aria-label="Close" size={32} />
        </Modal.Header>
        <Modal.Body>
          <form
            className="stack"
            onSubmit={(event) => {
              event.preventDefault();
              if (name !== "") save.mutate();
            }}
          >
            {save.error ? <ErrorPanel what="save the folder" error={save.error} /> : null}
            <TextInput
              label="Name"
              data-autofocus
              maxLength={100}
              value={title}
              onChange={(event) => setTitle(event.currentTarget.value)}
            />
            <div className="row">
              <Button type="submit" loading={save.isPending} disabled={name === ""}>
                {folder === null ? "Create" : "Save"}
              </Button>
              <Button variant="default" onClick={onClose}>
                Cancel
              </Button>
            </div>
          </form>
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}
