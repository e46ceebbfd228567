import { Button, Modal, Switch, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { ApiError, deleteJson } from "../api/client.ts";
import type { EntityDoc } from "../catalog/blueprint.ts";
import { entityPath } from "../catalog/queries.ts";
import { ErrorPanel } from "../parts/error-panel.tsx";

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
  const [typed, setTyped] = useState("");
  const [dependents, setDependents] = useState(false);
  const client = useQueryClient();
  const navigate = useNavigate();
  const remove = useMutation({
    mutationFn: () =>
      deleteJson(entityPath(blueprint, entity.identifier), dependents ? { delete_dependents: true } : {}),
    onSuccess: async () => {
      await navigate({ to: "/c/$blueprint", params: { blueprint } });
      client.removeQueries({ queryKey: ["entities", blueprint, "one", entity.identifier] });
      await client.invalidateQueries({ queryKey: ["entities"] });
    },
  });
  const isHeld = remove.error instanceof ApiError && remove.error.code === "has_dependents";
  return (
    <Modal.Root opened onClose={onClose} size={460} transitionProps={{ duration: 120 }}>
      <Modal.Overlay backgroundOpacity={0.35} />
      <Modal.Content>
        <Modal.Header component="div">
          <Modal.Title>Delete {entity.title || entity.identifier}?</Modal.Title>
          <Modal.CloseButton aria-label="Close" size={32} />
        </Modal.Header>
        <Modal.Body>
          <form
            className="stack"
            onSubmit={(event) => {
              event.preventDefault();
              if (typed === entity.identifier) remove.mutate();
            }}
          >
            <p>
              It leaves the catalog for good; the audit log keeps what it was. Type{" "}
              <code>{entity.identifier}</code> to go on.
            </p>
            {remove.error ? <ErrorPanel what="delete it" error={remove.error} /> : null}
            <TextInput
              aria-label="Identifier"
              data-autofocus
              value={typed}
              onChange={(event) => setTyped(event.currentTarget.value)}
            />
            {isHeld || dependents ? (
              <Switch
                label="Delete what depends on it too"
                checked={dependents}
                onChange={(event) => setDependents(event.currentTarget.checked)}
              />
            ) : null}
            <div className="row">
              <Button
                type="submit"
                color="red"
                disabled={typed !== entity.identifier}
                loading={remove.isPending}
              >
                Delete
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
