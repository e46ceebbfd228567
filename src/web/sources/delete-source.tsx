import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { ConfirmDelete } from "../parts/confirm-delete.tsx";
import { removeSource } from "./queries.ts";
import type { DataSource } from "./types.ts";

/** Asks for the name; what the source brought stays in the catalog. */
export function DeleteSource({ source, onClose }: { source: DataSource; onClose: () => void }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const removal = useMutation({
    mutationFn: () => removeSource(source.id),
    onSuccess: async () => {
      await navigate({ to: "/sources", ignoreBlocker: true });
      await client.invalidateQueries({ queryKey: ["sources"] });
    },
  });
  return (
    <ConfirmDelete
      title={`Disconnect ${source.title}?`}
      identifier={source.title}
      consequence="Its entities stay; nothing new comes from it, and its webhook is refused."
      what="disconnect the data source"
      removal={removal}
      onClose={onClose}
    />
  );
}
