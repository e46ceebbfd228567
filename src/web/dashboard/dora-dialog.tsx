import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { postJson } from "../api/client.ts";
import { sidebarQuery } from "../app/sidebar-query.ts";
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
  const isThere = useQuery(sidebarQuery).data?.some(({ identifier }) => identifier === "dora_dashboard");
  const make = useMutation({
    mutationFn: () => postJson<Done>("/v1/templates/dora"),
    onSuccess: async ({ pages }) => {
      await client.invalidateQueries({ queryKey: ["blueprints"] });
      onMade(pages?.[0]?.identifier ?? null);
    },
  });
  return (
    <ActDialog
      title="Set up DORA metrics"
      what="set up DORA metrics"
      act="Create"
      write={make}
      onClose={onClose}
    >
      <p>
        {isThere
          ? "There is a DORA dashboard already. What is missing of the following is created, the rest stays as it is."
          : "Creates what is missing of the following; what is there already stays as it is."}
      </p>
      <ul style={{ paddingLeft: 20, listStyle: "disc" }}>
        <li>
          blueprints of services, deployments, changes and incidents, with the properties that the numbers
          need
        </li>
        <li>numbers of the last 30 days on every service</li>
        <li>a dashboard and a scorecard of these numbers</li>
        <li>alerts for teams beyond the thresholds</li>
      </ul>
    </ActDialog>
  );
}
