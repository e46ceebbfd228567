import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { deleteJson } from "../api/client.ts";
import { ConfirmDelete } from "../parts/confirm-delete.tsx";
import type { PageDoc } from "./board.ts";
import { pagePath, pageQuery } from "./queries.ts";

/** Deletes a dashboard, after its name was typed. */
export function DeletePage({ page, onClose }: { page: PageDoc; onClose: () => void }) {
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
      identifier={page.title || page.identifier}
      isName
      consequence="The page and its widgets will be deleted for everybody; the entities stay."
      what="delete the dashboard"
      removal={removal}
      onClose={onClose}
    />
  );
}
