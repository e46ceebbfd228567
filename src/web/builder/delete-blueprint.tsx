import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type BlueprintDoc, titleOf } from "../catalog/blueprint.ts";
import { ConfirmDelete } from "../parts/confirm-delete.tsx";
import { deleteBlueprint } from "./queries.ts";

/** Asks for the identifier; the server refuses while there are entities or other blueprints relate to it. */
export function DeleteBlueprint({ blueprint, onClose }: { blueprint: BlueprintDoc; onClose: () => void }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const removal = useMutation({
    mutationFn: () => deleteBlueprint(blueprint.identifier),
    onSuccess: async () => {
      await navigate({ to: "/builder", ignoreBlocker: true });
      await client.invalidateQueries({ queryKey: ["blueprints"] });
    },
  });
  return (
    <ConfirmDelete
      title={`Delete the blueprint ${titleOf(blueprint)}?`}
      identifier={blueprint.identifier}
      consequence="Its page goes with it."
      what="delete the blueprint"
      removal={removal}
      onClose={onClose}
    />
  );
}
