import { Switch } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { ApiError, deleteJson } from "../api/client.ts";
import type { EntityDoc } from "../catalog/blueprint.ts";
import { entityPath } from "../catalog/queries.ts";
import { ConfirmDelete } from "../parts/confirm-delete.tsx";

/** Asks for the identifier, so that nobody deletes by a slip; dependents only when that is asked for too. */
export function DeleteEntity({
  blueprint,
  entity,
  onClose,
}: {
  blueprint: string;
  entity: EntityDoc;
  onClose: () => void;
}) {
  const [dependents, setDependents] = useState(false);
  const client = useQueryClient();
  const navigate = useNavigate();
  const removal = useMutation({
    mutationFn: () =>
      deleteJson(entityPath(blueprint, entity.identifier), dependents ? { delete_dependents: true } : {}),
    onSuccess: async () => {
      await navigate({ to: "/c/$blueprint", params: { blueprint } });
      client.removeQueries({ queryKey: ["entities", blueprint, "one", entity.identifier] });
      await client.invalidateQueries({ queryKey: ["entities"] });
    },
  });
  const isHeld = removal.error instanceof ApiError && removal.error.code === "has_dependents";
  return (
    <ConfirmDelete
      title={`Delete ${entity.title || entity.identifier}?`}
      identifier={entity.identifier}
      consequence="It leaves the catalog for good; the audit log keeps what it was."
      what="delete it"
      removal={removal}
      onClose={onClose}
    >
      {isHeld || dependents ? (
        <Switch
          label="Delete what depends on it too"
          checked={dependents}
          onChange={(event) => setDependents(event.currentTarget.checked)}
        />
      ) : null}
    </ConfirmDelete>
  );
}
