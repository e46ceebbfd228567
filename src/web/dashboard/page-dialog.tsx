import { Select, Switch, Textarea, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { postJson, sendJson } from "../api/client.ts";
import { sidebarQuery } from "../app/sidebar-query.ts";
import { FormDialog } from "../parts/form-dialog.tsx";
import { IconPick } from "../widgets/icon-pick.tsx";
import type { PageDoc } from "./board.ts";
import { pagePath } from "./queries.ts";

interface Props {
  /** null: a new dashboard. */
  page: PageDoc | null;
  onClose: () => void;
  onSaved: (identifier: string) => void;
}

/** Name, icon, description and folder of a dashboard. */
export function PageDialog({ page, onClose, onSaved }: Props) {
  const client = useQueryClient();
  const [title, setTitle] = useState(page?.title ?? "");
  const [icon, setIcon] = useState(page?.icon ?? null);
  const [description, setDescription] = useState(page?.description ?? "");
  const [parent, setParent] = useState(page?.parent ?? null);
  const [isShown, setShown] = useState(page?.showInSidebar !== false);
  const { data: items = [] } = useQuery(sidebarQuery);
  const folders = items.filter(({ sidebarType }) => sidebarType === "folder");
  const body = {
    title: title.trim(),
    icon,
    description: description.trim() || null,
    parent,
    showInSidebar: isShown,
  };
  const save = useMutation({
    mutationFn: () =>
      page === null
        ? postJson<{ page: PageDoc }>("/v1/pages", {
            ...body,
            type: "dashboard",
            widgets: [{ id: "dashboard", type: "dashboard-widget", layout: [], widgets: [] }],
          })
        : sendJson<{ page: PageDoc }>("PATCH", pagePath(page.identifier), body),
    onSuccess: async (answer) => {
      await client.invalidateQueries({ queryKey: ["blueprints"] });
      onSaved(answer.page.identifier);
    },
  });
  return (
    <FormDialog
      title={page === null ? "New dashboard" : "Edit dashboard"}
      what="save the dashboard"
      submit={page === null ? "Create" : "Save"}
      write={save}
      isReady={body.title !== ""}
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
      <IconPick value={icon} onChange={setIcon} />
      <Textarea
        label="Description"
        rows={3}
        value={description}
        onChange={(event) => setDescription(event.currentTarget.value)}
      />
      {folders.length > 0 ? (
        <Select
          label="Folder"
          clearable
          placeholder="At the top"
          value={parent}
          data={folders.map(({ identifier, title: name }) => ({ value: identifier, label: name }))}
          onChange={setParent}
        />
      ) : null}
      <Switch
        label="Show in the sidebar"
        checked={isShown}
        onChange={(event) => setShown(event.currentTarget.checked)}
      />
    </FormDialog>
  );
}
