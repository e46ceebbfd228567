import { Switch } from "@mantine/core";
import { useMutation, useQueries, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { ApiError, deleteJson } from "../api/client.ts";
import type { EntityDoc } from "../catalog/blueprint.ts";
import { allBlueprintsQuery, entityPath } from "../catalog/queries.ts";
import { count } from "../lib/format.ts";
import { ConfirmDelete } from "../parts/confirm-delete.tsx";
import { referringCountQuery, referringTo } from "./referring.ts";

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
  const referring = referringTo(blueprint, entity.identifier, useQuery(allBlueprintsQuery).data ?? []);
  const counts = useQueries({ queries: referring.map(referringCountQuery) }).map(({ data }) => data ?? 0);
  const named = referring.map(({ other, id, heading }, at) => ({
    ...{ heading, count: counts[at] ?? 0, isRequired: other.relations?.[id]?.required === true },
  }));
  const isHeld =
    named.some((one) => one.isRequired && one.count > 0) ||
    (removal.error instanceof ApiError && removal.error.code === "has_dependents");
  return (
    <ConfirmDelete
      title={`Delete ${entity.title || entity.identifier}?`}
      identifier={entity.identifier}
      consequence="It leaves the catalog for good; the audit log keeps what it was."
      what="delete it"
      removal={removal}
      onClose={onClose}
    >
      {counts.some((one) => one > 0) ? (
        <div>
          <p>What names it in a relation:</p>
          <ul>
            {named
              .filter((one) => one.count > 0)
              .map((one) => (
                <li key={one.heading}>
                  {count(one.count)} × {one.heading}{" "}
                  <span className="muted">
                    {one.isRequired ? "cannot be without it" : "stay, without the relation"}
                  </span>
                </li>
              ))}
          </ul>
        </div>
      ) : null}
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
