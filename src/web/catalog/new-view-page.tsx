import { TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { CatalogView } from "../lib/catalog-search.ts";
import { FormDialog } from "../parts/form-dialog.tsx";
import { withView } from "./saved-view.ts";
import { type CatalogPageInfo, createCatalogPage } from "./view-queries.ts";

/** Keeps the view as a page of its own. */
export function NewViewPage({
  blueprint,
  view,
  page,
  onClose,
  onMade,
}: {
  blueprint: string;
  view: CatalogView;
  page: CatalogPageInfo | null;
  onClose: () => void;
  onMade: (page: string) => void;
}) {
  const client = useQueryClient();
  const [title, setTitle] = useState("");
  const create = useMutation({
    mutationFn: () =>
      createCatalogPage({
        ...{ blueprint, title: title.trim(), showInSidebar: true },
        widgets: withView(page?.page ?? null, blueprint, view),
      }),
    onSuccess: async ({ identifier }) => {
      await client.invalidateQueries({ queryKey: ["blueprints"] });
      onMade(identifier);
    },
  });
  return (
    <FormDialog
      title="This view as a new page"
      size={440}
      what="create the page"
      submit="Create"
      write={create}
      isReady={title.trim() !== ""}
      onSubmit={() => create.mutate()}
      onClose={onClose}
    >
      <TextInput
        label="Name"
        description="Stands in the menu on the left, for everybody"
        data-autofocus
        maxLength={100}
        value={title}
        onChange={(event) => setTitle(event.currentTarget.value)}
      />
    </FormDialog>
  );
}
