import { Button, Modal, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { type BlueprintDoc, titleOf } from "../catalog/blueprint.ts";
import { ErrorPanel } from "../parts/error-panel.tsx";
import { deleteBlueprint } from "./queries.ts";

/** Asks for the identifier; the server refuses while there are entities or other blueprints relate to it. */
export function DeleteBlueprint({ blueprint, onClose }: { blueprint: BlueprintDoc; onClose: () => void }) {
  const [typed, setTyped] = useState("");
  const client = useQueryClient();
  const navigate = useNavigate();
  const remove = useMutation({
    mutationFn: () => deleteBlueprint(blueprint.identifier),
    onSuccess: async () => {
      await navigate({ to: "/builder" });
      await client.invalidateQueries({ queryKey: ["blueprints"] });
    },
  });
  return (
    <Modal.Root opened onClose={onClose} size={460} transitionProps={{ duration: 120 }}>
      <Modal.Overlay backgroundOpacity={0.35} />
      <Modal.Content>
        <Modal.Header component="div">
          <Modal.Title>Delete the blueprint {titleOf(blueprint)}?</Modal.Title>
          <Modal.CloseButton aria-label="Close" size={32} />
        </Modal.Header>
        <Modal.Body>
          <form
            className="stack"
            onSubmit={(event) => {
              event.preventDefault();
              if (typed === blueprint.identifier) remove.mutate();
            }}
          >
            <p>
              Its page goes with it. Type <code>{blueprint.identifier}</code> to go on.
            </p>
            {remove.error ? <ErrorPanel what="delete the blueprint" error={remove.error} /> : null}
            <TextInput
              aria-label="Identifier"
              data-autofocus
              value={typed}
              onChange={(event) => setTyped(event.currentTarget.value)}
            />
            <div className="row">
              <Button
                type="submit"
                color="red"
                disabled={typed !== blueprint.identifier}
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
