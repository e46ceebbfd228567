import { useQuery } from "@tanstack/react-query";
import { runsQuery } from "../actions/queries.ts";
import { useFollow } from "../api/live.tsx";
import { Bone } from "../parts/bone.tsx";
import { Empty } from "../parts/empty.tsx";
import { ErrorPanel } from "../parts/error-panel.tsx";
import { RunsTable } from "./runs-table.tsx";

/** Runs of actions on one entity. */
export function EntityRuns({ blueprint, entity }: { blueprint: string; entity: string }) {
  const runs = useQuery({ ...runsQuery({ blueprint, entity, limit: 100 }), refetchInterval: useFollow() });
  if (runs.data === undefined)
    return runs.error ? (
      <ErrorPanel what="load the runs" error={runs.error} onRetry={() => void runs.refetch()} />
    ) : (
      <Bone height={200} />
    );
  return runs.data.length === 0 ? (
    <Empty title="No action has run on this entity." />
  ) : (
    <RunsTable runs={runs.data} label="Runs of this entity" />
  );
}
