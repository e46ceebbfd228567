import { Button, Modal } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { postJson } from "../api/client.ts";
import { ErrorPanel } from "../parts/error-panel.tsx";

interface Done {
  readonly pages?: readonly { readonly identifier: string }[];
}

/** Makes what the DORA template lacks, and opens its dashboard. */
export function DoraDialog({
  onClose,
  onMade,
}: {
  onClose: () => void;
  onMade: (page: string | null) => void;
}) {
  const client = useQueryClient();
  const make = useMutation({
    mutationFn: () => postJson<Done>("/v1/templates/dora"),
    onSuccess: async ({ pages }) => {
      await client.invalidateQueries({ queryKey: ["blueprints"] });
      onMade(pages?.[0]?.identifier ?? null);
    },
  });
  return (
    <Modal.Root opened onClose={onClose} size={520} transitionProps={{ duration: 120 }}>
      <Modal.Overlay backgroundOpacity={0.35} />
      <Modal.Content>
        <Modal.Header component="div">
          <Modal.Title>New DORA metrics dashboard</Modal.Title>
          <Modal.CloseButton aria-label="Close" size={32} />
        </Modal.Header>
        <Modal.Body className="stack">
          <p>
            Blueprints of services, deployments, changes and incidents are made, or completed where they are;
            services get their numbers of the last thirty days, a dashboard and a scorecard of them, and
            alerts for teams beyond the thresholds. What is there stays as it is.
          </p>
          {make.error ? <ErrorPanel what="make the dashboard" error={make.error} /> : null}
          <div className="row">
            <Button data-autofocus loading={make.isPending} onClick={() => make.mutate()}>
              Create
            </Button>
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
          </div>
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}
