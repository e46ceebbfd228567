import { Button, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { CatalogView } from "../lib/catalog-search.ts";
import { Dialog } from "../parts/dialog.tsx";
import { ErrorPanel } from "../parts/error-panel.tsx";
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
    <Dialog title="This view as a new page" size={440} onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (title.trim() !== "") create.mutate();
        }}
      >
        {create.error ? <ErrorPanel what="make the page" error={create.error} /> : null}
        <TextInput
          label="Name"
          description="Stands in the menu on the left, for everybody"
          data-autofocus
          maxLength={100}
          value={title}
          onChange={(event) => setTitle(event.currentTarget.value)}
        />
        <div className="row">
          <Button type="submit" loading={create.isPending} disabled={title.trim() === ""}>
            Create
          </Button>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
