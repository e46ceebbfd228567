import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import type { CatalogView, Rule } from "../lib/catalog-search.ts";
import { count, plural } from "../lib/format.ts";
import type { BlueprintDoc, Column } from "./blueprint.ts";
import { DeleteMany, EditMany } from "./bulk-dialogs.tsx";
import css from "./catalog.module.css";
import { readIdentifiers } from "./read-every-entity.ts";

/** More than that is work for the API. */
const MOST = 10_000;

/** What can be done with the rows that are selected. */
export function BulkBar({
  blueprint,
  columns,
  view,
  more,
  total,
  chosen,
  onChoose,
  mayUpdate,
  mayDelete,
}: {
  blueprint: BlueprintDoc;
  columns: readonly Column[];
  view: CatalogView;
  more: readonly Rule[];
  total: number | null;
  chosen: ReadonlySet<string>;
  onChoose: (identifiers: readonly string[]) => void;
  mayUpdate: boolean;
  mayDelete: boolean;
}) {
  const [open, setOpen] = useState<"edit" | "delete" | null>(null);
  const all = useMutation({
    mutationFn: () => readIdentifiers(blueprint.identifier, view, more, MOST, new AbortController().signal),
    onSuccess: onChoose,
  });
  const identifiers = [...chosen];
  return (
    <div className={css["chosen"]} role="group" aria-label="Selected entities">
      <strong className="nums" role="status">
        {count(chosen.size)} selected
      </strong>
      {mayUpdate ? (
        <Button size="xs" variant="default" onClick={() => setOpen("edit")}>
          Edit
        </Button>
      ) : null}
      {mayDelete ? (
        <Button size="xs" variant="default" color="red" onClick={() => setOpen("delete")}>
          Delete
        </Button>
      ) : null}
      {total !== null && total > chosen.size ? (
        <Button size="xs" variant="subtle" loading={all.isPending} onClick={() => all.mutate()}>
          Select all {plural(total, "entity", "entities")} that match
        </Button>
      ) : null}
      <Button size="xs" variant="subtle" color="gray" onClick={() => onChoose([])}>
        Clear selection
      </Button>
      {all.error ? (
        <span role="alert" className="small" style={{ color: "var(--bad)" }}>
          {all.error.message}
        </span>
      ) : null}
      {open === "edit" ? (
        <EditMany
          blueprint={blueprint}
          columns={columns}
          identifiers={identifiers}
          onClose={() => setOpen(null)}
        />
      ) : null}
      {open === "delete" ? (
        <DeleteMany
          blueprint={blueprint}
          identifiers={identifiers}
          onClose={() => setOpen(null)}
          onDone={() => {
            setOpen(null);
            onChoose([]);
          }}
        />
      ) : null}
    </div>
  );
}
