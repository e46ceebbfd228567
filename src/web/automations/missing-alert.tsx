import { useQuery } from "@tanstack/react-query";
import { Bone } from "../parts/bone.tsx";
import { ErrorPanel } from "../parts/error-panel.tsx";
import { Missing } from "../parts/missing.tsx";
import { SideDrawer } from "../parts/side-drawer.tsx";
import { alertsQuery } from "./queries.ts";

/** The drawer of an alert that is not there: on its way, failed, or gone. */
export function MissingAlert({ identifier, onClose }: { identifier: string; onClose: () => void }) {
  const alerts = useQuery(alertsQuery);
  return (
    <SideDrawer title={`Edit ${identifier}`} size={1160} onClose={onClose}>
      {alerts.error ? (
        <ErrorPanel
          what={`open “${identifier}”`}
          error={alerts.error}
          onRetry={() => void alerts.refetch()}
        />
      ) : alerts.data === undefined ? (
        <div aria-busy>
          <Bone height={320} />
        </div>
      ) : (
        <Missing what={`“${identifier}”`} />
      )}
    </SideDrawer>
  );
}
