import { useMutation, useQueryClient } from "@tanstack/react-query";
import { postJson } from "../api/client.ts";
import { ActDialog } from "../parts/act-dialog.tsx";

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
    <ActDialog
      title="New DORA metrics dashboard"
      what="create the dashboard"
      act="Create"
      write={make}
      onClose={onClose}
    >
      <p>
        Blueprints of services, deployments, changes and incidents are made, or completed where they are;
        services get their numbers of the last thirty days, a dashboard and a scorecard of them, and alerts
        for teams beyond the thresholds. What is there stays as it is.
      </p>
    </ActDialog>
  );
}
